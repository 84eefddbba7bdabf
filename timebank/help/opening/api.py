"""The same for programs: batches, passbooks, approvals; people by opaque id."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from timebank.access import Actor
from timebank.context import Context
from timebank.help.opening import entering, flow
from timebank.help.opening.schemas import (
    BackBody,
    BeginBody,
    HomeOut,
    LineOut,
    OpeningOut,
    PassbookBody,
    PressBody,
    SeenBody,
    ShownOut,
)

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/api/opening", operation_id="ApiOpenings")
async def api_openings(ctx: Ctx, actor: Who, before: FromQuery[str] = "") -> HomeOut:
    """Every batch that waits, a page of those approved, and whether old balances are settled."""
    return HomeOut.told(await flow.home(ctx, actor, before=before[:16]))


@get("/api/opening/{uid:str}", operation_id="ApiShowOpening")
async def api_show_opening(ctx: Ctx, actor: Who, uid: FromPath[str], number: FromQuery[int] = 1) -> ShownOut:
    """One batch with a page of its passbooks."""
    return ShownOut.told(await flow.show(ctx, actor, uid, page=number))


@post("/api/opening", operation_id="ApiBeginOpening", status_code=201)
async def api_begin_opening(ctx: Ctx, actor: Who, data: JSONBody[BeginBody]) -> OpeningOut:
    """A new batch, or the word that there are no passbooks."""
    step = flow.begin if data.kind == "batch" else flow.say_none
    return OpeningOut.of(await step(ctx, actor, note=data.note))


@post("/api/opening/{uid:str}/lines", operation_id="ApiEnterPassbook", status_code=201)
async def api_enter_passbook(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PassbookBody]
) -> LineOut:
    """One passbook more in a batch that waits."""
    return LineOut.of(await entering.enter(ctx, actor, uid, member=data.member, typed=data.typed))


@post("/api/opening/{uid:str}/approve", operation_id="ApiApproveOpening", status_code=200)
async def api_approve_opening(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[SeenBody]
) -> OpeningOut:
    """The second person approves what was shown, by its fingerprint."""
    return OpeningOut.of(await flow.approve(ctx, actor, uid, seen=data.seen))


@post("/api/opening/{uid:str}/drop", operation_id="ApiDropOpening", status_code=200)
async def api_drop_opening(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PressBody]) -> OpeningOut:
    """Given up before anything happened."""
    return OpeningOut.of(await flow.drop(ctx, actor, uid))


@post("/api/opening/{uid:str}/back", operation_id="ApiTakeBackOpening", status_code=201)
async def api_take_back_opening(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[BackBody]
) -> OpeningOut:
    """Posted passbooks are to be reversed; a second person approves that, too."""
    return OpeningOut.of(await flow.take_back(ctx, actor, uid, lines=data.lines, note=data.note))


handlers: list[Any] = [
    api_openings, api_show_opening, api_begin_opening, api_enter_passbook, api_approve_opening, api_drop_opening,
    api_take_back_opening,
]  # fmt: skip
