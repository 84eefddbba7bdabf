"""Pages of days away: from when to when, who stands in, back again; and the same for programs."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community.relationships import away, flow
from timebank.community.relationships.schemas import AbsenceIn, AbsencesOut, BackIn
from timebank.community.relationships.words import WORDS
from timebank.context import Context
from timebank.errors import BadField
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/members/{uid:str}/away", operation_id="AwayPage")
async def away_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """我要离开几天: the days, who stands in, and what they take over."""
    return await _page(request, ctx, actor, uid, {})


@post("/members/{uid:str}/away", operation_id="GoAway")
async def go_away(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """Away from a day on; without a last day it is a pause."""
    form, errors, typed = await read_form(request, AbsenceIn)
    if form is not None:
        try:
            await away.go_away(ctx, actor, uid, from_on=form.from_on, to_on=form.to_on)
        except BadField as refusal:
            errors = {refusal.field: refusal.said(request.state.lang)}
        else:
            return go(f"/members/{uid}/away", _("记下了，这些天不会排到。"))
    return await _page(request, ctx, actor, uid, typed, errors=errors, status=422)


@post("/members/{uid:str}/away/end", operation_id="ComeBack")
async def come_back(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Back again, or not going after all."""
    form, errors, _typed = await read_form(request, BackIn)
    if form is None:
        raise refuse_fields(errors)
    await away.come_back(ctx, actor, uid, from_on=form.from_on)
    return go(f"/members/{uid}/away", _("回来了，又可以排班了。"))


async def _page(
    request: Request,
    ctx: Context,
    actor: Actor,
    uid: str,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    shown = await away.shown(ctx, actor, uid, request.state.lang)
    return page(
        request, "relationships/away.html", WORDS, status=status, shown=shown, own=uid == actor.uid, today=ctx.today(),
        typed=typed, errors=errors or {}, kinds=ctx.catalogue_of(actor.community).relationships,
        stand_in=flow.kind_to_stand_in(ctx, actor.community),
    )  # fmt: skip


@get("/api/members/{uid:str}/absences", operation_id="ApiAbsences")
async def api_absences(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> AbsencesOut:
    """Days away that are not over, and who stands in."""
    return await _out(request, ctx, actor, uid)


@post("/api/members/{uid:str}/absences", operation_id="ApiGoAway", status_code=201)
async def api_go_away(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[AbsenceIn]
) -> AbsencesOut:
    """Away from a day on; without a last day it is a pause."""
    await away.go_away(ctx, actor, uid, from_on=data.from_on, to_on=data.to_on)
    return await _out(request, ctx, actor, uid)


@post("/api/members/{uid:str}/absences/end", operation_id="ApiComeBack", status_code=200)
async def api_come_back(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[BackIn]
) -> AbsencesOut:
    """Back again, or not going after all."""
    await away.come_back(ctx, actor, uid, from_on=data.from_on)
    return await _out(request, ctx, actor, uid)


async def _out(request: Request, ctx: Context, actor: Actor, uid: str) -> AbsencesOut:
    return AbsencesOut.of(await away.shown(ctx, actor, uid, request.state.lang))


handlers = [away_page, go_away, come_back, api_absences, api_go_away, api_come_back]
