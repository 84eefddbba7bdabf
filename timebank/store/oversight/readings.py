"""Who read whose private card, when and what for: one row for each reader, person, reason and day.

    async with ctx.engine.atomic():
        await looked_at(ctx, actor, [elder], Why.NEED)          # beside the line of the audit log

The audit log has a line for each press of the desk, by operation and opaque id. Here stands the same for the person, who is
shown it on asking (`community.reading`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from piccolo.query.methods.select import Select

from ledger.store.engine import DurableEngine, prepared
from timebank.access import Actor, Role
from timebank.context import Context
from timebank.rules.people.readings import SAME_LOOK, AsWhat, Why
from timebank.store.members import people
from timebank.store.rows import add, columns, rows_among, typed_all
from timebank.store.tables import CardReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line of it.

    Attributes:
        member: whose card. reader: who looked; as_what: in what capacity.
        first_at, last_at, times: on `on_date`, by the community's own clock.
    """

    community: str
    member: str
    reader: str
    as_what: AsWhat
    why: Why
    on_date: date
    first_at: datetime
    last_at: datetime
    times: int


@prepared
def _of_the_day(reader: str, why: str, on: date) -> Select[CardReading]:
    return CardReading.select(CardReading.id, CardReading.member, CardReading.last_at).where(
        CardReading.reader == reader, CardReading.why == why, CardReading.on_date == on
    )


async def looking(engine: DurableEngine, *, reader: str, why: Why, on: date, at: datetime) -> frozenset[str]:
    """Whose cards this reader is looking at already."""
    rows = await _of_the_day.on(engine)(reader, why.value, on)
    return frozenset(row["member"] for row in rows if at - row["last_at"] < SAME_LOOK)


async def note(
    engine: DurableEngine,
    members: Sequence[str],
    *,
    community: str,
    reader: str,
    as_what: AsWhat,
    why: Why,
    on: date,
    at: datetime,
) -> None:
    """One more look at each card, in the caller's unit of work."""
    known = {row["member"]: row["id"] for row in await _of_the_day.on(engine)(reader, why.value, on)}
    for member in members:
        if member in known:
            await engine.execute(
                "UPDATE tb_card_reading SET last_at = ?, times = times + 1 WHERE id = ?", [at, known[member]]
            )
            continue
        await add(
            engine, CardReading,
            {
                "community": community, "member": member, "reader": reader, "as_what": as_what.value, "why": why.value,
                "on_date": on, "first_at": at, "last_at": at, "times": 1,
            },
            once=("member", "reader", "why", "on_date"),
        )  # fmt: skip


def _of_members(members: Sequence[str]) -> Select[CardReading]:
    return CardReading.select(*columns(Reading, CardReading)).where(CardReading.member.is_in(list(members)))


async def readings_of(engine: DurableEngine, members: Sequence[str], *, limit: int = 200) -> list[Reading]:
    """Who looked at these cards, the latest first."""
    found = typed_all(Reading, await rows_among(engine, _of_members, members))
    return sorted(found, key=lambda one: one.last_at, reverse=True)[:limit]


async def forget(engine: DurableEngine, community: str, *, before: date) -> int:
    """Readings older than a day, gone; how many."""
    return await engine.execute(
        "DELETE FROM tb_card_reading WHERE community = ? AND on_date < ?", [community, before]
    )


async def looked_at(ctx: Context, actor: Actor, members: Iterable[str], why: Why) -> None:
    """The card of each of these was shown to the actor for a reason; their own is theirs.

    Opens a unit of work of its own where there is something new to write: a page that is shown again writes nothing.
    """
    others = sorted(set(members) - {"", actor.uid})
    if not others or not actor.uid:
        return
    on, now = ctx.today(), ctx.now()
    seen = await looking(ctx.engine, reader=actor.uid, why=why, on=on, at=now)
    fresh = [uid for uid in others if uid not in seen]
    if not fresh:
        return
    async with ctx.engine.atomic():
        for one in (await people.cards(ctx.engine, fresh)).values():
            await note(
                ctx.engine, [one.uid], community=one.community, reader=actor.uid, as_what=_as_what(actor, one.uid, why),
                why=why, on=on, at=now,
            )  # fmt: skip


def _as_what(actor: Actor, member: str, why: Why) -> AsWhat:
    if why is Why.VISIT and not actor.has(Role.WORKER):
        return AsWhat.HELPER
    if member in actor.mandates:
        return AsWhat.PROXY
    return AsWhat.DESK if actor.has(Role.WORKER) else AsWhat.OTHER
