"""A row of a sign-in sheet may tell several stays; what was said of a layout is kept; a file can be undone. Frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-29T04:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "parts of imported rows, layouts that were pointed at, files undone"

STATEMENTS = (
    'ALTER TABLE "tb_import_answer" ADD COLUMN "part" INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE "tb_import_answer" ADD COLUMN "made" INTEGER NOT NULL DEFAULT 0',
    "DROP INDEX tb_import_answer_once",
    'CREATE UNIQUE INDEX tb_import_answer_once ON "tb_import_answer" ("file", "sheet", "row_number", "part")',
    'ALTER TABLE "tb_import" ADD COLUMN "undone_at" TIMESTAMPTZ',
    """CREATE TABLE "tb_layout" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL,
        "fingerprint" VARCHAR(64) NOT NULL,
        "answers" TEXT NOT NULL,
        "answered_by" VARCHAR(16) NOT NULL DEFAULT '',
        "answered_at" TIMESTAMPTZ NOT NULL,
        UNIQUE ("community", "fingerprint")
    )""",
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def change() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(change)
    return manager
