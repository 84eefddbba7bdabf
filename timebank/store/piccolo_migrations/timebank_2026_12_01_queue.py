"""Presses made without a network and sent later; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-01T12:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "presses that were queued on a phone"

STATEMENTS = (
    """CREATE TABLE "tb_queued_press" (
        "id" {id},
        "press" VARCHAR(40) UNIQUE NOT NULL,
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "op" VARCHAR(10) NOT NULL,
        "service" VARCHAR(16) NOT NULL,
        "part" VARCHAR(40) NOT NULL DEFAULT '',
        "body" TEXT NOT NULL DEFAULT '{}',
        "said_ms" BIGINT NOT NULL,
        "happened_at" TIMESTAMPTZ NOT NULL,
        "doubt" VARCHAR(16) NOT NULL,
        "receipt" VARCHAR(20) NOT NULL,
        "state" VARCHAR(8) NOT NULL,
        "zh" TEXT NOT NULL DEFAULT '',
        "en" TEXT NOT NULL DEFAULT '',
        "received_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE INDEX tb_queued_press_member ON "tb_queued_press" ("member")',
    'CREATE INDEX tb_queued_press_service ON "tb_queued_press" ("service")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def make() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(make)
    return manager
