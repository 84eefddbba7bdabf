"""What the first-day guide asks of the database: counts and names of organisations and places, never a person's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from ledger.store.engine import DurableEngine
from marketplace.store import codec
from marketplace.values import Need
from timebank.catalogue.named import LEADER, TEAM_MEMBER, UNIT_CONTACT

# Counts over tables of three packages, joined from sides that Piccolo cannot join from: written by hand.
_HELD = (
    "SELECT 1 FROM tb_relationship r JOIN tb_member h ON h.uid = r.holder_member AND h.life = 'active'"
    " WHERE r.{end} = {of} AND r.kind IN ({kinds}) AND r.state = 'in_force'"
    " AND r.since_on <= ? AND (r.until_on IS NULL OR r.until_on >= ?)"
)
_LISTED = {
    "activities": "mp_activity",
    "projects": "mp_project",
    "needs": "mp_need",
    "resources": "mp_resource",
}


async def _number(engine: DurableEngine, sql: str, args: Sequence[object]) -> int:
    rows = await engine.fetch(sql, list(args))
    return int(rows[0]["n"])


def _held(end: str, of: str, kinds: Sequence[str]) -> str:
    return _HELD.format(end=end, of=of, kinds=_marks(kinds))


def _marks(some: Sequence[object]) -> str:
    return ", ".join("?" for _ in some)


async def teams_without_leader(engine: DurableEngine, community: str, on: date) -> list[str]:
    """Names of teams that have members and nobody who leads them."""
    has = _held("to_organisation", "o.code", [TEAM_MEMBER])
    led = _held("to_organisation", "o.code", [LEADER])
    rows = await engine.fetch(
        "SELECT o.name FROM tb_organisation o WHERE o.community = ? AND o.kind = 'team' AND o.until_on IS NULL"
        f" AND EXISTS ({has}) AND NOT EXISTS ({led}) ORDER BY o.code",
        [community, TEAM_MEMBER, on, on, LEADER, on, on],
    )
    return [str(row["name"]) for row in rows]


async def reached(engine: DurableEngine, units: Sequence[str], on: date) -> frozenset[str]:
    """Those of these units (codes) that have a contact."""
    if not units:
        return frozenset()
    held = _held("to_organisation", "o.code", [UNIT_CONTACT])
    rows = await engine.fetch(
        f"SELECT o.code FROM tb_organisation o WHERE o.code IN ({_marks(units)}) AND EXISTS ({held})",
        [*units, UNIT_CONTACT, on, on],
    )
    return frozenset(str(row["code"]) for row in rows)


async def owners_of_open_lines(engine: DurableEngine, community: str) -> list[str]:
    """Units, as the resources list calls them, that have an open line."""
    rows = await engine.fetch(
        "SELECT DISTINCT owner FROM mp_resource WHERE community = ? AND stage = 'open' AND owner_kind = 'unit'"
        " AND owner <> '' ORDER BY owner",
        [community],
    )
    return [str(row["owner"]) for row in rows]


async def listed(engine: DurableEngine, community: str) -> dict[str, int]:
    """How many lines each of the four lists ever had, at most one counted."""
    return {
        name: len(await engine.fetch(f"SELECT 1 AS n FROM {table} WHERE community = ? LIMIT 1", [community]))
        for name, table in _LISTED.items()
    }


async def needs_of_nobody(engine: DurableEngine, community: str) -> int:
    """How many open needs of residents name no resident; a post is nobody's need."""
    rows = await engine.fetch(
        "SELECT line FROM mp_need WHERE community = ? AND stage = 'open' AND owner = ''", [community]
    )
    needs = [codec.loads(Need, row["line"]) for row in rows]
    return sum(one.source == "resident" and not one.becomes for one in needs)


async def neighbours(engine: DurableEngine, community: str, *, but: Iterable[str]) -> int:
    """How many active members there are besides these."""
    out = sorted(set(but))
    return await _number(
        engine,
        "SELECT count(*) AS n FROM tb_member WHERE community = ? AND life = 'active'"
        + (f" AND uid NOT IN ({_marks(out)})" if out else ""),
        [community, *out],
    )


async def old_questions(engine: DurableEngine, community: str, before: datetime) -> int:
    """How many questions who is meant were asked before a moment and are still open."""
    return await _number(
        engine,
        "SELECT count(*) AS n FROM tb_identity_question WHERE community = ? AND answered_at IS NULL AND asked_at < ?",
        [community, before],
    )


async def planned_since(engine: DurableEngine, community: str, week: str) -> bool:
    """Whether a plan of that week (2026-W48) or of a later one was ever made."""
    rows = await engine.fetch(
        "SELECT 1 AS n FROM mp_plan WHERE community = ? AND week >= ? LIMIT 1", [community, week]
    )
    return bool(rows)


async def has_posted(engine: DurableEngine, community: str) -> bool:
    """Whether any hours of a service are in the community's book."""
    rows = await engine.fetch(
        "SELECT 1 AS one FROM tb_attendance a JOIN tb_service s ON s.uid = a.service"
        " WHERE s.community = ? AND a.state = 'posted' LIMIT 1",
        [community],
    )
    return bool(rows)
