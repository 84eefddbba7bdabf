"""Version 3: a row of a sign-in sheet may tell several stays, each with a verdict of its own.

Frozen: a later change is a later migration. SQLite cannot change a UNIQUE, so the table is made anew on both databases and
filled from the old one.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-29T00:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Parts of imported rows, version 3"

ROW_NUMBER = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
    "postgres": "SERIAL PRIMARY KEY NOT NULL",
}

STATEMENTS = (
    "ALTER TABLE mp_import_row RENAME TO mp_import_row_before",
    """CREATE TABLE mp_import_row (
        id {id},
        community VARCHAR(20) NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        sheet TEXT NOT NULL,
        row_number INTEGER NOT NULL,
        part INTEGER NOT NULL,
        kind VARCHAR(20) NOT NULL,
        verdict VARCHAR(12) NOT NULL,
        line_key VARCHAR(64) NOT NULL,
        reasons TEXT NOT NULL,
        cells TEXT NOT NULL,
        UNIQUE (community, fingerprint, sheet, row_number, part)
    )""",
    """INSERT INTO mp_import_row (community, fingerprint, sheet, row_number, part, kind, verdict, line_key, reasons, cells)
        SELECT community, fingerprint, sheet, row_number, 0, kind, verdict, line_key, reasons, cells
        FROM mp_import_row_before ORDER BY id""",
    "DROP TABLE mp_import_row_before",
)


async def forwards() -> MigrationManager:
    """The manager Piccolo runs: one raw function that runs the statements on the engine the tables are bound to."""
    manager = MigrationManager(migration_id=ID, app_name="timebank_marketplace", description=DESCRIPTION)

    async def change() -> None:
        from marketplace.store.tables import MarketNeed

        engine = MarketNeed._meta.db
        for statement in STATEMENTS:
            await MarketNeed.raw(statement.format(id=ROW_NUMBER[engine.engine_type]))

    manager.add_raw(change)
    return manager
