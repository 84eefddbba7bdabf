"""The card on the fridge opens an address of its own, devices of the office stand as kiosks, and text messages come in. Frozen SQL.

Sign-ins that printed cards made end; the cards themselves stay.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-01T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "cards, kiosks and text messages that come in"

STATEMENTS = (
    """DELETE FROM "tb_session" WHERE "level" = 'card'""",
    """CREATE TABLE "tb_kiosk" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "hash" VARCHAR(64) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "name" VARCHAR(40) NOT NULL,
        "made_by" VARCHAR(16) NOT NULL,
        "made_at" TIMESTAMPTZ NOT NULL
    )""",
    """CREATE TABLE "tb_text" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "gateway_id" VARCHAR(80) UNIQUE NOT NULL,
        "sender" VARCHAR(40) NOT NULL,
        "member" VARCHAR(16) NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "words" TEXT NOT NULL DEFAULT '',
        "act" VARCHAR(16) NOT NULL,
        "deed" VARCHAR(20) NOT NULL DEFAULT '',
        "about" VARCHAR(60) NOT NULL DEFAULT '',
        "choices" TEXT NOT NULL DEFAULT '[]',
        "came_at" TIMESTAMPTZ NOT NULL,
        "undone_at" TIMESTAMPTZ
    )""",
    'CREATE INDEX tb_text_of ON "tb_text" ("member", "came_at")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(move)
    return manager
