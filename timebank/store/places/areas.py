"""The tree of places: nodes with their path, what lies below a node, and minutes on foot between places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from piccolo.query import Delete
from piccolo.query.functions.aggregate import Count
from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none
from timebank.store.tables import Area as Table
from timebank.store.tables import AreaParent, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place: city, street, community, grid, building, …; `path` leads to it from the top.

    Attributes:
        community: whose place it is; "" for nodes above communities.
        x, y: metres on the office's own map, when walking times follow from them.
        uncared_on, uncared_by: when and by whom it was said that nobody is in charge here, on purpose.
    """

    code: str
    kind: str
    name: str
    parent: str = ""
    path: str
    community: str = ""
    since_on: date | None = None
    until_on: date | None = None
    x: float | None = None
    y: float | None = None
    uncared_on: date | None = None
    uncared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOnFoot:
    """Minutes on foot between two areas, either way."""

    area_a: str
    area_b: str
    minutes: int


@prepared
def _one(code: str) -> First:
    return Table.select(*columns(Area, Table)).where(Table.code == code).first()


@prepared
def _of_community(community: str) -> Select[Table]:
    return (
        Table.select(*columns(Area, Table))
        .where(Table.community == community, Table.until_on.is_null())
        .order_by(Table.path)
    )


@prepared
def _below(lowest: str, beyond: str) -> Select[Table]:
    return (
        Table.select(*columns(Area, Table))
        .where(Table.path >= lowest, Table.path < beyond)
        .order_by(Table.path)
    )


@prepared
def _number(code: str) -> First:
    return Table.select(Table.id).where(Table.code == code).first()


@prepared
def _tops() -> Select[Table]:
    return Table.select(*columns(Area, Table)).where(Table.community.is_null()).order_by(Table.path)


async def area(engine: DurableEngine, code: str) -> Area | None:
    return typed_or_none(Area, await _one.on(engine)(code))


@prepared
def _at(path: str) -> First:
    return Table.select(*columns(Area, Table)).where(Table.path == path).first()


async def area_at(engine: DurableEngine, path: str) -> Area | None:
    return typed_or_none(Area, await _at.on(engine)(path))


async def areas(engine: DurableEngine, community: str) -> list[Area]:
    """The places of a community that are in use, its own node first, each parent before its children."""
    return typed_all(Area, await _of_community.on(engine)(community))


async def areas_above(engine: DurableEngine) -> list[Area]:
    """The places above communities: streets, districts, cities."""
    return typed_all(Area, await _tops.on(engine)())


async def areas_below(engine: DurableEngine, path: str) -> list[Area]:
    """The node at `path` and everything below it."""
    return typed_all(Area, await _below.on(engine)(path, beyond(path)))


def beyond(path: str) -> str:
    """The first text behind every path below `path`: a range that an index can walk."""
    return f"{path[:-1]}0"


async def add_area(
    engine: DurableEngine,
    *,
    code: str,
    kind: str,
    name: str,
    parent: Area | None,
    community: str,
    since_on: date,
) -> Area:
    """A new place under its parent, in the caller's unit of work; whether the kinds fit is judged before.

    The path needs the row's number, so the row is written first and led to afterwards.
    """
    above = parent.code if parent else None
    await add(
        engine,
        Table,
        {
            "code": code, "kind": kind, "name": name, "parent": above, "path": f"~{code}",
            "community": community or None, "since_on": since_on,
        },
    )  # fmt: skip
    found = await _number.on(engine)(code)
    assert found is not None, "the row was just written"
    path = f"{parent.path if parent else ''}{found['id']:x}/"
    await change(engine, Table, {"path": path}, code=code)
    await add(engine, AreaParent, {"area": code, "parent": above, "since_on": since_on})
    return Area(
        code=code, kind=kind, name=name, parent=above or "", path=path, community=community, since_on=since_on
    )


async def care_about(engine: DurableEngine, code: str, *, uncared_on: date | None, by: str) -> None:
    """Nobody is in charge of the place, as `by` said on that day; with no day, that is taken back."""
    await change(engine, Table, {"uncared_on": uncared_on, "uncared_by": by if uncared_on else ""}, code=code)


async def rename_area(engine: DurableEngine, code: str, name: str) -> None:
    await change(engine, Table, {"name": name}, code=code)


async def end_area(engine: DurableEngine, code: str, until_on: date) -> None:
    """The place is no longer in use; what stood in it keeps pointing to it."""
    await change(engine, Table, {"until_on": until_on}, code=code)


async def move_area(engine: DurableEngine, area: Area, parent: Area, *, since_on: date) -> None:
    """Hang a node and all below it under another parent; under which it stood before stays known."""
    number = area.path.rstrip("/").rsplit("/", 1)[-1]
    path = f"{parent.path}{number}/"
    # Piccolo has no substring of a column; one statement moves the whole subtree.
    await engine.execute(
        "UPDATE tb_area SET path = ? || substr(path, ?) WHERE path >= ? AND path < ?",
        [path, len(area.path) + 1, area.path, beyond(area.path)],
    )
    await change(engine, Table, {"parent": parent.code}, code=area.code)
    # Moved twice on one day, it stood under the first of the two for no day at all.
    if not await change(engine, AreaParent, {"parent": parent.code}, area=area.code, since_on=since_on):
        await add(engine, AreaParent, {"area": area.code, "parent": parent.code, "since_on": since_on})


@prepared
def _last_move(area: str) -> First:
    return (
        AreaParent.select(AreaParent.since_on)
        .where(AreaParent.area == area)
        .order_by(AreaParent.since_on, ascending=False)
        .first()
    )


async def stands_since(engine: DurableEngine, area: Area) -> date:
    """From which day on the place stands under its present parent; `date.min` where nobody wrote it down."""
    row = await _last_move.on(engine)(area.code)
    found = row["since_on"] if row else area.since_on
    return date.min if found is None else date.fromisoformat(str(found))


def _children(parent: str, limit: int, offset: int) -> Select[Table]:
    return (
        Table.select(*columns(Area, Table))
        .where(Table.parent == parent, Table.until_on.is_null())
        .order_by(Table.id)
        .limit(limit)
        .offset(offset)
    )


async def children(engine: DurableEngine, parent: str, *, limit: int, offset: int = 0) -> list[Area]:
    """The places right below one, in the order in which they were added."""
    return typed_all(Area, await rows_of(engine, _children(parent, limit, offset)))


async def count_children(engine: DurableEngine, parents: Sequence[str]) -> dict[str, int]:
    """code -> how many places stand right below it; places without any are left out."""
    if not parents:
        return {}
    query = (
        Table.select(Table.parent, Count(alias="n"))
        .where(Table.parent.is_in(list(parents)), Table.until_on.is_null())
        .group_by(Table.parent)
    )
    return {str(row["parent"]): int(row["n"]) for row in await rows_of(engine, query)}


async def areas_by_code(engine: DurableEngine, codes: Sequence[str]) -> dict[str, Area]:
    """Places with these codes, in use or not."""
    if not codes:
        return {}
    query = Table.select(*columns(Area, Table)).where(Table.code.is_in(sorted(set(codes))))
    return {one.code: one for one in typed_all(Area, await rows_of(engine, query))}


async def count_areas(engine: DurableEngine, community: str) -> int:
    """How many places of a community are in use, its own node among them."""
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM tb_area WHERE community = ? AND until_on IS NULL", [community]
    )
    return int(rows[0]["n"])


async def areas_of_kinds(
    engine: DurableEngine, community: str, kinds: Sequence[str], *, limit: int
) -> list[Area]:
    """Places of these kinds in use in a community, each parent before its children."""
    if not kinds:
        return []
    query = (
        Table.select(*columns(Area, Table))
        .where(Table.community == community, Table.kind.is_in(list(kinds)), Table.until_on.is_null())
        .order_by(Table.path)
        .limit(limit)
    )
    return typed_all(Area, await rows_of(engine, query))


async def areas_named(engine: DurableEngine, parent: str, kind: str) -> list[Area]:
    """Places of one kind in use right below another, to see whether a name is taken there."""
    query = Table.select(*columns(Area, Table)).where(
        Table.parent == parent, Table.kind == kind, Table.until_on.is_null()
    )
    return typed_all(Area, await rows_of(engine, query))


async def in_use(engine: DurableEngine, area: Area) -> bool:
    """Whether anything stands or anybody lives at or below a place, or a relationship towards it is open."""
    low, high = area.path, beyond(area.path)
    # One answer out of four tables: Piccolo has no EXISTS over several.
    rows = await engine.fetch(
        "SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM tb_area WHERE parent = ? AND until_on IS NULL)"
        " OR EXISTS (SELECT 1 FROM tb_member m JOIN tb_area a ON a.code = m.area"
        "            WHERE a.path >= ? AND a.path < ? AND m.life = 'active')"
        " OR EXISTS (SELECT 1 FROM tb_organisation o JOIN tb_area a ON a.code = o.area"
        "            WHERE a.path >= ? AND a.path < ? AND o.until_on IS NULL)"
        " OR EXISTS (SELECT 1 FROM tb_relationship WHERE to_area = ? AND state IN ('offered', 'in_force'))",
        [area.code, low, high, low, high, area.code],
    )
    return bool(rows)


@prepared
def _ways(lowest: str, beyond_it: str) -> Select[Way]:
    return Way.select(*columns(WayOnFoot, Way)).where(Way.area_a.path >= lowest, Way.area_a.path < beyond_it)


async def ways(engine: DurableEngine, path: str) -> list[WayOnFoot]:
    """Minutes on foot that are known between places below `path`."""
    return typed_all(WayOnFoot, await _ways.on(engine)(path, beyond(path)))


def _ways_of(area: str, limit: int) -> Select[Way]:
    return (
        Way.select(*columns(WayOnFoot, Way))
        .where((Way.area_a == area) | (Way.area_b == area))
        .order_by(Way.minutes, Way.id)
        .limit(limit)
    )


async def ways_of(engine: DurableEngine, area: str, *, limit: int) -> list[WayOnFoot]:
    """Minutes on foot from one place to others, the nearest first."""
    return typed_all(WayOnFoot, await rows_of(engine, _ways_of(area, limit)))


@prepared
def _forget_way(area_a: str, area_b: str) -> Delete:
    return Way.delete().where(Way.area_a == area_a, Way.area_b == area_b)


async def forget_way(engine: DurableEngine, one: str, other: str) -> None:
    """Nobody knows the minutes between two places any more."""
    area_a, area_b = sorted((one, other))
    await _forget_way.on(engine)(area_a, area_b)


async def save_way(engine: DurableEngine, one: str, other: str, minutes: int) -> None:
    """Keep the minutes between two places, whichever way round they are named; in the caller's unit of work."""
    area_a, area_b = sorted((one, other))
    if not await change(engine, Way, {"minutes": minutes}, area_a=area_a, area_b=area_b):
        await add(engine, Way, {"area_a": area_a, "area_b": area_b, "minutes": minutes})
