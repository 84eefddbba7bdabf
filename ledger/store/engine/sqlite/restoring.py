"""A copy put in the place of a database, with nobody else at it: a server that had it open would go on writing into a file that is gone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.store.engine.errors import DatabaseInUse
from ledger.store.engine.sqlite.connection import commit_failure, is_busy


def restore_into(copy: Path, target: Path) -> None:
    """Write what `copy` holds into `target`, in one transaction; a new file is its owner's alone.

    The file itself stays, so whoever opens it at this very moment waits, and then reads what was restored.

    Raises:
        DatabaseInUse: a server or another program has it open; nothing was changed.
        DiskFull, CommitFailed: it could not be written; `target` is as it was.
    """
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT, 0o600))
        with (
            alone_with(target) as connection,
            closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as source,
        ):
            # A copy's pages may be of another size, which a database with a WAL does not take.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA secure_delete = ON")
            source.backup(connection)
    except (sqlite3.Error, OSError) as error:
        raise commit_failure(error) from error


@contextmanager
def alone_with(path: Path) -> Iterator[sqlite3.Connection]:
    """The only connection to a database while the block runs.

    Every open connection of a database with a WAL holds a lock that is given back when it closes; taking all of it says
    that there is none, on this machine.

    Raises:
        DatabaseInUse.
    """
    connection = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if is_busy(error):
                raise DatabaseInUse(database=path) from error
            raise  # damaged, for one
        yield connection
    finally:
        connection.close()
