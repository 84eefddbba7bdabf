"""What the store asks of an engine, and the small shared habits: placeholders are `?`, moments are UTC text.

Moments are stored as ISO 8601 text in UTC with a fixed width, so that both databases hold the same bytes and text order
is time order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, Protocol, cast

APP_NAME = "timebank_marketplace"
MIGRATIONS = "marketplace.store.piccolo_migrations"


TURNS_GIVEN = 12
"""Turns of the loop that long work lets pass between two of its stretches; about as many as a page takes."""

Row = dict[str, Any]
"""A row as the driver gives it; the module that asked for it makes a value of it at once."""


class Engine(Protocol):
    """The part of a durable engine used here."""

    @property
    def dialect(self) -> str: ...

    def atomic(self) -> AbstractAsyncContextManager[Any]: ...

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[Row]: ...

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> int: ...

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def in_unit(self) -> bool: ...


async def give_way() -> None:
    """Between two stretches of long work: whoever else is ready on the event loop goes on.

    A page is answered in several turns of the loop. Were it given one turn only, it would wait for as many of our stretches
    as it has turns; a turn that nobody takes costs next to nothing.
    """
    for _ in range(TURNS_GIVEN):
        await asyncio.sleep(0)


def bind_tables(engine: object) -> None:
    """Let the Piccolo tables, and the migrations, use `engine`."""
    from marketplace.store.tables import TABLES

    for table in TABLES:
        table._meta._db = cast(Any, engine)


def moment(at: datetime) -> str:
    """The moment as stored."""
    if at.tzinfo is None:
        raise ValueError("moments are aware")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(text: str) -> datetime:
    """The moment that was stored; aware, UTC."""
    return datetime.fromisoformat(text)


def locking(engine: Engine) -> str:
    """The end of a SELECT that must hold its rows until commit; SQLite's one writer needs none."""
    return " FOR UPDATE" if engine.dialect == "postgres" else ""


def holders(count: int) -> str:
    """`?, ?, ?` for an IN list."""
    return ", ".join("?" * count)
