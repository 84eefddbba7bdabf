"""The page of one line of a list, with the form to claim it; shown first, and again when a claim could not be made."""

from __future__ import annotations

from litestar.response import Template

from timebank.access import Actor, Role
from timebank.context import Context
from timebank.help.lists import claiming, parties, turns
from timebank.help.lists.browsing import Detail
from timebank.store import organisations
from timebank.store.organisations import UNIT
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
        units=[
            (row.code, row.name)
            for row in await organisations.organisations(ctx.engine, actor.community, UNIT)
        ]
        if desk
        else None,
        typed=typed or {},
        errors=errors or {},
        key=ctx.ids.token(),
    )
