"""How people can be reached: the ways they chose, the telephone they have, and who visits them next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, prepared
from timebank.context import Context
from timebank.rules.telling.news import AWAKE, Way
from timebank.store.members import phones
from timebank.store.rows import add, change, columns, typed, typed_or_none, values_of
from timebank.store.tables import Reach

HOUR_MAX = 23


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachOf:
    """How somebody wants to be told.

    Attributes:
        ways: in their order, comma between them; "" for what the office does by itself.
        from_hour, until_hour: own hours, narrower than the office's; 0 for the office's.
        stopped_at: since when no text messages go to them; calls still do.
    """

    member: str
    ways: str = ""
    mail: str = ""
    from_hour: int = 0
    until_hour: int = 0
    stopped_at: datetime | None = None

    @property
    def awake(self) -> tuple[time, time]:
        """From when to when their telephone may ring."""
        return (
            time(self.from_hour) if self.from_hour else AWAKE[0],
            time(self.until_hour) if self.until_hour else AWAKE[1],
        )

    @property
    def chosen(self) -> tuple[Way, ...]:
        return tuple(Way(word) for word in self.ways.split(",") if word)


@prepared
def _reach(member: str) -> First:
    return Reach.select(*columns(ReachOf, Reach)).where(Reach.member == member).first()


async def reach_of(engine: DurableEngine, member: str) -> ReachOf:
    """How somebody wants to be told; empty when they never said."""
    return typed_or_none(ReachOf, await _reach.on(engine)(member)) or ReachOf(member=member)


async def save_reach(engine: DurableEngine, reach: ReachOf, *, by: str, now: datetime) -> None:
    values = values_of(reach) | {"said_by": by, "said_at": now}
    if not await change(
        engine, Reach, {k: v for k, v in values.items() if k != "member"}, member=reach.member
    ):
        await add(engine, Reach, values)


async def mobile_of(engine: DurableEngine, member: str) -> str:
    """The mobile number of a member's own that rings first; "" for none."""
    own = [one for one in await phones.phones(engine, member) if not one.whose]
    return next((one.number for one in own if one.value.mobile), "")


async def ways_to(ctx: Context, reach: ReachOf) -> tuple[Way, ...]:
    """By which ways somebody is told, the first one first.

    What they chose stands in front, then what the house has. The last way is a voice; for whoever has no telephone it is
    a slip of paper.
    """
    own = [one for one in await phones.phones(ctx.engine, reach.member) if not one.whose]
    last = Way.CALL if own else Way.SLIP
    open_to = {last}
    if reach.stopped_at is None and any(one.value.mobile for one in own):
        open_to.add(Way.SMS)
    if reach.mail:
        open_to.add(Way.MAIL)
    chosen = tuple(way for way in reach.chosen if way in (Way.CALL, Way.SLIP) or way in ctx.carriers)
    ways = [way for way in (chosen or ctx.ways) if way in open_to or way is Way.SLIP]
    if Way.SLIP in ways or Way.CALL in ways:
        return tuple(ways[: 1 + min(ways.index(way) for way in (Way.SLIP, Way.CALL) if way in ways)])
    return (*ways, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """When somebody is to come, and who."""

    starts_at: datetime
    helper: str


async def next_visit(engine: DurableEngine, member: str, *, now: datetime) -> Visit | None:
    """Who comes to this person next; None when nobody does."""
    rows = await engine.fetch(
        "SELECT s.starts_at AS starts_at, a.member AS helper FROM tb_service s JOIN tb_attendance a ON a.service = s.uid"
        " WHERE s.recipient = ? AND s.state = 'planned' AND s.starts_at > ? AND a.state = 'signed_up'"
        " ORDER BY s.starts_at, a.id LIMIT 1",
        [member, now],
    )
    return typed(Visit, rows[0]) if rows else None


async def next_visit_at(engine: DurableEngine, member: str, *, now: datetime) -> datetime | None:
    """When somebody is to come to this person next; None when nobody is."""
    visit = await next_visit(engine, member, now=now)
    return visit.starts_at if visit else None
