"""The lists and claims for programs; the same flows as the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField, NotFound
from timebank.help.lists import browsing, claiming, offers
from timebank.help.lists.browsing import Narrowing
from timebank.help.lists.cards import Slot
from timebank.help.lists.offers import Offer
from timebank.help.lists.schemas import (
    AgreedOut,
    CardOut,
    ClaimIn,
    ClaimOut,
    ClaimsOut,
    ListOut,
    OfferIn,
    OfferOut,
    ReasonIn,
    WhenOut,
)
from timebank.store.places.communities import Community
from timebank.web.once import once
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Text = Annotated[str, QueryParameter(max_length=40)]
SubmissionKey = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)]


@get("/api/lists/{kind:str}", operation_id="ApiList")
async def api_list(
    request: Request,
    ctx: Ctx,
    actor: Who,
    office: NamedDependency[Community],
    kind: FromPath[str],
    category: Text = "",
    grid: Text = "",
    slot: Text = "",
) -> ListOut:
    """One list as public cards."""
    narrowed = Narrowing(
        category=category, grid=grid, slot=Slot(slot) if slot in {one.value for one in Slot} else None
    )
    shown = await browsing.shown(ctx, actor, office, kind, lang=request.state.lang, narrowed=narrowed)
    return ListOut(
        community=shown.community.code,
        kind=shown.kind,
        total=shown.total,
        lines=tuple(CardOut.of(card) for card in shown.cards),
    )


@post("/api/claims", operation_id="ApiClaimLine")
async def api_claim(
    ctx: Ctx, actor: Who, data: JSONBody[ClaimIn], submission: SubmissionKey = ""
) -> ClaimOut:
    """Claim a line."""
    window = claiming.window_of(data.window)
    if window is None:
        raise BadField(
            "window 要写成 开始/结束，都带时区。",
            "window is start/end, both ISO 8601 with an offset.",
            field="window",
        )

    async def run() -> ClaimOut:
        claim = await claiming.claim_line(
            ctx, actor, side=data.side, key=data.line, as_whom=data.as_whom, window=window,
            quantity=data.quantity, with_key=data.with_need,
        )  # fmt: skip
        return ClaimOut.told(claim)

    return await once(
        ctx, actor, submission, operation="ApiClaimLine", body=data.model_dump(), kind=ClaimOut, run=run
    )


@get("/api/claims", operation_id="ApiClaims")
async def api_claims(ctx: Ctx, actor: Who) -> ClaimsOut:
    """Claims to answer, and one's own."""
    answer, mine = await claiming.inbox(ctx, actor)
    return ClaimsOut(
        to_answer=tuple(ClaimOut.told(one.claim, title=one.title, who=one.who) for one in answer),
        mine=tuple(ClaimOut.told(one.claim, title=one.title) for one in mine),
    )


@post("/api/claims/{uid:str}/accept", operation_id="ApiAcceptClaim", status_code=200)
async def api_accept(ctx: Ctx, actor: Who, uid: FromPath[str], submission: SubmissionKey = "") -> AgreedOut:
    """Say yes: the claim becomes a service."""

    async def run() -> AgreedOut:
        made = await claiming.accept(ctx, actor, uid)
        return AgreedOut(claim=uid, service=made.uid, starts_at=made.starts_at, ends_at=made.ends_at)

    return await once(
        ctx, actor, submission, operation="ApiAcceptClaim", body={"claim": uid}, kind=AgreedOut, run=run
    )


@post("/api/claims/{uid:str}/decline", operation_id="ApiDeclineClaim", status_code=200)
async def api_decline(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[ReasonIn]) -> ClaimOut:
    """Say no, with a reason."""
    return ClaimOut.told(await claiming.decline(ctx, actor, uid, reason=data.reason))


@post("/api/claims/{uid:str}/withdraw", operation_id="ApiWithdrawClaim", status_code=200)
async def api_withdraw(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ClaimOut:
    """Take a claim back before it is answered."""
    return ClaimOut.told(await claiming.withdraw(ctx, actor, uid))


@post("/api/claims/{uid:str}/release", operation_id="ApiReleaseClaim", status_code=200)
async def api_release(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[ReasonIn], submission: SubmissionKey = ""
) -> ClaimOut:
    """Call off what was agreed; held hours are given back."""

    async def run() -> ClaimOut:
        return ClaimOut.told(replace(await claiming.release(ctx, actor, uid, reason=data.reason), reason=""))

    asked = {"claim": uid, "reason": data.reason}
    # Answers are kept for ever and reasons are not: it comes from the request, not from the kept answer.
    released = await once(
        ctx, actor, submission, operation="ApiReleaseClaim", body=asked, kind=ClaimOut, run=run
    )
    return released.model_copy(update={"reason": data.reason})


@post("/api/units/{code:str}/resources", operation_id="ApiUnitResource")
async def api_unit_resource(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[OfferIn]) -> OfferOut:
    """Put a unit's offer on the list, new or changed."""
    if code not in actor.units:
        raise NotFound()
    offer = Offer(**data.model_dump(exclude={"key", "confirm_reading"}))
    line = await offers.save_offer(ctx, actor, offer, unit=code, key=data.key, sure=data.confirm_reading)
    return OfferOut(
        key=line.line_key,
        title=line.title,
        categories=line.categories,
        when=WhenOut(phrase=line.when.phrase, zh=line.when.said_zh, en=line.when.said_en),
        amount=line.quantity.amount,
        unit=line.quantity.unit.value,
    )


handlers: list[HTTPRouteHandler] = [
    api_list, api_claim, api_claims, api_accept, api_decline, api_withdraw, api_release,
    api_unit_resource,
]  # fmt: skip
