"""The same for programs: one's own relationships, offers, answers, approvals and ends."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from timebank.access import Actor
from timebank.catalogue import Side
from timebank.community.relationships import flow
from timebank.community.relationships.offering import people_named, wanted
from timebank.community.relationships.schemas import AnswerIn, EndForm, OfferIn, OwnOut, RelationshipOut
from timebank.context import Context
from timebank.web.paging import asked_for
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/api/relationships", operation_id="ApiOwnRelationships")
async def api_own(request: Request, ctx: Ctx, actor: Who) -> OwnOut:
    """Everything between the person signed in and others; `mine` and `towards` ask for further pages of these lists."""
    own = await flow.own(
        ctx, actor, request.state.lang, mine_at=asked_for(request, "mine"), towards_at=asked_for(request, "towards")
    )  # fmt: skip
    return OwnOut(
        asked=[RelationshipOut.of(one) for one in own.asked],
        waiting=[RelationshipOut.of(one) for one in own.waiting],
        mine=[RelationshipOut.of(one) for one in own.mine],
        towards_me=[RelationshipOut.of(one) for one in own.towards_me],
        mine_count=own.mine_count,
        towards_count=own.towards_count,
    )


@post("/api/relationships", operation_id="ApiOfferRelationship", status_code=201)
async def api_offer(request: Request, ctx: Ctx, actor: Who, data: JSONBody[OfferIn]) -> RelationshipOut:
    """Propose a relationship."""
    named = await people_named(ctx, actor, data)
    made = await flow.offer(ctx, actor, wanted(data, named), named=frozenset(named.values()))
    return await _out(request, ctx, actor, made.uid)


@get("/api/relationships/{uid:str}", operation_id="ApiShowRelationship")
async def api_show(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> RelationshipOut:
    """One relationship, for its sides and the desk."""
    return await _out(request, ctx, actor, uid)


@post("/api/relationships/{uid:str}/answer", operation_id="ApiAnswerRelationship", status_code=200)
async def api_answer(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[AnswerIn]
) -> RelationshipOut:
    """Yes or no of one side, by who is signed in."""
    await flow.answer(ctx, actor, uid, side=Side(data.side), agreed=data.answer == "yes")
    return await _out(request, ctx, actor, uid)


@post("/api/relationships/{uid:str}/approve", operation_id="ApiApproveRelationship", status_code=200)
async def api_approve(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> RelationshipOut:
    """The second person's approval."""
    await flow.approve(ctx, actor, uid)
    return await _out(request, ctx, actor, uid)


@post("/api/relationships/{uid:str}/end", operation_id="ApiEndRelationship", status_code=200)
async def api_end(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[EndForm]
) -> RelationshipOut:
    """It ends today."""
    await flow.end(ctx, actor, uid, data.reason)
    return await _out(request, ctx, actor, uid)


async def _out(request: Request, ctx: Context, actor: Actor, uid: str) -> RelationshipOut:
    return RelationshipOut.of(await flow.show(ctx, actor, uid, request.state.lang))


handlers = [api_own, api_offer, api_show, api_answer, api_approve, api_end]
