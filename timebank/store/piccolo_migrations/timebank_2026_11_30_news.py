"""News is carried: what waits, what was handed over and who was told are told apart. Frozen SQL.

What stood in the outbox and nobody had carried waits for the desk's telephone; what was ticked off was told.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-30T08:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "news with its way, its attempts and its end"

STATEMENTS = (
    """CREATE TABLE "tb_news" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "member" VARCHAR(16) NOT NULL,
        "matter_of" VARCHAR(16) NOT NULL DEFAULT '',
        "kind" VARCHAR(40) NOT NULL,
        "about" VARCHAR(60) NOT NULL DEFAULT '',
        "key" VARCHAR(140) UNIQUE NOT NULL,
        "known" TEXT NOT NULL DEFAULT '{}',
        "state" VARCHAR(10) NOT NULL,
        "ways" VARCHAR(30) NOT NULL DEFAULT '',
        "tries" INTEGER NOT NULL DEFAULT 0,
        "misses" INTEGER NOT NULL DEFAULT 0,
        "made_at" TIMESTAMPTZ NOT NULL,
        "next_at" TIMESTAMPTZ NOT NULL,
        "too_late_at" TIMESTAMPTZ,
        "lease_until" TIMESTAMPTZ,
        "told_at" TIMESTAMPTZ
    )""",
    'CREATE INDEX tb_news_due ON "tb_news" ("state", "next_at")',
    'CREATE INDEX tb_news_sheet ON "tb_news" ("community", "state", "kind")',
    'CREATE INDEX tb_news_of ON "tb_news" ("member", "about")',
    """CREATE TABLE "tb_news_try" (
        "id" {id},
        "news" VARCHAR(16) NOT NULL,
        "way" VARCHAR(10) NOT NULL,
        "outcome" VARCHAR(12) NOT NULL,
        "at" TIMESTAMPTZ NOT NULL,
        "by" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_news_try_of ON "tb_news_try" ("news")',
    """CREATE TABLE "tb_reach" (
        "id" {id},
        "member" VARCHAR(16) UNIQUE NOT NULL REFERENCES "tb_member" ("uid"),
        "ways" VARCHAR(30) NOT NULL DEFAULT '',
        "mail" VARCHAR(120) NOT NULL DEFAULT '',
        "said_by" VARCHAR(16) NOT NULL DEFAULT '',
        "said_at" TIMESTAMPTZ NOT NULL
    )""",
    """INSERT INTO "tb_news" ("uid", "community", "member", "kind", "key", "known", "state", "ways", "made_at", "next_at", "told_at")
        SELECT "uid", "community", "member", "kind", "uid", "known",
            CASE WHEN "sent_at" IS NOT NULL THEN 'told'
                 WHEN "kind" IN ('help_confirmed', 'hours_spent', 'hours_posted', 'hours_given', 'away_recorded',
                                 'code_issued')
                 THEN 'own_page' ELSE 'call' END,
            CASE WHEN "sent_at" IS NULL THEN 'call' ELSE '' END,
            "made_at", "made_at", "sent_at"
        FROM "tb_outbox" ORDER BY id""",
    'DROP TABLE "tb_outbox"',
)

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql(statement.replace("{id}", key) for statement in STATEMENTS)

    manager.add_raw(move)
    return manager
