"""Plans and proposals for programs: the same flows as the pages."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from marketplace import store as lists
from marketplace.values import Week
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.matching import flow
from timebank.help.matching.schemas import ApiDeclineIn, ApiPlanIn, ArrangedOut, PlannedOut, ProposalOut
from timebank.web.once import once

Key = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)]


@post("/api/plans", operation_id="ApiMakePlan")
async def api_make_plan(
    ctx: NamedDependency[Context], actor: NamedDependency[Actor], data: JSONBody[ApiPlanIn]
) -> PlannedOut:
    """Plan a week anew; the proposals that wait for an answer."""
    week = _week(data.week)
    proposals = await flow.plan_week(ctx, actor, actor.community, week)
    return PlannedOut(week=str(week), proposals=tuple(ProposalOut.told(one) for one in proposals))


@get("/api/plans/{week:str}", operation_id="ApiShowPlan")
async def api_show_plan(
    ctx: NamedDependency[Context], actor: NamedDependency[Actor], week: FromPath[str]
) -> dict[str, object]:
    """The newest plan of a week with its certificate, and its proposals as they stand now."""
    sees(actor, "ShowPlan", Facts(community=actor.community))
    asked = _week(week)
    plan = await lists.latest_plan(ctx.engine, actor.community, asked)
    if plan is None:
        raise NotFound()
    proposals = await lists.proposals(ctx.engine, actor.community, asked)
    return {**plan, "proposals": [ProposalOut.told(one) for one in proposals]}


@post("/api/proposals/{uid:str}/accept", operation_id="ApiAcceptProposal", status_code=200)
async def api_accept_proposal(
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    uid: FromPath[str],
    idempotency_key: Key = "",
) -> ArrangedOut:
    """Yes to a proposal: the service it becomes."""

    async def run() -> ArrangedOut:
        return ArrangedOut.told(await flow.accept_proposal(ctx, actor, uid))

    body = {"proposal": uid}
    return await once(
        ctx, actor, idempotency_key, operation="ApiAcceptProposal", body=body, kind=ArrangedOut, run=run
    )


@post("/api/proposals/{uid:str}/decline", operation_id="ApiDeclineProposal", status_code=200)
async def api_decline_proposal(
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    uid: FromPath[str],
    data: JSONBody[ApiDeclineIn],
) -> ProposalOut:
    """No to a proposal."""
    return ProposalOut.told(await flow.decline_proposal(ctx, actor, uid, reason=data.reason))


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError:
        raise NotFound() from None


handlers = [api_make_plan, api_show_plan, api_accept_proposal, api_decline_proposal]
