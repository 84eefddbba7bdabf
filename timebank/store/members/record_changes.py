"""Changes of somebody's record that take two people, waiting, done or dropped; nothing in them names anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from timebank.rules.people.by_two import ByTwo, ChangeState
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none, values_of
from timebank.store.tables import RecordChange as Table


class ChangeKind(StrEnum):
    """What is changed."""

    JOIN = "join"
    DEATH = "death"
    MOVE = "move"
    LEAVE = "leave"
    PUT_RIGHT = "put_right"
    ERASE = "erase"
    FIRST_HOURS = "first"
    REVERSAL = "reversal"


OF_A_RECORD = (ChangeKind.JOIN, ChangeKind.DEATH, ChangeKind.MOVE, ChangeKind.LEAVE, ChangeKind.ERASE)
"""Kinds that change somebody's record; the others are about hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange(ByTwo):
    """One change.

    Attributes:
        member: whose record; of two that are joined the one that is kept. other: the one that goes; "" for none.
        on_date: the day of the death, of the move.
        second_by: "" for a move, which takes one person only.
        kept: JSON of ids and days that undoing needs.
    """

    uid: str
    community: str
    kind: ChangeKind
    member: str
    other: str = ""
    on_date: date
    kept: str = "{}"


_ALL = columns(RecordChange, Table)
_WAITING = [ChangeState.WAITS.value, ChangeState.UNDOING.value]


@prepared
def _one(uid: str) -> First:
    return Table.select(*_ALL).where(Table.uid == uid).first()


@prepared
def _of(member: str, other: str) -> Select[Table]:
    return Table.select(*_ALL).where((Table.member == member) | (Table.other == other)).order_by(Table.id)


async def add_change(engine: DurableEngine, one: RecordChange) -> None:
    await add(engine, Table, _words(one))


async def save_change(engine: DurableEngine, one: RecordChange) -> None:
    values = _words(one)
    for name in ("uid", "community", "kind", "entered_by", "entered_at"):
        del values[name]
    await change(engine, Table, values, uid=one.uid)


async def record_change(engine: DurableEngine, uid: str) -> RecordChange | None:
    return typed_or_none(RecordChange, await _one.on(engine)(uid))


async def changes_of(engine: DurableEngine, member: str) -> list[RecordChange]:
    """Everything that was changed, or waits to be, in a member's record, the oldest first."""
    return typed_all(RecordChange, await _of.on(engine)(member, member))


async def waiting(
    engine: DurableEngine, community: str, *, number: int = 50, kinds: Sequence[ChangeKind] = OF_A_RECORD
) -> list[RecordChange]:
    """What waits for a second person, the oldest first."""
    query = (
        Table.select(*_ALL)
        .where(
            Table.community == community,
            Table.state.is_in(_WAITING),
            Table.kind.is_in([one.value for one in kinds]),
        )
        .order_by(Table.id)
        .limit(number)
    )
    return typed_all(RecordChange, await rows_of(engine, query))


def _words(one: RecordChange) -> dict[str, object]:
    return values_of(one) | {"kind": one.kind.value, "state": one.state.value}
