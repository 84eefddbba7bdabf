"""A planned week follows what happens: nobody came, a visit is called off, somebody needs help at once.

Whatever happens marks the community's plans as stale, in its own unit of work; seconds later the server plans the weeks
that have a plan once more. What is agreed never moves, what was proposed stays the same proposal unless a change gains more
than it costs, and whatever is new waits for somebody's yes like everything else.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from marketplace import store as lists
from marketplace.errors import MarketplaceRefusal
from marketplace.values import Week
from timebank.access import NOBODY
from timebank.community.plan_stale import plan_stale_since
from timebank.context import Context
from timebank.help.planning.gathering import gather
from timebank.store.oversight import audit
from timebank.store.places import communities


async def follow_plans(ctx: Context) -> int:
    """Every plan of this week and the next that something has happened to, planned in place; how many were."""
    followed = 0
    this = Week.of(ctx.today())
    for one in await communities.communities(ctx.engine):
        stale = await plan_stale_since(ctx, one.code)
        for week in (this, Week.of(this.sunday_on + timedelta(days=1))) if stale else ():
            planned_at = await lists.planned_at(ctx.engine, one.code, week)
            if planned_at and planned_at <= stale:
                followed += await _follow(ctx, one.code, week)
    return followed


async def _follow(ctx: Context, community: str, week: Week) -> bool:
    """One week; False when its lists changed meanwhile or cannot be planned, so that a later round tries again."""
    # What happens while it is planned comes after it, and is followed in the next round.
    began = ctx.now()
    given = await gather(ctx, community, week)
    try:
        # A zone takes seconds, and the server goes on answering.
        plan = await asyncio.to_thread(lambda: given.live().plan())
        async with ctx.engine.atomic():
            uid = ctx.ids.uid("W")
            await lists.save_plan(ctx.engine, community, plan, uid=uid, at=began)
            await audit.note(ctx, NOBODY, "follow_plan", object=uid, reason=str(week), community=community)
    except MarketplaceRefusal:
        return False
    return True
