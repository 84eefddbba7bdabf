"""Pages of one's own relationships and of a single one: asked, yes, no, end, renew; the desk's pages are beside."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor, Role
from timebank.catalogue import Heard, Side
from timebank.community.relationships import api, away_routes, desk_routes, flow, post_routes
from timebank.community.relationships.naming import party_of, text_of
from timebank.community.relationships.offering import people_named, wanted
from timebank.community.relationships.schemas import AnswerForm, EndForm, OfferForm, RenewForm
from timebank.community.relationships.words import WORDS
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.rules.relationships import State
from timebank.web import i18n
from timebank.web.pages import go, inside, page, read_form, refuse_fields
from timebank.web.paging import asked_for, leaf
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/relationships", operation_id="OwnRelationships")
async def own_relationships(request: Request, ctx: Ctx, actor: Who) -> Template:
    """我和谁有关系: what is asked of me, what I do, who may act for me."""
    shown = await flow.own(
        ctx,
        actor,
        request.state.lang,
        mine_at=asked_for(request, "mine"),
        towards_at=asked_for(request, "towards"),
    )
    proxy = flow.kind_to_act_for(ctx, actor.community)
    return page(
        request, "relationships/own.html", WORDS, own=shown, proxy=proxy, me=f"member:{actor.uid}",
        mine=leaf(request, shown.mine, size=flow.PAGE, name="mine", total=shown.mine_count),
        towards=leaf(request, shown.towards_me, size=flow.PAGE, name="towards", total=shown.towards_count),
    )  # fmt: skip


@post("/relationships", operation_id="OfferRelationship")
async def offer(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Propose a relationship: the desk any, everybody else what their side may propose."""
    form, errors, typed = await read_form(request, OfferForm)
    if form is None:
        if actor.has(Role.WORKER):
            return await desk_routes.offer_form(request, ctx, actor, typed, errors=errors, status=422)
        raise refuse_fields(errors)
    try:
        named = await people_named(ctx, actor, form)
        made = await flow.offer(
            ctx, actor, wanted(form, named), named=frozenset(named.values()), of_age=form.of_age == "yes"
        )
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
async def standing_at(
    request: Request, ctx: Ctx, actor: Who, side: FromPath[str], at: FromQuery[int] = 0
) -> Template:
    """Who stands to one team, unit, place or person, and forms to name somebody and to end."""
    at = max(0, min(at, 1000))
    shown = await flow.standing_at(ctx, actor, party_of(side), request.state.lang, at=at)
    return page(
        request, "relationships/standing.html", WORDS, shown=shown, side=text_of(shown.party), at=at,
        at_desk=actor.has(Role.WORKER),
    )  # fmt: skip


def _after(actor: Actor, uid: str) -> str:
    """The desk stays with the relationship; others go back to their own page."""
    return f"/relationships/{uid}" if actor.has(Role.WORKER) else "/relationships"


handlers = [
    own_relationships, offer, show, answer, approve, end, renew, standing_at,
    *away_routes.handlers, *desk_routes.handlers, *post_routes.handlers, *api.handlers,
]  # fmt: skip
