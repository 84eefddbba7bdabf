"""Hours brought forward from paper passbooks; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-30T04:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "hours brought forward from paper passbooks"

STATEMENTS = (
    """CREATE TABLE "tb_opening" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "kind" VARCHAR(8) NOT NULL,
        "note" VARCHAR(200) NOT NULL DEFAULT '',
        "state" VARCHAR(10) NOT NULL,
        "entered_by" VARCHAR(16) NOT NULL,
        "entered_at" TIMESTAMPTZ NOT NULL,
        "second_by" VARCHAR(16) NOT NULL DEFAULT '',
        "second_at" TIMESTAMPTZ
    )""",
    'CREATE INDEX tb_opening_of ON "tb_opening" ("community", "state", "id")',
    """CREATE TABLE "tb_opening_line" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "opening" VARCHAR(16) NOT NULL REFERENCES "tb_opening" ("uid"),
        "member" VARCHAR(16) REFERENCES "tb_member" ("uid"),
        "written" VARCHAR(60) NOT NULL DEFAULT '',
        "minutes" INTEGER NOT NULL CHECK ("minutes" > 0),
        "book" VARCHAR(40) NOT NULL DEFAULT '',
        "said_on" DATE,
        "note" VARCHAR(200) NOT NULL DEFAULT '',
        "entered_by" VARCHAR(16) NOT NULL,
        "entered_at" TIMESTAMPTZ NOT NULL,
        "open_key" VARCHAR(80) UNIQUE,
        "transfer" VARCHAR(32) NOT NULL DEFAULT '',
        "back" VARCHAR(16) REFERENCES "tb_opening" ("uid")
    )""",
    'CREATE INDEX tb_opening_line_of ON "tb_opening_line" ("opening", "id")',
    'CREATE INDEX tb_opening_line_member ON "tb_opening_line" ("member")',
    'CREATE INDEX tb_opening_line_back ON "tb_opening_line" ("back")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def create() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(create)
    return manager
