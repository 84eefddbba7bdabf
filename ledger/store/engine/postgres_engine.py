"""The PostgreSQL engine: the same promises over a pool of connections."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from os import PathLike
from types import TracebackType
from typing import Any, Literal, Self

import asyncpg  # type: ignore[import-untyped]
from piccolo.engine.postgres import PostgresEngine as PiccoloPostgresEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from ledger.store.engine.errors import (
    BackupRefused,
    CannotOpen,
    CommitFailed,
    DiskFull,
    EngineError,
    EngineNotOpen,
    NotInsideUnit,
    ReadOnly,
    SerializationConflict,
    StatementRefused,
    UnitLost,
    WriterBusy,
)
from ledger.store.engine.interface import Isolation, Row
from ledger.store.engine.statements import Kind, kind_of, numbered
from ledger.store.engine.unit import Scope, Unit, call_notes, current_scope, unit_of

_CONFLICTS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


def _typed(error: BaseException) -> EngineError | None:
    """The engine's error for what the server said; None where the caller should see the driver's own."""
    if isinstance(error, _CONFLICTS):
        return SerializationConflict(reason=error)
    if isinstance(error, asyncpg.DiskFullError):
        return DiskFull(reason=error)
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
        return ReadOnly()
    return None


class PostgresSession:
    """One top-level transaction on one pooled connection."""

    def __init__(
        self, engine: PostgresEngine, connection: Any, give_back: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        self._engine = engine
        self._connection = connection
        self._give_back = give_back
        self._ended = False
        self._failure: EngineError | None = None

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        self._check()
        try:
            rows: list[Any] = await self._connection.fetch(sql, *args)
        except asyncpg.PostgresError as error:
            self._translate(error)
            raise
        return rows

    async def execute(self, sql: str, args: Sequence[Any]) -> int:
        self._check()
        try:
            status = await self._connection.execute(sql, *args)
        except asyncpg.PostgresError as error:
            self._translate(error)
            raise
        return rows_of(status)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._check()
        try:
            await self._connection.executemany(sql, rows)
        except asyncpg.PostgresError as error:
            self._translate(error)
            raise

    async def control(self, sql: str) -> None:
        self._check()
        try:
            await self._connection.execute(sql)
        except asyncpg.PostgresError as error:
            self._translate(error)
            raise

    async def commit(self, notes: Sequence[Callable[[], None]]) -> None:
        self._check()
        await asyncio.shield(self._engine.in_background(self._commit(notes)))

    async def _commit(self, notes: Sequence[Callable[[], None]]) -> None:
        self._ended = True
        try:
            status = await self._connection.execute("COMMIT")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise (_typed(error) or CommitFailed(reason=error)) from error
        finally:
            await self._give_back()
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
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            # The connection is gone or unusable, and with it the transaction.
            self._connection.terminate()
        finally:
            await self._give_back()

    def abort(self, error: EngineError) -> None:
        # The owner is cancelled next, which stops its running statement; it rolls back as it leaves the block.
        self._failure = error

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    @staticmethod
    def _translate(error: BaseException) -> None:
        typed = _typed(error)
        if typed is not None:
            raise typed from error


class PostgresEngine(PiccoloPostgresEngine):
    """A PostgreSQL database; also a Piccolo engine.

    Args:
        url: postgresql://user:password@host/database.
        connections_max: the size of the pool.
        lock_wait_s: how long a unit waits for a free connection.
        unit_limit_s: how long one unit may stay open before it is rolled back.
        extra_nodes: read replicas by name, as in Piccolo.
        log_queries: print each statement of Piccolo, as its own engines do.

    A pool belongs to one event loop; on any other loop (Piccolo's `run_sync`) and before `start()` each unit or statement
    opens a connection of its own.
    """

    dialect: Literal["postgres"] = "postgres"

    def __init__(
        self,
        url: str,
        *,
        connections_max: int = 10,
        lock_wait_s: float = 30.0,
        unit_limit_s: float = 30.0,
        extra_nodes: dict[str, PiccoloPostgresEngine] | None = None,
        log_queries: bool = False,
    ) -> None:
        super().__init__(config={"dsn": url}, extra_nodes=extra_nodes, log_queries=log_queries)
        self.url = url
        self.unit_limit_s = unit_limit_s
        self.scope: ContextVar[Scope | None] = ContextVar("scope of a PostgreSQL engine", default=None)
        self._connections_max = connections_max
        self._lock_wait_s = lock_wait_s
        self._pool_loop: asyncio.AbstractEventLoop | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._closed = False

    # ---- life --------------------------------------------------------------------------------------------------------

    async def check_version(self) -> None:
        """Nothing at construction: importing a configuration must not need a server."""

    async def start(self) -> None:
        """Open the pool on the running loop. Raises CannotOpen."""
        self._closed = False
        if self.pool is not None:
            return
        try:
            self.pool = await asyncpg.create_pool(**self.config, min_size=1, max_size=self._connections_max)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise CannotOpen(database="PostgreSQL", reason=error) from error
        self._pool_loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """Refuse new work, wait for connections in use, close the pool."""
        self._closed = True
        pool, self.pool = self.pool, None
        while self._background:
            await asyncio.wait(set(self._background))
        if pool is not None:
            await asyncio.shield(asyncio.ensure_future(pool.close()))

    async def start_connection_pool(self, **kwargs: Any) -> None:
        """Piccolo's name for `start`."""
        await self.start()

    async def close_connection_pool(self) -> None:
        """Piccolo's name for `close`."""
        await self.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    # ---- connections -------------------------------------------------------------------------------------------------

    async def _take(self) -> tuple[Any, Callable[[], Coroutine[Any, Any, None]]]:
        """A connection, and what gives it back."""
        if self._closed:
            raise EngineNotOpen()
        pool = self.pool if self._pool_loop is asyncio.get_running_loop() else None
        if pool is None:
            alone = await self.get_new_connection()
            return alone, alone.close
        try:
            connection = await pool.acquire(timeout=self._lock_wait_s)
        except TimeoutError as error:
            raise WriterBusy(waited_s=self._lock_wait_s) from error

        async def give_back() -> None:
            await pool.release(connection)

        return connection, give_back

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection for the length of the block, given back whatever happens."""
        connection, give_back = await self._take()
        try:
            yield connection
        finally:
            await asyncio.shield(self.in_background(give_back()))

    def in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """`work` as a task that outlives a cancelled caller and that `close` waits for."""
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def open_session(self, isolation: Isolation) -> PostgresSession:
        connection, give_back = await self._take()
        try:
            await connection.execute(f"BEGIN ISOLATION LEVEL {isolation.replace('_', ' ').upper()}")
        except BaseException:
            await asyncio.shield(self.in_background(give_back()))
            raise
        return PostgresSession(self, connection, give_back)

    # ---- units -------------------------------------------------------------------------------------------------------

    def atomic(self, *, isolation: Isolation = "read_committed") -> Unit:  # type: ignore[override]
        """A unit of work at the given isolation level."""
        return Unit(self, isolation=isolation)

    def transaction(self, allow_nested: bool = True) -> Unit:  # type: ignore[override]
        """Piccolo's name for the same; nested it is a savepoint."""
        return Unit(self, nested_allowed=allow_nested)

    def transaction_exists(self) -> bool:
        return self.in_unit()

    def in_unit(self) -> bool:
        """Whether this task is inside an open unit."""
        return isinstance(current_scope(self.scope), Unit)

    def after_commit(self, fn: Callable[[], None]) -> None:
        """Call `fn` when the unit is durable. Raises NotInUnit."""
        unit_of(current_scope(self.scope)).after_commit(fn)

    # ---- statements --------------------------------------------------------------------------------------------------

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """The rows, as dictionaries."""
        return [dict(row) for row in await self.native_fetch(numbered(sql) if args else sql, args)]

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        """The driver's own records for a statement in its own spelling (`$1`)."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None:
            return await scope.native_fetch(sql, args)
        async with self.connection() as connection:
            try:
                rows: list[Any] = await connection.fetch(sql, *args)
            except asyncpg.PostgresError as error:
                typed = _typed(error)
                raise (typed or error) from (error if typed else error.__cause__)
        return rows

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> int:
        """The number of rows changed, deleted or inserted."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None:
            return await scope.native_execute(numbered(sql) if args else sql, args)
        async with self.atomic() as unit:
            return await unit.native_execute(numbered(sql) if args else sql, args)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows of arguments."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        async with self.atomic() as unit:
            await unit.native_execute_many(numbered(sql), rows)

    # ---- Piccolo -----------------------------------------------------------------------------------------------------

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Any]:
        query_id = self.get_query_id()
        if self.log_queries:
            self.print_query(query_id=query_id, query=str(querystring))
        sql, args = querystring.compile_string(engine_type="postgres")
        return await self.native_fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Any]:
        query_id = self.get_query_id()
        if self.log_queries:
            self.print_query(query_id=query_id, query=ddl)
        return await self.native_fetch(ddl, ())

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> Batch:  # type: ignore[override]
        """Rows of a Piccolo query in lists, from one consistent view."""
        return Batch(self, query, batch_size)

    # ---- long reads and copies ---------------------------------------------------------------------------------------

    def long_read(self) -> PostgresLongRead:
        """One consistent view; Piccolo's queries inside the block use it too."""
        return PostgresLongRead(self)

    async def backup(self, path: str | PathLike[str]) -> None:
        """Refused: the server has better tools."""
        raise BackupRefused(tool="pg_dump")


_COUNT = re.compile(r"(\d+)$")


def rows_of(status: str) -> int:
    """The number of rows in a command tag such as "INSERT 0 1"; 0 for a command without one."""
    match = _COUNT.search(status)
    return int(match.group(1)) if match else 0


class PostgresLongRead:
    """A read-only, repeatable-read transaction; use it with `async with`."""

    def __init__(self, engine: PostgresEngine) -> None:
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
        return [dict(row) for row in await self.native_fetch(numbered(sql) if args else sql, args)]

    async def stream(
        self, sql: str, args: Sequence[Any] = (), *, size: int = 1000
    ) -> AsyncIterator[list[Row]]:
        """The rows of a query in lists of at most `size`."""
        async for records in self.native_stream(numbered(sql) if args else sql, args, size=size):
            yield [dict(row) for row in records]

    async def native_stream(self, sql: str, args: Sequence[Any], *, size: int) -> AsyncIterator[list[Any]]:
        """The same for a statement in the driver's own spelling."""
        cursor = await self._connection.cursor(sql, *args)
        while records := await cursor.fetch(size):
            yield records


class Batch:
    """Rows of a Piccolo query, a list at a time."""

    def __init__(self, engine: PostgresEngine, query: Query[Any, Any], size: int) -> None:
        self._engine, self._query, self._size = engine, query, size
        self._snapshot: PostgresLongRead | None = None

    async def __aenter__(self) -> Self:
        sql, args = self._query.querystrings[0].compile_string(engine_type="postgres")
        if self._engine.in_unit():
            self._parts = _slices(await self._engine.native_fetch(sql, args), self._size)
        else:
            self._snapshot = await self._engine.long_read().__aenter__()
            self._parts = self._snapshot.native_stream(sql, args, size=self._size)
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


async def _slices(rows: list[Any], size: int) -> AsyncIterator[list[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
