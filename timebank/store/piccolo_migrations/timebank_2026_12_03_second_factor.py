"""A second factor for staff, what a sign-in opens by how it came about, and an end for acting for somebody. Frozen SQL.

Whoever has a password signs in anew, with their telephone; every other sign-in goes on as one that no longer opens an office.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-03T11:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "second factor"

STEPS = (
    """CREATE TABLE "tb_second_factor" (
        "id" {id},
        "member" VARCHAR(16) UNIQUE NOT NULL REFERENCES "tb_member" ("uid"),
        "nonce" VARCHAR(64) NOT NULL,
        "last_step" BIGINT NOT NULL,
        "made_at" TIMESTAMPTZ NOT NULL,
        "asked_by" VARCHAR(16) NOT NULL DEFAULT '',
        "asked_via" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE "tb_recovery_code" (
        "id" {id},
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "hash" VARCHAR(64) UNIQUE NOT NULL
    )""",
    'CREATE INDEX tb_recovery_code_member ON "tb_recovery_code" ("member")',
    'ALTER TABLE "tb_session" ADD COLUMN "enrolling" VARCHAR(64) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_session" ADD COLUMN "acting_until" TIMESTAMPTZ',
    'DELETE FROM "tb_session" WHERE "level" = \'full\' AND "member" IN (SELECT "member" FROM "tb_password")',
    'UPDATE "tb_session" SET "acting_for" = NULL WHERE "level" = \'full\'',
    'UPDATE "tb_session" SET "level" = \'member\' WHERE "level" = \'full\'',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql([statement.replace("{id}", key) for statement in STEPS])

    manager.add_raw(move)
    return manager
