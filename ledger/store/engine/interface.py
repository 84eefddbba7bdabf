"""The promise both engines keep; code that stores things is written against `DurableEngine` alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from functools import lru_cache
from os import PathLike
from typing import Any, Literal, Protocol, Self

from ledger.store.engine.observing import Observer

Row = dict[str, Any]
Dialect = Literal["sqlite", "postgres"]
Isolation = Literal["read_committed", "repeatable_read", "serializable"]


@lru_cache(maxsize=1024)
def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names for the columns of a row as a dictionary: one that comes again gets a number, `a`, `a_2`, and no column is lost."""
    found: list[str] = []
    for name in names:
        count, again = 1, name
        while again in found or (again != name and again in names):
            count += 1
            again = f"{name}_{count}"
        found.append(again)
    return tuple(found)


class UnitOfWork(Protocol):
    """What `async with engine.atomic() as unit` hands out."""

    async def rollback(self) -> None:
        """Undo the unit now; it takes no more statements."""

    async def commit(self) -> None:
        """Store the unit now (top level: returns when it is durable); it takes no more statements."""


class LongRead(Protocol):
    """One consistent view of the database, read away from the event loop."""

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """All rows."""

    def stream(self, sql: str, args: Sequence[Any] = (), *, size: int = 1000) -> AsyncIterator[list[Row]]:
        """The rows in lists of at most `size`."""


class DurableEngine(Protocol):
    """A database whose word can be trusted: what is acknowledged is on disk."""

    url: str
    unit_limit_s: float
    """How long one unit may stay open before it is rolled back."""
    observer: Observer | None
    """Who is shown which rows units change; nobody at first."""

    @property
    def dialect(self) -> Dialect:
        """Which SQL it speaks."""

    async def start(self) -> None:
        """Open the database; doing it twice is harmless."""

    async def close(self) -> None:
        """Refuse new work, finish what is in flight, let go of every connection and thread."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc_info: object) -> None: ...

    def atomic(self, *, isolation: Isolation = "read_committed") -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work: all of it durable when the block is left, or none of it. Nested: a savepoint."""

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """The rows as dictionaries, a repeated name with a number; `?` marks an argument on both dialects."""

    async def fetch_tuples(self, sql: str, args: Sequence[Any] = ()) -> Sequence[Sequence[Any]]:
        """The rows of a query as sequences in the order of its columns: for many rows, where a dictionary each costs."""

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> int:
        """The number of rows changed; outside a unit the statement is a unit of its own."""

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], *, savepoint: bool = True) -> None:
        """Run the statement once per row of arguments, all or none.

        Without a `savepoint`, which costs as much as several rows, a failure leaves the unit with some of them: for a unit
        that is undone when this raises.
        """

    def in_unit(self) -> bool:
        """Whether the current task is inside an open unit."""

    def after_commit(self, fn: Callable[[], None]) -> None:
        """Call `fn` once the unit is durable; it is dropped when the unit (or its savepoint) rolls back."""

    def remember(self, thing: object) -> None:
        """Keep something for the observer's last word on this unit; dropped when the unit (or its savepoint) rolls back."""

    def first_in_units(self, fn: Callable[[], Awaitable[None]]) -> AbstractContextManager[None]:
        """While the block runs, `fn` is the first thing that every top-level unit opened in this context does, inside it.

        What it writes is durable with that unit or not at all; when it raises, the unit is undone and its block never runs.
        """

    def long_read(self) -> AbstractAsyncContextManager[LongRead]:
        """A consistent snapshot for exports and audits."""

    async def backup(self, path: str | PathLike[str]) -> None:
        """Write a consistent copy while the office goes on."""

    async def compact(self) -> None:
        """Write the data anew without what was deleted, so that the files hold nothing of it; not inside a unit of work."""
