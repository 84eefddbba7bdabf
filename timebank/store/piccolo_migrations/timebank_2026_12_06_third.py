"""A batch of paper passbooks that is too large for two people waits for a third. Frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import run_sql

ID = "2026-12-06T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a third person for large openings"

COLUMNS = (
    "\"second_seen\" VARCHAR(64) NOT NULL DEFAULT ''",
    "\"third_by\" VARCHAR(16) NOT NULL DEFAULT ''",
    '"third_at" TIMESTAMPTZ',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def widen() -> None:
        await run_sql([f'ALTER TABLE "tb_opening" ADD COLUMN {one}' for one in COLUMNS])

    manager.add_raw(widen)
    return manager
