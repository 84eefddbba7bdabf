"""Days on which members are away; without a last day it is a pause. No reason is kept: it would be a health fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from piccolo.query import Delete
from piccolo.query.methods.select import Select

from ledger.store.engine import DurableEngine, prepared
from timebank.rules.relationships import Absence
from timebank.store.rows import add, change, columns, rows_of, typed_all
from timebank.store.tables import Absence as Table


@prepared
def _of(member: str, day: date) -> Select[Table]:
    lasting = Table.to_on.is_null() | (Table.to_on >= day)
    return (
        Table.select(*columns(Absence, Table))
        .where((Table.member == member) & lasting)
        .order_by(Table.from_on)
    )


@prepared
def _between(community: str, first: date, last: date) -> Select[Table]:
    return (
        Table.select(*columns(Absence, Table))
        .where(
            Table.member.community == community,
            Table.from_on <= last,
            Table.to_on.is_null() | (Table.to_on >= first),
        )
        .order_by(Table.from_on, Table.id)
    )


@prepared
def _drop(member: str, from_on: date) -> Delete:
    return Table.delete().where(Table.member == member, Table.from_on == from_on)


async def absences(engine: DurableEngine, member: str, *, since: date) -> list[Absence]:
    """A member's absences that have not ended before a day, the earliest first."""
    return typed_all(Absence, await _of.on(engine)(member, since))


async def absences_of(
    engine: DurableEngine, members: Sequence[str], *, first: date, last: date
) -> dict[str, list[Absence]]:
    """uid -> absences that touch these days, for many members at once."""
    wanted = sorted(set(members) - {""})
    found: dict[str, list[Absence]] = {}
    for at in range(0, len(wanted), 900):
        query = Table.select(*columns(Absence, Table)).where(
            Table.member.is_in(wanted[at : at + 900]) & (Table.from_on <= last)
        )
        for one in typed_all(Absence, await rows_of(engine, query.order_by(Table.from_on))):
            if one.to_on is None or one.to_on >= first:
                found.setdefault(one.member, []).append(one)
    return found


async def absences_between(engine: DurableEngine, community: str, first: date, last: date) -> list[Absence]:
    """Those of a community's members that touch these days."""
    return typed_all(Absence, await _between.on(engine)(community, first, last))


async def away_among(engine: DurableEngine, members: Sequence[str], on: date) -> list[Absence]:
    """Absences that cover a day, of any of these members."""
    found = await absences_of(engine, members, first=on, last=on)
    return [one for some in found.values() for one in some]


async def add_absence(engine: DurableEngine, one: Absence) -> bool:
    """False when one from that very day is there."""
    values = {"member": one.member, "from_on": one.from_on, "to_on": one.to_on}
    return await add(engine, Table, values, once=("member", "from_on"))


async def end_absence(engine: DurableEngine, member: str, from_on: date, *, to_on: date) -> None:
    """The last day is `to_on`; an absence that would end before it begins is gone."""
    if to_on < from_on:
        await _drop.on(engine)(member, from_on)
        return
    await change(engine, Table, {"to_on": to_on}, member=member, from_on=from_on)


__all__ = [
    "Absence",
    "absences",
    "absences_between",
    "absences_of",
    "add_absence",
    "away_among",
    "end_absence",
]
