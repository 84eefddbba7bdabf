"""People who ask to join, and changes of a record that take two people; frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-29T04:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "people who ask to join, and changes of a record by two people"

STATEMENTS = (
    """CREATE TABLE "tb_applicant" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "name" VARCHAR(60) NOT NULL DEFAULT '',
        "phone" VARCHAR(60) NOT NULL DEFAULT '',
        "age" VARCHAR(30) NOT NULL DEFAULT '',
        "area" VARCHAR(40) REFERENCES "tb_area" ("code"),
        "says" VARCHAR(200) NOT NULL DEFAULT '',
        "asks" BOOLEAN NOT NULL DEFAULT false,
        "gives" BOOLEAN NOT NULL DEFAULT false,
        "fingerprint" VARCHAR(64) NOT NULL,
        "applied_at" TIMESTAMPTZ NOT NULL,
        "answer" VARCHAR(10) NOT NULL DEFAULT '',
        "answered_by" VARCHAR(16) NOT NULL DEFAULT '',
        "answered_at" TIMESTAMPTZ,
        "member" VARCHAR(16) REFERENCES "tb_member" ("uid")
    )""",
    'CREATE INDEX tb_applicant_waiting ON "tb_applicant" ("community", "answer", "id")',
    'CREATE INDEX tb_applicant_again ON "tb_applicant" ("community", "fingerprint")',
    """CREATE TABLE "tb_record_change" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "kind" VARCHAR(10) NOT NULL,
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "other" VARCHAR(16) REFERENCES "tb_member" ("uid"),
        "on_date" DATE NOT NULL,
        "state" VARCHAR(10) NOT NULL,
        "entered_by" VARCHAR(16) NOT NULL,
        "entered_at" TIMESTAMPTZ NOT NULL,
        "second_by" VARCHAR(16) NOT NULL DEFAULT '',
        "second_at" TIMESTAMPTZ,
        "kept" TEXT NOT NULL DEFAULT '{}'
    )""",
    'CREATE INDEX tb_record_change_waiting ON "tb_record_change" ("community", "state", "id")',
    'CREATE INDEX tb_record_change_of ON "tb_record_change" ("member")',
    'CREATE INDEX tb_record_change_other ON "tb_record_change" ("other")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def create() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(create)
    return manager
