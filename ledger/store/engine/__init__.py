"""A durable database engine for Piccolo: what it acknowledges is on disk.

The idea: SQLite is quick; what is slow is a thread per statement and a flush per caller. So one writer runs short units of
work one after another on the event loop, each in its own savepoint, and one COMMIT in a thread stores the whole group; each
caller is told only after it. Readers never wait for the writer. PostgreSQL keeps the same promises over a pool.

    engine = open_engine("sqlite:///office.db")
    async with engine, engine.atomic():
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (?, ?)", (1, 60))
        await Band.insert(Band(name="…"))          # any Piccolo table bound with `bind(engine, Band)`
"""

from ledger.store.engine.errors import (
    BackupRefused,
    CannotOpen,
    CannotPrepare,
    CommitFailed,
    CommitUncertain,
    DatabaseInUse,
    DiskFull,
    EngineError,
    EngineNotOpen,
    EngineOnAnotherLoop,
    NotInsideUnit,
    NotInUnit,
    ReadOnly,
    SerializationConflict,
    StatementRefused,
    UnitAborted,
    UnitBelongsToAnotherTask,
    UnitFinished,
    UnitLost,
    UnitTooLong,
    UnsupportedUrl,
    WriterBusy,
)
from ledger.store.engine.interface import DurableEngine, Isolation, LongRead, Row, UnitOfWork
from ledger.store.engine.observing import Changed, Observer, Watched
from ledger.store.engine.opening import bind, open_engine
from ledger.store.engine.postgres.engine import PostgresEngine
from ledger.store.engine.prepared import Prepared, prepared
from ledger.store.engine.sqlite.engine import SQLiteEngine
from ledger.store.engine.sqlite.pace import GroupLimits
from ledger.store.engine.unit import Savepoint, Unit

__all__ = [
    "BackupRefused",
    "CannotOpen",
    "CannotPrepare",
    "Changed",
    "CommitFailed",
    "CommitUncertain",
    "DatabaseInUse",
    "DiskFull",
    "DurableEngine",
    "EngineError",
    "EngineNotOpen",
    "EngineOnAnotherLoop",
    "GroupLimits",
    "Isolation",
    "LongRead",
    "NotInUnit",
    "NotInsideUnit",
    "Observer",
    "PostgresEngine",
    "Prepared",
    "ReadOnly",
    "Row",
    "SQLiteEngine",
    "Savepoint",
    "SerializationConflict",
    "StatementRefused",
    "Unit",
    "UnitAborted",
    "UnitBelongsToAnotherTask",
    "UnitFinished",
    "UnitLost",
    "UnitOfWork",
    "UnitTooLong",
    "UnsupportedUrl",
    "Watched",
    "WriterBusy",
    "bind",
    "open_engine",
    "prepared",
]
