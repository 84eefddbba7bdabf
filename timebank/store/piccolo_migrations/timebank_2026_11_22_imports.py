"""Files the office brought in, and what it did with their rows; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-22T02:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "imported files and the desk's answers"

STATEMENTS = (
    """CREATE TABLE "tb_import" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "fingerprint" VARCHAR(64) NOT NULL DEFAULT '',
        "name" VARCHAR(160) NOT NULL DEFAULT '',
        "filed_on" DATE NOT NULL,
        "tables" TEXT NOT NULL DEFAULT '[]',
        "changes" INTEGER NOT NULL DEFAULT 0,
        "made_by" VARCHAR(16) NOT NULL DEFAULT '',
        "made_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE UNIQUE INDEX tb_import_once ON "tb_import" ("community", "fingerprint")',
    """CREATE TABLE "tb_import_answer" (
        "id" {id},
        "file" VARCHAR(16) NOT NULL DEFAULT '',
        "sheet" VARCHAR(80) NOT NULL DEFAULT '',
        "row_number" INTEGER NOT NULL DEFAULT 0,
        "target" VARCHAR(64) NOT NULL DEFAULT '',
        "answer" VARCHAR(12) NOT NULL DEFAULT '',
        "answered_by" VARCHAR(16) NOT NULL DEFAULT '',
        "answered_at" TIMESTAMPTZ
    )""",
    'CREATE UNIQUE INDEX tb_import_answer_once ON "tb_import_answer" ("file", "sheet", "row_number")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def create() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(create)
    return manager
