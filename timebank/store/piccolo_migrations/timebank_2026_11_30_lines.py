"""The audit log can be read by what its lines are about: the history of one line of the lists; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import run_sql

ID = "2026-11-30T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the audit log by object"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def create() -> None:
        await run_sql(['CREATE INDEX tb_audit_object ON "tb_audit" ("object", "number")'])

    manager.add_raw(create)
    return manager
