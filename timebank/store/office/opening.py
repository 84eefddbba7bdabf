"""Hours brought forward from paper passbooks: batches that two people answer for, and their lines.

await opening.opened(engine, community)     # whether old balances are settled here, one way or the other
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from piccolo.query import Delete, Select
from piccolo.query.functions.aggregate import Count, Sum
from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, prepared
from timebank.rules.people.by_two import ByTwo, ChangeState
from timebank.rules.relationships import Life
from timebank.store.rows import add, change, columns, rows_of, typed, typed_all, typed_or_none, values_of
from timebank.store.tables import Opening as Table
from timebank.store.tables import OpeningLine as LineTable

PAGE = 50
"""Lines on one page of a batch, and batches on one page of the list."""


class OpeningKind(StrEnum):
    """What two people say."""

    BATCH = "batch"
    NONE = "none"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(ByTwo):
    """A batch of passbooks, the word that there are none, or the taking back of lines of an approved batch.

    Attributes:
        second_seen: fingerprint of the list to which `second_by` agreed while a third person is asked for; "" else.
    """

    uid: str
    community: str
    kind: OpeningKind
    note: str = ""
    second_seen: str = ""
    third_by: str = ""
    third_at: datetime | None = None

    def agreed_to(self, seen: str) -> bool:
        """Whether the second person agreed to this very list, and the third has not spoken."""
        return self.waits and bool(self.second_by) and self.second_seen == seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paper passbook.

    Attributes:
        opening: uid of its batch. member: whose; "" while only `written` says it.
        book: the number on it, "" for none; said_on: its last day.
        open_key: names the passbook while it counts; "" once it was taken back or dropped.
        transfer: uid of the entry that posted it. back: uid of what takes it back, waiting or done.
    """

    uid: str
    opening: str
    member: str = ""
    written: str = ""
    minutes: int
    book: str = ""
    said_on: date | None = None
    note: str = ""
    entered_by: str
    entered_at: datetime
    open_key: str = ""
    transfer: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many lines a batch has, and how many minutes in all."""

    lines: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a passbook is: the account that its minutes belong to, and with whom they live."""

    uid: str
    account: str
    household: str = ""
    life: Life


_ALL = columns(Opening, Table)
_LINE = columns(Line, LineTable)


@prepared
def _one(uid: str) -> First:
    return Table.select(*_ALL).where(Table.uid == uid).first()


@prepared
def _place(uid: str) -> First:
    return Table.select(Table.id).where(Table.uid == uid).first()


@prepared
def _line(uid: str) -> First:
    return LineTable.select(*_LINE).where(LineTable.uid == uid).first()


@prepared
def _by_key(key: str) -> First:
    return LineTable.select(*_LINE).where(LineTable.open_key == key).first()


@prepared
def _of_opening(opening: str, back: str) -> Select[LineTable]:
    return (
        LineTable.select(*_LINE)
        .where((LineTable.opening == opening) | (LineTable.back == back))
        .order_by(LineTable.id)
    )


@prepared
def _of_member(member: str) -> Select[LineTable]:
    return (
        LineTable.select(*_LINE)
        .where((LineTable.member == member) & LineTable.open_key.is_not_null())
        .order_by(LineTable.id)
    )


@prepared
def _owners(opening: str, back: str) -> Select[LineTable]:
    person = LineTable.member
    named = [
        column.as_alias(column._meta.name)
        for column in (person.uid, person.account, person.household, person.life)
    ]
    return LineTable.select(*named).where((LineTable.opening == opening) | (LineTable.back == back))


@prepared
def _sums(opening: str, back: str) -> First:
    return (
        LineTable.select(Count(LineTable.id, alias="lines"), Sum(LineTable.minutes, alias="minutes"))
        .where((LineTable.opening == opening) | (LineTable.back == back))
        .first()
    )


@prepared
def _posted(community: str) -> First:
    standing = (LineTable.transfer != "") & LineTable.open_key.is_not_null()
    return (
        LineTable.select(LineTable.uid).where((LineTable.opening.community == community) & standing).first()
    )


@prepared
def _none_said(community: str) -> First:
    said = (Table.kind == OpeningKind.NONE.value) & (Table.state == ChangeState.DONE.value)
    return Table.select(Table.uid).where((Table.community == community) & said).first()


@prepared
def _remove(uid: str) -> Delete:
    return LineTable.delete().where(LineTable.uid == uid)


async def opened(engine: DurableEngine, community: str) -> bool:
    """Whether old balances are settled: an approved batch stands, or two people signed that there are no passbooks."""
    return bool(await _posted.on(engine)(community) or await _none_said.on(engine)(community))


async def add_opening(engine: DurableEngine, one: Opening) -> None:
    await add(engine, Table, _words(one))


async def save_opening(engine: DurableEngine, one: Opening) -> None:
    values = _words(one)
    for name in ("uid", "community", "kind", "entered_by", "entered_at"):
        del values[name]
    await change(engine, Table, values, uid=one.uid)


async def opening(engine: DurableEngine, uid: str) -> Opening | None:
    return typed_or_none(Opening, await _one.on(engine)(uid))


async def openings(
    engine: DurableEngine,
    community: str,
    *,
    states: Sequence[ChangeState],
    before: str = "",
    size: int = PAGE,
) -> list[Opening]:
    """Batches and statements in these states, the latest first; `before` is the uid of the last one seen, and nothing comes after one that is not here."""
    query = (
        Table.select(*_ALL)
        .where(Table.community == community, Table.state.is_in([state.value for state in states]))
        .order_by(Table.id, ascending=False)
        .limit(size)
    )
    if before:
        row = await _place.on(engine)(before)
        query = query.where(Table.id < (row["id"] if row else 0))
    return typed_all(Opening, await rows_of(engine, query))


async def line(engine: DurableEngine, uid: str) -> Line | None:
    return typed_or_none(Line, await _line.on(engine)(uid))


async def lines_named(engine: DurableEngine, uids: Sequence[str]) -> dict[str, Line]:
    """Lines by uid."""
    wanted = sorted(set(uids) - {""})
    if not wanted:
        return {}
    query = LineTable.select(*_LINE).where(LineTable.uid.is_in(wanted))
    return {one.uid: one for one in typed_all(Line, await rows_of(engine, query))}


async def line_by_key(engine: DurableEngine, key: str) -> Line | None:
    """The line under which a passbook counts already."""
    return typed_or_none(Line, await _by_key.on(engine)(key))


async def lines(engine: DurableEngine, uid: str) -> list[Line]:
    """Every line of a batch, or what a taking back names, in the order of entering."""
    return typed_all(Line, await _of_opening.on(engine)(uid, uid))


async def lines_of_member(engine: DurableEngine, member: str) -> list[Line]:
    """The passbooks of a member that count or wait."""
    return typed_all(Line, await _of_member.on(engine)(member))


async def owners(engine: DurableEngine, uid: str) -> dict[str, Owner]:
    """The people whose passbooks a batch, or a taking back, names."""
    rows = await _owners.on(engine)(uid, uid)
    return {one.uid: one for one in typed_all(Owner, (row for row in rows if row["uid"]))}


async def books_of(engine: DurableEngine, members: Sequence[str]) -> dict[str, int]:
    """How many passbooks count or wait for each of these people."""
    wanted = sorted(set(members) - {""})
    if not wanted:
        return {}
    query = (
        LineTable.select(LineTable.member, Count(LineTable.id, alias="books"))
        .where(LineTable.member.is_in(wanted), LineTable.open_key.is_not_null())
        .group_by(LineTable.member)
    )
    return {str(row["member"]): int(row["books"]) for row in await rows_of(engine, query)}


async def sum_of(engine: DurableEngine, uid: str) -> Totals:
    """How many lines, and minutes, a batch or a taking back has."""
    row = await _sums.on(engine)(uid, uid)
    assert row is not None
    return typed(Totals, {"lines": row["lines"], "minutes": row["minutes"] or 0})


async def add_line(engine: DurableEngine, one: Line) -> bool:
    """Write a new line; False when its passbook counts already."""
    return await add(engine, LineTable, values_of(one), once=("open_key",))


async def save_line(engine: DurableEngine, one: Line) -> None:
    values = values_of(one)
    for name in ("uid", "opening", "entered_at"):
        del values[name]
    await change(engine, LineTable, values, uid=one.uid)


async def remove_line(engine: DurableEngine, uid: str) -> None:
    """A line of a batch that waits is gone; nothing was posted for it."""
    await _remove.on(engine)(uid)


async def close_keys(engine: DurableEngine, uid: str) -> None:
    """The passbooks of a dropped batch may be entered again."""
    await change(engine, LineTable, {"open_key": ""}, opening=uid)


async def point_lines(engine: DurableEngine, gone: str, kept: str) -> None:
    """The passbooks of a record that was joined to another are those of the one that is kept."""
    await change(engine, LineTable, {"member": kept}, member=gone)


async def let_go(engine: DurableEngine, uid: str) -> None:
    """A taking back that was dropped: its lines stand as before."""
    await change(engine, LineTable, {"back": ""}, back=uid)


def _words(one: Opening) -> dict[str, object]:
    return values_of(one) | {"kind": one.kind.value, "state": one.state.value}
