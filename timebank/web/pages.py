"""Rendering: one function for a page, one for going on to the next page, one for reading a form."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from litestar.datastructures import Cookie
from litestar.response import Redirect, Template
from pydantic import BaseModel, ValidationError

from timebank.access import Actor, Role
from timebank.context import Context
from timebank.errors import BadField, BadFields
from timebank.rules.parts.attendance import Service
from timebank.rules.telling.door_words import DoorWords, door_words, shown_at
from timebank.web import i18n
from timebank.web.community import community_path, newly_chosen, remembered
from timebank.web.i18n import lazy
from timebank.web.request import Request
from timebank.web.tokens import KEY_FIELD, TOKEN_FIELD, FormFields, issued

FLASH_COOKIE = "said"
Form = TypeVar("Form", bound=BaseModel)
Typed = dict[str, Any]
"""What was typed into a form, by field, to be shown again: text, a list of texts, or a file."""


class Audience(StrEnum):
    """For whom a link stands in the navigation."""

    EVERYBODY = "everybody"
    ASKS = "asks"
    GIVES = "gives"
    MEMBER = "member"
    LEADER = "leader"
    UNIT = "unit"
    DESK = "desk"
    BOOKS = "books"
    PLACES = "places"
    SECOND = "second"


NAV: tuple[tuple[str, lazy, Audience], ...] = (
    ("/elder", lazy("我要帮忙"), Audience.ASKS),
    ("/volunteer", lazy("我的服务"), Audience.GIVES),
    ("/proposals", lazy("请您帮的忙"), Audience.GIVES),
    ("/teams", lazy("点名"), Audience.LEADER),
    ("/unit", lazy("我们单位"), Audience.UNIT),
    ("/second", lazy("请您证明"), Audience.SECOND),
    ("/desk", lazy("今天的事"), Audience.DESK),
    ("/desk/plan", lazy("本周安排"), Audience.DESK),
    ("/desk/confirm", lazy("等确认"), Audience.DESK),
    ("/desk/import", lazy("导入清单"), Audience.DESK),
    ("/desk/office", lazy("社区事务"), Audience.DESK),
    ("/hours", lazy("时间存折"), Audience.MEMBER),
    ("/relationships", lazy("我和谁有关系"), Audience.MEMBER),
    ("/books", lazy("账本"), Audience.BOOKS),
    ("/desk/policy", lazy("规则"), Audience.BOOKS),
    ("/claims", lazy("认领"), Audience.GIVES),
    ("/places", lazy("我照看的地方"), Audience.PLACES),
    ("/lists", lazy("四张清单"), Audience.EVERYBODY),
    ("/notice", lazy("公示栏"), Audience.EVERYBODY),
)


OF_OFFICE = (
    "/desk/founding", "/desk/community", "/desk/areas", "/desk/members", "/desk/register", "/desk/applicants",
    "/desk/questions", "/desk/changes", "/desk/relationships", "/desk/staff", "/desk/cards", "/desk/teams",
    "/desk/units", "/desk/organisations", "/desk/agreements", "/desk/admission", "/desk/lists", "/desk/calendar", "/desk/categories", "/desk/funnel",
    "/desk/opening",
)  # fmt: skip
"""Rooms that are reached from the office's page and have no link of their own in the navigation."""


def audiences(actor: Actor) -> frozenset[Audience]:
    """Which links this person has use for. Staff have their own rooms; what is theirs as neighbours is one press away."""
    found = {Audience.EVERYBODY}
    staff = actor.has(Role.WORKER, Role.AUDITOR)
    if actor.has(Role.LEADER):
        found.add(Audience.LEADER)
    if actor.has(Role.UNIT):
        found |= {Audience.UNIT, Audience.GIVES}
    if actor.has(Role.WORKER):
        found |= {Audience.DESK, Audience.BOOKS}
    if actor.has(Role.AUDITOR):
        found.add(Audience.BOOKS)
    if actor.has(Role.LEADER, Role.UNIT, Role.OFFICER, Role.AUDITOR) and not actor.has(Role.WORKER):
        # The desk has what waits on its own list of hours.
        found.add(Audience.SECOND)
    if actor.has(Role.OFFICER, Role.OVERSEER):
        found.add(Audience.PLACES)
    if actor.uid and not staff:
        found.add(Audience.MEMBER)
        if actor.asks or actor.mandates or not actor.has(Role.UNIT, Role.LEADER):
            found.add(Audience.ASKS)
        if actor.gives or not (actor.asks or actor.mandates):
            found.add(Audience.GIVES)
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """One link of the navigation."""

    href: str
    label: str
    current: bool


def nav(actor: Actor, path: str, community_path: str = "") -> list[NavLink]:
    """The links this person has use for; a stranger's lead to the pages of the community they look at."""
    audience = audiences(actor)
    below = "" if actor.uid else community_path
    path = path.removeprefix(community_path)
    if any(path == room or path.startswith(f"{room}/") for room in OF_OFFICE):
        path = "/desk/office"
    seen = [(href, label) for href, label, whom in NAV if whom in audience]
    current = max(
        (href for href, _label in seen if path == href or path.startswith(href + "/")), key=len, default=""
    )
    return [NavLink(href=below + href, label=str(label), current=href == current) for href, label in seen]


class Page(Template):
    """A template response in which `{{ csrf_input }}` gives each form its token and a key of its own."""

    def create_template_context(self, request: Request) -> dict[str, Any]:
        return {**super().create_template_context(request), "csrf_input": FormFields(request)}


def page(
    request: Request,
    template: str,
    words: Mapping[str, object] | None = None,
    *,
    status: int = 200,
    once: bool = False,
    **context: object,
) -> Page:
    """A whole page in the reader's language and text size.

    Args:
        template: path below `templates/`.
        words: what all pages of a slice know, such as the words for its states.
        once: it answers a press that is done, with something secret: it can be seen once, and the press is not done again.
        context: what the page itself shows.
    """
    ctx, actor = request.state.ctx, request.state.actor
    request.state.seen_once = once
    flashes = _flashes(request)
    below = community_path(request)
    shared = {
        "lang": request.state.lang,
        "size": _size(request, actor),
        "actor": actor if actor.uid else None,
        "community_name": _community_name(request),
        "community_code": request.state.community.code if request.state.community else "",
        "community_phone": request.state.community.phone if request.state.community else "",
        "community_path": below,
        "several": request.state.several,
        "nav": []
        if request.state.several and not request.state.community
        else nav(actor, request.url.path, below),
        "now": ctx.now().astimezone(ctx.zone),
        "demo": ctx.settings.demo,
        "path": request.url.path,
        "flashes": flashes,
        "acting_until": request.state.acting_until,
        "door_words": partial(_door_words, ctx),
        "made_for": issued(ctx.settings, actor.uid, ctx.now()) if actor.uid else "",
        "made_ms": int(ctx.now().timestamp() * 1000),
    }
    cookies = [Cookie(key=FLASH_COOKIE, value="", max_age=0, path="/")] if flashes else []
    if chosen := newly_chosen(request):
        cookies.append(remembered(chosen, secure=ctx.settings.secure_cookies))
    return Page(
        template_name=template,
        context={**shared, **(words or {}), **context},
        status_code=status,
        cookies=cookies,
    )


def _door_words(ctx: Context, service: Service) -> DoorWords | None:
    """What is said at the door of a visit; None for a shift, and outside of the hours in which it counts."""
    if not service.recipient or not shown_at(ctx.now(), starts_at=service.starts_at, ends_at=service.ends_at):
        return None
    secret = b"timebank/door/v1" + (ctx.settings.secret or "demo").encode()
    on = service.starts_at.astimezone(ctx.zone).date()
    return door_words(secret, service=service.uid, on=on)


def go(path: str, said: str = "", *, kind: str = "done", cookies: tuple[Cookie, ...] = ()) -> Redirect:
    """On to another page after a POST, with one sentence shown there."""
    kept = list(cookies)
    if said:
        value = urlsafe_b64encode(json.dumps({"kind": kind, "text": said}).encode()).decode()
        kept.append(
            Cookie(key=FLASH_COOKIE, value=value, max_age=60, path="/", httponly=True, samesite="lax")
        )
    return Redirect(path=path, status_code=303, cookies=kept)


def inside(path: str, otherwise: str = "/") -> str:
    """`path` when it leads to a page of this site, else `otherwise`."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and not set(path) & set("\\\r\n")
    return path if safe else otherwise


async def read_form(request: Request, form: type[Form]) -> tuple[Form | None, dict[str, str], Typed]:
    """A posted form: (values or None, error sentence by field, what was typed for showing again)."""
    typed = await typed_form(request)
    return *judged(form, typed), typed


async def typed_form(request: Request) -> Typed:
    """What was typed into a posted form; several values of one name as a list, without its token and its key."""
    typed: Typed = {}
    for name, value in (await request.form()).multi_items():
        if name in (TOKEN_FIELD, KEY_FIELD):
            continue
        if name in typed:
            typed[name] = [*(typed[name] if isinstance(typed[name], list) else [typed[name]]), value]
        else:
            typed[name] = value
    return typed


def judged(form: type[Form], typed: Typed) -> tuple[Form | None, dict[str, str]]:
    """The values of a form, or a sentence for each field that cannot be used; an empty field was not filled in."""
    try:
        return form.model_validate({k: v for k, v in typed.items() if v != ""}), {}
    except ValidationError as error:
        return None, said_errors(error)


def said_errors(error: ValidationError) -> dict[str, str]:
    """Pydantic's findings as one plain sentence per field, in the reader's language."""
    _ = i18n.gettext
    found: dict[str, str] = {}
    for item in error.errors():
        name = str(item["loc"][0]) if item["loc"] else ""
        kind = item["type"]
        if kind == "missing":
            found[name] = _("这里还没有填。")
        elif kind in {"string_too_long", "too_long"}:
            found[name] = _("写得太长了，请短一些。")
        elif kind == "value_error":
            found[name] = _(str(item["ctx"]["error"]))
        elif kind == "extra_forbidden":
            found[name] = _("这个表格里没有这一项。")
        else:
            found[name] = _("这里填的我们看不懂，请再看一眼。")
    return found


def refuse_fields(errors: dict[str, str]) -> BadFields:
    """The same errors as a refusal, for API callers."""
    return BadFields(tuple(BadField(text, text, field=name) for name, text in errors.items()))


def _elderly(actor: Actor) -> bool:
    return actor.asks and not actor.gives and not actor.has(Role.WORKER)


def _size(request: Request, actor: Actor) -> str:
    """The text size chosen, else large for elders; "" is the standard."""
    chosen = request.state.size or ("elder" if _elderly(actor) else "standard")
    return "" if chosen == "standard" else chosen


def _community_name(request: Request) -> str:
    community = request.state.community
    return community.called(request.state.lang) if community else i18n.gettext("社区时间银行")


def _flashes(request: Request) -> list[dict[str, str]]:
    value = request.cookies.get(FLASH_COOKIE, "")
    try:
        said = json.loads(urlsafe_b64decode(value)) if value else None
    except ValueError:
        said = None
    return [{"kind": str(said.get("kind")), "text": str(said.get("text"))}] if isinstance(said, dict) else []
