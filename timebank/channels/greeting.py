"""The daily greeting of whoever asked for one: any sign of life answers it, and silence is rung about.

It is a relationship of the kind `daily_greeting`, so it begins by the person's own yes and ends by their word.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from timebank.context import Context
from timebank.rules.relationships import Sort
from timebank.store.channels import news, texts
from timebank.store.identity import sessions
from timebank.store.relations import relationships

KIND = "daily_greeting"
ANSWERED_WITHIN = timedelta(hours=2, minutes=30)


async def greet(ctx: Context, community: str) -> int:
    """Greet whoever is to be greeted today, and put who did not answer in time on the call sheet; how many were greeted.

    `daily` calls it; each greeting and each call is written once a day, however often and in however many processes.
    """
    hour = ctx.policy_of(community).services.greet_hour
    now = ctx.now().astimezone(ctx.zone)
    begins = datetime.combine(now.date(), time(hour), tzinfo=ctx.zone)
    if not hour or now < begins:
        return 0
    today, late = now.date(), now >= begins + ANSWERED_WITHIN
    greeted = 0
    for one in await relationships.of_kind(ctx.engine, community, KIND):
        member = one.holder.code
        if one.holder.sort is not Sort.MEMBER or not one.holds_on(today):
            continue
        greeted += 1
        async with ctx.engine.atomic():
            if not late:
                # Begun too late in the day to answer in time, it waits for tomorrow.
                await news.put_once(
                    ctx, community=community, member=member, kind="greeting", turn=today.isoformat()
                )
            elif await _silent(ctx, member, since=begins):
                await news.put_once(
                    ctx, community=community, member=member, kind="greeting_missed", turn=today.isoformat()
                )
    return greeted


async def _silent(ctx: Context, member: str, *, since: datetime) -> bool:
    """Whether somebody was greeted today and has given no sign since: no text message, no opened page, no press."""
    told = [one for one in await news.lately_told(ctx.engine, member, since=since) if one.kind == "greeting"]
    if not told or any(one.told_at is not None for one in told):
        return False
    if await texts.lately(ctx.engine, member, since=since):
        return False
    return not await sessions.seen_since(ctx.engine, member, since)
