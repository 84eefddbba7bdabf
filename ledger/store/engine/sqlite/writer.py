"""The single writer with group commit.

Units of work take turns on one connection. Each but the first of a group runs in its own savepoint; when the line is
empty, or the group is large or old enough, one COMMIT stores the whole group, and only then is each caller told.

                 a unit asks                lock taken                 line empty, or group full
        RESTING ─────────────▶ LOCKING ─────────────────▶ OPEN ─────────────────────────────────▶ COMMITTING
           ▲                (a thread waits)        units, one by one                             (a flush)
           ├──────────────────────────────────────────────────────────────────────────────────────────┤
           └──────────────────────────────── TIDYING (a thread moves the WAL, now and then) ◀──────────┘

Statements run on the event loop: with the write lock held they never wait, and a hop to a thread costs more than most of
them. What may wait happens in the writer's one thread: the lock, moving the WAL into the file, and the flush, unless the
disk has just shown itself quicker than a hop is worth (`Pace`). Every change of state happens on the loop in plain
functions, so a cancelled caller can at most lose interest in an answer; it cannot leave the writer half way.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, TypeVar

from ledger.store.engine.errors import (
    EngineError,
    EngineNotOpen,
    EngineOnAnotherLoop,
    UnitLost,
    WriterBusy,
)
from ledger.store.engine.interface import Row
from ledger.store.engine.sqlite.connection import commit_failure, is_busy, run, storage_failure
from ledger.store.engine.sqlite.pace import GroupLimits, Pace
from ledger.store.engine.sqlite.worker import Worker
from ledger.store.engine.unit import call_notes

Result = TypeVar("Result")

# Another process may hold the lock; asking this often costs little and keeps us from starving beside it.
_ASK_AGAIN_S = 0.001

WAL_ROWS_MAX = 8000
"""After this many changed rows, about 20 MB of WAL, the WAL is moved into the file, away from the loop."""


class _Phase(Enum):
    RESTING = "resting"
    LOCKING = "locking"
    OPEN = "open"
    COMMITTING = "committing"
    TIDYING = "tidying"


class SQLiteSession:
    """One unit's turn on the writer."""

    __slots__ = ("_writer", "failure", "granted", "notes", "outcome", "told")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.granted: asyncio.Future[None] | None = None
        self.outcome: asyncio.Future[None] | None = None
        self.failure: EngineError | None = None
        self.notes: Sequence[Callable[[], None]] = ()
        self.told: Callable[[EngineError | None], None] | None = None

    def work(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run a function on the connection; it leaves the transaction as it is."""
        self._check()
        try:
            return work(self._writer.connection)
        except sqlite3.Error as error:
            self._writer.statement_failed(self, error)
            raise

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        self._check()
        try:
            return run(self._writer.connection, sql, args)
        except sqlite3.Error as error:
            self._writer.statement_failed(self, error)
            raise

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        self._check()
        try:
            cursor = self._writer.connection.execute(sql, args)
            cursor.fetchall()
        except sqlite3.Error as error:
            self._writer.statement_failed(self, error)
            raise
        return max(cursor.rowcount, 0)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._check()
        try:
            self._writer.connection.executemany(sql, rows)
        except sqlite3.Error as error:
            self._writer.statement_failed(self, error)
            raise

    async def fetch_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> list[Row]:
        self._check()
        try:
            return [row for args in rows for row in run(self._writer.connection, sql, args)]
        except sqlite3.Error as error:
            self._writer.statement_failed(self, error)
            raise

    async def control(self, sql: str) -> None:
        self._check()
        try:
            self._writer.connection.execute(sql)
        except sqlite3.Error as error:
            self._writer.statement_failed(self, error)
            raise

    async def commit(self, notes: Sequence[Callable[[], None]]) -> None:
        self._check()
        self.notes = notes
        self.outcome = asyncio.get_running_loop().create_future()
        self._writer.keep(self)
        await self.outcome

    async def rollback(self) -> None:
        if self.failure is None:
            self._writer.undo(self)

    def abort(self, error: EngineError) -> None:
        if self.failure is None:
            self.failure = error
            self._writer.undo(self)

    def _check(self) -> None:
        if self.failure is not None:
            raise self.failure


class Writer:
    """The line of units and the one connection that serves it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        worker: Worker,
        *,
        lock_wait_s: float,
        limits: GroupLimits,
    ) -> None:
        self.connection = connection
        self.commits = 0
        self._worker = worker
        self._lock_wait_s = lock_wait_s
        self._limits = limits
        self._phase = _Phase.RESTING
        self._line: deque[SQLiteSession] = deque()
        self._active: SQLiteSession | None = None
        self._group: list[SQLiteSession] = []
        self._opened_at = 0.0
        self._pace = Pace(limits.short_flush_s)
        self._rows_flushed = self._rows_tidied = connection.total_changes
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last_look_is_due = False
        self._closing: asyncio.Future[None] | None = None
        self._stop_waiting = threading.Event()

    # ---- asking for a turn, giving it back ---------------------------------------------------------------------------

    async def open_session(self) -> SQLiteSession:
        """A turn on the writer, when it comes."""
        self._join_loop()
        if self._closing is not None:
            raise EngineNotOpen()
        session = SQLiteSession(self)
        self._line.append(session)
        self._advance()
        if session.failure is not None:
            raise session.failure
        if self._active is not session:
            session.granted = asyncio.get_running_loop().create_future()
            try:
                await session.granted
            except asyncio.CancelledError:
                self._forget(session)
                raise
        return session

    def direct(
        self,
        work: Callable[[sqlite3.Connection], Result],
        done: Callable[[Result | None, Exception | None], None],
    ) -> bool:
        """Run `work` as a unit and a group of its own, at once; False when somebody is at work or in line.

        `done` is told the result when it is durable, or the error when nothing is stored: before this returns, or from the
        loop when the flush was sent to the thread. A result without content is not worth a COMMIT.
        """
        self._join_loop()
        if self._phase is not _Phase.RESTING or self._line or self._closing is not None:
            return False
        try:
            if self.connection.in_transaction:  # a ROLLBACK failed before
                self.connection.execute("ROLLBACK")
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return False  # the long way knows how to wait, and what to say
        self._opened()
        try:
            result = work(self.connection)
        except Exception as error:
            self._end_direct()
            done(None, storage_failure(error) or error)
            return True
        if not result:
            self._end_direct()
            done(result, None)
            return True
        session = SQLiteSession(self)
        session.told = lambda failure: done(result if failure is None else None, failure)
        self._group.append(session)
        self._commit()
        return True

    def _end_direct(self) -> None:
        self._roll_back()
        self._phase = _Phase.RESTING
        self._advance()

    def _forget(self, session: SQLiteSession) -> None:
        """The caller was cancelled while it waited, perhaps in the very moment its turn came."""
        if session is self._active:
            self.undo(session)
        elif session in self._line:
            self._line.remove(session)

    def keep(self, session: SQLiteSession) -> None:
        """The unit is complete: it goes with the group."""
        assert session is self._active
        try:
            if self._group:
                self._control("RELEASE unit_of_work", session)
        except EngineError:
            self.undo(session)
            raise
        except sqlite3.Error as error:
            self.undo(session)
            raise commit_failure(error) from error
        self._group.append(session)
        self._active = None
        self._advance()

    def undo(self, session: SQLiteSession) -> None:
        """The unit is undone alone; its neighbours in the group stay."""
        if session is not self._active:
            return
        if self._group:
            try:
                self._control("ROLLBACK TO unit_of_work", session)
                self._control("RELEASE unit_of_work", session)
            except (EngineError, sqlite3.Error) as error:
                self._lose_group(error)
        else:
            self._roll_back()
            self._phase = _Phase.RESTING
        self._active = None
        self._advance()

    def _control(self, sql: str, session: SQLiteSession) -> None:
        try:
            self.connection.execute(sql)
        except sqlite3.Error as error:
            self.statement_failed(session, error)
            raise

    # ---- moving on ---------------------------------------------------------------------------------------------------

    def _advance(self) -> None:
        """Do the next thing that can be done now; called after every change."""
        if self._active is not None:
            return
        if self._phase is _Phase.RESTING and self._line:
            self._begin()
        if self._phase is _Phase.RESTING and self._closing is not None and not self._closing.done():
            self._closing.set_result(None)
        if self._phase is not _Phase.OPEN:
            return
        if self._group_is_full() or (self._closing is not None and not self._line):
            self._commit()
        elif self._line:
            self._grant(self._line.popleft())
        elif not self._last_look_is_due:
            # Callers woken in this same turn of the loop may be about to join the line.
            self._last_look_is_due = True
            self._running_loop().call_soon(self._last_look)

    def _last_look(self) -> None:
        self._last_look_is_due = False
        if self._phase is _Phase.OPEN and self._active is None and not self._line:
            self._commit()

    def _group_is_full(self) -> bool:
        if not self._group:
            return False
        return (
            len(self._group) >= self._limits.units_max
            or time.monotonic() - self._opened_at > self._limits.age_s
        )

    def _grant(self, session: SQLiteSession) -> None:
        if session.granted is not None and session.granted.done():
            # Cancelled in this very turn of the loop; its task has not run yet to leave the line by itself.
            self._advance()
            return
        try:
            if self._group:  # the first one is undone by undoing everything
                self.connection.execute("SAVEPOINT unit_of_work")
        except sqlite3.Error as error:
            self._lose_group(error)
            self._refuse(session, commit_failure(error))
            self._running_loop().call_soon(self._advance)
            return
        self._active = session
        if session.granted is not None:
            session.granted.set_result(None)

    # ---- taking the lock ---------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Take the write lock at once when it is free; otherwise let the thread wait for it."""
        try:
            if self.connection.in_transaction:  # a ROLLBACK failed before
                self.connection.execute("ROLLBACK")
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if is_busy(error):
                self._phase = _Phase.LOCKING
                self._hop(self._wait_for_lock, self._lock_answered)
            else:
                failure = error
                self._refuse_line(lambda: commit_failure(failure))
        else:
            self._opened()

    def _opened(self) -> None:
        self._phase = _Phase.OPEN
        self._opened_at = time.monotonic()

    def _wait_for_lock(self) -> None:
        give_up_at = time.monotonic() + self._lock_wait_s
        while True:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.Error as error:
                if (
                    not is_busy(error)
                    or time.monotonic() > give_up_at
                    or self._stop_waiting.wait(_ASK_AGAIN_S)
                ):
                    raise

    def _lock_answered(self, error: BaseException | None) -> None:
        if error is None:
            self._opened()
        else:
            self._phase = _Phase.RESTING
            self._refuse_line(lambda: self._lock_failure(error))
        self._advance()

    def _lock_failure(self, error: BaseException) -> EngineError:
        if self._closing is not None:
            return EngineNotOpen()
        if isinstance(error, sqlite3.Error) and is_busy(error):
            return WriterBusy(waited_s=self._lock_wait_s)
        return commit_failure(error)

    def _refuse_line(self, failure: Callable[[], EngineError]) -> None:
        while self._line:
            self._refuse(self._line.popleft(), failure())

    @staticmethod
    def _refuse(session: SQLiteSession, failure: EngineError) -> None:
        session.failure = failure
        if session.granted is not None and not session.granted.done():
            session.granted.set_exception(failure)

    # ---- committing --------------------------------------------------------------------------------------------------

    def _commit(self) -> None:
        group, self._group = self._group, []
        if not group:
            self._roll_back()
            self._phase = _Phase.RESTING
            self._advance()
            return
        self._phase = _Phase.COMMITTING
        self.commits += 1
        if self._pace.is_quick(self.connection.total_changes - self._rows_flushed):
            self._flush_here(group)
        else:
            self._hop(self._flush, lambda error: self._flushed(group, error))

    def _flush_here(self, group: Sequence[SQLiteSession]) -> None:
        try:
            self._flush()
        except Exception as error:
            self._flushed(group, error)
        else:
            self._flushed(group, None)

    def _flush(self) -> None:
        started = time.monotonic()
        try:
            self.connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._pace.took(time.monotonic() - started)

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # `_begin` tries once more
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def _flushed(self, group: Sequence[SQLiteSession], error: BaseException | None) -> None:
        self._phase = _Phase.RESTING
        for session in group:
            if error is None:
                call_notes(session.notes)
            self._tell(session, None if error is None else commit_failure(error))
        self._rows_flushed = self.connection.total_changes
        if self._rows_flushed - self._rows_tidied > WAL_ROWS_MAX:
            self._rows_tidied = self._rows_flushed
            self._phase = _Phase.TIDYING
            self._hop(self._move_wal, self._moved_wal)
        self._advance()

    def _move_wal(self) -> None:
        # Readers may stand in the way of some of it; the next time takes the rest.
        self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _moved_wal(self, error: BaseException | None) -> None:
        """A failure (the disk is full) harms nothing: what was acknowledged is in the WAL."""
        self._phase = _Phase.RESTING
        self._advance()

    @staticmethod
    def _tell(session: SQLiteSession, failure: EngineError | None) -> None:
        session.failure = failure
        if session.told is not None:
            session.told(failure)
        if session.outcome is None or session.outcome.done():  # the caller was cancelled meanwhile
            return
        if failure is None:
            session.outcome.set_result(None)
        else:
            session.outcome.set_exception(failure)

    # ---- when the database ends the transaction by itself ------------------------------------------------------------

    def statement_failed(self, session: SQLiteSession, error: sqlite3.Error) -> None:
        """Raise the typed error for a failure of storage; return for an ordinary one, which is the caller's to see."""
        if not self.connection.in_transaction:
            session.failure = storage_failure(error) or UnitLost(reason=error)
            self._lose_group(error)
            self._active = None
            self._running_loop().call_soon(self._advance)
            raise session.failure from error
        failure = storage_failure(error)
        if failure is not None:
            raise failure from error

    def _lose_group(self, error: BaseException) -> None:
        self._roll_back()
        self._phase = _Phase.RESTING
        group, self._group = self._group, []
        for session in group:
            self._tell(session, storage_failure(error) or UnitLost(reason=error))

    # ---- loop, thread, closing ---------------------------------------------------------------------------------------

    def _hop(self, work: Callable[[], None], then: Callable[[BaseException | None], None]) -> None:
        """Run `work` in the writer's thread, then `then(error)` on the loop."""
        self._worker.hop(self._running_loop(), work, then)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None
        return self._loop

    def _join_loop(self) -> None:
        """Serve the running loop: one at a time, but an idle or dead one may be followed by another."""
        loop = asyncio.get_running_loop()
        if loop is self._loop:
            return
        busy = self._phase is not _Phase.RESTING or bool(self._line)
        if busy and self._loop is not None and not self._loop.is_closed():
            raise EngineOnAnotherLoop()
        if busy:
            self._stop_waiting.set()
            self._worker.wait()
            self._stop_waiting.clear()
            self._roll_back()
            self._line.clear()
            self._group.clear()
            self._active = None
            self._phase = _Phase.RESTING
        self._last_look_is_due = False
        self._loop = loop

    async def close(self) -> None:
        """Refuse those in line, let the active unit and its group finish."""
        self._join_loop()
        self._closing = asyncio.get_running_loop().create_future()
        self._refuse_line(EngineNotOpen)
        self._stop_waiting.set()
        self._advance()
        await self._closing
