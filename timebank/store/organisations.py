"""Organisations: associations, teams, partner units, stations, rooms, and every name the lists call them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from marketplace.names import name_key
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
    return (
        OrganisationName.select(OrganisationName.name_key, OrganisationName.organisation)
        .where(OrganisationName.organisation.community == community)
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


async def codes_by_name(engine: DurableEngine, community: str) -> dict[str, str]:
    """name key -> code of every organisation of a community, the oldest of a name first."""
    found: dict[str, str] = {}
    for row in await _names.on(engine)(community):
        found.setdefault(str(row["name_key"]), str(row["organisation"]))
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
