"""What the clock does about promises: both sides are asked when it is late or silent, and what nobody ever said ends as unknown.

Hours never come into the book by lapse here: unknown is a word about our not knowing, and both sides may still speak.
"""

from __future__ import annotations

from datetime import timedelta

from timebank.access import NOBODY
from timebank.community.saying import promise_of, say
from timebank.context import Context
from timebank.help.posting.paying import wind_up
from timebank.rules.parts.attendance import Attendance, Service
from timebank.rules.parts.promises import Standing, standing_of
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.oversight import audit

ASKED: dict[Standing, tuple[str, str]] = {
    Standing.LATE: ("late_volunteer", "late_elder"),
    Standing.SILENT: ("silent_volunteer", "silent_elder"),
    Standing.OVERRUN: ("forgot_leave", ""),
}
"""Standing -> the kind of news for who went, and for who waited; "" for none."""
GIVEN_UP = {
    Standing.SILENT: Said.FOUND_UNKNOWN,
    Standing.LEFT: Said.FOUND_UNKNOWN,
    Standing.OVERRUN: Said.FOUND_UNKNOWN,
    Standing.SAID_CAME: Said.FOUND_UNKNOWN,
    Standing.SECOND: Said.FOUND_UNKNOWN,
    Standing.DISPUTED: Said.FOUND_UNKNOWN,
    Standing.SAID_NOT: Said.FOUND_NOT,
}


async def asked_after(ctx: Context, community: str) -> int:
    """Ask both sides of what is late or silent, once each; how many were asked. `daily` calls it."""
    now = ctx.now()
    asked = 0
    for part, service in await services.silent(
        ctx.engine, community, from_at=now - timedelta(days=1), before_at=now
    ):
        asked += await _ask(ctx, part, service)
    return asked


async def _ask(ctx: Context, part: Attendance, service: Service) -> int:
    standing = standing_of(service, part, now=ctx.now(), policy=promise_of(ctx, service))
    kinds = ASKED.get(standing)
    if kinds is None:
        return 0
    known: dict[str, str | int] = {
        "service": service.uid, "attendance": part.uid, "at": service.starts_at.isoformat(timespec="minutes"),
    }  # fmt: skip
    for told, kind in zip((part.member, service.recipient), kinds, strict=True):
        if told and kind:
            async with ctx.engine.atomic():
                await news.put_once(
                    ctx, community=service.community, member=told, kind=kind, turn=part.uid, **known
                )
    return 1


async def give_up(ctx: Context, community: str) -> int:
    """Write down as never found out what has had no word for as long as the rules wait; how many those were.

    What is written down later waits from then on. `daily` calls it; each part in a unit of work of its own.
    """
    days = ctx.policy_of(community).promise.give_up_days
    written = 0
    for uid in await services.without_a_word(
        ctx.engine, community, before_at=ctx.now() - timedelta(days=days)
    ):
        async with ctx.engine.atomic():
            found = await services.attendance(ctx.engine, uid)
            assert found is not None
            service = await services.service(ctx.engine, found.service, lock=True)
            part = await services.attendance(ctx.engine, uid, lock=True)
            assert service is not None
            assert part is not None
            standing = standing_of(service, part, now=ctx.now(), policy=promise_of(ctx, service))
            if (end := GIVEN_UP.get(standing)) is None:
                continue
            part = await say(ctx, NOBODY, part, service, end)
            await wind_up(ctx, service)
            await audit.note(ctx, NOBODY, end.value, object=part.uid, community=community)
            written += 1
    return written
