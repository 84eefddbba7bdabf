"""Two hands: by which way each statement was said and who the speaker was to it, why a part waits, how well it is vouched for. Frozen SQL.

Every way in that stands already was given by nobody, as far as anybody can tell: passwords and open sign-ins keep what
they could do. Hours in the book carry the grade E, "before there were two".
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-02T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "two hands"

TABLES = (
    """CREATE TABLE "tb_way_in" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "member" VARCHAR(16) NOT NULL,
        "community" VARCHAR(40) NOT NULL,
        "hash" VARCHAR(64) UNIQUE,
        "made_by" VARCHAR(16) NOT NULL,
        "made_via" VARCHAR(16) NOT NULL DEFAULT '',
        "made_at" TIMESTAMPTZ NOT NULL,
        "known_by" VARCHAR(16) NOT NULL DEFAULT '',
        "known_via" VARCHAR(16) NOT NULL DEFAULT '',
        "known_at" TIMESTAMPTZ
    )""",
    'CREATE INDEX tb_way_in_member ON "tb_way_in" ("member")',
    'CREATE INDEX tb_way_in_community ON "tb_way_in" ("community")',
    """CREATE TABLE "tb_hand_use" (
        "id" {id},
        "part" VARCHAR(16) NOT NULL,
        "community" VARCHAR(40) NOT NULL,
        "key" VARCHAR(60) NOT NULL,
        "on_date" DATE NOT NULL,
        "minutes" INTEGER NOT NULL
    )""",
    'CREATE INDEX tb_hand_use_part ON "tb_hand_use" ("part")',
    'CREATE INDEX tb_hand_use_key ON "tb_hand_use" ("community", "key", "on_date")',
    'ALTER TABLE "tb_password" ADD COLUMN "way" VARCHAR(16) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_sign_in_code" ADD COLUMN "made_via" VARCHAR(16) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_session" ADD COLUMN "way" VARCHAR(16) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_statement" ADD COLUMN "via" VARCHAR(16) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_statement" ADD COLUMN "standing" VARCHAR(8)',
    'ALTER TABLE "tb_attendance" ADD COLUMN "waits" VARCHAR(12) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_attendance" ADD COLUMN "grade" VARCHAR(1) NOT NULL DEFAULT \'\'',
    'UPDATE "tb_attendance" SET "grade" = \'E\' WHERE "state" = \'posted\'',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql([statement.replace("{id}", key) for statement in TABLES])

    manager.add_raw(move)
    return manager
