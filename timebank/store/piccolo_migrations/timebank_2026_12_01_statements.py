"""What was said about a part is kept as said, statement by statement; the part's row is what they leave. Frozen SQL.

What stood in the columns becomes the statements that would have led to it. Who left unsaid by whom: "".
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-12-01T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "statements about parts"

TABLES = (
    'ALTER TABLE "tb_service" ADD COLUMN "off" VARCHAR(8)',
    'ALTER TABLE "tb_service" ADD COLUMN "moved_to" VARCHAR(16) NOT NULL DEFAULT \'\'',
    *(
        f'ALTER TABLE "tb_attendance" ADD COLUMN "{name}" TIMESTAMPTZ'
        for name in (
            "reminded_at", "sure_at", "on_way_at", "swap_at", "decided_at", "rests_until", "said_not_at", "wrong_at",
            "posted_at",
        )
    ),
    *(f'ALTER TABLE "tb_attendance" ADD COLUMN "{name}" INTEGER' for name in ("minutes_confirmed", "minutes_before")),
    'ALTER TABLE "tb_attendance" ADD COLUMN "own_said" VARCHAR(10) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_attendance" ADD COLUMN "ended_as" VARCHAR(14) NOT NULL DEFAULT \'\'',
    'ALTER TABLE "tb_attendance" ADD COLUMN "reversed_uid" VARCHAR(40) NOT NULL DEFAULT \'\'',
    """CREATE TABLE "tb_statement" (
        "id" {id},
        "uid" VARCHAR(20) UNIQUE NOT NULL,
        "part" VARCHAR(16) NOT NULL,
        "service" VARCHAR(16) NOT NULL,
        "what" VARCHAR(14) NOT NULL,
        "by" VARCHAR(16) NOT NULL DEFAULT '',
        "acting_for" VARCHAR(16) NOT NULL DEFAULT '',
        "said_at" TIMESTAMPTZ NOT NULL,
        "at" TIMESTAMPTZ,
        "minutes" INTEGER,
        "evidence" VARCHAR(12),
        "note" TEXT NOT NULL DEFAULT '',
        "closing" VARCHAR(20) NOT NULL DEFAULT '',
        "retracts" VARCHAR(20) NOT NULL DEFAULT '',
        "transfer_uid" VARCHAR(40) NOT NULL DEFAULT '',
        "policy_version" VARCHAR(30) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_statement_part ON "tb_statement" ("part", "id")',
    'CREATE INDEX tb_statement_service ON "tb_statement" ("service", "id")',
    'CREATE INDEX tb_attendance_resting ON "tb_attendance" ("rests_until") WHERE "state" = \'confirmed\'',
)  # fmt: skip


def _told(mark: str, what: str, by: str, said_at: str, where: str, **columns: str) -> str:
    """One statement for each part that fits `where`, in the order of the parts."""
    more = "".join(f', "{name}"' for name in columns)
    values = "".join(f", {value}" for value in columns.values())
    return (
        f'INSERT INTO "tb_statement" ("uid", "part", "service", "what", "by", "said_at"{more})'
        f' SELECT \'{mark}\' || a."uid", a."uid", a."service", \'{what}\', {by}, {said_at}{values}'
        f' FROM "tb_attendance" a WHERE {where} ORDER BY a."id"'
    )


_LAST = 'COALESCE(a."checked_out_at", a."checked_in_at", a."signed_up_at")'
_WORD = 'COALESCE(a."confirmed_at", ' + _LAST + ")"
_OFF = '(SELECT s."state" FROM "tb_service" s WHERE s."uid" = a."service") = \'cancelled\''
_TAKEN_BACK = "a.\"state\" = 'disputed' AND a.\"transfer_uid\" <> ''"
MOVED = (
    'UPDATE "tb_service" SET "off" = \'date\' WHERE "state" = \'cancelled\''
    ' AND NOT EXISTS (SELECT 1 FROM "tb_attendance" a WHERE a."service" = "tb_service"."uid" AND a."state" = \'no_show\')',
    _told(
        "1", "arrival", 'a."checked_in_by"', 'a."checked_in_at"', 'a."checked_in_at" IS NOT NULL',
        at='a."checked_in_at"', evidence='NULLIF(a."evidence", \'\')',
    ),
    _told("2", "leaving", "''", 'a."checked_out_at"', 'a."checked_out_at" IS NOT NULL', at='a."checked_out_at"'),
    _told(
        "3", "word", 'a."confirmed_by"', _WORD, "a.\"state\" IN ('posted', 'confirmed')",
        minutes='a."minutes_served"',
    ),
    _told(
        "4", "posted", "''", _WORD, f"a.\"state\" = 'posted' OR ({_TAKEN_BACK})", minutes='a."minutes_credited"',
        transfer_uid='a."transfer_uid"', policy_version='a."policy_version"',
    ),
    _told("5", "reversed", "''", _LAST, _TAKEN_BACK, note='a."note"'),
    _told("6", "wrong", "''", _LAST, "a.\"state\" = 'disputed' AND a.\"transfer_uid\" = ''", note='a."note"'),
    _told("7", "absent", "''", _LAST, "a.\"state\" = 'no_show'", note='a."note"'),
    _told("8", "off", "''", _LAST, f"a.\"state\" = 'cancelled' AND {_OFF}", note='a."note"'),
    _told("9", "cannot", "''", _LAST, f"a.\"state\" = 'cancelled' AND NOT {_OFF}", note='a."note"'),
    'UPDATE "tb_attendance" SET "posted_at" = COALESCE("confirmed_at", "checked_out_at", "signed_up_at"),'
    ' "decided_at" = "confirmed_at", "minutes_confirmed" = "minutes_served" WHERE "state" = \'posted\'',
    'UPDATE "tb_attendance" SET "wrong_at" = COALESCE("checked_out_at", "checked_in_at", "signed_up_at")'
    " WHERE \"state\" = 'disputed'",
    'UPDATE "tb_attendance" SET "minutes_before" = 0, "reversed_uid" = "transfer_uid", "transfer_uid" = \'\' WHERE "state" = \'disputed\' AND "transfer_uid" <> \'\'',
    'UPDATE "tb_attendance" SET "ended_as" = (SELECT t."what" FROM "tb_statement" t WHERE t."part" = "tb_attendance"."uid"'
    " AND t.\"what\" IN ('absent', 'off', 'cannot')) WHERE \"state\" IN ('no_show', 'cancelled')",
)  # fmt: skip

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        key = PRIMARY_KEY[current_dialect()]
        await run_sql([*(statement.replace("{id}", key) for statement in TABLES), *MOVED])

    manager.add_raw(move)
    return manager
