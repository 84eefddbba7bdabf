"""The one way tries are counted where somebody could guess: before they are judged, in the database, and given back when right.

    tried = await throttling.count_try(ctx, f"login:{login}", source=source)    # TryLater, or it counts
    if not right:
        raise WrongCode()                                                        # it stays counted
    async with ctx.engine.atomic():
        await throttling.was_right(ctx, tried, f"login:{login}")                 # the count ends

Each person has one count, whatever they were called by, and each address one that is far more generous, because a whole
office or street may share it. Whoever has come in from an address (or with a device) before is counted there apart: so a
stranger who guesses at a colleague's door from elsewhere, or a neighbour who fills up the count of the house, keeps nobody
out who was there before. Nothing is ever locked; reading a page counts nothing, and neither do tokens nobody can guess.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from timebank.context import Context
from timebank.errors import TryLater
from timebank.rules.people.throttling import PERSON, SOURCE, Pace, counted, given_back, wait_seconds
from timebank.store.identity import throttles

KNOWN_FOR = timedelta(days=60)
FADED_AFTER = timedelta(days=2)
"""By then no count of either pace is left: the longest is forgiven within a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A try that was counted.

    Attributes:
        of: person → the key it counts at.
        known_as: person → the hashes to remember them by when it was right.
        source: key of the address; "" where it does not count.
    """

    of: dict[str, str]
    known_as: dict[str, tuple[str, ...]]
    source: str


async def count_try(
    ctx: Context, *persons: str, source: str = "", device: str = "", free: int = PERSON.free
) -> Tried:
    """Count one try before it is judged; in a unit of work of its own, so it must not stand inside another.

    Args:
        persons: whose door it is, each in the one form that every spelling comes to (`member:M7`, `login:chen`).
        source: the address it comes from; "" for none. device: what the browser kept of an earlier time; "" for nothing.
        free: tries at a person's door before the waiting begins.

    Raises:
        TryLater: one of them still has to wait; nothing is counted then.
    """
    now = ctx.now()
    of: dict[str, str] = {}
    known_as: dict[str, tuple[str, ...]] = {}
    strange = False
    for person in persons:
        key = _hashed(ctx, "person", person)
        marks = tuple(
            _hashed(ctx, kind, person, mark)
            for kind, mark in (("device", device), ("from", _network(source)))
            if mark
        )
        mark = await throttles.is_known(ctx.engine, marks, now)
        strange = strange or not mark
        of[person] = f"{key}@{mark[:24]}" if mark else key
        known_as[person] = marks
    tried = Tried(
        of=of,
        known_as=known_as,
        source=_hashed(ctx, "source", _network(source)) if source and strange else "",
    )
    paces = {key: replace(PERSON, free=free) for key in of.values()}
    if tried.source:
        paces[tried.source] = SOURCE
    # A look first: whoever has to wait costs no turn of the writer, however often they ask.
    _wait(
        {
            key: wait_seconds(await throttles.tries_of(ctx.engine, key), now, pace)
            for key, pace in paces.items()
        }
    )
    # A count is no part of what a form does: its key is written with the deed itself, or the deed could be lost between them.
    with ctx.engine.first_in_units(_nothing):
        async with ctx.engine.atomic():
            # In one order, so that two tries never wait for each other.
            for key in sorted(paces):
                await _count(ctx, key, paces[key])
    return tried


async def was_right(ctx: Context, tried: Tried, person: str, *, device: str = "") -> None:
    """In the caller's unit of work: this person's count ends, the others and the address get the try back.

    Args:
        device: what the browser keeps from now on; "" for nothing new.
    """
    now = ctx.now()
    await throttles.forget(ctx.engine, tried.of[person])
    new = (_hashed(ctx, "device", person, device),) if device else ()
    for mark in sorted({*tried.known_as[person], *new}):
        await throttles.know(ctx.engine, mark, now + KNOWN_FOR)
    others = [key for one, key in tried.of.items() if one != person]
    await _give_back(ctx, [*others, *filter(None, [tried.source])])


async def let_off(ctx: Context, tried: Tried, person: str) -> None:
    """`was_right` in a unit of work of its own, where what follows may still be refused for another reason."""
    with ctx.engine.first_in_units(_nothing):
        async with ctx.engine.atomic():
            await was_right(ctx, tried, person)


async def not_judged(ctx: Context, tried: Tried) -> None:
    """Nobody looked at it, so it does not count."""
    with ctx.engine.first_in_units(_nothing):
        async with ctx.engine.atomic():
            await _give_back(ctx, [*tried.of.values(), *filter(None, [tried.source])])


async def start_afresh(ctx: Context, person: str) -> None:
    """In the caller's unit of work: nothing counts against a person any more, wherever it was tried."""
    await throttles.forget_below(ctx.engine, _hashed(ctx, "person", person))


async def forget_old(ctx: Context) -> None:
    """In the caller's unit of work: counts that have faded are erased."""
    await throttles.forget_old(ctx.engine, before=ctx.now() - FADED_AFTER, now=ctx.now())


async def _nothing() -> None:
    return None


async def _count(ctx: Context, key: str, pace: Pace) -> None:
    now = ctx.now()
    known = await throttles.held(ctx.engine, key, now)
    _wait({key: wait_seconds(known, now, pace)})
    await throttles.save(ctx.engine, key, counted(known, now, pace))


async def _give_back(ctx: Context, keys: list[str]) -> None:
    now = ctx.now()
    for key in sorted(keys):
        if known := await throttles.held(ctx.engine, key, now):
            await throttles.save(ctx.engine, key, given_back(known, now))


def _wait(waits: dict[str, int]) -> None:
    if longest := max(waits.values(), default=0):
        raise TryLater(longest)


def _network(source: str) -> str:
    """An address as it counts: of IPv6 the network, of which everybody at home has more addresses than tries."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def _hashed(ctx: Context, *words: str) -> str:
    """What was typed may be a telephone number, and an address is easily guessed: only a keyed hash is kept."""
    key = b"timebank/throttle/v1" + ctx.settings.secret.encode()
    return hmac.new(key, "\n".join(words).encode(), sha256).hexdigest()[:40]
