"""Hours that nobody disputed for so long that the community's rules need no further word; off unless a rule says so."""

from __future__ import annotations

from datetime import timedelta

from ledger import LedgerRefusal
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.help.services.confirming import Confirmed, give_word, note_hours
from timebank.rules.attendance import State
from timebank.store import services

BY_LAPSE = "lapse"
"""Who confirmed, where nobody did."""


async def confirm_lapsed(ctx: Context, community: str) -> list[Confirmed]:
    """Post what has waited longer than the rules of today let it wait; one that the book refuses waits on.

    `daily` calls it; a disputed part is never among them, and the person helped is told as always.
    """
    days = ctx.policy_of(community).services.auto_confirm_days
    if not days:
        return []
    before, by = ctx.now() - timedelta(days=days), Actor(uid=BY_LAPSE, community=community)
    posted: list[Confirmed] = []
    for part, service in await services.waiting_for_confirmation(ctx.engine, community, limit=5_000):
        if part.state is not State.CHECKED_OUT or part.checked_out_at is None or part.checked_out_at > before:
            continue
        try:
            async with ctx.engine.atomic():
                done = await give_word(ctx, by, part, service)
                await note_hours(ctx, by, [done])
        except (AppRefusal, LedgerRefusal):
            continue
        posted.append(done)
    return posted
