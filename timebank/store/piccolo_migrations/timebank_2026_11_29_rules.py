"""What a service's own rule needs on record: whether it was free, and which local day each minute counted for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_engine

ID = "2026-11-29T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "free services and counted minutes by day"

STATEMENTS = (
    'ALTER TABLE "tb_service" ADD COLUMN "free" BOOLEAN NOT NULL DEFAULT {yes}',
    """ALTER TABLE "tb_attendance" ADD COLUMN "counted" TEXT NOT NULL DEFAULT '[]'""",
)

YES = {"sqlite": "1", "postgres": "TRUE"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def add() -> None:
        engine = current_engine()
        for statement in STATEMENTS:
            await engine.execute(statement.replace("{yes}", YES[engine.dialect]))

    manager.add_raw(add)
    return manager
