"""Who read whose private card, when and what for; frozen SQL. Readings of before stand in the audit log."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-03T05:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "readings of private cards"

TABLES = (
    """CREATE TABLE "tb_card_reading" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "reader" VARCHAR(16) NOT NULL,
        "as_what" VARCHAR(8) NOT NULL,
        "why" VARCHAR(8) NOT NULL,
        "on_date" DATE NOT NULL,
        "first_at" TIMESTAMPTZ NOT NULL,
        "last_at" TIMESTAMPTZ NOT NULL,
        "times" INTEGER NOT NULL DEFAULT 1,
        UNIQUE ("member", "reader", "why", "on_date")
    )""",
    'CREATE INDEX tb_card_reading_reader ON "tb_card_reading" ("reader", "on_date")',
    'CREATE INDEX tb_card_reading_day ON "tb_card_reading" ("community", "on_date")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def create() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql([statement.replace("{id}", key) for statement in TABLES])

    manager.add_raw(create)
    return manager
