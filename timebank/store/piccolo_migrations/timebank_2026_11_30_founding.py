"""A place that has nobody in charge on purpose; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import run_sql

ID = "2026-11-30T01:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "places without anybody in charge, on purpose"

STATEMENTS = (
    'ALTER TABLE "tb_area" ADD COLUMN "uncared_on" DATE',
    'ALTER TABLE "tb_area" ADD COLUMN "uncared_by" VARCHAR(16) NOT NULL DEFAULT \'\'',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def change() -> None:
        await run_sql(STATEMENTS)

    manager.add_raw(change)
    return manager
