"""Plans and proposals for programs: the same flows as the pages."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from marketplace import store as lists
from marketplace.values import Week
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.matching import flow
from timebank.help.matching.schemas import ApiDeclineIn, ApiPlanIn, proposal_out, service_out
from timebank.web.once import once

Key = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)]


@post("/api/plans", operation_id="ApiMakePlan")
async def api_make_plan(
    ctx: NamedDependency[Context], actor: NamedDependency[Actor], data: JSONBody[ApiPlanIn]
) -> dict[str, Any]:
    """Plan a week anew; the proposals that wait for an answer."""
    week = _week(data.week)
    proposals = await flow.plan_week(ctx, actor, actor.community, week, operation="ApiMakePlan")
    return {"week": str(week), "proposals": [proposal_out(one) for one in proposals]}


@get("/api/plans/{week:str}", operation_id="ApiShowPlan")
async def api_show_plan(
    ctx: NamedDependency[Context], actor: NamedDependency[Actor], week: FromPath[str]
) -> dict[str, Any]:
    """The newest plan of a week with its certificate, and its proposals as they stand now."""
    sees(actor, "ApiShowPlan", Facts(community=actor.community))
    asked = _week(week)
    plan = await lists.latest_plan(ctx.engine, actor.community, asked)
    if plan is None:
        raise NotFound()
    proposals = await lists.proposals(ctx.engine, actor.community, asked)
    return {**plan, "proposals": [proposal_out(one) for one in proposals]}


@post("/api/proposals/{uid:str}/accept", operation_id="ApiAcceptProposal", status_code=200)
async def api_accept_proposal(
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    uid: FromPath[str],
    idempotency_key: Key = "",
) -> dict[str, Any]:
    """Yes to a proposal: the service it becomes."""

    async def run() -> dict[str, Any]:
        return service_out(await flow.accept_proposal(ctx, actor, uid, operation="ApiAcceptProposal"))

    return await once(
        ctx, actor, idempotency_key, operation="ApiAcceptProposal", body={"proposal": uid}, run=run
    )


@post("/api/proposals/{uid:str}/decline", operation_id="ApiDeclineProposal", status_code=200)
async def api_decline_proposal(
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    uid: FromPath[str],
    data: JSONBody[ApiDeclineIn],
) -> dict[str, Any]:
    """No to a proposal."""
    declined = await flow.decline_proposal(
        ctx, actor, uid, reason=data.reason, operation="ApiDeclineProposal"
    )
    return proposal_out(declined)


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError:
        raise NotFound() from None


handlers = [api_make_plan, api_show_plan, api_accept_proposal, api_decline_proposal]
