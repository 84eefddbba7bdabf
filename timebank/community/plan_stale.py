"""Since when the planner of a community would read something else than what its plans were made from."""

from __future__ import annotations

from marketplace.store.sql import moment
from timebank.context import Context
from timebank.store import settings

_KEY = "plan_stale"


async def plan_stale_since(ctx: Context, community: str) -> str:
    """As the plans' own moments are written; "" for never."""
    return await settings.setting(ctx.engine, f"{_KEY}:{community}")


async def mark_plan_stale(ctx: Context, community: str) -> None:
    """Who can come, or who needs somebody at once, is not as it was: plans follow within seconds (`planning.following`)."""
    await settings.set_setting(ctx.engine, f"{_KEY}:{community}", moment(ctx.now()))
