"""Version 4: lines that are over, activities and projects that pause, and what a kind of help asks of the helper.

Frozen: a later change is a later migration. The SQL is the same for SQLite and PostgreSQL but for the row number.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-30T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Lines that are over, and requirements, version 4"

ROW_NUMBER = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
    "postgres": "SERIAL PRIMARY KEY NOT NULL",
}

STATEMENTS = (
    *(
        f"ALTER TABLE {table} ADD COLUMN stage VARCHAR(10) NOT NULL DEFAULT 'open' CHECK (stage IN ('open', 'closed'))"
        for table in ("mp_activity", "mp_project")
    ),
    *(
        f"ALTER TABLE {table} ADD COLUMN ended_on VARCHAR(10) NOT NULL DEFAULT ''"
        for table in ("mp_need", "mp_resource", "mp_activity", "mp_project")
    ),
    """CREATE TABLE mp_requirement (
        id {id},
        community VARCHAR(20) NOT NULL,
        subject VARCHAR(64) NOT NULL,
        document TEXT NOT NULL,
        changed_at VARCHAR(27) NOT NULL,
        UNIQUE (community, subject)
    )""",
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
