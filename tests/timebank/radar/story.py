"""Two months of a community that do not exist, as statements: what honest people said, and later what planted ones did.

Everything comes out of one seed. A story keeps one calendar for each person, so that nobody is in two places by accident.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from timebank.policy import RadarPolicy, SecondHand
from timebank.rules.parts.attendance import Attendance, Evidence, Kind, Service, ServiceState
from timebank.rules.parts.hands import Hand, People
from timebank.rules.parts.statements import Said, Statement, fold
from timebank.rules.radar import Flag, Part, Pattern, Seen, look, part_of

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 30, 3, 0, tzinfo=ZONE)
DAYS = 60
WAY_MINUTES = 20
COMMUNITY = "dongqu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """One press of a story: what, by whom, when, of which moment, by which way."""

    what: Said
    by: str
    at: datetime
    of: datetime | None = None
    standing: SecondHand | None = None
    via: str = ""
    evidence: Evidence | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephone:
    """A way in by a code of the desk, acknowledged by a second office, on one device."""

    uid: str
    member: str
    made_by: str
    known_by: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What was planted: the pattern, the people who should be seen for it, everybody else who takes part."""

    rule: Pattern
    people: frozenset[str]
    others: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Story:
    """A community and everything said in it."""

    draw: Random
    members: dict[str, datetime] = field(default_factory=dict)
    staff: list[str] = field(default_factory=list)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    households: dict[str, str] = field(default_factory=dict)
    phones: dict[str, Telephone] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    parts: list[tuple[Attendance, Service, tuple[Statement, ...]]] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    busy: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    _count: int = 0

    def uid(self, sort: str) -> str:
        self._count += 1
        return f"{sort}{self._count:06d}"

    def person(self, sort: str = "M", *, days: int | None = None) -> str:
        """Somebody on record since before the story, or since so many days."""
        uid = self.uid(sort)
        self.members[uid] = NOW - timedelta(days=self.draw.randint(90, 900) if days is None else days)
        return uid

    def telephone(self, member: str, *, device: str = "") -> Telephone:
        """The telephone of somebody, made new when they have none yet."""
        if member not in self.phones:
            uid = self.uid("I")
            made_by, known_by = self.draw.sample(self.staff, 2)
            self.phones[member] = Telephone(
                uid=uid, member=member, made_by=made_by, known_by=known_by, device=device or uid
            )
        return self.phones[member]

    def free(self, people: Sequence[str], came: datetime, left: datetime) -> bool:
        """Whether all of them were on record by then, and have this time and the way there and back."""
        if any(self.members[who] > came for who in people):
            return False
        way = timedelta(minutes=WAY_MINUTES)
        return not any(
            came < end + way and begin < left + way for who in people for begin, end in self.busy[who]
        )

    def minutes(self, who: str, day: datetime) -> int:
        """What somebody has on one day already."""
        found = [left - came for came, left in self.busy[who] if came.date() == day.date()]
        return int(sum(found, timedelta()).total_seconds()) // 60

    def take(self, people: Sequence[str], came: datetime, left: datetime) -> None:
        for who in people:
            self.busy[who].append((came, left))

    def service(self, starts: datetime, ends: datetime, *, client: str = "", team: str = "") -> Service:
        one = Service(
            uid=self.uid("S"), community=COMMUNITY, kind=Kind.VISIT if client else Kind.SHIFT, title="帮忙",
            recipient=client, team=team, starts_at=starts, ends_at=ends, capacity=60, state=ServiceState.DONE,
        )  # fmt: skip
        self.services.append(one)
        return one

    def part(self, service: Service, earner: str, said: Sequence[Pressed]) -> None:
        """A part as these statements leave it; posted when somebody vouched."""
        uid = self.uid("A")
        rows = [
            Statement(
                uid=self.uid("Q"), part=uid, service=service.uid, what=one.what, by=one.by, via=one.via,
                standing=one.standing, said_at=one.at, at=one.of, minutes=one.minutes, evidence=one.evidence,
            )
            for one in sorted(said, key=lambda one: one.at)
        ]  # fmt: skip
        bare = Attendance(uid=uid, service=service.uid, member=earner, signed_up_at=service.starts_at)
        folded = fold(bare, rows, minutes_planned=service.minutes_planned, minutes_over=60)
        if folded.confirmed_by:
            rows.append(
                Statement(
                    uid=self.uid("Q"), part=uid, service=service.uid, what=Said.POSTED, by="",
                    said_at=rows[-1].said_at, minutes=folded.minutes_served, transfer_uid=self.uid("T"),
                )
            )  # fmt: skip
            folded = fold(bare, rows, minutes_planned=service.minutes_planned, minutes_over=60)
        self.parts.append((folded, service, tuple(rows)))

    def seen(self) -> Seen:
        """The story as the radar looks at it, without a database in between."""
        parts = [
            found for part, service, said in self.parts if (found := part_of(part, service, said)) is not None
        ]
        met: dict[str, set[str]] = defaultdict(set)
        for _kind, holder, target in self.relations:
            met[target].add(holder)
        homes: dict[str, list[str]] = defaultdict(list)
        for uid, household in self.households.items():
            homes[household].append(uid)
        return Seen(
            now=NOW, zone=ZONE, parts=tuple(sorted(parts, key=_order)),
            people=People(
                backing={
                    one.uid: frozenset({Hand(by=one.made_by), Hand(by=one.known_by)})
                    for one in self.phones.values()
                },
                homes={uid: min(door) for door in homes.values() for uid in door if uid != min(door)},
                desk=frozenset(one for one in self.staff if one.startswith("W")),
            ),
            since=self.members, met={uid: frozenset(found) for uid, found in met.items()},
            devices=self._devices(),
        )  # fmt: skip

    def _devices(self) -> dict[str, str]:
        by: dict[str, set[str]] = defaultdict(set)
        for one in self.phones.values():
            by[one.device].add(one.member)
        return {one.uid: one.device for one in self.phones.values() if len(by[one.device]) > 1}


def _order(part: Part) -> tuple[datetime, str]:
    return part.came, part.uid


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How the radar did on one story.

    Attributes:
        found, planted: how many of each pattern.
        wrongly: honest people who stand in some flag; honest: all of them.
    """

    found: dict[str, int]
    planted: dict[str, int]
    wrongly: frozenset[str]
    honest: int


def measured(story: Story, flags: Sequence[Flag]) -> Measured:
    found: dict[str, int] = defaultdict(int)
    planted: dict[str, int] = defaultdict(int)
    for case in story.planted:
        planted[case.rule] += 1
        found[case.rule] += any(one.rule is case.rule and _fits(one, case) for one in flags)
    guilty = {uid for case in story.planted for uid in (*case.people, *case.others)}
    named = {uid for one in flags for uid in one.people}
    return Measured(
        found=found,
        planted=planted,
        wrongly=frozenset(named - guilty),
        honest=len(story.members.keys() - guilty),
    )


def _fits(flag: Flag, case: Planted) -> bool:
    """A flag has found a case when it names its people: more than half of a group, all of anything smaller."""
    common = case.people & set(flag.people)
    in_groups = case.rule in (Pattern.RING, Pattern.DEVICE)
    enough = len(common) * 2 > len(case.people) if in_groups else common == case.people
    return enough and len(flag.people) <= len(common) + 1


def flags_of(story: Story) -> list[Flag]:
    return look(story.seen(), RadarPolicy())
