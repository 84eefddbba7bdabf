"""Who may be one of the two hands that a change takes."""

from __future__ import annotations

from timebank.context import Context
from timebank.store.relations import rosters


async def staff_of(ctx: Context, community: str) -> frozenset[str]:
    """Uids of the workers of a community today."""
    return frozenset(one.uid for one in await rosters.workers_of(ctx.engine, community, ctx.today()))
