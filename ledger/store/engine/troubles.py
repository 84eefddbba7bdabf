"""What an error of the database means for whoever asked: it is away for a while, or what they sent fits no column.

The engine names what it knows (`errors`); a driver's own errors, raised where nothing could catch them sooner, are told apart here.
"""

from __future__ import annotations

import sqlite3

import asyncpg

from ledger.store.engine.errors import (
    CannotOpen,
    CommitFailed,
    EngineNotOpen,
    SerializationConflict,
    UnitAborted,
    WriterBusy,
)

_AWAY = (
    CannotOpen, CommitFailed, EngineNotOpen, SerializationConflict, UnitAborted, WriterBusy,
    asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError, asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError, asyncpg.InsufficientResourcesError, asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError, ConnectionError,
)  # fmt: skip
_AWAY_SQLITE = frozenset(
    {
        sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip


def is_away(error: BaseException) -> bool:
    """Whether the database (its disk, its server, its writer) is in trouble, so that the same may succeed later."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _AWAY_SQLITE
    # A value that the driver could not send is an InterfaceError as well, and the sender's.
    return isinstance(error, _AWAY) and not fits_nowhere(error)


def fits_nowhere(error: BaseException) -> bool:
    """Whether a value was beyond what any column holds: a number past 64 bits, a character that no text may have."""
    if isinstance(error, asyncpg.DataError | UnicodeEncodeError):
        return True
    return isinstance(error, OverflowError) and "SQLite" in str(error)
