"""Tries are counted before they are judged and fade with time; no guess uses up a code any more. Frozen SQL.

Counts of the old way, which never faded, are dropped: whoever was kept out by them may try again.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-03T09:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "throttles that fade"

TABLES = (
    'DROP TABLE "tb_throttle"',
    """CREATE TABLE "tb_throttle" (
        "id" {id},
        "key" VARCHAR(80) UNIQUE NOT NULL,
        "tries" INTEGER NOT NULL DEFAULT 0,
        "counted_at" TIMESTAMPTZ NOT NULL,
        "until_at" TIMESTAMPTZ NOT NULL
    )""",
    """CREATE TABLE "tb_known_source" (
        "id" {id},
        "hash" VARCHAR(40) UNIQUE NOT NULL,
        "until_at" TIMESTAMPTZ NOT NULL
    )""",
    'ALTER TABLE "tb_sign_in_code" DROP COLUMN "tries_left"',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql([statement.replace("{id}", key) for statement in TABLES])

    manager.add_raw(move)
    return manager
