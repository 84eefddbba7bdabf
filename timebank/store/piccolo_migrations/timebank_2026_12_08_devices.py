"""A sign-in says what it was opened on, in a word, so that its owner can tell one from another. Frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import run_sql

ID = "2026-12-08T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a word for the device of a sign-in"

COLUMN = ("""ALTER TABLE "tb_session" ADD COLUMN "device" VARCHAR(8) NOT NULL DEFAULT ''""",)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def name_devices() -> None:
        await run_sql(COLUMN)

    manager.add_raw(name_devices)
    return manager
