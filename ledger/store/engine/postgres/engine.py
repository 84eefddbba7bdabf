"""The PostgreSQL engine: the same promises over a pool of connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from contextvars import ContextVar
from os import PathLike
from typing import Any, Literal, Self

import asyncpg
from piccolo.engine.postgres import PostgresEngine as PiccoloPostgresEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from ledger.store.engine.batch import Batch
from ledger.store.engine.compiling import compiled
from ledger.store.engine.errors import (
    BackupRefused,
    CannotOpen,
    CommitUncertain,
    EngineNotOpen,
    NotInsideUnit,
    StatementRefused,
    UnitLost,
    WriterBusy,
)
from ledger.store.engine.interface import Isolation, Row
from ledger.store.engine.observing import Observer
from ledger.store.engine.postgres.session import PostgresLongRead, PostgresSession, rows_as_dicts, typed_alone
from ledger.store.engine.statements import Kind, kind_of, numbered
from ledger.store.engine.unit import Scope, Unit, current_scope, first_in_units, log, unit_of

_PLANS_THAT_LAST = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
"""A connection keeps the plan it made for a statement when a table was small, and that plan may read the whole table. Units
find few rows by their keys, so theirs use an index wherever there is one; compiling a plan pays for large reports only."""


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
        self.observer: Observer | None = None
        self.scope: ContextVar[Scope | None] = ContextVar("scope of a PostgreSQL engine", default=None)
        self.first: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar(
            "first of a PostgreSQL engine", default=None
        )
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
        if current_scope(self.scope) is not None:
            raise NotInsideUnit()
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
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # The server is away, or stops, or starts.
            raise CannotOpen(database="PostgreSQL", reason=error) from error

        async def give_back() -> None:
            try:
                await pool.release(connection)
            except Exception:
                # A broken connection; the pool has dropped it and will open another.
                log.debug("a connection could not be reset", exc_info=True)

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
            # Should a stuck caller survive its cancellation, the server itself frees the locks it holds.
            idle_max_ms = int(self.unit_limit_s * 1000) + 1000
            await connection.execute(
                f"BEGIN ISOLATION LEVEL {isolation.replace('_', ' ').upper()};"
                f"SET LOCAL idle_in_transaction_session_timeout = {idle_max_ms};" + _PLANS_THAT_LAST
            )
        except BaseException as error:
            await asyncio.shield(self.in_background(give_back()))
            known = typed_alone(error) if isinstance(error, Exception) else None
            if known is None:
                raise
            raise known from error
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

    def remember(self, thing: object) -> None:
        """Keep something for the observer's last word on this unit. Raises NotInUnit."""
        unit_of(current_scope(self.scope)).remember(thing)

    def first_in_units(self, fn: Callable[[], Awaitable[None]]) -> AbstractContextManager[None]:
        """While the block runs, `fn` is the first thing every top-level unit of this context does."""
        return first_in_units(self, fn)

    # ---- statements --------------------------------------------------------------------------------------------------

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """The rows, as dictionaries."""
        return rows_as_dicts(await self.native_fetch(numbered(sql) if args else sql, args))

    async def fetch_tuples(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        """The rows of a query, without the names of its columns."""
        return await self.native_fetch(numbered(sql) if args else sql, args)

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        """The driver's own records for a statement in its own spelling (`$1`)."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None:
            return await scope.native_fetch(sql, args)
        if self.observer is not None and self.observer.watched(sql) is not None:
            async with self.atomic() as unit:
                return await unit.native_fetch(sql, args)
        async with self.connection() as connection:
            try:
                rows: list[Any] = await connection.fetch(sql, *args)
            except (asyncpg.PostgresError, OSError, asyncpg.InterfaceError) as error:
                known = typed_alone(error)
                if known is None:
                    raise
                raise known from error
        return rows

    async def call(self, sql: str, args: Sequence[Any]) -> list[Any]:
        """One statement as a unit of its own: the rows, when what it did is durable. Not inside a unit.

        Raises:
            CommitUncertain: the connection broke; all of it is stored, or nothing.
        """
        connection, give_back = await self._take()
        try:
            rows: list[Any] = await connection.fetch(numbered(sql), *args)
        except (asyncpg.PostgresError, OSError, asyncpg.InterfaceError) as error:
            known = typed_alone(error)
            if known is None:
                raise
            raise (CommitUncertain(reason=error) if isinstance(known, UnitLost) else known) from error
        finally:
            # Resetting the connection is another journey to the server; the caller need not wait for it.
            self.in_background(give_back())
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

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], *, savepoint: bool = True) -> None:
        """One statement for many rows of arguments."""
        if kind_of(sql) is Kind.OWNED:
            raise StatementRefused(statement=sql[:80])
        scope = current_scope(self.scope)
        if scope is not None and not savepoint:
            await scope.native_execute_many(numbered(sql), rows)
            return
        async with self.atomic() as unit:
            await unit.native_execute_many(numbered(sql), rows)

    # ---- Piccolo -----------------------------------------------------------------------------------------------------

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Any]:
        if self.log_queries:
            self.print_query(query_id=self.get_query_id(), query=str(querystring))
        sql, args = compiled(querystring, "postgres")
        return await self.native_fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Any]:
        if self.log_queries:
            self.print_query(query_id=self.get_query_id(), query=ddl)
        return await self.native_fetch(ddl, ())

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> Batch:  # type: ignore[override]
        """Rows of a Piccolo query in lists, from one consistent view."""
        return Batch(self, query, batch_size)

    # ---- long reads and copies ---------------------------------------------------------------------------------------

    def long_read(self) -> PostgresLongRead:
        """One consistent view; Piccolo's queries inside the block use it too."""
        return PostgresLongRead(self)

    async def compact(self) -> None:
        """VACUUM, so that no page keeps what was deleted."""
        if self.pool is None:
            raise EngineNotOpen()
        async with self.pool.acquire() as connection:
            await connection.execute("VACUUM")

    async def backup(self, path: str | PathLike[str]) -> None:
        """Refused: the server has better tools."""
        raise BackupRefused(tool="pg_dump")
