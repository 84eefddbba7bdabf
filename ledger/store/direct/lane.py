"""The direct lane: a group of plain transfers in one visit to the database.

On SQLite one function on the writer's connection, without a trip through the event loop for each statement; on PostgreSQL one
call of a function in the database, which looks whether the head is still where this process left it. Whatever is not plain,
from the first such command on, is left to the long way (`ledger.store.book`).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable
from zoneinfo import ZoneInfo

from ledger.commands import Transfer
from ledger.horizon import Reach
from ledger.rows import Head, Posted
from ledger.sequence import Request
from ledger.store import columns
from ledger.store.direct.plain import Plain, Standing, plain_run, uids_of
from ledger.store.direct.warm import WarmAccounts
from ledger.store.rows import read
from ledger.store.storage import Done

Result = TypeVar("Result")
CHUNK = 256
"""Most values of one IN list; shorter ones are filled up to a power of two, so that few statements are prepared."""

HEAD = "SELECT id, seq, hash, recorded_at_us, closed_through, accounts FROM ledger_book WHERE code = ?"
NEXT_LAPSE = "SELECT MIN(expires_at_us) FROM ledger_hold WHERE book_id = ? AND state = 'pending'"
KNOWN = (
    "SELECT uid FROM ledger_transfer WHERE book_id = ? AND uid = ? "
    "UNION ALL SELECT uid FROM ledger_rejection WHERE book_id = ? AND uid IN"
)
MOVE = (
    "UPDATE ledger_account SET dr_posted = ?, cr_posted = ?, version = ?, last_on = ? "
    "WHERE book_id = ? AND number = ?"
)
MOVE_HEAD = "UPDATE ledger_book SET seq = ?, hash = ?, recorded_at_us = ? WHERE id = ? AND seq = ?"


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _padded(values: Sequence[str]) -> list[str]:
    missing = (1 << (len(values) - 1).bit_length()) - len(values)
    return [*values, *[values[-1]] * missing]


def leading(requests: Sequence[Request]) -> Sequence[Request]:
    """The first requests as far as each is a transfer."""
    for count, (command, _) in enumerate(requests):
        if type(command) is not Transfer:
            return requests[:count]
    return requests


@runtime_checkable
class DirectEngine(Protocol):
    """A database whose writer can be handed a function."""

    def in_unit(self) -> bool: ...

    def direct(
        self,
        work: Callable[[sqlite3.Connection], Result],
        done: Callable[[Result | None, Exception | None], None],
    ) -> bool: ...

    async def on_writer(self, work: Callable[[sqlite3.Connection], Result]) -> Result: ...


class NotPlain(Exception):
    """A guard of the database met something that the pass could not know, such as a key that was used before."""


class SqliteLane:
    """The lane of one book on SQLite."""

    def __init__(self, engine: DirectEngine, code: str, zone: ZoneInfo, warm: WarmAccounts) -> None:
        self._engine = engine
        self._code = code
        self._zone = zone
        self._warm = warm

    def at_once(self, requests: Sequence[Request], reach: Reach, done: Done) -> bool:
        """Post the first commands now, as a unit of their own; False when the writer is at work and nothing was done."""
        first = leading(requests)
        if not first:
            return False

        def told(answers: list[Posted] | None, error: Exception | None) -> None:
            if error is not None:
                self._warm.forget()
            done(answers or [], None if isinstance(error, NotPlain) else error)

        return self._engine.direct(partial(self._write, first, reach), told)

    async def post(self, requests: Sequence[Request], reach: Reach) -> list[Posted]:
        """The same when it is this caller's turn, or within the caller's unit."""
        first = leading(requests)
        if not first:
            return []
        if not self._engine.in_unit():
            waiting: asyncio.Future[list[Posted]] = asyncio.get_running_loop().create_future()

            def told(answers: list[Posted], error: Exception | None) -> None:
                if waiting.done():
                    return
                if error is None:
                    waiting.set_result(answers)
                else:
                    waiting.set_exception(error)

            if self.at_once(first, reach, told):
                return await waiting
        try:
            return await self._engine.on_writer(partial(self._write, first, reach))
        except NotPlain:
            return []

    def _write(
        self, requests: Sequence[Request], reach: Reach, connection: sqlite3.Connection
    ) -> list[Posted]:
        run = connection.execute
        row = run(HEAD, (self._code,)).fetchone()
        if row is None:
            return []  # the long way says that there is no such book
        book_id, head = row[0], Head(row[1], row[2], row[3], read.day(row[4]))
        warm = self._warm
        warm.stand_at(head)
        uids = uids_of(self._code, requests)
        known = self._known(connection, book_id, uids)
        if known:
            count = next(number for number, uid in enumerate(uids) if uid in known)
            requests, uids = requests[:count], uids[:count]
        if not requests:
            return []
        codes = codes_of(requests)
        self._read_accounts(connection, book_id, codes - warm.codes.keys())
        held = warm.held(codes)
        lapse = run(NEXT_LAPSE, (book_id,)).fetchone()[0] if held else None
        try:
            done = plain_run(
                book=self._code,
                book_id=book_id,
                zone=self._zone,
                head=head,
                standings=warm.standings,
                requests=requests,
                uids=uids,
                reach=reach,
                held=held,
                next_lapse_us=lapse,
            )
            if done.answers:
                _save(connection, book_id, head, done)
        except sqlite3.IntegrityError as error:
            warm.forget()
            raise NotPlain from error
        except BaseException:
            warm.forget()
            raise
        warm.head = done.head
        return done.answers

    @staticmethod
    def _known(connection: sqlite3.Connection, book_id: int, uids: Sequence[str]) -> set[str]:
        """Keys refused before, and each list's first when it was posted before; the guard of the table looks at the others."""
        found: set[str] = set()
        for start in range(0, len(uids), CHUNK):
            part = _padded(uids[start : start + CHUNK])
            rows = connection.execute(f"{KNOWN} ({_marks(len(part))})", (book_id, part[0], book_id, *part))
            found.update(row[0] for row in rows.fetchall())
        return found

    def _read_accounts(self, connection: sqlite3.Connection, book_id: int, codes: set[str]) -> None:
        wanted = sorted(codes)
        for start in range(0, len(wanted), CHUNK):
            part = _padded(wanted[start : start + CHUNK])
            rows = connection.execute(
                f"{read.ACCOUNTS} WHERE book_id = ? AND code IN ({_marks(len(part))})", (book_id, *part)
            )
            for row in rows.fetchall():
                account = read.account_of(row)
                self._warm.note((account.code, account.commodity), Standing(row[0], account))


def codes_of(requests: Iterable[Request]) -> set[str]:
    """The accounts that these transfers name."""
    return {leg[0] for command, _ in requests if isinstance(command, Transfer) for leg in command.legs}


def _save(connection: sqlite3.Connection, book_id: int, before: Head, done: Plain) -> None:
    head = done.head
    moved = [
        (one.dr, one.cr, one.version, one.last_on.isoformat(), book_id, number)
        for number, one in done.moved.items()
    ]
    # Postings before their accounts, and all before the head: guards compare new rows with what is there.
    connection.executemany(columns.TRANSFER.insert_one, done.transfers)
    connection.executemany(columns.POSTING.insert_one, done.postings)
    connection.executemany(MOVE, moved)
    changed = connection.execute(
        MOVE_HEAD, (head.seq, head.hash, head.recorded_at_us, book_id, before.seq)
    ).rowcount
    assert changed == 1, "nobody else moves the head while the writer is ours"
