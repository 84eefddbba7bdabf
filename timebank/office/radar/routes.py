"""The page of the radar and its one press."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal, NotAllowed, NotFound
from timebank.office.radar import flow
from timebank.office.radar.schemas import LookForm
from timebank.rules.radar import explained, titled
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
HERE = "/books/radar"


@get(HERE, operation_id="RadarPage")
async def radar_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """What is worth a look, and what was looked at."""
    return await _page(request, ctx, actor)


@post(HERE + "/{uid:str}", operation_id="LookAtFlag")
async def look_at(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect | Template:
    """Somebody whom it does not concern has looked at it."""
    form, errors, typed = await read_form(request, LookForm)
    if form is not None:
        try:
            await flow.look_at(ctx, actor, uid, found=form.found, says=form.says)
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound | NotAllowed):
                raise
            if not refusal.field:
                return go(HERE, refusal.said(request.state.lang), kind="bad")
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            return go(HERE, _("记好了。"))
    return await _page(request, ctx, actor, uid=uid, errors=errors, typed=typed)


async def _page(
    request: Request,
    ctx: Context,
    actor: Actor,
    *,
    uid: str = "",
    errors: dict[str, str] | None = None,
    typed: Typed | None = None,
) -> Template:
    at = 1 if request.state.lang == "en" else 0
    shown = await flow.shown(ctx, actor)
    every = (*shown.open, *shown.looked)
    return page(
        request, "radar/radar.html", status=422 if errors else 200, shown=shown, about=uid, errors=errors or {},
        typed=typed or {}, titles={one.kept.uid: titled(one.kept.flag.rule)[at] for one in every},
        why={one.kept.uid: explained(one.kept.flag)[at] for one in every},
    )  # fmt: skip


handlers = [radar_page, look_at]
