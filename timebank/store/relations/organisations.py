"""Organisations: associations, teams, partner units, stations, rooms, and every name the lists call them by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from piccolo.columns.combination import Where
from piccolo.query.functions import Count
from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from marketplace.names import name_key
from timebank.rules.places.areas import below_range
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none, values_of
from timebank.store.tables import Organisation as Table
from timebank.store.tables import OrganisationName

TEAM, UNIT = "team", "unit"
NONPROFIT = "公益为老机构"
"""The word of the catalogue for a unit that cares for elders without profit: hours may be given to it where the rules say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One organisation of a kind of the catalogue; `community` is "" for one that stands above several."""

    code: str
    community: str = ""
    kind: str
    subkind: str = ""
    name: str
    brand: str = ""
    parent: str = ""
    path: str = ""
    area: str = ""
    opens: str = ""
    phone: str = ""
    address: str = ""
    since_on: date | None = None
    until_on: date | None = None

    @property
    def is_nonprofit(self) -> bool:
        """Whether it cares for elders without profit."""
        return self.kind == UNIT and self.subkind == NONPROFIT


@prepared
def _one(code: str) -> First:
    return Table.select(*columns(Organisation, Table)).where(Table.code == code).first()


@prepared
def _of_kind(community: str, kind: str) -> Select[Table]:
    return (
        Table.select(*columns(Organisation, Table))
        .where(Table.community == community, Table.kind == kind, Table.until_on.is_null())
        .order_by(Table.code)
    )


@prepared
def _of_community(community: str) -> Select[Table]:
    return (
        Table.select(*columns(Organisation, Table))
        .where(Table.community == community, Table.until_on.is_null())
        .order_by(Table.path)
    )


@prepared
def _named(community: str, key: str) -> Select[Table]:
    # An organisation above communities is known to all of them.
    return (
        Table.select(*columns(Organisation, Table))
        .where(
            (Table.community == community) | Table.community.is_null(),
            Table.until_on.is_null(),
            Table.code.is_in(
                OrganisationName.select(OrganisationName.organisation).where(OrganisationName.name_key == key)
            ),
        )
        .order_by(Table.code)
    )


@prepared
def _names(community: str) -> Select[OrganisationName]:
    # An organisation above communities is known to all of them.
    body = OrganisationName.organisation
    return (
        OrganisationName.select(
            OrganisationName.name,
            OrganisationName.name_key,
            body.as_alias("code"),
            body.kind.as_alias("kind"),
            body.name_key.as_alias("present_key"),
        )
        .where((body.community == community) | body.community.is_null(), body.until_on.is_null())
        .order_by(OrganisationName.id)
    )


@prepared
def _number(code: str) -> First:
    return Table.select(Table.id).where(Table.code == code).first()


async def organisation(engine: DurableEngine, code: str) -> Organisation | None:
    return typed_or_none(Organisation, await _one.on(engine)(code))


async def organisations(engine: DurableEngine, community: str, kind: str = "") -> list[Organisation]:
    """Those of a community that are in being, of one kind when given."""
    if kind:
        return typed_all(Organisation, await _of_kind.on(engine)(community, kind))
    return typed_all(Organisation, await _of_community.on(engine)(community))


async def organisations_by_code(engine: DurableEngine, codes: Sequence[str]) -> dict[str, Organisation]:
    """Those with these codes, in being or not, by code."""
    if not codes:
        return {}
    query = Table.select(*columns(Organisation, Table)).where(Table.code.is_in(sorted(set(codes))))
    return {one.code: one for one in typed_all(Organisation, await rows_of(engine, query))}


async def organisations_named(
    engine: DurableEngine, community: str, name: str, kind: str = ""
) -> list[Organisation]:
    """Those that some list calls so, whatever the spelling; usually one."""
    found = typed_all(Organisation, await _named.on(engine)(community, name_key(name)))
    return [one for one in found if not kind or one.kind == kind]


async def organisation_named(
    engine: DurableEngine, community: str, name: str, kind: str
) -> Organisation | None:
    """The organisation of one kind that goes by this name; None when nobody or several do."""
    found = await organisations_named(engine, community, name, kind)
    return found[0] if len(found) == 1 else None


@prepared
def _names_of(code: str) -> Select[OrganisationName]:
    return (
        OrganisationName.select(OrganisationName.name)
        .where(OrganisationName.organisation == code)
        .order_by(OrganisationName.id)
    )


async def names_of(engine: DurableEngine, code: str) -> tuple[str, ...]:
    """Every way the lists call an organisation, the first one first."""
    return tuple(str(row["name"]) for row in await _names_of.on(engine)(code))


@prepared
def _below(first: str, end: str) -> Select[Table]:
    return (
        Table.select(*columns(Organisation, Table))
        .where(Table.path >= first, Table.path < end, Table.until_on.is_null())
        .order_by(Table.path)
    )


async def organisations_below(engine: DurableEngine, path: str) -> list[Organisation]:
    """What stands below the organisation at `path` and is in being, itself left out."""
    found = typed_all(Organisation, await _below.on(engine)(*below_range(path)))
    return [one for one in found if one.path != path]


@prepared
def _above_communities() -> Select[Table]:
    return (
        Table.select(*columns(Organisation, Table))
        .where(Table.community.is_null(), Table.until_on.is_null())
        .order_by(Table.path)
    )


async def organisations_above(engine: DurableEngine) -> list[Organisation]:
    """Those that stand above several communities."""
    return typed_all(Organisation, await _above_communities.on(engine)())


def _sought(community: str, kinds: Sequence[str], q: str, ended: bool) -> tuple[Where, ...]:
    found = [
        Table.community == community,
        Table.until_on.is_not_null() if ended else Table.until_on.is_null(),
    ]
    if kinds:
        found.append(Table.kind.is_in(list(kinds)))
    if key := name_key(q):
        named = OrganisationName.select(OrganisationName.organisation).where(
            OrganisationName.name_key.like(f"%{key}%")
        )
        found.append(Table.code.is_in(named))
    return tuple(found)


async def page_of(
    engine: DurableEngine,
    community: str,
    kinds: Sequence[str],
    *,
    q: str = "",
    ended: bool = False,
    limit: int,
    offset: int,
) -> tuple[list[Organisation], int]:
    """(one page of a community's organisations by kind, the oldest first; how many there are in all).

    Args:
        kinds: of these kinds only; of every kind when empty.
        q: a part of any name that the lists call them by.
        ended: those that are no more, instead of those in being.
    """
    where = _sought(community, kinds, q, ended)
    rows = await rows_of(
        engine,
        Table.select(*columns(Organisation, Table))
        .where(*where)
        .order_by(Table.kind, Table.id)
        .limit(limit)
        .offset(offset),
    )
    [counted] = await rows_of(engine, Table.select(Count(alias="n")).where(*where))
    return typed_all(Organisation, rows), int(counted["n"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One way in which the lists call an organisation that is in being; `present_key` is the key of its name today."""

    code: str
    kind: str
    name: str
    name_key: str
    present_key: str


async def every_name(engine: DurableEngine, community: str) -> list[Called]:
    """Every way the lists call the organisations of a community and those above it, the oldest first."""
    return typed_all(Called, await _names.on(engine)(community))


def by_name(called: Iterable[Called]) -> dict[str, list[Called]]:
    """name key -> whoever goes by it."""
    found: dict[str, list[Called]] = {}
    for one in called:
        found.setdefault(one.name_key, []).append(one)
    return found


def meant(called: Sequence[Called]) -> tuple[str, ...]:
    """Codes of those that a list means by a name they all go by: whose name it is today, before who had it or is also called so.

    One code when it is clear; several when somebody has to say.
    """
    present = tuple(dict.fromkeys(one.code for one in called if one.present_key == one.name_key))
    return present or tuple(dict.fromkeys(one.code for one in called))


async def names_by_code(engine: DurableEngine, community: str) -> dict[str, list[str]]:
    """code -> every name of it, the first one first."""
    found: dict[str, list[str]] = {}
    for one in await every_name(engine, community):
        found.setdefault(one.code, []).append(one.name)
    return found


async def add_organisation(
    engine: DurableEngine, organisation: Organisation, *, above: Organisation | None = None
) -> Organisation:
    """A new organisation and its name, in the caller's unit of work; whether the kinds fit is judged before."""
    values = values_of(organisation) | {
        "path": f"~{organisation.code}",
        "name_key": name_key(organisation.name),
        "community": organisation.community,
        "parent": above.code if above else None,
        "area": organisation.area,
    }
    await add(engine, Table, values)
    found = await _number.on(engine)(organisation.code)
    assert found is not None, "the row was just written"
    path = f"{above.path if above else ''}{found['id']:x}/"
    await change(engine, Table, {"path": path}, code=organisation.code)
    await also_called(engine, organisation.code, organisation.name)
    return replace(organisation, path=path, parent=above.code if above else "")


async def also_called(engine: DurableEngine, code: str, name: str) -> bool:
    """Remember one more way the lists call an organisation; False when it was known."""
    return await add(
        engine,
        OrganisationName,
        {"organisation": code, "name": name, "name_key": name_key(name)},
        once=("organisation", "name_key"),
    )


async def move_organisation(
    engine: DurableEngine, organisation: Organisation, above: Organisation | None
) -> Organisation:
    """Hang it and all below it under another parent, the top for None; in the caller's unit of work."""
    number = organisation.path.rstrip("/").rsplit("/", 1)[-1]
    path = f"{above.path if above else ''}{number}/"
    # Piccolo has no substring of a column; one statement moves the whole subtree.
    await engine.execute(
        "UPDATE tb_organisation SET path = ? || substr(path, ?) WHERE path >= ? AND path < ?",
        [path, len(organisation.path) + 1, *below_range(organisation.path)],
    )
    parent = above.code if above else ""
    await change(engine, Table, {"parent": parent}, code=organisation.code)
    return replace(organisation, path=path, parent=parent)


async def end_organisation(engine: DurableEngine, code: str, until_on: date) -> None:
    """It is no more from then on; what pointed to it keeps pointing to it."""
    await change(engine, Table, {"until_on": until_on}, code=code)


async def save_organisation(engine: DurableEngine, organisation: Organisation) -> None:
    """What the office says of it; its old names stay known."""
    values = values_of(organisation) | {
        "name_key": name_key(organisation.name),
        "community": organisation.community,
        "parent": organisation.parent,
        "area": organisation.area,
    }
    del values["code"]
    await change(engine, Table, values, code=organisation.code)
    await also_called(engine, organisation.code, organisation.name)
