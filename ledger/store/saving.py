"""Writes a sheet's changes: row by row through prepared statements on SQLite, in as few statements as possible on PostgreSQL.

On SQLite a statement costs microseconds and a prepared one less; on PostgreSQL each is a journey to the server and back.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.store import columns, write
from ledger.store.columns import Written
from ledger.store.engine.interface import DurableEngine
from ledger.store.write import SqlSheet

Row = Sequence[object]

_CHANGED = [name for name in columns.MOVED.types if name not in ("book_id", "number")]

MOVE_ACCOUNT = f"UPDATE ledger_account SET {', '.join(f'{name} = ?' for name in _CHANGED)} WHERE book_id = ? AND number = ?"
MOVE_HEAD = (
    "UPDATE ledger_book SET seq = ?, hash = ?, recorded_at_us = ?, closed_through = ?, accounts = ? "
    "WHERE id = ? AND seq = ?"
)
WRITE_ALL = (
    f"WITH moved AS (UPDATE ledger_account a SET {', '.join(f'{name} = m.{name}' for name in _CHANGED)} "
    f"FROM {columns.MOVED.many_rows} AS m ({columns.MOVED.columns}) "
    "WHERE a.book_id = m.book_id AND a.number = m.number), "
    f"written AS ({columns.TRANSFER.insert_many}), legs AS ({columns.POSTING.insert_many}) " + MOVE_HEAD
)
"""PostgreSQL: accounts, journal and head in one statement; foreign keys are looked at when it ends."""


async def insert(engine: DurableEngine, table: Written, rows: Sequence[Row]) -> None:
    """All rows, in as few statements as suits the database."""
    if not rows:
        return
    if engine.dialect == "postgres":
        await engine.execute(table.insert_many, arrays(table, rows))
    else:
        await engine.execute_many(table.insert_one, rows, savepoint=False)


def arrays(table: Written, rows: Sequence[Row]) -> list[Sequence[object]]:
    """The rows turned into one array for each column."""
    return list(zip(*rows, strict=True)) if rows else [()] * len(table.types)


async def save(engine: DurableEngine, sheet: SqlSheet) -> None:
    """Write everything that was applied to the sheet."""
    changes = sheet.changes
    opened, moved = _accounts(sheet)
    await insert(engine, columns.ACCOUNT, opened)
    if changes.entries:
        await _journal(engine, sheet, moved)
    if changes.holds:
        await _holds(engine, sheet)
    await insert(engine, columns.REJECTION, write.rejection_rows(sheet))


def _accounts(sheet: SqlSheet) -> tuple[list[Row], list[Row]]:
    """Rows of newly opened accounts, which get their numbers here, and of moved ones."""
    opened: list[Row] = []
    moved: list[Row] = []
    for place, account in sheet.changes.accounts.items():
        number = sheet.numbers.get(place)
        if number is None:
            sheet.account_count += 1
            number = sheet.numbers[place] = sheet.account_count
            opened.append(write.account_row(sheet.book_id, number, account))
        else:
            moved.append(write.moved_row(sheet.book_id, number, account))
    return opened, moved


async def _journal(engine: DurableEngine, sheet: SqlSheet, moved: Sequence[Row]) -> None:
    head = sheet.head
    closed = head.closed_through.isoformat() if head.closed_through else None
    before = sheet.changes.entries[0].seq - 1
    here = [head.seq, head.hash, head.recorded_at_us, closed, sheet.account_count, sheet.book_id, before]
    transfers, postings = write.transfer_rows(sheet), write.posting_rows(sheet)
    if engine.dialect == "postgres":
        lists = [*arrays(columns.MOVED, moved), *arrays(columns.TRANSFER, transfers)]
        changed = await engine.execute(WRITE_ALL, [*lists, *arrays(columns.POSTING, postings), *here])
    else:
        if moved:
            await engine.execute_many(MOVE_ACCOUNT, moved, savepoint=False)
        await insert(engine, columns.TRANSFER, transfers)
        await insert(engine, columns.POSTING, postings)
        changed = await engine.execute(MOVE_HEAD, here)
    assert changed == 1, "nobody else moved the head of a locked book"


async def _holds(engine: DurableEngine, sheet: SqlSheet) -> None:
    """New holds are inserted, ended ones updated; one that was opened and ended here is inserted as ended."""
    first_seq = sheet.changes.entries[0].seq
    holds = sheet.changes.holds.values()
    new = [write.hold_row(sheet.book_id, hold) for hold in holds if hold.opened_seq >= first_seq]
    await insert(engine, columns.HOLD, new)
    for hold in holds:
        if hold.opened_seq < first_seq:
            changed = await engine.execute(
                "UPDATE ledger_hold SET state = ?, settled = ?, ended_seq = ? "
                "WHERE book_id = ? AND uid = ? AND state = 'pending'",
                [hold.state.value, hold.settled, hold.ended_seq, sheet.book_id, hold.uid],
            )
            assert changed == 1, "a hold ends once"
