"""Whom a flag of the radar is shown: nobody whom it names, nor anybody who lives with them."""

from __future__ import annotations

from collections.abc import Iterable

from timebank.access import Actor
from timebank.community.homes import homes_of
from timebank.context import Context
from timebank.rules.radar import KeptFlag, Look
from timebank.store.oversight import flags


async def shown_to(ctx: Context, actor: Actor, kept: Iterable[KeptFlag]) -> list[KeptFlag]:
    """Those of these flags that do not concern the person at the keys, in their order."""
    kept = list(kept)
    named = {uid for one in kept for uid in one.flag.people}
    homes = await homes_of(ctx, sorted({actor.uid, *named} - {""}))
    mine = homes.get(actor.uid, actor.uid)
    return [one for one in kept if mine not in {homes.get(uid, uid) for uid in one.flag.people}]


async def count_open(ctx: Context, actor: Actor) -> int:
    """How many flags wait for somebody to look at them, of those that this person is shown."""
    kept = [one for one in await flags.flags(ctx.engine, actor.community) if one.state is Look.OPEN]
    return len(await shown_to(ctx, actor, kept))
