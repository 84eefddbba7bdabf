"""Version 4: on SQLite a new account is held against its own keys alone, however many accounts the book has.

The guard against REPLACE asked for either key in one condition, for which SQLite walks through all accounts of the book: a
millisecond for each new member of a community of ten thousand. Asked one after the other, each key is found by its index.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-30T00:00:00:000004"
VERSION = "1.38.0"
DESCRIPTION = "The hour ledger, version 4: a cheaper guard of new accounts on SQLite"

ACCOUNT_GUARD = (
    "CREATE TRIGGER ledger_account_no_replace BEFORE INSERT ON ledger_account WHEN "
    "EXISTS (SELECT 1 FROM ledger_account WHERE book_id = NEW.book_id AND number = NEW.number) "
    "OR EXISTS (SELECT 1 FROM ledger_account WHERE book_id = NEW.book_id AND code = NEW.code AND commodity = NEW.commodity) "
    "BEGIN SELECT RAISE(ABORT, 'rows of the ledger never change'); END"
)


async def forwards() -> MigrationManager:
    """The manager Piccolo runs."""
    manager = MigrationManager(migration_id=ID, app_name="timebank_ledger", description=DESCRIPTION)

    async def create() -> None:
        if current_dialect() == "sqlite":
            await run_sql(["DROP TRIGGER ledger_account_no_replace", ACCOUNT_GUARD])

    manager.add_raw(create)
    return manager
