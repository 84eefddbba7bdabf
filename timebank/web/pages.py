"""Rendering: one function for a page, one for going on to the next page, one for reading a form."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, TypeVar

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template
from markupsafe import Markup
from pydantic import BaseModel, ValidationError

from timebank.access import Actor, Role
from timebank.context import Context
from timebank.errors import BadField, BadFields
from timebank.web import i18n
from timebank.web.i18n import lazy

FLASH_COOKIE = "said"
Form = TypeVar("Form", bound=BaseModel)

NAV: tuple[tuple[str, Any, frozenset[Role]], ...] = (
    ("/elder", lazy("我要帮忙"), frozenset({Role.ELDER, Role.PROXY})),
    ("/volunteer", lazy("我的服务"), frozenset({Role.VOLUNTEER})),
    ("/proposals", lazy("请您帮的忙"), frozenset({Role.VOLUNTEER, Role.LEADER, Role.UNIT})),
    ("/teams", lazy("点名"), frozenset({Role.LEADER})),
    ("/unit", lazy("我们单位"), frozenset({Role.UNIT})),
    ("/desk", lazy("今天的事"), frozenset({Role.WORKER})),
    ("/desk/plan", lazy("本周安排"), frozenset({Role.WORKER})),
    ("/desk/confirm", lazy("等确认"), frozenset({Role.WORKER})),
    ("/desk/import", lazy("导入清单"), frozenset({Role.WORKER})),
    ("/hours", lazy("时间存折"), frozenset({Role.ELDER, Role.VOLUNTEER})),
    ("/books", lazy("账本"), frozenset({Role.AUDITOR, Role.WORKER})),
    ("/claims", lazy("认领"), frozenset({Role.VOLUNTEER, Role.LEADER, Role.UNIT, Role.WORKER})),
    ("/lists", lazy("四张清单"), frozenset(Role)),
    ("/notice", lazy("公示栏"), frozenset(Role)),
)


def nav(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The links this person has use for, as `{href, label, current}`."""
    seen = [(href, label) for href, label, roles in NAV if roles & actor.roles]
    current = max(
        (href for href, _label in seen if path == href or path.startswith(href + "/")), key=len, default=""
    )
    return [{"href": href, "label": str(label), "current": href == current} for href, label in seen]


class Page(Template):
    """A template response whose CSRF field needs no `|safe` in any template."""

    def create_template_context(self, request: Request) -> dict[str, Any]:
        context = super().create_template_context(request)
        return {**context, "csrf_input": Markup(context["csrf_input"])}  # noqa: S704 made by Litestar from a hex token


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Page:
    """A whole page in the reader's language and text size.

    Args:
        template: path below `templates/`.
        context: what the page itself shows.
    """
    ctx: Context = request.state.ctx
    actor: Actor = request.state.actor
    flashes = _flashes(request)
    shared = {
        "lang": request.state.lang,
        "size": _size(request, actor),
        "actor": actor if actor.uid else None,
        "community_name": _community_name(request),
        "community_phone": (request.state.community or {}).get("phone", ""),
        "nav": nav(actor, request.url.path),
        "now": ctx.now().astimezone(ctx.zone),
        "demo": ctx.settings.demo,
        "path": request.url.path,
        "flashes": flashes,
        "policy": ctx.policy,
    }
    cookies = [Cookie(key=FLASH_COOKIE, value="", max_age=0, path="/")] if flashes else []
    return Page(template_name=template, context={**shared, **context}, status_code=status, cookies=cookies)


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


async def read_form(request: Request, form: type[Form]) -> tuple[Form | None, dict[str, str], dict[str, Any]]:
    """A posted form: (values or None, error sentence by field, what was typed for showing again).

    Several values of one name arrive as a list. The CSRF field is not part of the form.
    """
    typed: dict[str, Any] = {}
    for name, value in (await request.form()).multi_items():
        if name == "_csrf_token":
            continue
        if name in typed:
            typed[name] = [*(typed[name] if isinstance(typed[name], list) else [typed[name]]), value]
        else:
            typed[name] = value
    try:
        return form.model_validate({k: v for k, v in typed.items() if v != ""}), {}, typed
    except ValidationError as error:
        return None, said_errors(error), typed


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
    return actor.has(Role.ELDER) and not actor.has(Role.VOLUNTEER, Role.WORKER)


def _size(request: Request, actor: Actor) -> str:
    """The text size chosen, else large for elders; "" is the standard."""
    chosen = request.state.size or ("elder" if _elderly(actor) else "standard")
    return "" if chosen == "standard" else chosen


def _community_name(request: Request) -> str:
    community = request.state.community
    if community is None:
        policy = request.state.ctx.policy
        return policy.title_en if request.state.lang == "en" else policy.title_zh
    english = request.state.lang == "en" and community["name_en"]
    return community["name_en"] if english else community["name"]


def _flashes(request: Request) -> list[dict[str, str]]:
    value = request.cookies.get(FLASH_COOKIE, "")
    try:
        said = json.loads(urlsafe_b64decode(value)) if value else None
    except ValueError:
        said = None
    return [{"kind": str(said.get("kind")), "text": str(said.get("text"))}] if isinstance(said, dict) else []
