"""Writes a sheet's changes: row by row through prepared statements on SQLite, in as few statements as possible on PostgreSQL.

On SQLite a statement costs microseconds and a prepared one less; on PostgreSQL each is a journey to the server and back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from ledger.rows import Head, Hold
from ledger.store import columns
from ledger.store.columns import Written
from ledger.store.engine.interface import DurableEngine
from ledger.store.functions import APPENDING, CHANGED, calling
from ledger.store.rows import write
from ledger.store.rows.write import SqlSheet

Row = Sequence[object]

MOVE_ACCOUNT = f"UPDATE ledger_account SET {', '.join(f'{name} = ?' for name in CHANGED)} WHERE book_id = ? AND number = ?"
MOVE_HEAD = (
    "UPDATE ledger_book SET seq = ?, hash = ?, recorded_at_us = ?, closed_through = ?, accounts = ? "
    "WHERE id = ? AND seq = ?"
)
END_HOLD = (
    "UPDATE ledger_hold SET state = ?, settled = ?, ended_seq = ? "
    "WHERE book_id = ? AND uid = ? AND state = 'pending'"
)
POST = calling("ledger_post")


async def insert(engine: DurableEngine, table: Written, rows: Sequence[Row]) -> None:
    """All rows: on PostgreSQL by the one function that appends to that table."""
    if not rows:
        return
    if engine.dialect == "postgres":
        await engine.fetch_tuples(calling(APPENDING[table.name]), arrays(table, rows))
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
    """Rows of newly opened accounts, which get their numbers here, and of all as they stand now.

    An account is written empty and unbounded first: its postings come before its counters.
    """
    opened: list[Row] = []
    moved: list[Row] = []
    for place, account in sheet.changes.accounts.items():
        number = sheet.numbers.get(place)
        if number is None:
            sheet.account_count += 1
            number = sheet.numbers[place] = sheet.account_count
            opened.append(write.account_row(sheet.book_id, number, write.as_opened(account)))
        moved.append(write.moved_row(sheet.book_id, number, account))
    return opened, moved


async def _journal(engine: DurableEngine, sheet: SqlSheet, moved: Sequence[Row]) -> None:
    head, before = sheet.head, sheet.before
    transfers, postings = write.transfer_rows(sheet), write.posting_rows(sheet)
    if engine.dialect == "postgres":
        assert await post(
            engine.fetch_tuples, sheet.book_id, before, head, sheet.account_count, moved, transfers, postings
        )
        return
    # Postings before their accounts, and all before the head: guards compare new rows with what is there.
    await insert(engine, columns.TRANSFER, transfers)
    await insert(engine, columns.POSTING, postings)
    if moved:
        await engine.execute_many(MOVE_ACCOUNT, moved, savepoint=False)
    closed = head.closed_through.isoformat() if head.closed_through else None
    here = [head.seq, head.hash, head.recorded_at_us, closed, sheet.account_count, sheet.book_id, before.seq]
    assert await engine.execute(MOVE_HEAD, here) == 1, "nobody else moved the head of a locked book"


async def post(
    call: Callable[[str, Sequence[object]], Awaitable[Sequence[Sequence[object]]]],
    book_id: int,
    before: Head,
    after: Head,
    account_count: int,
    moved: Sequence[Row],
    transfers: Sequence[Row],
    postings: Sequence[Row],
) -> bool:
    """PostgreSQL: accounts, journal and head in one call; False, and nothing written, when the head is no longer `before`."""
    closed = after.closed_through.isoformat() if after.closed_through else None
    args: list[object] = [
        book_id,
        before.seq,
        before.hash,
        after.seq,
        after.hash,
        after.recorded_at_us,
        closed,
    ]
    args += [account_count, *arrays(columns.MOVED, moved), *arrays(columns.TRANSFER, transfers)]
    args += arrays(columns.POSTING, postings)
    return bool((await call(POST, args))[0][0])


async def _holds(engine: DurableEngine, sheet: SqlSheet) -> None:
    """New holds are inserted, ended ones updated; one that was opened and ended here is inserted as ended."""
    first_seq = sheet.changes.entries[0].seq
    holds = sheet.changes.holds.values()
    new = [write.hold_row(sheet.book_id, hold) for hold in holds if hold.opened_seq >= first_seq]
    await insert(engine, columns.HOLD, new)
    for hold in holds:
        if hold.opened_seq < first_seq:
            assert await _end_hold(engine, sheet.book_id, hold) == 1, "a hold ends once"


async def _end_hold(engine: DurableEngine, book_id: int, hold: Hold) -> int:
    told = [hold.state.value, hold.settled, hold.ended_seq]
    if engine.dialect == "postgres":
        rows = await engine.fetch_tuples(calling("ledger_end_hold"), [book_id, hold.uid, *told])
        return int(rows[0][0])
    return await engine.execute(END_HOLD, [*told, book_id, hold.uid])
