"""Patterns in hours that are worth a look, and the telephone behind a way in that several people use. Frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-04T14:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "flags of the radar"

TABLES = (
    """CREATE TABLE "tb_flag" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code") ON DELETE RESTRICT ON UPDATE RESTRICT,
        "rule" VARCHAR(12) NOT NULL,
        "parts" TEXT NOT NULL,
        "figures" TEXT NOT NULL,
        "state" VARCHAR(10) NOT NULL,
        "seen_at" TIMESTAMPTZ NOT NULL,
        "looked_by" VARCHAR(16) NOT NULL DEFAULT '',
        "looked_at" TIMESTAMPTZ,
        "says" TEXT NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX "tb_flag_community" ON "tb_flag" ("community")',
    """CREATE TABLE "tb_flag_person" (
        "id" {id},
        "flag" VARCHAR(16) NOT NULL,
        "member" VARCHAR(16) NOT NULL
    )""",
    'CREATE INDEX "tb_flag_person_flag" ON "tb_flag_person" ("flag")',
    'CREATE INDEX "tb_flag_person_member" ON "tb_flag_person" ("member")',
    """ALTER TABLE "tb_way_in" ADD COLUMN "device" VARCHAR(16) NOT NULL DEFAULT ''""",
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def make() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql([statement.replace("{id}", key) for statement in TABLES])

    manager.add_raw(make)
    return manager
