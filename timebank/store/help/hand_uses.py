"""What decided parts count for: a community's day, the day of whoever was helped, each pair that vouched."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from piccolo.query import Delete
from piccolo.query.functions.aggregate import Sum
from piccolo.query.methods.select import Select

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.store.rows import add_all
from timebank.store.tables import HandUse as Table

KEYS_MAX = 500
"""So many are asked for in one query."""


@prepared
def _drop(part: str) -> Delete:
    return Table.delete().where(Table.part == part)


@prepared
def _sum(community: str, key: str, from_on: date, to_on: date) -> Select[Table]:
    days = (Table.on_date >= from_on) & (Table.on_date <= to_on)
    return Table.select(Sum(Table.minutes)).where((Table.community == community) & (Table.key == key) & days)


async def drop_uses(engine: Engine, part: str) -> None:
    """A part counts for nothing any more."""
    await _drop.on(engine)(part)


async def add_uses(
    engine: Engine, part: str, community: str, keys: Iterable[str], *, on: date, minutes: int
) -> None:
    """A part counts for these keys on a day."""
    rows = [
        {"part": part, "community": community, "key": key, "on_date": on, "minutes": minutes} for key in keys
    ]
    await add_all(engine, Table, rows)


async def used(engine: Engine, community: str, key: str, *, from_on: date, to_on: date) -> int:
    """Minutes counted under a key from one day to another, both included."""
    [row] = await _sum.on(engine)(community, key, from_on, to_on)
    return int(row["sum"] or 0)


async def used_under(
    engine: Engine, community: str, keys: Collection[str], *, from_on: date, to_on: date
) -> int:
    """Minutes counted under all of these keys from one day to another, both included."""
    known, found = sorted(keys), 0
    for start in range(0, len(known), KEYS_MAX):
        some = known[start : start + KEYS_MAX]
        marks = ", ".join("?" for _ in some)
        [row] = await engine.fetch(
            "SELECT COALESCE(SUM(minutes), 0) AS minutes FROM tb_hand_use"
            f" WHERE community = ? AND on_date BETWEEN ? AND ? AND key IN ({marks})",
            [community, from_on, to_on, *some],
        )
        found += int(row["minutes"])
    return found
