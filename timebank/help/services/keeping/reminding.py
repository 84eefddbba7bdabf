"""A reminder the day before: whoever is to come, and whoever waits for them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from timebank.access import NOBODY
from timebank.community.saying import say
from timebank.context import Context
from timebank.rules.parts.attendance import Service, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services


async def remind(ctx: Context, community: str) -> int:
    """Leave the reminders of tomorrow's services, from the hour on that the rules name; how many services those were.

    `daily` calls it; each reminder is written once, however often and in however many processes it is called.
    """
    hour = ctx.policy_of(community).services.remind_hour
    now = ctx.now().astimezone(ctx.zone)
    if now.hour < hour:
        return 0
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=ctx.zone)
    coming = await services.services(
        ctx.engine, community, starts_from=tomorrow, starts_before=tomorrow + timedelta(days=1),
        states=(ServiceState.PLANNED,), limit=5_000,
    )  # fmt: skip
    for service in coming:
        async with ctx.engine.atomic():
            await _remind_of(ctx, service)
    return len(coming)


async def _remind_of(ctx: Context, service: Service) -> None:
    parts = [
        one for one in await services.attendances(ctx.engine, service.uid) if one.state is State.SIGNED_UP
    ]
    known: dict[str, str | int] = {
        "service": service.uid,
        "at": service.starts_at.isoformat(timespec="minutes"),
    }
    told = [(part.member, "remind_helper") for part in parts]
    if service.recipient and parts:
        told.append((service.recipient, "remind_elder"))
    for part in parts:
        if part.reminded_at is None:
            await say(ctx, NOBODY, part, service, Said.REMINDED)
    for member, kind in told:
        # Moved to another hour, it is reminded of anew.
        await news.put_once(
            ctx, community=service.community, member=member, kind=kind, turn=str(known["at"]), **known
        )
