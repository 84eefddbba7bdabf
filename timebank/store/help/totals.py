"""Sums over services that are safe to work on: minutes by category and team, and places still free.

Nothing here returns a name. Members appear as opaque ids so that the caller can count distinct people before it shows
a sum to anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from piccolo.query import Select
from piccolo.query.functions.aggregate import Count, Sum

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.rules.parts.attendance import State
from timebank.store.rows import rows_of, typed_all
from timebank.store.tables import Attendance


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Minutes that one person's posted services gave in one category and team."""

    category: str
    team: str
    unit: str
    member: str
    minutes: int


@prepared
def _given(community: str, starts_from: datetime, starts_before: datetime) -> Select[Attendance]:
    service = Attendance.service
    begun = (service.starts_at >= starts_from) & (service.starts_at < starts_before)
    posted = (Attendance.state == State.POSTED.value) & (service.community == community)
    by = (service.category, service.team, service.unit, Attendance.member)
    named = [column.as_alias(column._meta.name) for column in by]
    minutes = Sum(Attendance.minutes_credited, alias="minutes")
    return Attendance.select(*named, minutes).where(posted & begun).group_by(*by).order_by(*by)


async def given(
    engine: Engine, community: str, *, starts_from: datetime, starts_before: datetime
) -> list[Given]:
    """Posted minutes of services that began in this stretch, one row for each category, team, unit and person."""
    found = typed_all(Given, await _given.on(engine)(community, starts_from, starts_before))
    return [one for one in found if one.minutes]


async def helped_by_unit(
    engine: Engine, community: str, unit: str, *, starts_from: datetime, starts_before: datetime
) -> tuple[int, int]:
    """(minutes, people helped) of a unit's services in this stretch that are over, whoever went."""
    # By hand: Piccolo joins towards what a key points at, and here services count that have no attendance at all.
    rows = await engine.fetch(
        "SELECT COALESCE(SUM(a.minutes_credited), 0) AS minutes, COUNT(DISTINCT s.recipient) AS people"
        " FROM tb_service s LEFT JOIN tb_attendance a ON a.service = s.uid AND a.state = 'posted'"
        " WHERE s.community = ? AND s.unit = ? AND s.starts_at >= ? AND s.starts_at < ? AND s.state = 'done'"
        " AND s.recipient <> ''",
        [community, unit, starts_from, starts_before],
    )
    return int(rows[0]["minutes"]), int(rows[0]["people"])


async def taken_by_service(engine: Engine, services: Sequence[str]) -> dict[str, int]:
    """How many places of each of these services are taken."""
    if not services:
        return {}
    here = Attendance.state.not_in([State.CANCELLED.value, State.NO_SHOW.value])
    query = (
        Attendance.select(Attendance.service, Count(alias="n"))
        .where(here & Attendance.service.is_in(list(services)))
        .group_by(Attendance.service)
    )
    return {row["service"]: int(row["n"]) for row in await rows_of(engine, query)}
