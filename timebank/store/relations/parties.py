"""What can stand at either end of a relationship: members, organisations, places and households, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from piccolo.query.methods.select import First, Select
from piccolo.table import Table

from ledger.store.engine import DurableEngine, prepared
from marketplace.names import name_key
from marketplace.phones import read_phone
from marketplace.text import narrowed
from timebank.rules.relationships import Life, Party, Sort
from timebank.store.members.people import Card
from timebank.store.rows import AMONG_MAX, rows_among, typed_all
from timebank.store.tables import Area, Community, Household, Member, Organisation, Person

T = TypeVar("T")
Source = TypeVar("Source", bound=Table)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEnd:
    """A member as far as a relationship needs to know them; nothing in it names anybody."""

    uid: str
    community: str
    household: str = ""
    life: Life
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEnd:
    """An organisation, a place or a household: its kind, whose it is, where it stands, and its last day."""

    code: str
    kind: str = ""
    community: str = ""
    path: str = ""
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One that a search found, with the words to tell it from others."""

    party: Party
    name: str
    note: str = ""


def _members(some: Sequence[str]) -> Select[Member]:
    return Member.select(
        Member.uid, Member.community, Member.household, Member.life, Member.area.path.as_alias("path")
    ).where(Member.uid.is_in(list(some)))


async def members(engine: DurableEngine, uids: Iterable[str]) -> dict[str, MemberEnd]:
    return {one.uid: one for one in await _many(engine, MemberEnd, uids, _members)}


def _members_of_households(some: Sequence[str]) -> Select[Member]:
    return Member.select(
        Member.uid, Member.community, Member.household, Member.life, Member.area.path.as_alias("path")
    ).where(Member.household.is_in(list(some)), Member.life == Life.ACTIVE.value)


async def members_of_households(engine: DurableEngine, uids: Iterable[str]) -> list[MemberEnd]:
    """Everybody active who lives in one of these households."""
    return await _many(engine, MemberEnd, uids, _members_of_households)


def _organisations(some: Sequence[str]) -> Select[Organisation]:
    return Organisation.select(
        Organisation.code, Organisation.kind, Organisation.community, Organisation.until_on,
        Organisation.area.path.as_alias("path"),
    ).where(Organisation.code.is_in(list(some)))  # fmt: skip


async def organisations(engine: DurableEngine, codes: Iterable[str]) -> dict[str, PlacedEnd]:
    return {one.code: one for one in await _many(engine, PlacedEnd, codes, _organisations)}


def _areas(some: Sequence[str]) -> Select[Area]:
    return Area.select(Area.code, Area.kind, Area.community, Area.path, Area.until_on).where(
        Area.code.is_in(list(some))
    )


async def areas(engine: DurableEngine, codes: Iterable[str]) -> dict[str, PlacedEnd]:
    return {one.code: one for one in await _many(engine, PlacedEnd, codes, _areas)}


def _households(some: Sequence[str]) -> Select[Household]:
    return Household.select(
        Household.uid.as_alias("code"), Household.community, Household.area.path.as_alias("path")
    ).where(Household.uid.is_in(list(some)))


async def households(engine: DurableEngine, uids: Iterable[str]) -> dict[str, PlacedEnd]:
    return {one.code: one for one in await _many(engine, PlacedEnd, uids, _households)}


@prepared
def _community_path(code: str) -> First:
    return (
        Community.select(Community.area, Community.area.path.as_alias("path"))
        .where(Community.code == code)
        .first()
    )


async def community_node(engine: DurableEngine, code: str) -> PlacedEnd | None:
    """The community's own place."""
    row = await _community_path.on(engine)(code)
    return PlacedEnd(code=str(row["area"]), community=code, path=str(row["path"])) if row else None


# Who holds a worker's right and has a password is a join from relationship to password that no foreign key draws.
_SIGN_IN = (
    "SELECT DISTINCT r.holder_member AS uid FROM tb_relationship r JOIN tb_password w ON w.member = r.holder_member"
    " JOIN tb_member m ON m.uid = r.holder_member WHERE r.to_area = ? AND r.kind IN ({marks}) AND r.state = 'in_force'"
    " AND r.since_on <= ? AND (r.until_on IS NULL OR r.until_on >= ?) AND m.life = 'active'"
)


async def staff_who_can_sign_in(
    engine: DurableEngine, node: str, kinds: Sequence[str], on: date
) -> frozenset[str]:
    """Uids of those who hold one of these kinds at a community's own place and have a password."""
    if not kinds:
        return frozenset()
    sql = _SIGN_IN.format(marks=", ".join("?" for _ in kinds))
    return frozenset(str(row["uid"]) for row in await engine.fetch(sql, [node, *kinds, on, on]))


async def find_members(engine: DurableEngine, community: str, q: str, limit: int) -> list[Card]:
    """Active members whose number, phone, last four digits or name is `q`, or whose name begins so."""
    key, plain, phone = name_key(q), narrowed(q), read_phone(q).number
    if not (key or plain):
        return []
    # A card joins tables of which some may have no row; Piccolo cannot join from the other side.
    sql = (
        "SELECT DISTINCT m.uid, m.community, m.number, m.account, m.life, p.name, p.called, f.skills FROM tb_member m"
        " LEFT JOIN tb_person p ON p.member = m.uid LEFT JOIN tb_profile f ON f.member = m.uid"
        " WHERE m.community = ? AND m.life = 'active' AND (m.number = ? OR m.uid = ?"
        " OR (p.community = ? AND p.name_key >= ? AND p.name_key < ?) OR (p.community = ? AND p.called_key = ?)"
        " OR m.uid IN (SELECT t.member FROM tb_phone t WHERE t.community = ? AND (t.number = ? OR t.tail = ?)))"
        " ORDER BY m.number NULLS LAST, m.uid LIMIT ?"
    )
    none = "-"
    args: list[object] = [
        community, plain or none, plain.upper() or none, community, key or none, f"{key}\uffff" if key else none,
        community, key or none, community, phone or none, plain or none, limit,
    ]  # fmt: skip
    return typed_all(Card, await engine.fetch(sql, args))


def _names_of_members(some: Sequence[str]) -> Select[Person]:
    return Person.select(Person.member.as_alias("code"), Person.called.as_alias("called"), Person.name).where(
        Person.member.is_in(list(some))
    )


async def names_of_members(engine: DurableEngine, uids: Iterable[str]) -> dict[str, str]:
    """uid -> how they are called, else their name; personal data."""
    return {one.code: one.called or one.name for one in await _many(engine, _Name, uids, _names_of_members)}


def _names_of_organisations(some: Sequence[str]) -> Select[Organisation]:
    return Organisation.select(Organisation.code, Organisation.name).where(
        Organisation.code.is_in(list(some))
    )


async def names_of_organisations(engine: DurableEngine, codes: Iterable[str]) -> dict[str, str]:
    return {one.code: one.name for one in await _many(engine, _Name, codes, _names_of_organisations)}


def _names_of_areas(some: Sequence[str]) -> Select[Area]:
    return Area.select(Area.code, Area.name).where(Area.code.is_in(list(some)))


async def names_of_areas(engine: DurableEngine, codes: Iterable[str]) -> dict[str, str]:
    return {one.code: one.name for one in await _many(engine, _Name, codes, _names_of_areas)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    code: str
    name: str = ""
    called: str = ""


def by_sort(parties: Iterable[Party]) -> dict[Sort, list[str]]:
    """Codes of the parties of each sort, each once."""
    found: dict[Sort, list[str]] = {}
    for party in dict.fromkeys(parties):
        found.setdefault(party.sort, []).append(party.code)
    return found


async def _many(
    engine: DurableEngine,
    kind: type[T],
    codes: Iterable[str],
    query: Callable[[Sequence[str]], Select[Source]],
) -> list[T]:
    """All rows of these codes, some hundreds a query."""
    wanted = sorted(set(codes) - {""})
    found: list[T] = []
    for at in range(0, len(wanted), AMONG_MAX):
        found += typed_all(kind, await rows_among(engine, query, wanted[at : at + AMONG_MAX]))
    return found
