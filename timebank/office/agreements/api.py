"""Agreements for programs; the same flows as the pages."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from timebank.access import Actor
from timebank.context import Context
from timebank.office.agreements import flow, views
from timebank.office.agreements.schemas import (
    AgreementOut,
    AgreementsOut,
    DraftIn,
    EndIn,
    ItemIn,
    PaperIn,
    RenewIn,
    RowOut,
    SignIn,
)
from timebank.office.agreements.views import AgreementsPage
from timebank.web.once import Made, once
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Page = Annotated[int, QueryParameter(name="page", ge=1, le=100_000)]
SubmissionKey = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)]


@get("/api/agreements", operation_id="ApiAgreements")
async def api_agreements(request: Request, ctx: Ctx, actor: Who, number: Page = 1) -> AgreementsOut:
    """Every agreement of the community."""
    return _listed(await views.for_desk(ctx, actor, lang=request.state.lang, number=number))


@get("/api/unit/agreements", operation_id="ApiUnitAgreements")
async def api_unit_agreements(request: Request, ctx: Ctx, actor: Who, number: Page = 1) -> AgreementsOut:
    """The agreements of one's own unit."""
    return _listed(await views.for_unit(ctx, actor, lang=request.state.lang, number=number))


@get("/api/agreements/{uid:str}", operation_id="ApiAgreement")
async def api_agreement(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> AgreementOut:
    """One agreement with its sides, its items and what was kept."""
    return await _told(request, ctx, actor, uid)


@post("/api/agreements", operation_id="ApiDraftAgreement")
async def api_draft(
    request: Request, ctx: Ctx, actor: Who, data: JSONBody[DraftIn], submission: SubmissionKey = ""
) -> AgreementOut:
    """A new draft without items."""

    async def run() -> Made:
        made = await flow.draft(
            ctx, actor, title=data.title, units=data.units, first_on=data.first_on, last_on=data.last_on
        )
        return Made(uid=made.uid)

    body = data.model_dump(mode="json")
    made = await once(ctx, actor, submission, operation="ApiDraftAgreement", body=body, kind=Made, run=run)
    return await _told(request, ctx, actor, made.uid)


@post("/api/agreements/{uid:str}/items", operation_id="ApiAddAgreementItem", status_code=200)
async def api_add_item(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[ItemIn]
) -> AgreementOut:
    """One more item of a draft."""
    await flow.add_item(ctx, actor, uid, data.pledge())
    return await _told(request, ctx, actor, uid)


@post("/api/agreements/{uid:str}/sign", operation_id="ApiSignAgreement", status_code=200)
async def api_sign(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[SignIn]
) -> AgreementOut:
    """One's own signature for one's own side."""
    await flow.sign(ctx, actor, uid, party=data.party)
    return await _told(request, ctx, actor, uid)


@post("/api/agreements/{uid:str}/paper", operation_id="ApiRecordSignature", status_code=200)
async def api_record(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PaperIn]
) -> AgreementOut:
    """A unit's signature on paper, with its day."""
    await flow.record_signature(ctx, actor, uid, unit=data.unit, on=data.signed_on)
    return await _told(request, ctx, actor, uid)


@post("/api/agreements/{uid:str}/end", operation_id="ApiEndAgreement", status_code=200)
async def api_end(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[EndIn]
) -> AgreementOut:
    """End it early with a reason, or drop a draft."""
    await flow.end(ctx, actor, uid, reason=data.reason)
    return await _told(request, ctx, actor, uid)


@post("/api/agreements/{uid:str}/renew", operation_id="ApiRenewAgreement", status_code=200)
async def api_renew(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[RenewIn]
) -> AgreementOut:
    """A new draft of the same items for the next term."""
    made = await flow.renew(ctx, actor, uid, first_on=data.first_on, last_on=data.last_on)
    return await _told(request, ctx, actor, made.uid)


async def _told(request: Request, ctx: Context, actor: Actor, uid: str) -> AgreementOut:
    return AgreementOut.told(await views.view(ctx, actor, uid, lang=request.state.lang))


def _listed(shown: AgreementsPage) -> AgreementsOut:
    rows = tuple(
        RowOut(
            uid=row.agreement.uid, title=row.agreement.title, units=row.agreement.units,
            first_on=row.agreement.first_on, last_on=row.agreement.last_on, standing=row.standing,
        )
        for row in shown.rows
    )  # fmt: skip
    return AgreementsOut(total=shown.total, page=shown.number, pages=shown.pages, agreements=rows)


handlers: list[HTTPRouteHandler] = [
    api_agreements, api_unit_agreements, api_agreement, api_draft, api_add_item, api_sign, api_record, api_end,
    api_renew,
]  # fmt: skip
