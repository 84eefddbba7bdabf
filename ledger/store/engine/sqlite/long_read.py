"""Long reads on SQLite: one consistent view on a connection of its own, read in a thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from ledger.store.engine.errors import EngineNotOpen, NotInsideUnit, ReadOnly, StatementRefused
from ledger.store.engine.interface import Row, distinct
from ledger.store.engine.sqlite.connection import is_read_only, open_reader, run, run_tuples
from ledger.store.engine.statements import Kind, kind_of
from ledger.store.engine.unit import Scope, current_scope

Result = TypeVar("Result")


class ReadHost(Protocol):
    """What a long read needs from its engine."""

    scope: ContextVar[Scope | None]
    path: str
    lock_wait_s: float

    def reader_threads(self) -> ThreadPoolExecutor: ...


class SQLiteLongRead:
    """A read transaction; use it with `async with`."""

    def __init__(self, host: ReadHost) -> None:
        self._host = host
        self._left = False
        self._connection: sqlite3.Connection | None = None
        # A cancelled caller leaves its statement running in a thread; the connection is closed only after that.
        self._in_use = threading.Lock()
        self.owner: asyncio.Task[Any] | None = None

    @property
    def over(self) -> bool:
        return self._left

    async def __aenter__(self) -> Self:
        if current_scope(self._host.scope) is not None:
            raise NotInsideUnit()
        self._outer = self._host.scope.get()
        self._threads = self._host.reader_threads()
        try:
            await self._in_thread(self._open)
        except BaseException:
            await self._close()
            raise
        self.owner = asyncio.current_task()
        self._host.scope.set(self)
        return self

    def _open(self) -> None:
        if self._left:
            return
        self._connection = open_reader(self._host.path, wait_s=self._host.lock_wait_s)
        self._connection.execute("BEGIN")
        # BEGIN alone takes no view yet; the first read does.
        self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._host.scope.set(self._outer)
        await self._close()

    async def _close(self) -> None:
        self._left = True
        if self._connection is not None:
            self._connection.interrupt()
        try:
            closing = self._in_thread(self._hang_up)
        except EngineNotOpen:
            self._hang_up()
        else:
            await asyncio.shield(closing)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _in_thread(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        def job() -> Result:
            with self._in_use:
                return work()

        try:
            return asyncio.get_running_loop().run_in_executor(self._threads, job)
        except RuntimeError as error:  # the threads were ended by `close`
            raise EngineNotOpen() from error

    def _open_connection(self) -> sqlite3.Connection:
        assert self._connection is not None
        return self._connection

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query. Raises ReadOnly."""
        return await self.native_fetch(sql, args)

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Row]:
        return await self._read(run, sql, args)

    async def fetch_tuples(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, without the names of its columns. Raises ReadOnly."""
        return (await self._read(run_tuples, sql, args))[1]

    async def _read(
        self, read: Callable[[sqlite3.Connection, str, Sequence[Any]], Result], sql: str, args: Sequence[Any]
    ) -> Result:
        _check(sql)
        connection = self._open_connection()
        try:
            return await self._in_thread(lambda: read(connection, sql, args))
        except sqlite3.OperationalError as error:
            if is_read_only(error):
                raise ReadOnly() from error
            raise

    async def native_execute(self, sql: str, args: Sequence[Any]) -> int:
        raise ReadOnly()

    async def native_execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        raise ReadOnly()

    def stream(self, sql: str, args: Sequence[Any] = (), *, size: int = 1000) -> AsyncIterator[list[Row]]:
        """The rows of a query in lists of at most `size`. Raises ReadOnly."""
        return self.native_stream(sql, args, size=size)

    async def native_stream(self, sql: str, args: Sequence[Any], *, size: int) -> AsyncIterator[list[Row]]:
        _check(sql)
        connection = self._open_connection()
        try:
            cursor = await self._in_thread(lambda: connection.execute(sql, args))
        except sqlite3.OperationalError as error:
            if is_read_only(error):
                raise ReadOnly() from error
            raise
        names = distinct(tuple(column[0] for column in cursor.description))
        while rows := await self._in_thread(lambda: cursor.fetchmany(size)):
            yield [dict(zip(names, row, strict=True)) for row in rows]


def _check(sql: str) -> None:
    if kind_of(sql) is Kind.OWNED:
        raise StatementRefused(statement=sql[:80])
