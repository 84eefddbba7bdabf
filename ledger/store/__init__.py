"""Where books are kept: in memory, in SQLite, in PostgreSQL.

engine = open_engine("sqlite:///hours.db")
async with engine:
    await migrate_ledger(engine)
    book = Book(engine, code="dongqu", timezone="Asia/Shanghai")
    await book.create(commodities=("MIN", "PTS"))
    await book.post(Transfer(...), at=clock())
"""

from __future__ import annotations

from typing import Any, cast

from ledger.errors import BookMissing
from ledger.rows import Period
from ledger.store.book import Book, MemoryBook
from ledger.store.engine.interface import DurableEngine
from ledger.store.migrate import migrate

MIGRATIONS = "ledger.store.piccolo_migrations"


async def migrate_ledger(engine: DurableEngine) -> list[str]:
    """Bring the ledger's tables up to date; the migrations applied now."""
    return await migrate(engine, "timebank_ledger", MIGRATIONS)


async def book_timezone(engine: DurableEngine, code: str) -> str:
    """The time zone a stored book is kept in.

    Raises:
        BookMissing: there is no such book.
    """
    rows = await engine.fetch("SELECT timezone FROM ledger_book WHERE code = ?", [code])
    if not rows:
        raise BookMissing(book=code)
    return str(rows[0]["timezone"])


def bind_tables(engine: DurableEngine) -> None:
    """Let the ledger's Piccolo tables read through `engine`."""
    from ledger.store.tables import TABLES

    for table in TABLES:
        table._meta._db = cast(Any, engine)


__all__ = ["Book", "MemoryBook", "Period", "bind_tables", "book_timezone", "migrate", "migrate_ledger"]
