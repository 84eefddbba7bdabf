"""Piccolo's `query.batch()`: many rows, a list at a time.

Piccolo's own batches swallow an exception raised inside the block and, on SQLite, lose all arguments but the first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from piccolo.query.base import Query

from ledger.store.engine.compiling import compiled
from ledger.store.engine.interface import Dialect


class NativeLongRead(Protocol):
    """A long read that takes statements in the driver's own spelling."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def native_stream(self, sql: str, args: Sequence[Any], *, size: int) -> AsyncIterator[list[Any]]: ...


class BatchHost(Protocol):
    """What a batch needs from its engine."""

    @property
    def dialect(self) -> Dialect: ...

    def in_unit(self) -> bool: ...

    async def native_fetch(self, sql: str, args: Sequence[Any]) -> list[Any]: ...

    def long_read(self) -> NativeLongRead: ...


class Batch:
    """Use it with `async with`, then `async for`; outside a unit all lists come from one consistent view."""

    def __init__(self, host: BatchHost, query: Query[Any, Any], size: int) -> None:
        self._host, self._query, self._size = host, query, size
        self._snapshot: NativeLongRead | None = None

    async def __aenter__(self) -> Self:
        sql, args = compiled(self._query.querystrings[0], self._host.dialect)
        if self._host.in_unit():
            # A cursor left open on the writer would be in everybody's way: read at once, hand out in parts.
            self._parts = _slices(await self._host.native_fetch(sql, args), self._size)
        else:
            self._snapshot = await self._host.long_read().__aenter__()
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
