"""What the radar looks at: the parts of a span with who pressed what, and what is known of these people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from timebank.policy import SecondHand
from timebank.rules.parts.attendance import Attendance, Evidence, Kind, Service, State
from timebank.rules.parts.evidence import EARLY, LIVE
from timebank.rules.parts.hands import Hand, People
from timebank.rules.parts.statements import Said, Statement, standing_ones

LOOKED_AT = frozenset({State.CHECKED_OUT, State.CONFIRMED, State.POSTED})
"""Parts that have their times, and that nobody has called wrong yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One statement that stands.

    Attributes:
        via: the way by which they had come in. at: the moment it speaks of. live: said about when that was.
    """

    by: str
    via: str = ""
    standing: SecondHand | None = None
    said_at: datetime
    at: datetime
    live: bool = False

    @property
    def hand(self) -> Hand:
        return Hand(by=self.by, via=self.via)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person's part in a service that was come to and left.

    Attributes:
        client: who was helped; "" for a shift. where: what two records of the same thing have in common.
        entries: arrival and leaving, or the decision in their place. words: what stands of "it was so".
        presses: everything else too that a person pressed about it.
    """

    uid: str
    service: str
    earner: str
    client: str = ""
    where: str
    came: datetime
    left: datetime
    minutes: int
    entries: tuple[Press, ...]
    words: tuple[Press, ...] = ()
    presses: tuple[Press, ...] = ()

    @property
    def live(self) -> bool:
        """Whether both its times were said about when they were."""
        return all(one.live for one in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A span of one community.

    Attributes:
        parts: of the span, in the order in which people came.
        people: who could have pressed for whom, and who share a door.
        since: when somebody came on record.
        met: member -> everybody who stands in some relationship to them; such people know that they are there.
        devices: way in -> the telephone behind it, for ways that share one with another's.
    """

    now: datetime
    zone: ZoneInfo
    parts: tuple[Part, ...]
    people: People = field(default_factory=People)
    since: Mapping[str, datetime] = field(default_factory=dict)
    met: Mapping[str, frozenset[str]] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)

    def day(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(self.zone).date()

    def lately(self, days: int) -> tuple[Part, ...]:
        """The parts of so many days."""
        return tuple(one for one in self.parts if one.came >= self.now - timedelta(days=days))

    def know_each_other(self, one: str, other: str) -> bool:
        """Whether two people share a door or stand in some relationship to each other."""
        same_home = self.people.home(one) == self.people.home(other)
        return same_home or one in self.met.get(other, ()) or other in self.met.get(one, ())


def part_of(part: Attendance, service: Service, said: Iterable[Statement]) -> Part | None:
    """The part as the radar looks at it; None while it has no times, and where it ended without hours."""
    if part.state not in LOOKED_AT or part.checked_in_at is None or part.checked_out_at is None:
        return None
    arrival: Statement | None = None
    leaving: Statement | None = None
    words: list[Statement] = []
    pressed: list[Statement] = []
    for one in standing_ones(said):
        if one.by:
            pressed.append(one)
        match one.what:
            case Said.ARRIVAL:
                arrival = one
            case Said.LEAVING:
                leaving = one
            case Said.AMOUNT:
                arrival, leaving = arrival or one, one
            case Said.WORD:
                words.append(one)
            case Said.NOT_CAME | Said.REVERSED:
                words = []
            case _:
                pass
    entries = [one for one in (arrival, leaving) if one is not None and one.by]
    visit = service.kind is Kind.VISIT
    return Part(
        uid=part.uid, service=service.uid, earner=part.member, client=service.recipient if visit else "",
        where=(service.recipient if visit else "") or service.team or service.unit or service.uid,
        came=part.checked_in_at, left=part.checked_out_at, minutes=part.minutes_served,
        entries=tuple(_press(one) for one in entries), words=tuple(_press(one) for one in words if one.by),
        presses=tuple(_press(one) for one in pressed),
    )  # fmt: skip


def _press(one: Statement) -> Press:
    # What was read off a sheet is never live, however early the sheet came in.
    told = one.what is Said.AMOUNT or one.evidence is Evidence.SHEET
    live = not told and one.at is not None and -EARLY <= one.said_at - one.at <= LIVE
    return Press(
        by=one.by,
        via=one.via,
        standing=one.standing,
        said_at=one.said_at,
        at=one.at or one.said_at,
        live=live,
    )
