"""Requests for programs: the same flows as the pages, with plain answers."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from marketplace.values import Urgency
from timebank.access import Actor
from timebank.context import Context
from timebank.help.requests import flow, views
from timebank.help.requests.intake import Asked, categories_for, heard_time
from timebank.help.requests.schemas import (
    ApiCancelIn,
    ApiRequestIn,
    CancelledOut,
    PrivateRequestOut,
    RequestOut,
    RequestsOut,
)
from timebank.store.places import calendars
from timebank.store.places.categories import tree_of
from timebank.web.once import Made, once
from timebank.web.request import Request

Key = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)]


@post("/api/requests", operation_id="ApiOpenRequest")
async def api_open_request(
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    data: JSONBody[ApiRequestIn],
    idempotency_key: Key = "",
) -> PrivateRequestOut:
    """Open a request for an elder; the words for the time are read, and refused when in doubt."""
    calendar = await calendars.calendar_of(ctx.engine, actor.community, ctx.today())
    when = heard_time(
        data.when, filed_on=ctx.today(), zone=ctx.zone, confirmed=data.confirm_reading, calendar=calendar
    )
    asked = Asked(
        title=data.what,
        categories=categories_for(data.category, data.what, tree=await tree_of(ctx.engine, actor.community)),
        when=when,
        where=data.where,
        minutes=data.minutes,
        urgency=Urgency(data.urgency),
        note=data.note,
        channel="api",
    )

    async def run() -> Made:
        elder = data.elder or actor.subject
        return Made(uid=(await flow.open_request(ctx, actor, asked, elder=elder)).line_key)

    body = data.model_dump()
    made = await once(ctx, actor, idempotency_key, operation="ApiOpenRequest", body=body, kind=Made, run=run)
    # The kept answer is never erased, so it holds the key alone; the card is read anew, by whoever may still read it.
    opened = await views.request_for(ctx, actor, made.uid, "ApiOpenRequest")
    return PrivateRequestOut.private(opened.need, state="open", step=1)


@get("/api/requests", operation_id="ApiListRequests")
async def api_list_requests(ctx: NamedDependency[Context], actor: NamedDependency[Actor]) -> RequestsOut:
    """One's own requests, or all open ones for the desk; public cards."""
    found = await views.own_requests(ctx, actor, "ApiListRequests")
    return RequestsOut(
        requests=tuple(RequestOut.public(one.need, state=_state(one), step=one.step) for one in found)
    )


@get("/api/requests/{key:str}", operation_id="ApiShowRequest")
async def api_show_request(
    ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> PrivateRequestOut:
    """One request with its private card, for its elder, their proxy or the desk."""
    one = await views.request_for(ctx, actor, key, "ApiShowRequest")
    return PrivateRequestOut.private(one.need, state=_state(one), step=one.step)


@post("/api/requests/{key:str}/cancel", operation_id="ApiCancelRequest", status_code=200)
async def api_cancel_request(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    key: FromPath[str],
    data: JSONBody[ApiCancelIn],
    idempotency_key: Key = "",
) -> CancelledOut:
    """Cancel a request; held hours go back, whoever was to come is told."""

    async def run() -> CancelledOut:
        await flow.cancel_request(ctx, actor, key, reason=data.reason)
        return CancelledOut(key=key)

    body = {"key": key, **data.model_dump()}
    return await once(
        ctx, actor, idempotency_key, operation="ApiCancelRequest", body=body, kind=CancelledOut, run=run
    )


def _state(one: views.Request) -> str:
    return "open" if one.is_open else ("arranged" if one.visit and one.step < 6 else "closed")


handlers = [api_open_request, api_list_requests, api_show_request, api_cancel_request]
