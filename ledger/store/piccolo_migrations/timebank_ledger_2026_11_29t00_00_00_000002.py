"""Version 2: no frozen row can be replaced either, and on PostgreSQL everything is written through functions.

SQLite's REPLACE deletes the rows in its way without firing a DELETE trigger, unless a connection asks for that. So a row
whose keys are taken is now refused before it is inserted, whoever's connection it is, and the counters that say which keys are
taken (a book's last seq, an account's version) only grow. On PostgreSQL the functions of `ledger.store.functions` run with the
rights of the tables' owner: a role that may read the tables and execute the functions can append to a book, and change nothing.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store import functions
from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-29T00:00:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "The hour ledger, version 2: guards against REPLACE, and functions that write"

RARE_INDEX = (
    "CREATE INDEX ledger_transfer_rare ON ledger_transfer (book_id, seq) "
    "WHERE kind IN ('open', 'close', 'reopen', 'limits', 'clock')"
)
"""What changes an account's lifetime or bounds, or the clock: found without reading the journal."""

TAKEN = {
    "ledger_transfer": "NEW.seq <= (SELECT seq FROM ledger_book WHERE id = NEW.book_id) "
    "OR EXISTS (SELECT 1 FROM ledger_transfer WHERE book_id = NEW.book_id AND uid = NEW.uid) "
    "OR (NEW.hold_uid IS NOT NULL AND EXISTS "
    "(SELECT 1 FROM ledger_transfer WHERE book_id = NEW.book_id AND hold_uid = NEW.hold_uid)) "
    "OR (NEW.reverses_uid IS NOT NULL AND EXISTS "
    "(SELECT 1 FROM ledger_transfer WHERE book_id = NEW.book_id AND reverses_uid = NEW.reverses_uid))",
    "ledger_posting": "NEW.seq <= (SELECT seq FROM ledger_book WHERE id = NEW.book_id) "
    "OR NEW.version <= (SELECT version FROM ledger_account WHERE book_id = NEW.book_id AND number = NEW.account)",
    "ledger_rejection": "EXISTS (SELECT 1 FROM ledger_rejection WHERE book_id = NEW.book_id AND uid = NEW.uid)",
    "ledger_period": "EXISTS (SELECT 1 FROM ledger_period WHERE book_id = NEW.book_id AND month = NEW.month)",
    "ledger_seal": "EXISTS (SELECT 1 FROM ledger_seal WHERE book_id = NEW.book_id AND sealed_on = NEW.sealed_on)",
    "ledger_hold": "EXISTS (SELECT 1 FROM ledger_hold WHERE book_id = NEW.book_id AND uid = NEW.uid)",
    "ledger_account": "EXISTS (SELECT 1 FROM ledger_account WHERE book_id = NEW.book_id AND "
    "(number = NEW.number OR (code = NEW.code AND commodity = NEW.commodity)))",
}
"""SQLite: when a new row would push an older one out of its table."""

BACKWARDS = {
    "ledger_book": ("seq", "NEW.seq < OLD.seq"),
    "ledger_account": ("version", "NEW.version < OLD.version"),
    "ledger_hold": ("state", "OLD.state <> 'pending'"),
}
"""What only moves forwards: the column, and when it does not."""

WITHOUT_KEYS = (
    "ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_book_id_fkey",
    "ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_book_id_seq_fkey",
    "ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_book_id_account_fkey",
)
"""PostgreSQL looks at each foreign key of each row, half of the cost of a post; `ledger_post` looks once for all of a group."""

KEPT = ("ledger_book", "ledger_account", "ledger_hold", "ledger_commodity")
"""Tables whose rows change but are never deleted."""

REFUSE = "SELECT RAISE(ABORT, 'rows of the ledger never change')"


def sqlite_guards() -> list[str]:
    """The triggers that this version adds on SQLite."""
    made = [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {REFUSE}; END"
        for table, taken in TAKEN.items()
    ]
    # A conflict with the book's code is decided by ON CONFLICT DO NOTHING; REPLACE would find entries that refer to the row.
    made.append(
        "CREATE TRIGGER ledger_book_no_replace BEFORE INSERT ON ledger_book "
        f"WHEN EXISTS (SELECT 1 FROM ledger_book WHERE id = NEW.id) BEGIN {REFUSE}; END"
    )
    made += [
        f"CREATE TRIGGER {table}_forwards BEFORE UPDATE OF {column} ON {table} WHEN {when} BEGIN {REFUSE}; END"
        for table, (column, when) in BACKWARDS.items()
    ]
    made += [
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {REFUSE}; END" for table in KEPT
    ]
    return made


def postgres_guards() -> list[str]:
    """The triggers that this version adds on PostgreSQL."""
    made = [
        f"CREATE TRIGGER {table}_forwards BEFORE UPDATE OF {column} ON {table} FOR EACH ROW WHEN ({when}) "
        "EXECUTE FUNCTION ledger_refuse_change()"
        for table, (column, when) in BACKWARDS.items()
    ]
    for table in KEPT:
        made += [
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION ledger_refuse_change()",
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()",
        ]
    return made


async def forwards() -> MigrationManager:
    """The manager Piccolo runs."""
    manager = MigrationManager(migration_id=ID, app_name="timebank_ledger", description=DESCRIPTION)

    async def create() -> None:
        guards = (
            sqlite_guards()
            if current_dialect() == "sqlite"
            else [*WITHOUT_KEYS, *postgres_guards(), *functions.statements()]
        )
        await run_sql([RARE_INDEX, *guards])

    manager.add_raw(create)
    return manager
