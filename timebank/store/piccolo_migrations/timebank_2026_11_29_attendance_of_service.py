"""An attendance belongs to a service that is there: a foreign key, as frozen SQL.

SQLite adds no key to a table that stands, so the table is made anew with the same rows.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-29T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "attendances point at their service"

COLUMNS = (
    "id, uid, service, member, state, signed_up_at, checked_in_at, checked_out_at, evidence, checked_in_by, confirmed_by, "
    "confirmed_at, minutes_served, minutes_credited, policy_version, transfer_uid, cuts, note"
)

STATEMENTS = {
    "sqlite": (
        """CREATE TABLE "tb_attendance_new" (
            "id" INTEGER PRIMARY KEY NOT NULL,
            "uid" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
            "service" VARCHAR(16) NOT NULL REFERENCES "tb_service" ("uid"),
            "member" VARCHAR(16) NOT NULL DEFAULT '',
            "state" VARCHAR(12) NOT NULL DEFAULT 'signed_up',
            "signed_up_at" TIMESTAMPTZ NOT NULL,
            "checked_in_at" TIMESTAMPTZ,
            "checked_out_at" TIMESTAMPTZ,
            "evidence" VARCHAR(12) NOT NULL DEFAULT '',
            "checked_in_by" VARCHAR(16) NOT NULL DEFAULT '',
            "confirmed_by" VARCHAR(16) NOT NULL DEFAULT '',
            "confirmed_at" TIMESTAMPTZ,
            "minutes_served" INTEGER NOT NULL DEFAULT 0,
            "minutes_credited" INTEGER NOT NULL DEFAULT 0,
            "policy_version" VARCHAR(30) NOT NULL DEFAULT '',
            "transfer_uid" VARCHAR(40) NOT NULL DEFAULT '',
            "cuts" TEXT NOT NULL DEFAULT '[]',
            "note" TEXT NOT NULL DEFAULT ''
        )""",
        f"INSERT INTO tb_attendance_new ({COLUMNS}) SELECT {COLUMNS} FROM tb_attendance",
        "DROP TABLE tb_attendance",
        "ALTER TABLE tb_attendance_new RENAME TO tb_attendance",
        'CREATE INDEX tb_attendance_service ON "tb_attendance" ("service")',
        'CREATE INDEX tb_attendance_member ON "tb_attendance" ("member")',
        'CREATE UNIQUE INDEX tb_attendance_once ON "tb_attendance" ("service", "member")',
    ),
    "postgres": (
        "ALTER TABLE tb_attendance ALTER COLUMN service DROP DEFAULT",
        "ALTER TABLE tb_attendance ADD CONSTRAINT tb_attendance_of_service FOREIGN KEY (service) REFERENCES tb_service (uid)",
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def point_at_services() -> None:
        await run_sql(STATEMENTS[current_dialect()])

    manager.add_raw(point_at_services)
    return manager
