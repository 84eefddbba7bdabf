"""News says more of what became of it, people say when and how they want it, and calendars are shown to programs. Frozen SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-01T11:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "receipts, slips, questions, hours and calendar addresses of news"

STATEMENTS = (
    'ALTER TABLE "tb_news" ADD COLUMN "carried_at" TIMESTAMPTZ',
    'ALTER TABLE "tb_news" ADD COLUMN "received_at" TIMESTAMPTZ',
    'ALTER TABLE "tb_news" ADD COLUMN "ask_at" TIMESTAMPTZ',
    """ALTER TABLE "tb_news" ADD COLUMN "looked_by" VARCHAR(16) NOT NULL DEFAULT ''""",
    'ALTER TABLE "tb_news" ADD COLUMN "looked_at" TIMESTAMPTZ',
    'CREATE INDEX tb_news_about ON "tb_news" ("about")',
    'ALTER TABLE "tb_reach" ADD COLUMN "from_hour" INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE "tb_reach" ADD COLUMN "until_hour" INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE "tb_reach" ADD COLUMN "stopped_at" TIMESTAMPTZ',
    """CREATE TABLE "tb_feed" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "hash" VARCHAR(64) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "kind" VARCHAR(8) NOT NULL,
        "of" VARCHAR(16) NOT NULL,
        "made_at" TIMESTAMPTZ NOT NULL,
        "ended_at" TIMESTAMPTZ,
        "asked_at" TIMESTAMPTZ,
        "asked" INTEGER NOT NULL DEFAULT 0
    )""",
    'CREATE INDEX tb_feed_member ON "tb_feed" ("member")',
    """CREATE TABLE "tb_feed_entry" (
        "id" {id},
        "subject" VARCHAR(30) NOT NULL,
        "uid" VARCHAR(40) NOT NULL,
        "starts_at" TIMESTAMPTZ NOT NULL,
        "ends_at" TIMESTAMPTZ NOT NULL,
        "place" VARCHAR(120) NOT NULL DEFAULT '',
        "status" VARCHAR(10) NOT NULL,
        "sequence" INTEGER NOT NULL DEFAULT 0,
        "changed_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE UNIQUE INDEX tb_feed_entry_of ON "tb_feed_entry" ("subject", "uid")',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(move)
    return manager
