"""The unit of work: what belongs together is stored together.

`Unit` is the same for both databases. It knows whose it is (a task, not a context: a child task started inside a unit
does not join it), how deep it is nested, how long it may stay open, and whom to tell after the commit. The statements
themselves go through a `Session`, one per top-level unit, which each engine supplies.

A unit also answers to what Piccolo's own `Atomic` and `Transaction` objects offer, so `engine.atomic().add(query)`,
`transaction.savepoint()` and the rest of Piccolo go on working.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar, runtime_checkable

from piccolo.engine.base import validate_savepoint_name
from piccolo.engine.exceptions import TransactionError
from piccolo.utils.sync import run_sync

from ledger.store.engine.errors import (
    EngineError,
    NotInUnit,
    UnitBelongsToAnotherTask,
    UnitFinished,
    UnitLost,
    UnitTooLong,
)
from ledger.store.engine.interface import Isolation
from ledger.store.engine.observing import Changed, Observer, Watched

Result = TypeVar("Result")

log = logging.getLogger("ledger.store.engine")


class Session(Protocol):
    """One top-level transaction on one connection."""

    async def fetch(self, sql: str, args: Sequence[Any]) -> list[Any]: ...

    async def execute(self, sql: str, args: Sequence[Any]) -> int: ...

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    async def fetch_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """The statement once per row of arguments; what all of them return."""

    async def control(self, sql: str) -> None:
        """Run SAVEPOINT, RELEASE or ROLLBACK TO."""

    async def commit(self, notes: Sequence[Callable[[], None]]) -> None:
        """Return when the transaction is durable and `notes` were called."""

    async def rollback(self) -> None:
        """Undo everything; harmless when there is nothing left to undo."""

    def abort(self, error: EngineError) -> None:
        """Undo everything from outside the owning task; later statements raise `error`."""


@runtime_checkable
class LendingSession(Protocol):
    """A session that lends its connection to a function."""

    def work(self, work: Callable[[Any], Result]) -> Result: ...


class UnitHost(Protocol):
    """What a unit needs from its engine."""

    scope: ContextVar[Scope | None]
    first: ContextVar[Callable[[], Awaitable[None]] | None]
    observer: Observer | None
    unit_limit_s: float

    async def open_session(self, isolation: Isolation) -> Session: ...


class Scope(Protocol):
    """Where the statements of the current task go: a unit, or a long read. `native` is the driver's spelling."""

    owner: asyncio.Task[Any] | None

    @property
    def over(self) -> bool: ...

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Any]: ...

    async def native_execute(self, sql: str, args: Sequence[Any]) -> int: ...

    async def native_execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...


def current_scope(variable: ContextVar[Scope | None]) -> Scope | None:
    """The open scope of this very task; None outside.

    Raises:
        UnitBelongsToAnotherTask: this task was started inside a scope that its parent has not left yet. Joining it
            would let two tasks write through one transaction; waiting for the writer could wait for ever.
    """
    scope = variable.get()
    if scope is None or scope.over:
        return None
    if scope.owner is not asyncio.current_task():
        raise UnitBelongsToAnotherTask()
    return scope


@contextmanager
def first_in_units(host: UnitHost, fn: Callable[[], Awaitable[None]]) -> Iterator[None]:
    """While the block runs, `fn` is the first thing that every top-level unit of this context does."""
    before = host.first.set(fn)
    try:
        yield
    finally:
        host.first.reset(before)


def call_notes(notes: Sequence[Callable[[], None]]) -> None:
    """Call each; one that fails is logged and keeps nobody from the rest: the commit has happened."""
    for note in notes:
        try:
            note()
        except Exception:
            log.exception("a call after the commit failed")


class Unit:
    """A unit of work; use it once, with `async with`."""

    __slots__ = (
        "_depth",
        "_expired",
        "_finished",
        "_host",
        "_isolation",
        "_left",
        "_marks",
        "_nested_allowed",
        "_notes",
        "_outer",
        "_parent",
        "_queries",
        "_savepoints",
        "_seen",
        "_session",
        "_timer",
        "owner",
    )

    def __init__(
        self, host: UnitHost, *, isolation: Isolation = "read_committed", nested_allowed: bool = True
    ) -> None:
        self._host = host
        self._isolation: Isolation = isolation
        self._nested_allowed = nested_allowed
        self._notes: list[Callable[[], None]] = []
        self._seen: list[object] = []
        self._marks: dict[str, int] = {}
        self._queries: list[Any] = []
        self._parent: Unit | None = None
        self._depth = 0
        self._savepoints = 0
        self._expired = self._finished = self._left = False

    # ---- entering and leaving ----------------------------------------------------------------------------------------

    async def __aenter__(self) -> Unit:
        scope = current_scope(self._host.scope)
        if isinstance(scope, Unit):
            await self._enter_nested(scope)
        else:
            self._session = await self._host.open_session(self._isolation)
            self.owner = asyncio.current_task()
            self._timer = asyncio.get_running_loop().call_later(self._host.unit_limit_s, self._expire)
        self._outer = self._host.scope.get()
        self._host.scope.set(self)
        if self._parent is None and (first := self._host.first.get()) is not None:
            try:
                await first()
            except BaseException as error:
                await self.__aexit__(type(error), error, error.__traceback__)
                raise
        return self

    async def _enter_nested(self, parent: Unit) -> None:
        if not self._nested_allowed:
            raise TransactionError("A unit of work is already open and nesting was not allowed.")
        parent._check_open()
        self._parent, self._session = parent, parent._session
        self._depth, self.owner = parent._depth + 1, parent.owner
        await self._session.control(f"SAVEPOINT nested_{self._depth}")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        failure: BaseException | None = None
        if error is None and self._parent is None and not self._finished and not self._expired:
            try:
                await self._before_commit()
            except BaseException as refused:
                error = failure = refused
        self._host.scope.set(self._outer)
        if self._parent is None:
            await self._leave_top(error)
            if failure is not None:
                raise failure
        elif not self._finished:
            await self._leave_nested(self._parent, keep=error is None)

    async def _before_commit(self) -> None:
        """The observer's last word on what the unit did."""
        observer = self._host.observer
        if observer is not None and self._seen:
            seen, self._seen = self._seen, []
            await observer.before_commit(seen)

    async def _leave_top(self, error: BaseException | None) -> None:
        self._timer.cancel()
        self._left = True
        if self._expired:
            await self._too_late(error)
        elif self._finished:
            return
        elif error is not None:
            await self._session.rollback()
        else:
            await self._session.commit(self._notes)

    async def _leave_nested(self, parent: Unit, *, keep: bool) -> None:
        self._finished = self._left = True
        if keep:
            await self._session.control(f"RELEASE SAVEPOINT nested_{self._depth}")
            parent._notes += self._notes
            parent._seen += self._seen
        else:
            await self._undo_nested()

    async def _undo_nested(self) -> None:
        try:
            await self._session.control(f"ROLLBACK TO SAVEPOINT nested_{self._depth}")
            await self._session.control(f"RELEASE SAVEPOINT nested_{self._depth}")
        except Exception as error:
            # Usually the whole unit is gone already. In no case may the outer unit store what should have been undone.
            self._session.abort(UnitLost(reason=error))

    def _expire(self) -> None:
        """Free the writer and wake the owner, however stuck it is."""
        self._expired = True
        self._session.abort(UnitTooLong(limit_s=self._host.unit_limit_s))
        if self.owner is not None:
            self.owner.cancel()

    async def _too_late(self, error: BaseException | None) -> None:
        await self._session.rollback()
        cancels_left = self.owner.uncancel() if self.owner is not None else 0
        ours = isinstance(error, asyncio.CancelledError) and cancels_left == 0
        if error is None or ours or isinstance(error, EngineError):
            raise UnitTooLong(limit_s=self._host.unit_limit_s) from error

    # ---- statements --------------------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the top-level block has been left."""
        unit = self
        while unit._parent is not None:
            unit = unit._parent
        return unit._left

    def _check_open(self) -> None:
        unit: Unit | None = self
        while unit is not None:
            if unit._finished:
                raise UnitFinished()
            unit = unit._parent

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Any]:
        self._check_open()
        watched = self._watched(sql)
        if watched is None:
            return await self._session.fetch(sql, args)
        return self._saw(watched, await self._session.fetch(watched.sql, args))

    async def native_execute(self, sql: str, args: Sequence[Any]) -> int:
        self._check_open()
        watched = self._watched(sql)
        if watched is None:
            return await self._session.execute(sql, args)
        return len(self._saw(watched, await self._session.fetch(watched.sql, args)))

    async def native_execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._check_open()
        watched = self._watched(sql)
        if watched is None:
            await self._session.execute_many(sql, rows)
        else:
            self._saw(watched, await self._session.fetch_many(watched.sql, rows))

    def _watched(self, sql: str) -> Watched | None:
        observer = self._host.observer
        return None if observer is None else observer.watched(sql)

    def _saw(self, watched: Watched, rows: list[Any]) -> list[Any]:
        if rows:
            self._seen.append(Changed(table=watched.table, gone=watched.gone, rows=rows))
        return rows

    def remember(self, thing: object) -> None:
        """Keep something for the observer's last word."""
        self._check_open()
        self._seen.append(thing)

    def work(self, work: Callable[[Any], Result]) -> Result:
        """Run a function on the driver's connection, where the session lends it."""
        self._check_open()
        assert isinstance(self._session, LendingSession), "only SQLite lends its connection"
        return self._session.work(work)

    def after_commit(self, note: Callable[[], None]) -> None:
        self._check_open()
        self._notes.append(note)

    # ---- by hand: what Piccolo's transactions offer ------------------------------------------------------------------

    async def commit(self) -> None:
        """Store the unit now; at the top level, return when it is durable."""
        self._check_open()
        if self._parent is not None:
            await self._leave_nested(self._parent, keep=True)
            return
        await self._before_commit()
        self._finished = True
        self._timer.cancel()
        await self._session.commit(self._notes)

    async def rollback(self) -> None:
        """Undo the unit now."""
        self._check_open()
        if self._parent is not None:
            await self._leave_nested(self._parent, keep=False)
            return
        self._finished = True
        self._timer.cancel()
        await self._session.rollback()

    async def savepoint(self, name: str | None = None) -> Savepoint:
        """A mark to return to."""
        self._check_open()
        self._savepoints += 1
        name = name or f"savepoint_{self._depth}_{self._savepoints}"
        validate_savepoint_name(name)
        await self._session.control(f"SAVEPOINT {name}")
        self._marks[name] = len(self._seen)
        return Savepoint(name, self)

    async def rollback_to(self, savepoint_name: str) -> None:
        """Undo what happened since the mark of that name."""
        await Savepoint(savepoint_name, self).rollback_to()

    # ---- by list: what Piccolo's Atomic offers -----------------------------------------------------------------------

    def add(self, *queries: Any) -> None:
        """Remember queries for `run`."""
        self._queries += queries

    async def run(self) -> None:
        """Run the remembered queries, all or none."""
        queries, self._queries = self._queries, []
        async with Unit(self._host, isolation=self._isolation):
            for query in queries:
                await query.run()

    def run_sync(self) -> None:
        """The same, from code that is not async."""
        run_sync(self.run())

    def __await__(self) -> Generator[Any, None, None]:
        return self.run().__await__()


class Savepoint:
    """A mark inside a unit."""

    __slots__ = ("_unit", "name")

    def __init__(self, name: str, unit: Unit) -> None:
        validate_savepoint_name(name)
        self.name = name
        self._unit = unit

    async def rollback_to(self) -> None:
        """Undo what happened since."""
        self._unit._check_open()
        await self._unit._session.control(f"ROLLBACK TO SAVEPOINT {self.name}")
        del self._unit._seen[self._unit._marks.get(self.name, len(self._unit._seen)) :]

    async def release(self) -> None:
        """Forget the mark, keep the work."""
        self._unit._check_open()
        await self._unit._session.control(f"RELEASE SAVEPOINT {self.name}")


def unit_of(scope: Scope | None) -> Unit:
    """The unit, when the scope is one."""
    if not isinstance(scope, Unit):
        raise NotInUnit()
    return scope
