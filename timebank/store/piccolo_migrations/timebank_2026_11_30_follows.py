"""Offers that go on from a relationship are found without reading all of them; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import run_sql

ID = "2026-11-30T07:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "an index for renewals"

# Every end of a relationship asks which offers follow it: a death of somebody with two thousand patients asked two
# thousand times, each time reading the whole table. The search for terms that have passed reads the table once a day
# (13 ms for 70,000 rows), so it has no index of its own.
STATEMENTS = (
    'CREATE INDEX tb_relationship_follows ON "tb_relationship" ("follows") WHERE "follows" IS NOT NULL',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def create() -> None:
        await run_sql(STATEMENTS)

    manager.add_raw(create)
    return manager
