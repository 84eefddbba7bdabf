"""One transaction on one PostgreSQL connection: a unit of work, or a long read."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Protocol, Self

import asyncpg

from ledger.store.engine.errors import (
    CommitFailed,
    CommitUncertain,
    DiskFull,
    EngineError,
    NotInsideUnit,
    ReadOnly,
    SerializationConflict,
    UnitLost,
)
from ledger.store.engine.interface import Row, distinct
from ledger.store.engine.statements import numbered
from ledger.store.engine.unit import Scope, call_notes, current_scope

_CONFLICT = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_GONE = (asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, OSError)


def typed(error: BaseException) -> EngineError | None:
    """The engine's error for what the server said; None where the caller should see the driver's own."""
    if isinstance(error, _CONFLICT):
        return SerializationConflict(reason=error)
    if isinstance(error, asyncpg.DiskFullError):
        return DiskFull(reason=error)
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
        return ReadOnly()
    if isinstance(error, _GONE):
        return UnitLost(reason=error)
    return None


def typed_alone(error: Exception) -> EngineError | None:
    """The same for a statement outside of any unit, where a connection that broke is the engine's to tell of too."""
    if isinstance(error, asyncpg.DataError):
        return None  # a value that fits nowhere; the connection is as good as before
    if isinstance(error, OSError | asyncpg.InterfaceError):
        return UnitLost(reason=error)
    return typed(error)


def commit_failure(error: BaseException) -> EngineError:
    """The engine's error for a COMMIT that raised."""
    if isinstance(error, asyncpg.PostgresError) and not isinstance(error, _GONE):
        return typed(error) or CommitFailed(reason=error)  # the server answered, and the answer was no
    return CommitUncertain(reason=error)


class SessionHost(Protocol):
    """What a session needs from its engine."""

    def in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]: ...


class ReadHost(Protocol):
    """What a long read needs from its engine."""

    scope: ContextVar[Scope | None]

    def connection(self) -> AbstractAsyncContextManager[Any]: ...


class PostgresSession:
    """One top-level transaction on one pooled connection."""

    def __init__(
        self, engine: SessionHost, connection: Any, give_back: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        self._engine = engine
        self._connection = connection
        self._give_back = give_back
        self._ended = False
        self._failure: EngineError | None = None

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        rows: list[Any] = await self._run(self._connection.fetch, sql, *args)
        return rows

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        return rows_of(await self._run(self._connection.execute, sql, *args))

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        await self._run(self._connection.executemany, sql, rows)

    async def fetch_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> list[Any]:
        found: list[Any] = await self._run(self._connection.fetchmany, sql, rows)
        return found

    async def control(self, sql: str) -> None:
        await self._run(self._connection.execute, sql)

    async def _run(self, method: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> Any:
        if self._failure is not None:
            raise self._failure
        try:
            return await method(*args)
        except Exception as error:
            known = UnitLost(reason=error) if self._is_gone() else typed(error)
            if known is None:
                raise
            raise known from error

    def _is_gone(self) -> bool:
        try:
            return bool(self._connection.is_closed())
        except asyncpg.InterfaceError:  # broken, and taken back by the pool already
            return True

    async def commit(self, notes: Sequence[Callable[[], None]]) -> None:
        if self._failure is not None:
            raise self._failure
        await asyncio.shield(self._engine.in_background(self._commit(notes)))

    async def _commit(self, notes: Sequence[Callable[[], None]]) -> None:
        self._ended = True
        try:
            status = await self._connection.execute("COMMIT")
        except BaseException as error:
            await self._give_back()
            if isinstance(error, Exception):
                raise commit_failure(error) from error
            raise
        # Resetting the connection for its next user is another journey to the server; the caller need not wait for it.
        self._engine.in_background(self._give_back())
        if status != "COMMIT":
            # The server answers ROLLBACK when a statement failed before and the caller went on regardless.
            raise UnitLost(reason="a statement in it had failed")
        call_notes(notes)

    async def rollback(self) -> None:
        if not self._ended:
            self._ended = True
            await asyncio.shield(self._engine.in_background(self._rollback()))

    async def _rollback(self) -> None:
        try:
            await self._connection.execute("ROLLBACK")
        except Exception:
            # The connection is gone or unusable, and with it the transaction.
            with contextlib.suppress(Exception):
                self._connection.terminate()
        finally:
            await self._give_back()

    def abort(self, error: EngineError) -> None:
        # The owner is cancelled next, which stops its running statement; it rolls back as it leaves the block.
        self._failure = error


_COUNT = re.compile(r"(\d+)$")


def rows_of(status: str) -> int:
    """The number of rows in a command tag such as "INSERT 0 1"; 0 for a command without one."""
    match = _COUNT.search(status)
    return int(match.group(1)) if match else 0


def rows_as_dicts(records: Sequence[Any]) -> list[Row]:
    """The driver's records as dictionaries that keep every column."""
    if not records:
        return []
    names = tuple(records[0].keys())
    if len(set(names)) == len(names):
        return [dict(record) for record in records]
    names = distinct(names)
    return [dict(zip(names, record.values(), strict=True)) for record in records]


class PostgresLongRead:
    """A read-only, repeatable-read transaction; use it with `async with`."""

    def __init__(self, engine: ReadHost) -> None:
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
        self._held = self._engine.connection()
        self._connection = await self._held.__aenter__()
        self._transaction = self._connection.transaction(isolation="repeatable_read", readonly=True)
        try:
            await self._transaction.start()
            await self._connection.execute("SELECT 1")  # the first statement takes the view, not BEGIN
        except BaseException as error:
            await self._held.__aexit__(type(error), error, error.__traceback__)
            raise
        self.owner = asyncio.current_task()
        self._engine.scope.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left = True
        self._engine.scope.set(self._outer)
        try:
            await self._transaction.rollback()
        finally:
            await self._held.__aexit__(None, None, None)

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        try:
            rows: list[Any] = await self._connection.fetch(sql, *args)
        except asyncpg.ReadOnlySQLTransactionError as error:
            raise ReadOnly() from error
        return rows

    async def native_execute(self, sql: str, args: Sequence[Any]) -> int:
        raise ReadOnly()

    async def native_execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        raise ReadOnly()

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query. Raises ReadOnly."""
        return rows_as_dicts(await self.native_fetch(numbered(sql) if args else sql, args))

    async def stream(
        self, sql: str, args: Sequence[Any] = (), *, size: int = 1000
    ) -> AsyncIterator[list[Row]]:
        """The rows of a query in lists of at most `size`."""
        async for records in self.native_stream(numbered(sql) if args else sql, args, size=size):
            yield rows_as_dicts(records)

    async def native_stream(self, sql: str, args: Sequence[Any], *, size: int) -> AsyncIterator[list[Any]]:
        """The same for a statement in the driver's own spelling."""
        cursor = await self._connection.cursor(sql, *args)
        while records := await cursor.fetch(size):
            yield records
