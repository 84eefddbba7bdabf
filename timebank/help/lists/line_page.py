"""The page of one line of a list, with the form to claim it; shown first, and again when a claim could not be made."""

from __future__ import annotations

from litestar.response import Template

from marketplace import store as lists
from marketplace.requirements import asked_of
from marketplace.values import Activity, Need
from timebank.access import Actor, Role
from timebank.community.admission import asks_said, proof_kinds
from timebank.community.eligibility import kinds_of
from timebank.context import Context
from timebank.help.lists import claiming, parties, turns
from timebank.help.lists.browsing import Detail
from timebank.store.relations import organisations
from timebank.store.relations.organisations import UNIT
from timebank.web import i18n
from timebank.web.pages import Typed, page
from timebank.web.request import Request

TITLES = {
    "needs": i18n.lazy("需求清单"),
    "resources": i18n.lazy("资源清单"),
    "activities": i18n.lazy("活动清单"),
    "projects": i18n.lazy("项目清单"),
}


async def line_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    kind: str,
    detail: Detail,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    """The page of one line; also shown again when a claim could not be made, with everything that was chosen."""
    # A line next door is read as strangers read it: claims and turns are for who lives here.
    own = detail.community == actor.community
    mayclaim = await parties.may_claim_as(ctx, actor, detail.side) if detail.side and own else []
    wanted = (
        await claiming.needs_to_serve(ctx, actor, detail.line) if detail.side == "resource" and own else []
    )
    turn_rows = (
        await turns.of_activity(ctx, actor.community, detail.card.key, request.state.lang)
        if kind == "activities" and own
        else ()
    )
    desk = kind == "activities" and own and actor.has(Role.WORKER)
    return page(
        request,
        "lists/line.html",
        status=status,
        detail=detail,
        card=detail.card,
        kind=kind,
        title=TITLES[kind],
        as_whom=mayclaim,
        wanted=wanted,
        turns=turn_rows,
        asks=await asked_for(ctx, detail, request.state.lang),
        units=[
            (row.code, row.name)
            for row in await organisations.organisations(ctx.engine, actor.community, UNIT)
        ]
        if desk
        else None,
        typed=typed or {},
        errors=errors or {},
    )


async def asked_for(ctx: Context, detail: Detail, lang: str) -> tuple[str, ...]:
    """What a need or an activity asks of whoever helps, in words; the claimant reads it before claiming."""
    line = detail.line
    if not isinstance(line, Need | Activity):
        return ()
    category = line.categories[0] if isinstance(line, Need) and line.categories else ""
    rules = asked_of(
        await lists.requirements(ctx.engine, detail.community),
        categories=kinds_of(category),
        line_key=line.line_key,
    )
    return asks_said(rules, proof_kinds(ctx.catalogue_of(detail.community)), lang)
