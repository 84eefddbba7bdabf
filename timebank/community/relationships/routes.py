"""Pages of one's own relationships and of a single one: asked, yes, no, end, renew; the desk's pages are beside."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor, Role
from timebank.catalogue import Heard, Side
from timebank.community.relating import Wanted
from timebank.community.relationships import api, desk_routes, flow, post_routes
from timebank.community.relationships import away as absences
from timebank.community.relationships.naming import party_of, person_called, text_of
from timebank.community.relationships.schemas import AnswerForm, AwayForm, EndForm, OfferForm, RenewForm
from timebank.community.relationships.words import WORDS
from timebank.context import Context
from timebank.errors import AppRefusal, BadField
from timebank.rules.relationships import State
from timebank.web import i18n
from timebank.web.pages import go, inside, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/relationships", operation_id="OwnRelationships")
async def own_relationships(request: Request, ctx: Ctx, actor: Who) -> Template:
    """我和谁有关系: what is asked of me, what I do, who may act for me."""
    shown = await flow.own(ctx, actor, request.state.lang)
    proxy = flow.kind_to_act_for(ctx, actor.community)
    return page(request, "relationships/own.html", WORDS, own=shown, proxy=proxy, me=f"member:{actor.uid}")


@post("/relationships", operation_id="OfferRelationship")
async def offer(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Propose a relationship: the desk any, everybody else what their side may propose."""
    form, errors, typed = await read_form(request, OfferForm)
    if form is None:
        if actor.has(Role.WORKER):
            return await desk_routes.offer_form(request, ctx, actor, typed, errors=errors, status=422)
        raise refuse_fields(errors)
    try:
        made = await flow.offer(ctx, actor, await wanted(ctx, actor, form), of_age=form.of_age == "yes")
    except AppRefusal as refusal:
        # The desk's form keeps what was typed; whoever asks from a page of their own reads the sentence there.
        if (
            actor.has(Role.WORKER)
            and refusal.status != 404
            and "text/html" in request.headers.get("accept", "")
        ):
            said = {"": refusal.said(request.state.lang)}
            return await desk_routes.offer_form(
                request, ctx, actor, typed, errors=said, status=refusal.status
            )
        raise
    said_now = _("登记好了，已经生效。") if made.state is State.IN_FORCE else _("登记好了，等对方答复。")
    return go(inside(form.back, f"/relationships/{made.uid}"), said_now)


async def wanted(ctx: Context, actor: Actor, form: OfferForm) -> Wanted:
    """The form in the words of the rules; a holder named with a phone is looked up."""
    if form.holder:
        holder = party_of(form.holder)
    elif form.holder_name:
        holder = await person_called(ctx, actor.community, form.holder_name, form.holder_phone)
    else:
        raise BadField("请写是谁来承担。", "Please say who is to hold it.", field="holder_name")
    return Wanted(
        kind=form.kind, holder=holder, target=party_of(form.target), since_on=form.since_on, until_on=form.until_on,
        scope=form.scopes, holder_yes=form.heard(Side.HOLDER), target_yes=form.heard(Side.TARGET), note=form.note,
    )  # fmt: skip


@get("/relationships/{uid:str}", operation_id="ShowRelationship")
async def show(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One relationship: who, since when, with whose yes, and what may be done."""
    shown = await flow.show(ctx, actor, uid, request.state.lang)
    return page(request, "relationships/show.html", WORDS, shown=shown, at_desk=actor.has(Role.WORKER))


@post("/relationships/{uid:str}/answer", operation_id="AnswerRelationship")
async def answer(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Yes or no of one side."""
    form, errors, _typed = await read_form(request, AnswerForm)
    if form is None:
        raise refuse_fields(errors)
    made = await flow.answer(
        ctx, actor, uid, side=Side(form.side), agreed=form.answer == "yes", heard=Heard(form.heard)
    )
    said = {
        State.IN_FORCE: _("好的，已经生效。"), State.OFFERED: _("记下了，还等另一方。"), State.DECLINED: _("好的，这份邀请作罢。"),
    }.get(made.state, "")  # fmt: skip
    return go(_after(actor, uid), said)


@post("/relationships/{uid:str}/approve", operation_id="ApproveRelationship")
async def approve(ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """The second person's approval."""
    made = await flow.approve(ctx, actor, uid)
    said = _("批准了，已经生效。") if made.state is State.IN_FORCE else _("批准了，还等本人答复。")
    return go(f"/relationships/{uid}", said)


@post("/relationships/{uid:str}/end", operation_id="EndRelationship")
async def end(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """It ends today."""
    form, errors, _typed = await read_form(request, EndForm)
    if form is None:
        raise refuse_fields(errors)
    await flow.end(ctx, actor, uid, form.reason)
    return go(_after(actor, uid), _("好的，从今天起结束了。"))


@post("/relationships/{uid:str}/renew", operation_id="RenewRelationship")
async def renew(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Go on after the last day; the yes is asked again."""
    form, errors, _typed = await read_form(request, RenewForm)
    if form is None:
        raise refuse_fields(errors)
    heard = Heard(form.heard) if form.heard else None
    made = await flow.renew(ctx, actor, uid, until_on=form.until_on, heard=heard)
    said = _("续好了。") if made.state is State.IN_FORCE else _("续期提出来了，等答复。")
    return go(f"/relationships/{made.uid}", said)


@get("/relationships/of/{side:str}", operation_id="StandingAt")
async def standing_at(request: Request, ctx: Ctx, actor: Who, side: FromPath[str]) -> Template:
    """Who stands to one team, unit, place or person, and forms to name somebody and to end."""
    shown = await flow.standing_at(ctx, actor, party_of(side), request.state.lang)
    return page(
        request, "relationships/standing.html", WORDS, shown=shown, side=text_of(shown.party), at_desk=actor.has(Role.WORKER)
    )  # fmt: skip


@get("/away", operation_id="AwayPage")
async def away_page(request: Request, ctx: Ctx, actor: Who, member: FromQuery[str] = "") -> Template:
    """我要离开几天: the days, who stands in, and what they take over."""
    return await _away(request, ctx, actor, member or actor.uid)


@post("/away", operation_id="SaveAway")
async def save_away(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Keep the days away."""
    form, errors, typed = await read_form(request, AwayForm)
    who = str(typed.get("member") or actor.uid)
    if form is None:
        return await _away(request, ctx, actor, who, typed=typed, errors=errors, status=422)
    try:
        await absences.go_away(ctx, actor, member=who, from_on=form.from_on, to_on=form.to_on)
    except BadField as refusal:
        said = {refusal.field: refusal.said(request.state.lang)}
        return await _away(request, ctx, actor, who, typed=typed, errors=said, status=422)
    return go("/away" if who == actor.uid else f"/away?member={who}", _("记下了。这几天不会安排到您。"))


@post("/away/{number:int}/back", operation_id="EndAway")
async def end_away(ctx: Ctx, actor: Who, number: FromPath[int]) -> Redirect:
    """Here again."""
    who = await absences.come_back(ctx, actor, number)
    return go("/away" if who == actor.uid else f"/away?member={who}", _("好的，欢迎回来。"))


async def _away(
    request: Request,
    ctx: Context,
    actor: Actor,
    member: str,
    *,
    typed: dict[str, object] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    shown = await absences.shown(ctx, actor, member, request.state.lang)
    kinds = ctx.catalogue_of(actor.community).relationships
    stand_in = flow.kind_to_stand_in(ctx, actor.community)
    return page(
        request, "relationships/away.html", WORDS, status=status, shown=shown, kinds=kinds, stand_in=stand_in, own=member == actor.uid,
        typed=typed or {}, errors=errors or {}, today=ctx.today(),
    )  # fmt: skip


def _after(actor: Actor, uid: str) -> str:
    """The desk stays with the relationship; others go back to their own page."""
    return f"/relationships/{uid}" if actor.has(Role.WORKER) else "/relationships"


handlers = [
    own_relationships, offer, show, answer, approve, end, renew, standing_at, away_page, save_away, end_away,
    *desk_routes.handlers, *post_routes.handlers, *api.handlers,
]  # fmt: skip
