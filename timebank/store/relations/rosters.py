"""Who belongs to a team, speaks for a unit or works at the desk today: cards, read through the relationships in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.store.engine import DurableEngine
from timebank.catalogue.named import DEPUTY, LEADER, TEAM_MEMBER, UNIT_CONTACT, WORKER
from timebank.store.members.people import Card
from timebank.store.rows import typed_all

# One query for cards through relationships: Piccolo cannot join from the member's side.
_CARDS = (
    "SELECT DISTINCT m.uid, m.community, m.number, m.account, m.life, p.name, p.called, f.skills"
    " FROM tb_relationship r JOIN tb_member m ON m.uid = r.holder_member LEFT JOIN tb_person p ON p.member = m.uid"
    " LEFT JOIN tb_profile f ON f.member = m.uid WHERE r.{end} = ? AND r.kind IN ({kinds}) AND r.state = 'in_force'"
    " AND r.since_on <= ? AND (r.until_on IS NULL OR r.until_on >= ?) AND m.life = 'active' ORDER BY m.number NULLS LAST, m.uid"
)


async def holders_of(engine: DurableEngine, organisation: str, kinds: Sequence[str], on: date) -> list[Card]:
    """Active members who hold one of these kinds towards an organisation on a day, by vest number."""
    return await _cards(engine, "to_organisation", organisation, kinds, on)


async def team_members(engine: DurableEngine, team: str, on: date) -> list[Card]:
    """The roster with names, for the team's own leader and the desk."""
    return await holders_of(engine, team, (TEAM_MEMBER,), on)


async def leaders_of(engine: DurableEngine, team: str, on: date) -> list[str]:
    """Uids of a team's leader and deputies, the leader first."""
    first = [card.uid for card in await holders_of(engine, team, (LEADER,), on)]
    return list(
        dict.fromkeys([*first, *(card.uid for card in await holders_of(engine, team, (DEPUTY,), on))])
    )


async def lead_of(engine: DurableEngine, team: str, on: date) -> str:
    """Uid of the team's leader; "" while nobody leads it."""
    found = await holders_of(engine, team, (LEADER,), on)
    return found[0].uid if found else ""


async def contacts_of(engine: DurableEngine, unit: str, on: date) -> list[Card]:
    """Who speaks for a unit."""
    return await holders_of(engine, unit, (UNIT_CONTACT,), on)


async def workers_of(engine: DurableEngine, community: str, on: date) -> list[Card]:
    """Who works at the desk of a community."""
    rows = await engine.fetch("SELECT area FROM tb_community WHERE code = ?", [community])
    return await _cards(engine, "to_area", rows[0]["area"], (WORKER,), on) if rows else []


async def team_codes_of(engine: DurableEngine, member: str, on: date) -> frozenset[str]:
    """Codes of the teams somebody belongs to."""
    rows = await engine.fetch(
        "SELECT to_organisation FROM tb_relationship WHERE holder_member = ? AND kind = ? AND state = 'in_force'"
        " AND since_on <= ? AND (until_on IS NULL OR until_on >= ?)",
        [member, TEAM_MEMBER, on, on],
    )
    return frozenset(row["to_organisation"] for row in rows)


async def _cards(engine: DurableEngine, end: str, code: str, kinds: Sequence[str], on: date) -> list[Card]:
    marks = ", ".join("?" for _ in kinds)
    sql = _CARDS.format(end=end, kinds=marks)
    return typed_all(Card, await engine.fetch(sql, [code, *kinds, on, on]))
