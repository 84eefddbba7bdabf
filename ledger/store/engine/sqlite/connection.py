"""SQLite connections as the engine wants them: WAL, FULL, foreign keys, nothing deleted left readable.

Plain blocking functions over `sqlite3`; the modules beside this one decide which thread calls them.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Importing Piccolo's engine registers its adapters and converters with sqlite3: dates, UUIDs, booleans, arrays.
import piccolo.engine.sqlite  # noqa: F401

from ledger.store.engine.errors import CannotOpen, CommitFailed, DiskFull, EngineError
from ledger.store.engine.interface import Row, distinct

# RETURNING, which Piccolo's inserts and our own use.
VERSION_MIN = (3, 35, 0)


def open_pair(path: str, *, wait_s: float) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """The writer and the reader for short reads; both or none. Raises CannotOpen."""
    writer = open_writer(path, wait_s=wait_s)
    try:
        # The short reader runs on the event loop and must not wait there.
        return writer, open_reader(path, wait_s=0)
    except sqlite3.Error as error:
        writer.close()
        raise CannotOpen(database=path, reason=error) from error


def open_writer(path: str, *, wait_s: float) -> sqlite3.Connection:
    """The one connection that writes; makes the file (readable by its owner only) and switches it to WAL.

    Raises:
        CannotOpen: no such directory, not a database, a file system without WAL, or busy for `wait_s`.
    """
    if sqlite3.sqlite_version_info < VERSION_MIN:
        raise CannotOpen(database=path, reason=f"SQLite {sqlite3.sqlite_version} is older than 3.35")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = _connect(path, wait_s=wait_s)
    except (OSError, sqlite3.Error) as error:
        raise CannotOpen(database=path, reason=error) from error
    try:
        # Of a new file only. Keys are ordered by hash, so a post changes pages all over, and every changed page is written whole.
        connection.execute("PRAGMA page_size = 2048")
        _use_wal(connection, path, wait_s=wait_s)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        # The writer moves the WAL into the file by count of rows; this is for rows of uncommon size.
        connection.execute("PRAGMA wal_autocheckpoint = 10000")
        # Keys are ordered by hash: a large book's index is touched everywhere, and what fits here is not read again.
        connection.execute("PRAGMA cache_size = -65536")
        # From here on the wait for the lock is ours (`begin`), so that it can be given up when the engine closes.
        connection.execute("PRAGMA busy_timeout = 0")
    except sqlite3.Error as error:
        connection.close()
        raise CannotOpen(database=path, reason=error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: str, *, wait_s: float) -> sqlite3.Connection:
    """A connection that cannot write."""
    connection = _connect(path, wait_s=wait_s)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect(path: str, *, wait_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=wait_s,
        isolation_level=None,
        check_same_thread=False,  # the writer's COMMIT runs in its thread; never two at a time
        detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
        cached_statements=512,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # REPLACE deletes the rows in its way; with this it asks the triggers first.
    connection.execute("PRAGMA recursive_triggers = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _use_wal(connection: sqlite3.Connection, path: str, *, wait_s: float) -> None:
    """Switch to WAL. SQLite does not wait for this lock by itself when another process switches too."""
    give_up_at = time.monotonic() + wait_s
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
            continue
        if mode != "wal":
            raise CannotOpen(database=path, reason=f"the file system allows journal mode {mode} only")
        return


def run(connection: sqlite3.Connection, sql: str, args: Sequence[Any]) -> list[Row]:
    """The rows of one statement as dictionaries."""
    names, rows = run_tuples(connection, sql, args)
    if len(set(names)) != len(names):
        names = list(distinct(tuple(names)))
    return [dict(zip(names, row, strict=True)) for row in rows]


def run_tuples(
    connection: sqlite3.Connection, sql: str, args: Sequence[Any]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The names of the columns, [] when there are no rows, and the rows of one statement."""
    cursor = connection.execute(sql, args)
    try:
        rows = cursor.fetchall()
    except BaseException:
        cursor.close()  # a value that cannot be converted must not leave the statement running
        raise
    return ([column[0] for column in cursor.description] if rows else []), rows


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection stands in the way for now."""
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_read_only(error: sqlite3.Error) -> bool:
    """Whether a reader was asked to write."""
    return _primary_code(error) == sqlite3.SQLITE_READONLY


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def storage_failure(error: BaseException) -> EngineError | None:
    """The typed error for a disk that is full or fails; None for any other cause."""
    if isinstance(error, sqlite3.Error):
        if _primary_code(error) == sqlite3.SQLITE_FULL:
            return DiskFull(reason=error)
        if _primary_code(error) == sqlite3.SQLITE_IOERR:
            return CommitFailed(reason=error)
    return None


def commit_failure(error: BaseException) -> EngineError:
    """The typed error for a COMMIT that raised."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull(reason=error)
    return storage_failure(error) or CommitFailed(reason=error)


def rewrite(path: str, *, wait_s: float) -> None:
    """VACUUM and an empty WAL: rows that were deleted are in neither file any more.

    Raises:
        DiskFull, CommitFailed: the file could not be written anew, or others kept it busy; it is as it was.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=wait_s)
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise commit_failure(error) from error
    finally:
        connection.close()


def copy_to(source_path: str, target: Path, *, wait_s: float) -> None:
    """Write a checked copy of the live database to `target`, in one step and replacing it in one step.

    Raises:
        DiskFull, CommitFailed: the copy could not be written; `target` is as it was.
    """
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=".unfinished")
        os.close(handle)
    except OSError as error:
        raise commit_failure(error) from error
    unfinished = Path(name)
    try:
        _copy_checked(source_path, unfinished, wait_s=wait_s)
        _flush(unfinished)
        os.replace(unfinished, target)
        _flush(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise commit_failure(error) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _copy_checked(source_path: str, target: Path, *, wait_s: float) -> None:
    source = open_reader(source_path, wait_s=wait_s)
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        source.backup(copy)
        # A copy that is one file, with no -wal beside it, can be moved and kept safely.
        copy.execute("PRAGMA journal_mode = DELETE")
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        copy.close()
        source.close()
    if verdict != "ok":
        raise CommitFailed(reason=verdict)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
