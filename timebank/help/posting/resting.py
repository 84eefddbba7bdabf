"""Decided parts rest for the minutes in which the word can be taken back; then they are posted, by the facts of that moment."""

from __future__ import annotations

from ledger import LedgerRefusal
from timebank.access import NOBODY
from timebank.community.saying import refold, say
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.help.posting.paying import Confirmed, post_part, tell_posted, wind_up
from timebank.rules.parts.attendance import State
from timebank.rules.parts.statements import Said
from timebank.store.help import services

AT_ONCE = 500


async def post_due(ctx: Context, *, community: str = "", limit: int = AT_ONCE) -> list[Confirmed]:
    """Post every part whose rest is over, each in a unit of work of its own; safe in several processes at once.

    What the book or the rules refuse now waits for the desk, with the reason.

    Args:
        community: only of this one; "" for all.
    """
    posted = []
    for uid in await services.rested(ctx.engine, ctx.now(), community=community, limit=limit):
        try:
            async with ctx.engine.atomic():
                if (done := await _post(ctx, uid)) is not None:
                    posted.append(done)
        except (AppRefusal, LedgerRefusal) as refusal:
            await _held_up(ctx, uid, refusal)
    return posted


async def _post(ctx: Context, uid: str) -> Confirmed | None:
    found = await services.attendance(ctx.engine, uid)
    assert found is not None
    service = await services.service(ctx.engine, found.service, lock=True)
    part = await services.attendance(ctx.engine, uid, lock=True)
    assert service is not None
    assert part is not None
    # Another process has posted it meanwhile, or the word was taken back.
    if part.state is not State.CONFIRMED or part.rests_until is None or part.rests_until > ctx.now():
        return None
    # By the facts of now: whose hand it was may be known better than when the word was given.
    part = await refold(ctx, part, service)
    if part.state is not State.CONFIRMED:
        await wind_up(ctx, service)
        return None
    done = await post_part(ctx, part, service)
    await tell_posted(ctx, done)
    return done


async def _held_up(ctx: Context, uid: str, refusal: AppRefusal | LedgerRefusal) -> None:
    async with ctx.engine.atomic():
        found = await services.attendance(ctx.engine, uid)
        assert found is not None
        service = await services.service(ctx.engine, found.service, lock=True)
        part = await services.attendance(ctx.engine, uid, lock=True)
        assert service is not None
        assert part is not None
        if part.state is State.CONFIRMED:
            await say(ctx, NOBODY, part, service, Said.WRONG, note=refusal.zh)
            await wind_up(ctx, service)
