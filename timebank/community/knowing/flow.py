"""A way in that the desk gave somebody counts as theirs once another office holder has met them with it: once per telephone.

The telephone shows six digits for some minutes; whoever stands beside its owner types them. Until then what is pressed on it
could as well be whoever issued the code.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from marketplace.text import compared
from timebank.access import Actor, Facts, sees
from timebank.community import throttling
from timebank.community.hands import people_behind
from timebank.community.saying import refold
from timebank.context import Context
from timebank.errors import NotAllowed, WrongCode
from timebank.rules.parts.hands import Hand, anybody, could
from timebank.settings import Settings
from timebank.store.help import services, statements
from timebank.store.identity import ways
from timebank.store.identity.ways import WayIn
from timebank.store.members import people
from timebank.store.oversight import audit

DIGITS = 6
WINDOW = timedelta(minutes=10)
SHOWN_FOR = timedelta(days=400)


class NoSecond(NotAllowed):
    """Whoever gave the way, could be using it, or lives with its owner is no second person."""

    code = "no_second"
    zh = "这部手机要请另一位来认：发码的人、同住的人都不算。"
    en = "Somebody else has to acknowledge it: neither who issued the code nor who lives with its owner."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWay:
    """One's own way in as its page shows it.

    Attributes:
        digits: to be typed by whoever stands there; "" where nothing needs to be acknowledged.
        known: somebody has acknowledged it.
    """

    digits: str
    known: bool


def digits_of(settings: Settings, way: str, at: datetime) -> str:
    """The six digits that a way shows now; others in ten minutes."""
    key = b"timebank/known/v1" + (settings.secret or "demo").encode()
    window = int(at.timestamp()) // int(WINDOW.total_seconds())
    digest = hmac.new(key, f"{way}:{window}".encode(), sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


async def own_way(ctx: Context, actor: Actor) -> OwnWay:
    """How the actor came in, with what an office holder types to acknowledge it."""
    way = await ways.way(ctx.engine, actor.via)
    if way is None or way.known_by:
        return OwnWay(digits="", known=way is not None)
    return OwnWay(digits=digits_of(ctx.settings, way.uid, ctx.now()), known=False)


async def know(ctx: Context, actor: Actor, *, digits: str) -> str:
    """Acknowledge the way that shows these digits, and look again at what waited for it; how its owner is called.

    Raises:
        WrongCode: no way here shows them; TryLater: too many wrong ones. NoSecond: not by this person.
    """
    sees(actor, "KnowPhone", Facts(community=actor.community))
    tried = await throttling.count_try(ctx, f"know:{actor.uid}")
    async with ctx.engine.atomic():
        found = await _showing(ctx, actor.community, compared(digits))
        if found is None:
            raise WrongCode(
                "这六个数字不对，请再看一眼手机。",
                "Those six digits do not fit. Look at the telephone again.",
            )
        await _may_know(ctx, actor, found)
        known = replace(found, known_by=actor.uid, known_via=actor.via, known_at=ctx.now())
        await ways.save_known(ctx.engine, known)
        await audit.note(ctx, actor, "know_phone", object=found.member)
        await _look_again(ctx, found.uid)
        await throttling.was_right(ctx, tried, f"know:{actor.uid}")
    return (await people.cards(ctx.engine, [found.member]))[found.member].says


async def _showing(ctx: Context, community: str, typed: str) -> WayIn | None:
    """The one way that shows these digits now, or did a moment ago."""
    now = ctx.now()
    shown = [
        one
        for one in await ways.not_known(ctx.engine, community, since=now - SHOWN_FOR)
        if any(
            hmac.compare_digest(digits_of(ctx.settings, one.uid, at).encode(), typed.encode())
            for at in (now, now - WINDOW)
        )
    ]
    return shown[0] if len(shown) == 1 else None


async def _may_know(ctx: Context, actor: Actor, way: WayIn) -> None:
    mine = Hand(by=actor.uid, via=actor.via)
    known = await people_behind(ctx, way.community, [way.member], [mine, Hand(by=way.member, via=way.uid)])
    concerned = {known.home(way.member)} | {one for hand in way.backing for one in anybody(hand, known)}
    if any(could({one}, mine, known) for one in concerned):
        raise NoSecond()


async def _look_again(ctx: Context, way: str) -> None:
    """Every part that waits and of which something was said by this way."""
    for uid in await statements.parts_spoken_by_way(ctx.engine, way):
        found = await services.attendance(ctx.engine, uid)
        if found is None or not found.waits:
            continue
        service = await services.service(ctx.engine, found.service, lock=True)
        part = await services.attendance(ctx.engine, uid, lock=True)
        assert service is not None
        assert part is not None
        await refold(ctx, part, service)
