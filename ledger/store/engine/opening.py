"""From an address to an engine, and from an engine to Piccolo's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from piccolo.table import Table

from ledger.store.engine.errors import UnsupportedUrl
from ledger.store.engine.interface import DurableEngine
from ledger.store.engine.postgres.engine import PostgresEngine
from ledger.store.engine.sqlite.engine import SQLiteEngine

_SQLITE = "sqlite:///"


def open_engine(url: str, **options: Any) -> SQLiteEngine | PostgresEngine:
    """The engine for an address; nothing is opened yet.

    Args:
        url: "sqlite:///relative.db", "sqlite:////absolute.db" or "postgresql://user@host/database".
        options: passed to `SQLiteEngine` or `PostgresEngine`.

    Raises:
        UnsupportedUrl: any other address.
        CannotOpen: a SQLite address without a file.
    """
    if url.startswith(_SQLITE):
        return SQLiteEngine(url.removeprefix(_SQLITE), **options)
    scheme = urlsplit(url).scheme
    if scheme in ("postgresql", "postgres"):
        return PostgresEngine(url, **options)
    raise UnsupportedUrl(scheme=scheme or "(none)")


if TYPE_CHECKING:
    # The type checker holds both engines to the interface here.
    def _promised(sqlite: SQLiteEngine, postgres: PostgresEngine) -> tuple[DurableEngine, DurableEngine]:
        return sqlite, postgres


def bind(engine: SQLiteEngine | PostgresEngine, *tables: type[Table]) -> None:
    """Make these Piccolo tables use the engine."""
    for table in tables:
        table._meta._db = engine
