"""Forms that forgive: pages that answer a press, and forms kept while their sign-in had ended; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-01T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "drafts and kept forms"

STATEMENTS = (
    """CREATE TABLE "tb_draft" (
        "id" {id},
        "hash" VARCHAR(64) UNIQUE NOT NULL,
        "owner" VARCHAR(64) NOT NULL,
        "status" INTEGER NOT NULL,
        "html" TEXT NOT NULL,
        "once" BOOLEAN NOT NULL DEFAULT false,
        "until_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE INDEX tb_draft_owner ON "tb_draft" ("owner")',
    'CREATE INDEX tb_draft_until ON "tb_draft" ("until_at")',
    """CREATE TABLE "tb_kept_form" (
        "id" {id},
        "hash" VARCHAR(64) UNIQUE NOT NULL,
        "member" VARCHAR(16) REFERENCES "tb_member" ("uid"),
        "acting_for" VARCHAR(16) REFERENCES "tb_member" ("uid"),
        "path" VARCHAR(300) NOT NULL,
        "page" VARCHAR(300) NOT NULL DEFAULT '',
        "body" TEXT NOT NULL,
        "device" VARCHAR(80) NOT NULL DEFAULT '',
        "until_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE INDEX tb_kept_form_of ON "tb_kept_form" ("member")',
    'CREATE INDEX tb_kept_form_until ON "tb_kept_form" ("until_at")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def make() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(make)
    return manager
