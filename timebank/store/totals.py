"""Sums over services that are safe to work on: minutes by category and team, and places still free.

Nothing here returns a name. Members appear as opaque ids so that the caller can count distinct people before it shows
a sum to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Minutes that one person's posted services gave in one category and team."""

    category: str
    team: str
    unit: str
    member: str
    minutes: int


async def given(
    engine: Any, community: str, *, starts_from: datetime, starts_before: datetime
) -> list[Given]:
    """Posted minutes of services that began in this stretch, one row for each category, team, unit and person."""
    rows = await engine.fetch(
        "SELECT s.category, s.team, s.unit, a.member, SUM(a.minutes_credited) AS minutes FROM tb_attendance a"
        " JOIN tb_service s ON s.uid = a.service WHERE s.community = ? AND a.state = 'posted' AND s.starts_at >= ?"
        " AND s.starts_at < ? GROUP BY s.category, s.team, s.unit, a.member"
        " ORDER BY s.category, s.team, s.unit, a.member",
        [community, starts_from, starts_before],
    )
    return [Given(**{**row, "minutes": int(row["minutes"])}) for row in rows if row["minutes"]]


async def helped_by_unit(
    engine: Any, community: str, unit: str, *, starts_from: datetime, starts_before: datetime
) -> tuple[int, int]:
    """(minutes, people helped) of a unit's services in this stretch that are over, whoever went."""
    rows = await engine.fetch(
        "SELECT COALESCE(SUM(a.minutes_credited), 0) AS minutes, COUNT(DISTINCT s.recipient) AS people"
        " FROM tb_service s LEFT JOIN tb_attendance a ON a.service = s.uid AND a.state = 'posted'"
        " WHERE s.community = ? AND s.unit = ? AND s.starts_at >= ? AND s.starts_at < ? AND s.state = 'done'"
        " AND s.recipient <> ''",
        [community, unit, starts_from, starts_before],
    )
    return int(rows[0]["minutes"]), int(rows[0]["people"])


async def taken_by_service(engine: Any, services: list[str]) -> dict[str, int]:
    """How many places of each of these services are taken."""
    if not services:
        return {}
    marks = ", ".join("?" for _ in services)
    sql = (
        "SELECT service, COUNT(*) AS n FROM tb_attendance WHERE state NOT IN ('cancelled', 'no_show')"
        f" AND service IN ({marks}) GROUP BY service"
    )
    rows = await engine.fetch(sql, services)
    return {row["service"]: int(row["n"]) for row in rows}
