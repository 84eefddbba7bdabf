"""A log for each community, with the digests of the rows that it tells of, heads of their own, and what of it was published. Frozen SQL.

Lines that stand already stay as they are, with their numbers and hashes: they are the installation's own chain, named "", which goes
on. A community's chain begins with a line that names the head of that one (`store/audit.py`).
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql
from timebank.store.piccolo_migrations.timebank_2026_11_22_initial import AUDIT_IS_APPEND_ONLY

ID = "2026-12-05T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a log for each community"

_LINE = """(
        "id" INTEGER PRIMARY KEY NOT NULL,
        "chain" VARCHAR(20) NOT NULL DEFAULT '',
        "number" BIGINT NOT NULL,
        "at" TIMESTAMPTZ NOT NULL,
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "actor" VARCHAR(16) NOT NULL DEFAULT '',
        "acting_for" VARCHAR(16) NOT NULL DEFAULT '',
        "action" VARCHAR(40) NOT NULL DEFAULT '',
        "object" VARCHAR(80) NOT NULL DEFAULT '',
        "reason" VARCHAR(120) NOT NULL DEFAULT '',
        "form" INTEGER NOT NULL DEFAULT 1,
        "held" TEXT NOT NULL DEFAULT '',
        "prev_hash" VARCHAR(64) NOT NULL DEFAULT '',
        "hash" VARCHAR(64) NOT NULL DEFAULT '',
        UNIQUE ("chain", "number")
    )"""
_OLD = '"id", "number", "at", "community", "actor", "acting_for", "action", "object", "reason", "prev_hash", "hash"'

# SQLite cannot take a UNIQUE off a column: the table is written anew, with its guards.
CHAINS = {
    "sqlite": (
        f'CREATE TABLE "tb_audit_new" {_LINE}',
        f'INSERT INTO "tb_audit_new" ({_OLD}) SELECT {_OLD} FROM "tb_audit" ORDER BY "id"',
        'DROP TABLE "tb_audit"',
        'ALTER TABLE "tb_audit_new" RENAME TO "tb_audit"',
        *AUDIT_IS_APPEND_ONLY["sqlite"],
    ),
    "postgres": (
        'ALTER TABLE "tb_audit" DROP CONSTRAINT "tb_audit_number_key"',
        'ALTER TABLE "tb_audit" ADD COLUMN "chain" VARCHAR(20) NOT NULL DEFAULT \'\'',
        'ALTER TABLE "tb_audit" ADD COLUMN "form" INTEGER NOT NULL DEFAULT 1',
        'ALTER TABLE "tb_audit" ADD COLUMN "held" TEXT NOT NULL DEFAULT \'\'',
        'ALTER TABLE "tb_audit" ADD CONSTRAINT "tb_audit_chain_number" UNIQUE ("chain", "number")',
        # Lines are given their ids: behind those that stand here, however they came.
        'SELECT setval(\'tb_audit_id_seq\', (SELECT COALESCE(MAX("id"), 0) + 1 FROM "tb_audit"), false)',
        'DROP INDEX IF EXISTS "tb_audit_community"',
        'DROP INDEX IF EXISTS "tb_audit_object"',
    ),
}
TABLES = (
    'CREATE INDEX "tb_audit_community" ON "tb_audit" ("community", "id")',
    'CREATE INDEX "tb_audit_object" ON "tb_audit" ("object", "id")',
    """CREATE TABLE "tb_audit_head" (
        "id" {id},
        "chain" VARCHAR(20) UNIQUE NOT NULL,
        "number" BIGINT NOT NULL,
        "hash" VARCHAR(64) NOT NULL
    )""",
    'INSERT INTO "tb_audit_head" ("chain", "number", "hash") VALUES'
    " ('', COALESCE((SELECT MAX(\"number\") FROM \"tb_audit\"), 0),"
    ' COALESCE((SELECT "hash" FROM "tb_audit" ORDER BY "number" DESC LIMIT 1), \'' + "0" * 64 + "'))",
    """CREATE TABLE "tb_publication" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code") ON DELETE RESTRICT ON UPDATE RESTRICT,
        "month" VARCHAR(7) NOT NULL,
        "text" TEXT NOT NULL,
        "made_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE INDEX "tb_publication_month" ON "tb_publication" ("community", "month")',
    *(f'ALTER TABLE "{table}" ADD COLUMN "salt" VARCHAR(16) NOT NULL DEFAULT \'\'' for table in ("tb_person", "tb_phone", "tb_age")),
)  # fmt: skip
SALTED = {
    "sqlite": "lower(hex(randomblob(8)))",
    "postgres": "substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)",
}
PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def make() -> None:
        dialect = current_dialect()
        await run_sql(CHAINS[dialect])
        await run_sql(statement.replace("{id}", PRIMARY_KEY[dialect]) for statement in TABLES)
        await run_sql(f'UPDATE "{table}" SET "salt" = {SALTED[dialect]}' for table in ("tb_person", "tb_phone", "tb_age"))  # fmt: skip

    manager.add_raw(make)
    return manager
