"""Nothing is kept longer than what it was for: words of what is over, cells of old lists, sign-ins that have run out.

`timebank tick` and the hourly round do it by the community's own rules (`[keeping]`). What hours rest on stays: parts, days,
minutes, opaque ids. Done twice it does nothing more.
"""

from __future__ import annotations

from datetime import timedelta

from marketplace import store as lists
from timebank.context import Context
from timebank.store import over
from timebank.store.oversight import readings


async def forget_what_is_over(ctx: Context, community: str) -> int:
    """Take out what is kept no longer by the community's rules of today; how many rows lost their words."""
    rules = ctx.policy_of(community).keeping
    now, today = ctx.now(), ctx.today()
    words_before = now - timedelta(days=rules.words_days)
    files_before = now - timedelta(days=rules.files_days)
    async with ctx.engine.atomic():
        done = await lists.forget_closed(ctx.engine, community, before=words_before)
        done += await lists.forget_reasons(ctx.engine, community, before=words_before)
        done += await lists.forget_cells(ctx.engine, community, before=files_before)
        done += await over.forget_words(ctx.engine, community, before=words_before)
        done += await readings.forget(
            ctx.engine, community, before=today - timedelta(days=rules.readings_days)
        )
    return done


async def forget_ways_in(ctx: Context) -> int:
    """Sign-ins and codes that have run out, on every device; how many."""
    async with ctx.engine.atomic():
        return await over.forget_ways_in(ctx.engine, now=ctx.now())
