"""Finding members: the desk's list page by page, and one line of search that takes a name, a number or a telephone."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.store.engine import DurableEngine
from marketplace.names import name_key
from timebank.rules.relationships import Life
from timebank.store.members.people import CARD, Card, Person
from timebank.store.rows import rows_of, typed_all
from timebank.store.tables import Person as PersonTable

PAGE = 50
"""People on one page of the desk's list."""


async def page_of(
    engine: DurableEngine, community: str, *, after: str = "", size: int = PAGE
) -> tuple[list[Card], str]:
    """(one page of everybody active, numbers first, where the next page begins or "").

    Args:
        after: as the page before gave it.
    """
    found: list[Card] = []
    kind, _mark, last = after.partition(":")
    if kind != "u":
        found += await _listed(
            engine, community, "m.number > ?", "m.number", last if kind == "n" else "", size + 1
        )
    if len(found) <= size:
        rest = size + 1 - len(found)
        from_uid = last if kind == "u" else ""
        found += await _listed(engine, community, "m.number IS NULL AND m.uid > ?", "m.uid", from_uid, rest)
    if len(found) <= size:
        return found, ""
    shown = found[:size]
    return shown, f"n:{shown[-1].number}" if shown[-1].number else f"u:{shown[-1].uid}"


async def _listed(
    engine: DurableEngine, community: str, where: str, order: str, last: str, size: int
) -> list[Card]:
    sql = f"{CARD} WHERE m.community = ? AND m.life = 'active' AND {where} ORDER BY {order} LIMIT ?"
    return typed_all(Card, await engine.fetch(sql, [community, last, size]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody at the desk typed into the search, in every way it can be read; "" for a way it cannot.

    Attributes:
        key: of a name, or of its beginning. latin: its sound, for a name typed in letters.
        number: vest number. phone: whole. tail: last four digits.
    """

    key: str = ""
    latin: str = ""
    number: str = ""
    phone: str = ""
    tail: str = ""


async def search(
    engine: DurableEngine, community: str, sought: Sought, *, size: int = PAGE, gone: bool = True
) -> list[Card]:
    """Whoever fits any of it, at most so many: whole numbers and names first, then beginnings, then parts of names.

    Args:
        gone: also those who have left or died, for whoever keeps the records.
    """
    life = "" if gone else " AND m.life = 'active'"
    exact, args = _exactly(community, sought)
    found: dict[str, Card] = {}
    if exact:
        rows = await engine.fetch(
            f"{CARD} WHERE m.uid IN ({' UNION '.join(exact)}){life} LIMIT ?", [*args, size]
        )
        found = {one.uid: one for one in typed_all(Card, rows)}
    begins = (("p.name_key", sought.key), ("p.called_key", sought.key), ("p.sound", sought.latin))
    for column, start in begins:
        if start and len(found) < size:
            # On SQLite a range, so that the index finds it (U+10FFFF stands behind every letter); PostgreSQL orders by a
            # language, and compares beginnings of one community's names row by row.
            sqlite = engine.dialect == "sqlite"
            fits = f"{column} >= ? AND {column} < ?" if sqlite else f"{column} LIKE ?"
            ends = [start, start + "\U0010ffff"] if sqlite else [f"{start}%"]
            rows = await engine.fetch(
                f"{CARD} WHERE p.community = ? AND {fits}{life} ORDER BY {column}, m.uid LIMIT ?",
                [community, *ends, size],
            )
            found |= {one.uid: one for one in typed_all(Card, rows) if one.uid not in found}
    if sought.key and not found:
        # Nobody begins so: a name within a name is looked for row by row, in one community.
        rows = await engine.fetch(
            f"{CARD} WHERE p.community = ? AND (p.name_key LIKE ? OR p.called_key LIKE ?){life} ORDER BY m.uid LIMIT ?",
            [community, f"%{sought.key}%", f"%{sought.key}%", size],
        )
        found = {one.uid: one for one in typed_all(Card, rows)}
    return [one for one in found.values() if one.life is not Life.ERASED][:size]


def _exactly(community: str, sought: Sought) -> tuple[list[str], list[object]]:
    arms: list[str] = []
    args: list[object] = []
    for sql, value in (
        ("SELECT uid FROM tb_member WHERE community = ? AND number = ?", sought.number),
        ("SELECT uid FROM tb_member WHERE community = ? AND uid = ?", sought.number),
        ("SELECT member FROM tb_phone WHERE community = ? AND number = ?", sought.phone),
        ("SELECT member FROM tb_phone WHERE community = ? AND tail = ?", sought.tail),
    ):
        if value:
            arms.append(sql)
            args += [community, value]
    return arms, args


async def same_name(engine: DurableEngine, person: Person) -> list[str]:
    """Uids of others of the community who bear the same name."""
    key = name_key(person.name)
    if not key:
        return []
    query = PersonTable.select(PersonTable.member).where(
        PersonTable.community == person.community,
        PersonTable.name_key == key,
        PersonTable.member != person.member,
    )
    return [str(row["member"]) for row in await rows_of(engine, query.limit(20))]
