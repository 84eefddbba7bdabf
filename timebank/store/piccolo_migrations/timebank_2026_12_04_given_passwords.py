"""A password that somebody else made up is good for some days only. Frozen SQL; those that are in use already stay good."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import run_sql

ID = "2026-12-04T09:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "given passwords lapse"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        await run_sql(['ALTER TABLE "tb_password" ADD COLUMN "given_until" TIMESTAMPTZ'])

    manager.add_raw(move)
    return manager
