"""The SQLite engine: one writer with group commit, readers that never wait for it, and Piccolo on top."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from piccolo.engine.sqlite import SQLiteEngine as PiccoloSQLiteEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from ledger.store.engine.errors import CannotOpen, EngineNotOpen, NotInsideUnit, ReadOnly, StatementRefused
from ledger.store.engine.interface import Isolation, Row
from ledger.store.engine.sqlite_connection import (
    copy_to,
    is_busy,
    is_read_only,
    open_reader,
    open_writer,
    run,
)
from ledger.store.engine.sqlite_writer import GroupLimits, SQLiteSession, Writer
from ledger.store.engine.statements import Kind, kind_of
from ledger.store.engine.unit import Scope, Unit, current_scope, unit_of


class SQLiteEngine(PiccoloSQLiteEngine):
    """A durable SQLite database; also a Piccolo engine.

    Args:
        path: the file; made when missing. Several processes may share it.
        lock_wait_s: how long a unit waits for another process that holds the write lock.
        unit_limit_s: how long one unit may stay open before it is rolled back.
        readers_max: threads (each with its connection) for long reads.
        group: how much one COMMIT may carry.
        log_queries: print each statement of Piccolo, as its own engines do.

    The engine opens itself on first use, so scripts and Piccolo's commands need no `start()`; a server starts and closes it.
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
        self.unit_limit_s = unit_limit_s
        self.scope: ContextVar[Scope | None] = ContextVar(f"scope of {self.url}", default=None)
        self._lock_wait_s = lock_wait_s
        self._readers_max = readers_max
        self._group = group or GroupLimits()
        self._writer: Writer | None = None
        self._reader: sqlite3.Connection | None = None
        self._closed = False

    # ---- life --------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the file. Raises CannotOpen."""
        self._closed = False
        self._open()

    def _open(self) -> Writer:
        if self._writer is not None:
            return self._writer
        if self._closed:
            raise EngineNotOpen()
        connection = open_writer(self.path, wait_s=self._lock_wait_s)
        try:
            self._reader = open_reader(self.path, wait_s=0)
        except sqlite3.Error as error:
            connection.close()
            raise CannotOpen(database=self.path, reason=error) from error
        self._writer_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-writer")
        self._reader_threads = ThreadPoolExecutor(
            max_workers=self._readers_max, thread_name_prefix="engine-reader"
        )
        self._writer = Writer(
            connection, self._writer_thread, lock_wait_s=self._lock_wait_s, limits=self._group
        )
        return self._writer

    async def close(self) -> None:
        """Refuse those in line, finish the unit at work and its group, move the WAL into the file, end the threads."""
        self._closed = True
        writer, self._writer = self._writer, None
        reader, self._reader = self._reader, None
        if writer is None or reader is None:
            return
        await asyncio.shield(asyncio.ensure_future(self._close(writer, reader)))

    async def _close(self, writer: Writer, reader: sqlite3.Connection) -> None:
        loop = asyncio.get_running_loop()
        await writer.close()
        reader.close()
        await loop.run_in_executor(self._writer_thread, _leave, writer.connection)
        self._reader_threads.shutdown(wait=True)
        self._writer_thread.shutdown(wait=True)

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
        return await self._open().open_session()

    def in_unit(self) -> bool:
        """Whether this task is inside an open unit."""
        return isinstance(current_scope(self.scope), Unit)

    def after_commit(self, fn: Callable[[], None]) -> None:
        """Call `fn` when the unit is durable. Raises NotInUnit."""
        unit_of(current_scope(self.scope)).after_commit(fn)

    # ---- statements --------------------------------------------------------------------------------------------------

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """The rows; inside a unit on the writer, else on a reader, which does not wait for the writer."""
        kind = kind_of(sql)
        if kind is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None:
            return await scope.native_fetch(sql, args)
        if kind is Kind.READ:
            try:
                return await self._read(sql, args)
            except sqlite3.OperationalError as error:
                if not is_read_only(error):
                    raise
        async with self.atomic() as unit:
            return await unit.native_fetch(sql, args)

    async def _read(self, sql: str, args: Sequence[Any]) -> list[Row]:
        self._open()
        assert self._reader is not None
        try:
            return run(self._reader, sql, args)
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
        # Rare: another process is recovering or emptying the WAL. Wait for it away from the loop.
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

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows of arguments."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        async with self.atomic() as unit:
            await unit.native_execute_many(sql, rows)

    # ---- Piccolo -----------------------------------------------------------------------------------------------------

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> list[Row]:
        query_id = self.get_query_id()
        if self.log_queries:
            self.print_query(query_id=query_id, query=str(querystring))
        sql, args = querystring.compile_string(engine_type="sqlite")
        return await self.fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> list[Row]:
        query_id = self.get_query_id()
        if self.log_queries:
            self.print_query(query_id=query_id, query=ddl)
        return await self.fetch(ddl)

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> Batch:  # type: ignore[override]
        """Rows of a Piccolo query in lists; outside a unit through a long read."""
        return Batch(self, query, batch_size)

    # ---- long reads and copies ---------------------------------------------------------------------------------------

    def long_read(self) -> SQLiteLongRead:
        """One consistent view, read in a thread; Piccolo's queries inside the block use it too."""
        return SQLiteLongRead(self)

    async def backup(self, path: str | os.PathLike[str]) -> None:
        """Write a consistent, checked copy to `path` (replaced in one step) while units go on."""
        self._open()
        await self.in_reader_thread(copy_to, self.path, Path(os.path.abspath(path)))

    async def in_reader_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        """The result of `work`, run in a thread of the readers."""
        self._open()

        def call() -> Any:
            return work(*args, wait_s=self._lock_wait_s) if work in (copy_to, open_reader) else work(*args)

        return await asyncio.get_running_loop().run_in_executor(self._reader_threads, call)


def _leave(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        pass  # another process is reading; the WAL is complete and will be moved by whoever closes last
    finally:
        connection.close()


class SQLiteLongRead:
    """A read transaction on its own connection; use it with `async with`."""

    def __init__(self, engine: SQLiteEngine) -> None:
        self._engine = engine
        self._left = False
        self.owner: asyncio.Task[Any] | None = None

    @property
    def over(self) -> bool:
        return self._left

    async def __aenter__(self) -> Self:
        self._outer = self._engine.scope.get()
        if current_scope(self._engine.scope) is not None:
            raise NotInsideUnit()
        self._connection: sqlite3.Connection = await self._engine.in_reader_thread(
            open_reader, self._engine.path
        )
        await self._engine.in_reader_thread(run, self._connection, "BEGIN", ())
        self.owner = asyncio.current_task()
        self._engine.scope.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left = True
        self._engine.scope.set(self._outer)
        self._connection.close()

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query. Raises ReadOnly."""
        return await self.native_fetch(sql, args)

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        try:
            rows: list[Row] = await self._engine.in_reader_thread(run, self._connection, sql, args)
        except sqlite3.OperationalError as error:
            if is_read_only(error):
                raise ReadOnly() from error
            raise
        return rows

    async def native_execute(self, sql: str, args: Sequence[Any]) -> int:
        raise ReadOnly()

    async def native_execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        raise ReadOnly()

    async def stream(
        self, sql: str, args: Sequence[Any] = (), *, size: int = 1000
    ) -> AsyncIterator[list[Row]]:
        """The rows of a query in lists of at most `size`."""
        cursor = await self._engine.in_reader_thread(self._connection.execute, sql, args)
        names = [column[0] for column in cursor.description]
        while rows := await self._engine.in_reader_thread(cursor.fetchmany, size):
            yield [dict(zip(names, row, strict=True)) for row in rows]


class Batch:
    """Rows of a Piccolo query, a list at a time."""

    def __init__(self, engine: SQLiteEngine, query: Query[Any, Any], size: int) -> None:
        self._engine, self._query, self._size = engine, query, size
        self._snapshot: SQLiteLongRead | None = None

    async def __aenter__(self) -> Self:
        sql, args = self._query.querystrings[0].compile_string(engine_type="sqlite")
        if self._engine.in_unit():
            # On the writer, where a cursor left open would be in everybody's way: read at once, hand out in parts.
            rows = await self._engine.fetch(sql, args)
            self._parts = _slices(rows, self._size)
        else:
            self._snapshot = await self._engine.long_read().__aenter__()
            self._parts = self._snapshot.stream(sql, args, size=self._size)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._snapshot is not None:
            await self._snapshot.__aexit__(kind, error, trace)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[Any]:
        rows = await anext(self._parts)
        result: list[Any] = await self._query._process_results(rows)
        return result

    async def next(self) -> list[Any]:
        """The next list; empty at the end."""
        return await anext(self, [])


async def _slices(rows: list[Row], size: int) -> AsyncIterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
