"""Days on which members are away. No reason is kept: it would say something about their health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from piccolo.query import Delete
from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from timebank.rules.relationships import Absence
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none
from timebank.store.tables import Absence as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """One row: first and last day, both included; no last day for a pause."""

    id: int
    member: str
    from_on: date
    to_on: date | None = None

    @property
    def absence(self) -> Absence:
        """The same for the rules."""
        return Absence(member=self.member, from_on=self.from_on, to_on=self.to_on)


@prepared
def _one(number: int) -> First:
    return Table.select(*columns(Away, Table)).where(Table.id == number).first()


@prepared
def _remove(number: int) -> Delete:
    return Table.delete().where(Table.id == number)


@prepared
def _of(member: str, today: date) -> Select[Table]:
    return (
        Table.select(*columns(Away, Table))
        .where(Table.member == member, Table.to_on.is_null() | (Table.to_on >= today))
        .order_by(Table.from_on)
    )


@prepared
def _between(community: str, first: date, last: date) -> Select[Table]:
    return (
        Table.select(*columns(Away, Table))
        .where(
            Table.member.community == community,
            Table.from_on <= last,
            Table.to_on.is_null() | (Table.to_on >= first),
        )
        .order_by(Table.from_on, Table.id)
    )


async def absence(engine: DurableEngine, number: int) -> Away | None:
    return typed_or_none(Away, await _one.on(engine)(number))


async def absences_of(engine: DurableEngine, member: str, today: date) -> list[Away]:
    """Those of one member that are not over yet, the earliest first."""
    return typed_all(Away, await _of.on(engine)(member, today))


async def absences_between(engine: DurableEngine, community: str, first: date, last: date) -> list[Away]:
    """Those of a community's members that touch these days."""
    return typed_all(Away, await _between.on(engine)(community, first, last))


async def away_among(engine: DurableEngine, members: Sequence[str], on: date) -> list[Absence]:
    """Absences that cover a day, of any of these members."""
    wanted = sorted(set(members) - {""})
    if not wanted:
        return []
    query = Table.select(*columns(Away, Table)).where(
        Table.member.is_in(wanted), Table.from_on <= on, Table.to_on.is_null() | (Table.to_on >= on)
    )
    return [one.absence for one in typed_all(Away, await rows_of(engine, query))]


async def add_absence(engine: DurableEngine, absence: Absence) -> bool:
    """Keep it; False when one begins on that day already."""
    values: dict[str, object] = {
        "member": absence.member,
        "from_on": absence.from_on,
        "to_on": absence.to_on,
    }
    return await add(engine, Table, values, once=("member", "from_on"))


async def end_absence(engine: DurableEngine, absence: Away, last_on: date) -> None:
    """The last day is this one; who never went keeps no row."""
    if last_on < absence.from_on:
        await _remove.on(engine)(absence.id)
    else:
        await change(engine, Table, {"to_on": last_on}, id=absence.id)
