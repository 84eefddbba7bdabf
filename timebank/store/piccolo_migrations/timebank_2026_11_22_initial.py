"""The app's first tables, as frozen SQL: later changes of `tables.py` get migrations of their own."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-22T02:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "members, services, sessions, audit, outbox"

STATEMENTS = (
    """CREATE TABLE "tb_setting" (
        "id" {id},
        "key" VARCHAR(60) UNIQUE NOT NULL DEFAULT '',
        "value" TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE "tb_community" (
        "id" {id},
        "code" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
        "name" VARCHAR(80) NOT NULL DEFAULT '',
        "name_en" VARCHAR(80) NOT NULL DEFAULT '',
        "phone" VARCHAR(40) NOT NULL DEFAULT '',
        "address" VARCHAR(120) NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE "tb_area" (
        "id" {id},
        "code" VARCHAR(40) UNIQUE NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "kind" VARCHAR(20) NOT NULL DEFAULT '',
        "name" VARCHAR(80) NOT NULL DEFAULT '',
        "parent" VARCHAR(40) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_area_community ON "tb_area" ("community")',
    """CREATE TABLE "tb_member" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "number" VARCHAR(8) NOT NULL DEFAULT '',
        "area" VARCHAR(40) NOT NULL DEFAULT '',
        "account" VARCHAR(60) NOT NULL DEFAULT '',
        "minor" BOOLEAN NOT NULL DEFAULT false,
        "guardian_consent" BOOLEAN NOT NULL DEFAULT false,
        "lang" VARCHAR(8) NOT NULL DEFAULT '',
        "size" VARCHAR(12) NOT NULL DEFAULT '',
        "skills" TEXT NOT NULL DEFAULT '',
        "status" VARCHAR(12) NOT NULL DEFAULT 'active',
        "line_key" VARCHAR(64) NOT NULL DEFAULT '',
        "created_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE INDEX tb_member_community ON "tb_member" ("community")',
    'CREATE INDEX tb_member_line_key ON "tb_member" ("line_key")',
    """CREATE TABLE "tb_person" (
        "id" {id},
        "member" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "name" VARCHAR(60) NOT NULL DEFAULT '',
        "called" VARCHAR(30) NOT NULL DEFAULT '',
        "phone" VARCHAR(24) NOT NULL DEFAULT '',
        "phone_written" VARCHAR(40) NOT NULL DEFAULT '',
        "address" VARCHAR(120) NOT NULL DEFAULT '',
        "identity" VARCHAR(60) NOT NULL DEFAULT '',
        "health_note" TEXT NOT NULL DEFAULT '',
        "wishes" TEXT NOT NULL DEFAULT '',
        "born_on" DATE
    )""",
    'CREATE INDEX tb_person_phone ON "tb_person" ("phone")',
    """CREATE TABLE "tb_role" (
        "id" {id},
        "member" VARCHAR(16) NOT NULL DEFAULT '',
        "role" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_role_member ON "tb_role" ("member")',
    """CREATE TABLE "tb_team" (
        "id" {id},
        "code" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "name" VARCHAR(80) NOT NULL DEFAULT '',
        "kind" VARCHAR(20) NOT NULL DEFAULT '',
        "leader" VARCHAR(16) NOT NULL DEFAULT '',
        "deputy" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_team_community ON "tb_team" ("community")',
    """CREATE TABLE "tb_membership" (
        "id" {id},
        "team" VARCHAR(20) NOT NULL DEFAULT '',
        "member" VARCHAR(16) NOT NULL DEFAULT '',
        "since_on" DATE NOT NULL DEFAULT CURRENT_DATE
    )""",
    'CREATE INDEX tb_membership_team ON "tb_membership" ("team")',
    'CREATE INDEX tb_membership_member ON "tb_membership" ("member")',
    """CREATE TABLE "tb_unit" (
        "id" {id},
        "code" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "name" VARCHAR(80) NOT NULL DEFAULT '',
        "kind" VARCHAR(30) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_unit_community ON "tb_unit" ("community")',
    """CREATE TABLE "tb_unit_contact" (
        "id" {id},
        "unit" VARCHAR(20) NOT NULL DEFAULT '',
        "member" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_unit_contact_unit ON "tb_unit_contact" ("unit")',
    'CREATE INDEX tb_unit_contact_member ON "tb_unit_contact" ("member")',
    """CREATE TABLE "tb_mandate" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "elder" VARCHAR(16) NOT NULL DEFAULT '',
        "proxy" VARCHAR(16) NOT NULL DEFAULT '',
        "scope" VARCHAR(40) NOT NULL DEFAULT 'requests',
        "relation" VARCHAR(30) NOT NULL DEFAULT '',
        "recorded_by" VARCHAR(16) NOT NULL DEFAULT '',
        "recorded_at" TIMESTAMPTZ NOT NULL,
        "until_on" DATE,
        "revoked_at" TIMESTAMPTZ
    )""",
    'CREATE INDEX tb_mandate_elder ON "tb_mandate" ("elder")',
    'CREATE INDEX tb_mandate_proxy ON "tb_mandate" ("proxy")',
    """CREATE TABLE "tb_password" (
        "id" {id},
        "member" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "login" VARCHAR(40) UNIQUE NOT NULL DEFAULT '',
        "hash" TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE "tb_sign_in_code" (
        "id" {id},
        "hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
        "member" VARCHAR(16) NOT NULL DEFAULT '',
        "acting_for" VARCHAR(16) NOT NULL DEFAULT '',
        "kind" VARCHAR(8) NOT NULL DEFAULT '',
        "uses_left" INTEGER NOT NULL DEFAULT 1,
        "tries_left" INTEGER NOT NULL DEFAULT 5,
        "expires_at" TIMESTAMPTZ NOT NULL,
        "made_by" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_sign_in_code_member ON "tb_sign_in_code" ("member")',
    """CREATE TABLE "tb_session" (
        "id" {id},
        "hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
        "member" VARCHAR(16) NOT NULL DEFAULT '',
        "acting_for" VARCHAR(16) NOT NULL DEFAULT '',
        "level" VARCHAR(8) NOT NULL DEFAULT 'full',
        "created_at" TIMESTAMPTZ NOT NULL,
        "seen_at" TIMESTAMPTZ NOT NULL,
        "idle_minutes" INTEGER NOT NULL DEFAULT 0,
        "expires_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE INDEX tb_session_member ON "tb_session" ("member")',
    """CREATE TABLE "tb_throttle" (
        "id" {id},
        "key" VARCHAR(80) UNIQUE NOT NULL DEFAULT '',
        "tries" INTEGER NOT NULL DEFAULT 0,
        "until_at" TIMESTAMPTZ NOT NULL
    )""",
    """CREATE TABLE "tb_service" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "kind" VARCHAR(8) NOT NULL DEFAULT '',
        "title" VARCHAR(120) NOT NULL DEFAULT '',
        "category" VARCHAR(40) NOT NULL DEFAULT '',
        "need_key" VARCHAR(80) NOT NULL DEFAULT '',
        "recipient" VARCHAR(16) NOT NULL DEFAULT '',
        "team" VARCHAR(20) NOT NULL DEFAULT '',
        "unit" VARCHAR(20) NOT NULL DEFAULT '',
        "lead" VARCHAR(16) NOT NULL DEFAULT '',
        "place" VARCHAR(120) NOT NULL DEFAULT '',
        "place_exact" VARCHAR(160) NOT NULL DEFAULT '',
        "note_private" TEXT NOT NULL DEFAULT '',
        "starts_at" TIMESTAMPTZ NOT NULL,
        "ends_at" TIMESTAMPTZ NOT NULL,
        "capacity" INTEGER NOT NULL DEFAULT 1,
        "payer" VARCHAR(12) NOT NULL DEFAULT 'institution',
        "hold_uid" VARCHAR(40) NOT NULL DEFAULT '',
        "state" VARCHAR(12) NOT NULL DEFAULT 'planned',
        "reasons" TEXT NOT NULL DEFAULT '[]',
        "created_by" VARCHAR(16) NOT NULL DEFAULT '',
        "created_at" TIMESTAMPTZ NOT NULL
    )""",
    'CREATE INDEX tb_service_community ON "tb_service" ("community")',
    'CREATE INDEX tb_service_need_key ON "tb_service" ("need_key")',
    'CREATE INDEX tb_service_recipient ON "tb_service" ("recipient")',
    'CREATE INDEX tb_service_team ON "tb_service" ("team")',
    'CREATE INDEX tb_service_starts_at ON "tb_service" ("starts_at")',
    """CREATE TABLE "tb_attendance" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "service" VARCHAR(16) NOT NULL DEFAULT '',
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
    'CREATE INDEX tb_attendance_service ON "tb_attendance" ("service")',
    'CREATE INDEX tb_attendance_member ON "tb_attendance" ("member")',
    """CREATE TABLE "tb_request_key" (
        "id" {id},
        "key" VARCHAR(255) NOT NULL DEFAULT '',
        "actor" VARCHAR(16) NOT NULL DEFAULT '',
        "fingerprint" VARCHAR(64) NOT NULL DEFAULT '',
        "status" INTEGER NOT NULL DEFAULT 0,
        "body" TEXT NOT NULL DEFAULT '',
        "made_at" TIMESTAMPTZ NOT NULL
    )""",
    """CREATE TABLE "tb_outbox" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "member" VARCHAR(16) NOT NULL DEFAULT '',
        "kind" VARCHAR(30) NOT NULL DEFAULT '',
        "known" TEXT NOT NULL DEFAULT '{}',
        "made_at" TIMESTAMPTZ NOT NULL,
        "sent_at" TIMESTAMPTZ,
        "tries" INTEGER NOT NULL DEFAULT 0
    )""",
    'CREATE INDEX tb_outbox_community ON "tb_outbox" ("community")',
    """CREATE TABLE "tb_audit" (
        "id" {id},
        "number" INTEGER UNIQUE NOT NULL DEFAULT 0,
        "at" TIMESTAMPTZ NOT NULL,
        "community" VARCHAR(20) NOT NULL DEFAULT '',
        "actor" VARCHAR(16) NOT NULL DEFAULT '',
        "acting_for" VARCHAR(16) NOT NULL DEFAULT '',
        "action" VARCHAR(40) NOT NULL DEFAULT '',
        "object" VARCHAR(80) NOT NULL DEFAULT '',
        "reason" VARCHAR(120) NOT NULL DEFAULT '',
        "prev_hash" VARCHAR(64) NOT NULL DEFAULT '',
        "hash" VARCHAR(64) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_audit_community ON "tb_audit" ("community")',
    'CREATE UNIQUE INDEX tb_role_once ON "tb_role" ("member", "role")',
    'CREATE UNIQUE INDEX tb_membership_once ON "tb_membership" ("team", "member")',
    'CREATE UNIQUE INDEX tb_unit_contact_once ON "tb_unit_contact" ("unit", "member")',
    'CREATE UNIQUE INDEX tb_attendance_once ON "tb_attendance" ("service", "member")',
    'CREATE UNIQUE INDEX tb_request_key_once ON "tb_request_key" ("key", "actor")',
)

AUDIT_IS_APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER tb_audit_no_update BEFORE UPDATE ON tb_audit
        BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END""",
        """CREATE TRIGGER tb_audit_no_delete BEFORE DELETE ON tb_audit
        BEGIN SELECT RAISE(ABORT, 'audit lines are never removed'); END""",
    ),
    "postgres": (
        """CREATE FUNCTION tb_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'audit lines are never changed or removed'; END $$""",
        """CREATE TRIGGER tb_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tb_audit
        FOR EACH STATEMENT EXECUTE FUNCTION tb_audit_is_append_only()""",
    ),
}

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def create() -> None:
        dialect = current_dialect()
        statements = (*STATEMENTS, *AUDIT_IS_APPEND_ONLY[dialect])
        await run_sql(statement.replace("{id}", PRIMARY_KEY[dialect]) for statement in statements)

    manager.add_raw(create)
    return manager
