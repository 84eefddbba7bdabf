"""What the radar looks at, as the tables have it: the parts of a span with what was said, and who knows whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from piccolo.query import Select

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.rules.parts.attendance import Attendance, Service
from timebank.rules.parts.statements import Statement
from timebank.rules.radar import Part, part_of
from timebank.rules.radar.seen import LOOKED_AT
from timebank.store import tables
from timebank.store.rows import columns, rows_among, typed, typed_all

A = tables.Attendance
_JOINED = [
    *(column.as_alias(f"a_{column._meta.name}") for column in columns(Attendance, A)),
    *(getattr(A.service, column._meta.name).as_alias(f"s_{column._meta.name}") for column in columns(Service, tables.Service)),
]  # fmt: skip
_SAID = ", ".join(f'q."{column._meta.name}"' for column in columns(Statement, tables.Statement))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSeen:
    """A part that a flag was seen by: whose, of which service, when and how long; no word of anybody."""

    uid: str
    service: str
    member: str
    checked_in_at: datetime | None
    minutes_served: int


def _evidence(uids: Sequence[str]) -> Select[A]:
    return A.select(*columns(PartSeen, A)).where(A.uid.is_in(list(uids))).order_by(A.checked_in_at, A.uid)


@prepared
def _begun(community: str, since: datetime) -> Select[A]:
    states = A.state.is_in([state.value for state in sorted(LOOKED_AT)])
    here = (A.service.community == community) & (A.service.starts_at >= since)
    return A.select(*_JOINED).where(here & states).order_by(A.checked_in_at, A.uid)


@prepared
def _members(community: str) -> Select[tables.Member]:
    member = tables.Member
    return member.select(member.uid, member.created_at).where(member.community == community)


def _devices(ways: Sequence[str]) -> Select[tables.WayIn]:
    way = tables.WayIn
    return way.select(way.uid, way.device).where(way.uid.is_in(list(ways)))


async def parts_since(engine: Engine, community: str, since: datetime) -> tuple[Part, ...]:
    """Every part with times of services that began since then, in the order in which people came."""
    # By hand: no key leads from a statement to its service, so that Piccolo cannot join the two.
    rows = await engine.fetch(
        f"SELECT {_SAID} FROM tb_statement q JOIN tb_service s ON s.uid = q.service"
        " WHERE s.community = ? AND s.starts_at >= ? ORDER BY q.id",
        [community, since],
    )
    said: dict[str, list[Statement]] = defaultdict(list)
    for one in typed_all(Statement, rows):
        said[one.part].append(one)
    found = []
    for row in await _begun.on(engine)(community, since):
        attendance, service = typed(Attendance, row, "a_"), typed(Service, row, "s_")
        if (part := part_of(attendance, service, said[attendance.uid])) is not None:
            found.append(part)
    return tuple(found)


async def on_record_since(engine: Engine, community: str) -> dict[str, datetime]:
    """uid -> when they came on record, of everybody in a community."""
    return {str(row["uid"]): row["created_at"] for row in await _members.on(engine)(community)}


async def who_knows_whom(engine: Engine, community: str, on: date) -> dict[str, frozenset[str]]:
    """uid -> everybody who stands in some relationship to them or to their home today."""
    # By hand: a relationship to a household is one to each of its people, who are joined by a column without a key.
    rows = await engine.fetch(
        "SELECT r.holder_member AS holder, m.uid AS known FROM tb_relationship r"
        " JOIN tb_member m ON m.uid = r.to_member OR m.household = r.to_household"
        " WHERE r.community = ? AND r.state = 'in_force' AND r.holder_member IS NOT NULL"
        " AND r.since_on <= ? AND (r.until_on IS NULL OR r.until_on >= ?)",
        [community, on, on],
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[str(row["known"])].add(str(row["holder"]))
    return {uid: frozenset(holders) for uid, holders in found.items()}


async def telephones_behind(engine: Engine, ways: Sequence[str]) -> dict[str, str]:
    """Way in -> the telephone behind it, as the uid of the first way that it was known by."""
    found: dict[str, str] = {}
    for row in await rows_among(engine, _devices, sorted(set(ways) - {""})):
        found[str(row["uid"])] = str(row["device"] or row["uid"])
    return found


async def parts_seen(engine: Engine, uids: Sequence[str]) -> list[PartSeen]:
    """The parts of a flag, in the order in which people came."""
    return typed_all(PartSeen, await rows_among(engine, _evidence, sorted(uids)))
