"""The auditor's pages: the lists on one page, one list in full, and the log with its search."""

from __future__ import annotations

from datetime import date

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from marketplace.when import YEAR_MAX, YEAR_MIN
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import NotFound
from timebank.office.auditing import flow, words
from timebank.rules.oversight.auditing import What
from timebank.web import i18n
from timebank.web.pages import page
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
HERE = "/books/looks"
LOG = "/books/log"
MINUTES_MAX = 10**9


@get(HERE, operation_id="AuditLooks")
async def audit_looks(request: Request, ctx: Ctx, actor: Who, days: FromQuery[str] = "") -> Template:
    """Everything that there is to look at, by kind."""
    found = await flow.looks(ctx, actor, days=_number(days) or 0)
    at = _language(request)
    shown = [
        (what, words.TITLES[what][at], words.EXPLAINED[what][at], count)
        for what, count in found.counts().items()
    ]
    return page(request, "auditing/looks.html", shown=shown, days=found.days, spans=flow.DAYS)


@get(HERE + "/{what:str}", operation_id="AuditLook")
async def audit_look(
    request: Request, ctx: Ctx, actor: Who, what: FromPath[str], days: FromQuery[str] = ""
) -> Template:
    """One list in full."""
    if what not in set(What):
        raise NotFound()
    one, at = What(what), _language(request)
    found = await flow.looks(ctx, actor, days=_number(days) or 0)
    return page(
        request, "auditing/look.html", what=one, title=words.TITLES[one][at], why=words.EXPLAINED[one][at], found=found,
        days=found.days, spans=flow.DAYS, most=flow.SHOWN_MAX, said={key: value[at] for key, value in words.SAID.items()},
        reasons={key: value[at] for key, value in words.WHY.items()},
        action=lambda name: words.action(name)[at],
    )  # fmt: skip


@get(LOG, operation_id="AuditLogPage")
async def audit_log(
    request: Request,
    ctx: Ctx,
    actor: Who,
    who: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    minutes: FromQuery[str] = "",
    below: FromQuery[str] = "",
) -> Template:
    """The log, newest first, by person, day and amount."""
    typed = {"who": who[:16], "since": since[:20], "until": until[:20], "minutes": minutes[:10]}
    errors = _errors(typed)
    from_on, to_on = (_day(typed[name]) for name in ("since", "until"))
    found = await flow.search(
        ctx, actor, who="" if errors else typed["who"], from_on=from_on, to_on=to_on,
        minutes=_number(typed["minutes"]), below=_number(below) or 0,
    )  # fmt: skip
    at = _language(request)
    return page(
        request, "auditing/log.html", status=422 if errors else 200, found=found, typed=typed, errors=errors,
        searched=any(typed.values()), said={key: value[at] for key, value in words.SAID.items()},
        action=lambda name: words.action(name)[at],
    )  # fmt: skip


def _errors(typed: dict[str, str]) -> dict[str, str]:
    errors = {
        name: _("请填日期，例如 2026-11-24。")
        for name in ("since", "until")
        if typed[name] and _day(typed[name]) is None
    }
    if typed["minutes"] and _number(typed["minutes"]) is None:
        errors["minutes"] = _("请填整数。")
    return errors


def _day(text: str) -> date | None:
    """A day as a field of the browser sends it; None for anything else, and for one at the ends of the calendar."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and YEAR_MIN <= day.year <= YEAR_MAX else None


def _number(text: str) -> int | None:
    """A whole number as somebody types it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _language(request: Request) -> int:
    return 1 if request.state.lang == "en" else 0


handlers = [audit_looks, audit_look, audit_log]
