"""The SQLite engine: one writer with group commit, readers that never wait for it, and Piccolo on top."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from piccolo.engine.sqlite import SQLiteEngine as PiccoloSQLiteEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from ledger.store.engine.batch import Batch
from ledger.store.engine.compiling import compiled
from ledger.store.engine.errors import CannotOpen, EngineNotOpen, NotInsideUnit, StatementRefused
from ledger.store.engine.interface import Isolation, Row
from ledger.store.engine.observing import Observer
from ledger.store.engine.sqlite.connection import copy_to, is_busy, is_read_only, open_pair, rewrite, run
from ledger.store.engine.sqlite.long_read import SQLiteLongRead
from ledger.store.engine.sqlite.pace import GroupLimits
from ledger.store.engine.sqlite.worker import Worker, ignore_result
from ledger.store.engine.sqlite.writer import SQLiteSession, Writer
from ledger.store.engine.statements import Kind, kind_of
from ledger.store.engine.unit import Scope, Unit, current_scope, first_in_units, unit_of

Result = TypeVar("Result")

_VERSION = float(".".join(sqlite3.sqlite_version.split(".")[:2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """Everything an open engine holds and a closed one has let go of."""

    writer: Writer
    worker: Worker
    reader: sqlite3.Connection
    readers: ThreadPoolExecutor


class SQLiteEngine(PiccoloSQLiteEngine):
    """A durable SQLite database; also a Piccolo engine.

    Args:
        path: the file; made when missing. Several processes may share it.
        lock_wait_s: how long a unit waits for another process that holds the write lock.
        unit_limit_s: how long one unit may stay open before it is rolled back.
        readers_max: threads for long reads.
        group: how much one COMMIT may carry.
        log_queries: print each statement of Piccolo, as its own engines do.

    The engine opens itself on first use, so scripts and Piccolo's commands need no `start()`; a server starts and closes
    it. Statements run on the event loop: keep those outside `long_read()` short.
    """

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        lock_wait_s: float = 30.0,
        unit_limit_s: float = 30.0,
        readers_max: int = 4,
        group: GroupLimits | None = None,
        log_queries: bool = False,
    ) -> None:
        name = os.fspath(path)
        if name in ("", ":memory:") or name.startswith("file:"):
            raise CannotOpen(database=name or "(no path)", reason="a durable database needs a file")
        # Absolute, so that a later change of directory cannot split readers and writer.
        super().__init__(path=os.path.abspath(name), log_queries=log_queries)
        self.url = f"sqlite:///{self.path}"
        self.lock_wait_s = lock_wait_s
        self.unit_limit_s = unit_limit_s
        self.observer: Observer | None = None
        self.scope: ContextVar[Scope | None] = ContextVar(f"scope of {self.url}", default=None)
        self.first: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar(
            f"first of {self.url}", default=None
        )
        self._readers_max = readers_max
        self._group = group or GroupLimits()
        self._parts: _Open | None = None
        self._closed = False
        self._farewell: asyncio.Future[None] | None = None

    # ---- life --------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the file, in a thread. Raises CannotOpen."""
        self._closed = False
        if self._parts is not None:
            return
        worker = Worker("engine-writer")
        opening = asyncio.ensure_future(worker.call(lambda: open_pair(self.path, wait_s=self.lock_wait_s)))
        try:
            pair = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(lambda done: _drop(done, worker))
            raise
        except BaseException:
            worker.close()
            raise
        if self._parts is None and not self._closed:
            self._parts = self._assemble(worker, pair)
        else:  # another task was quicker
            _drop(opening, worker)

    def _open(self) -> _Open:
        """The open parts, opened here and now when this is the first use."""
        if self._parts is None:
            if self._closed:
                raise EngineNotOpen()
            pair = open_pair(self.path, wait_s=self.lock_wait_s)
            self._parts = self._assemble(Worker("engine-writer"), pair)
        return self._parts

    def _assemble(self, worker: Worker, pair: tuple[sqlite3.Connection, sqlite3.Connection]) -> _Open:
        connection, reader = pair
        return _Open(
            writer=Writer(connection, worker, lock_wait_s=self.lock_wait_s, limits=self._group),
            worker=worker,
            reader=reader,
            readers=ThreadPoolExecutor(self._readers_max, thread_name_prefix="engine-reader"),
        )

    async def close(self) -> None:
        """Refuse those in line, finish the unit at work and its group, move the WAL into the file, end the threads."""
        if current_scope(self.scope) is not None:
            raise NotInsideUnit()
        self._closed = True
        parts, self._parts = self._parts, None
        if parts is not None:
            self._farewell = asyncio.ensure_future(self._close(parts))
        if self._farewell is not None:
            await asyncio.shield(self._farewell)

    async def _close(self, parts: _Open) -> None:
        await parts.writer.close()
        parts.reader.close()
        await parts.worker.call(lambda: _leave(parts.writer.connection))
        parts.worker.close()
        # Long reads under way end first; the wait is in a thread of theirs so that the loop can let them.
        waiting = Worker("engine-closing")
        await waiting.call(lambda: parts.readers.shutdown(wait=True))
        waiting.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    # ---- units -------------------------------------------------------------------------------------------------------

    def atomic(self, transaction_type: object = None, *, isolation: Isolation = "read_committed") -> Unit:  # type: ignore[override]
        """A unit of work. Units run one after another, so each is serialisable whatever `isolation` says."""
        return Unit(self, isolation=isolation)

    def transaction(self, transaction_type: object = None, allow_nested: bool = True) -> Unit:  # type: ignore[override]
        """Piccolo's name for the same; nested it is a savepoint. Every transaction is IMMEDIATE."""
        return Unit(self, nested_allowed=allow_nested)

    def transaction_exists(self) -> bool:
        return self.in_unit()

    async def open_session(self, isolation: Isolation) -> SQLiteSession:
        return await self._open().writer.open_session()

    def in_unit(self) -> bool:
        """Whether this task is inside an open unit."""
        return isinstance(current_scope(self.scope), Unit)

    def after_commit(self, fn: Callable[[], None]) -> None:
        """Call `fn` when the unit is durable. Raises NotInUnit."""
        unit_of(current_scope(self.scope)).after_commit(fn)

    def remember(self, thing: object) -> None:
        """Keep something for the observer's last word on this unit. Raises NotInUnit."""
        unit_of(current_scope(self.scope)).remember(thing)

    def first_in_units(self, fn: Callable[[], Awaitable[None]]) -> AbstractContextManager[None]:
        """While the block runs, `fn` is the first thing every top-level unit of this context does."""
        return first_in_units(self, fn)

    # ---- statements --------------------------------------------------------------------------------------------------

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """The rows; inside a unit on the writer, else on a reader, which does not wait for the writer."""
        return await self.native_fetch(sql, args)

    async def fetch_tuples(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, without the names of its columns."""
        scope = current_scope(self.scope)
        if isinstance(scope, SQLiteLongRead):
            return await scope.fetch_tuples(sql, args)
        return [tuple(row.values()) for row in await self.native_fetch(sql, args)]

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        kind = kind_of(sql)
        if kind is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None:
            return await scope.native_fetch(sql, args)
        if kind is Kind.READ:
            try:
                return run(self._open().reader, sql, args)
            except sqlite3.OperationalError as error:
                if is_busy(error):
                    return await self._read_patiently(sql, args)
                if not is_read_only(error):
                    raise
        async with self.atomic() as unit:
            return await unit.native_fetch(sql, args)

    async def _read_patiently(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Rare: another process recovers or empties the WAL. Wait for it away from the loop."""
        async with self.long_read() as snapshot:
            return await snapshot.fetch(sql, args)

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> int:
        """The number of rows changed, deleted or inserted."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None:
            return await scope.native_execute(sql, args)
        async with self.atomic() as unit:
            return await unit.native_execute(sql, args)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], *, savepoint: bool = True) -> None:
        """One statement for many rows of arguments, all or none."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None and not savepoint:
            await scope.native_execute_many(sql, rows)
            return
        async with self.atomic() as unit:
            await unit.native_execute_many(sql, rows)

    def direct(
        self,
        work: Callable[[sqlite3.Connection], Result],
        done: Callable[[Result | None, Exception | None], None],
    ) -> bool:
        """Run a short function on the writer's connection as a unit of its own, now; False when the writer is at work.

        See `Writer.direct`: `done` is told the result once it is durable. Not inside a unit.
        """
        return self._open().writer.direct(work, done)

    async def on_writer(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run a short function on the writer's connection in the open unit, or in one of its own."""
        async with self.atomic() as unit:
            return unit.work(work)

    # ---- Piccolo -----------------------------------------------------------------------------------------------------

    def get_version_sync(self) -> float:
        return _VERSION

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> list[Row]:
        sql, args = compiled(querystring, "sqlite")
        if self.log_queries:
            self.print_query(query_id=self.get_query_id(), query=str(querystring))
        return await self.native_fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> list[Row]:
        if self.log_queries:
            self.print_query(query_id=self.get_query_id(), query=ddl)
        return await self.native_fetch(ddl, ())

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> Batch:  # type: ignore[override]
        """Rows of a Piccolo query, a list at a time."""
        return Batch(self, query, batch_size)

    # ---- long reads and copies ---------------------------------------------------------------------------------------

    def reader_threads(self) -> ThreadPoolExecutor:
        """The threads of long reads."""
        return self._open().readers

    def long_read(self) -> SQLiteLongRead:
        """One consistent view, read in a thread; Piccolo's queries inside the block use it too."""
        return SQLiteLongRead(self)

    async def backup(self, path: str | os.PathLike[str]) -> None:
        """Write a consistent, checked copy to `path` (replaced in one step) while units go on."""
        target = Path(path)
        await asyncio.get_running_loop().run_in_executor(
            self.reader_threads(), lambda: copy_to(self.path, target, wait_s=self.lock_wait_s)
        )

    async def compact(self) -> None:
        """Write the file anew without what was deleted, and empty the WAL; units wait for it meanwhile."""
        await asyncio.get_running_loop().run_in_executor(
            self.reader_threads(), lambda: rewrite(self.path, wait_s=self.lock_wait_s)
        )


def _leave(connection: sqlite3.Connection) -> None:
    try:
        # Busy when another process reads: the WAL is complete and will be moved by whoever closes last.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return
    finally:
        connection.close()


def _drop(opening: asyncio.Future[tuple[sqlite3.Connection, sqlite3.Connection]], worker: Worker) -> None:
    """Let go of connections that nobody will use."""
    worker.close()
    ignore_result(opening)
    if not opening.cancelled() and opening.exception() is None:
        for connection in opening.result():
            connection.close()
