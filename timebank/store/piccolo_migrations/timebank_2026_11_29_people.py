"""People, places and relationships in their final shape; the tables before them go, with everything they held.

Statements are frozen SQL. What needs thinking (name keys, relationships out of five tables) is read, worked out by
`moving` beside this file, and written in the same transaction.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.engine import DurableEngine
from ledger.store.migrate import current_engine
from timebank.store.piccolo_migrations.moving_people import (
    count_on,
    emptied,
    insert,
    members_named,
    moved_rows,
    read_old,
)

ID = "2026-11-29T02:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "areas, organisations, people and relationships"

# Nothing of the old schema refers to these tables, so they can go once they have been read.
GONE = (
    "tb_community", "tb_area", "tb_member", "tb_person", "tb_role", "tb_team", "tb_membership", "tb_unit",
    "tb_unit_contact", "tb_mandate",
)  # fmt: skip

PLACES = (
    """CREATE TABLE "tb_area" (
        "id" {id},
        "code" VARCHAR(40) UNIQUE NOT NULL,
        "kind" VARCHAR(20) NOT NULL,
        "name" VARCHAR(80) NOT NULL,
        "parent" VARCHAR(40) REFERENCES "tb_area" ("code"),
        "path" VARCHAR(160) {bytewise} UNIQUE NOT NULL,
        "community" VARCHAR(20),
        "since_on" DATE,
        "until_on" DATE,
        "x" DOUBLE PRECISION,
        "y" DOUBLE PRECISION
    )""",
    'CREATE INDEX tb_area_parent_is ON "tb_area" ("parent")',
    'CREATE INDEX tb_area_of_community ON "tb_area" ("community", "kind")',
    """CREATE TABLE "tb_community" (
        "id" {id},
        "code" VARCHAR(20) UNIQUE NOT NULL,
        "area" VARCHAR(40) UNIQUE NOT NULL REFERENCES "tb_area" ("code"),
        "name" VARCHAR(80) NOT NULL,
        "name_en" VARCHAR(80) NOT NULL DEFAULT '',
        "phone" VARCHAR(40) NOT NULL DEFAULT '',
        "address" VARCHAR(120) NOT NULL DEFAULT '',
        "opens" VARCHAR(120) NOT NULL DEFAULT '',
        "page_text" TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE "tb_area_parent" (
        "id" {id},
        "area" VARCHAR(40) NOT NULL REFERENCES "tb_area" ("code"),
        "parent" VARCHAR(40) REFERENCES "tb_area" ("code"),
        "since_on" DATE NOT NULL,
        UNIQUE ("area", "since_on")
    )""",
    """CREATE TABLE "tb_way" (
        "id" {id},
        "area_a" VARCHAR(40) NOT NULL REFERENCES "tb_area" ("code"),
        "area_b" VARCHAR(40) NOT NULL REFERENCES "tb_area" ("code"),
        "minutes" INTEGER NOT NULL,
        UNIQUE ("area_a", "area_b")
    )""",
    """CREATE TABLE "tb_organisation" (
        "id" {id},
        "code" VARCHAR(20) UNIQUE NOT NULL,
        "community" VARCHAR(20) REFERENCES "tb_community" ("code"),
        "kind" VARCHAR(20) NOT NULL,
        "subkind" VARCHAR(40) NOT NULL DEFAULT '',
        "name" VARCHAR(80) NOT NULL,
        "name_key" VARCHAR(80) NOT NULL,
        "brand" VARCHAR(80) NOT NULL DEFAULT '',
        "parent" VARCHAR(20) REFERENCES "tb_organisation" ("code"),
        "path" VARCHAR(160) {bytewise} UNIQUE NOT NULL,
        "area" VARCHAR(40) REFERENCES "tb_area" ("code"),
        "opens" VARCHAR(120) NOT NULL DEFAULT '',
        "phone" VARCHAR(40) NOT NULL DEFAULT '',
        "address" VARCHAR(120) NOT NULL DEFAULT '',
        "since_on" DATE,
        "until_on" DATE
    )""",
    'CREATE INDEX tb_organisation_named ON "tb_organisation" ("community", "kind", "name_key")',
    'CREATE INDEX tb_organisation_parent_is ON "tb_organisation" ("parent")',
    'CREATE INDEX tb_organisation_in_area ON "tb_organisation" ("area")',
    """CREATE TABLE "tb_organisation_name" (
        "id" {id},
        "organisation" VARCHAR(20) NOT NULL REFERENCES "tb_organisation" ("code"),
        "name" VARCHAR(80) NOT NULL,
        "name_key" VARCHAR(80) NOT NULL,
        UNIQUE ("organisation", "name_key")
    )""",
    'CREATE INDEX tb_organisation_name_key ON "tb_organisation_name" ("name_key")',
    """CREATE TABLE "tb_founding_skip" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "step" VARCHAR(20) NOT NULL,
        "skipped_by" VARCHAR(16) NOT NULL,
        "skipped_at" TIMESTAMPTZ NOT NULL,
        "why" VARCHAR(200) NOT NULL,
        UNIQUE ("community", "step")
    )""",
)

PEOPLE = (
    """CREATE TABLE "tb_household" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "area" VARCHAR(40) REFERENCES "tb_area" ("code")
    )""",
    'CREATE INDEX tb_household_of_community ON "tb_household" ("community")',
    """CREATE TABLE "tb_member" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "number" VARCHAR(8),
        "area" VARCHAR(40) NOT NULL REFERENCES "tb_area" ("code"),
        "household" VARCHAR(16) REFERENCES "tb_household" ("uid"),
        "account" VARCHAR(60) UNIQUE NOT NULL,
        "life" VARCHAR(8) NOT NULL DEFAULT 'active',
        "life_since_on" DATE NOT NULL,
        "joined_to" VARCHAR(16) REFERENCES "tb_member" ("uid"),
        "lang" VARCHAR(8) NOT NULL DEFAULT '',
        "size" VARCHAR(12) NOT NULL DEFAULT '',
        "created_at" TIMESTAMPTZ NOT NULL,
        UNIQUE ("community", "number")
    )""",
    'CREATE INDEX tb_member_in_area ON "tb_member" ("area")',
    'CREATE INDEX tb_member_of_household ON "tb_member" ("household")',
    'CREATE INDEX tb_member_joined_to ON "tb_member" ("joined_to")',
    'CREATE INDEX tb_member_living ON "tb_member" ("community", "life", "uid")',
    """CREATE TABLE "tb_person" (
        "id" {id},
        "member" VARCHAR(16) UNIQUE NOT NULL REFERENCES "tb_member" ("uid"),
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "name" VARCHAR(60) NOT NULL DEFAULT '',
        "name_key" VARCHAR(60) NOT NULL DEFAULT '',
        "sound" VARCHAR(120) NOT NULL DEFAULT '',
        "called" VARCHAR(30) NOT NULL DEFAULT '',
        "called_key" VARCHAR(30) NOT NULL DEFAULT '',
        "address" VARCHAR(120) NOT NULL DEFAULT '',
        "occupation" VARCHAR(60) NOT NULL DEFAULT '',
        "health_note" TEXT NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_person_named ON "tb_person" ("community", "name_key")',
    'CREATE INDEX tb_person_called ON "tb_person" ("community", "called_key")',
    'CREATE INDEX tb_person_sound ON "tb_person" ("community", "sound")',
    """CREATE TABLE "tb_phone" (
        "id" {id},
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "place" INTEGER NOT NULL,
        "number" VARCHAR(20) NOT NULL DEFAULT '',
        "extension" VARCHAR(8) NOT NULL DEFAULT '',
        "tail" VARCHAR(4) NOT NULL DEFAULT '',
        "whose" VARCHAR(20) NOT NULL DEFAULT '',
        "note" VARCHAR(60) NOT NULL DEFAULT '',
        "written" VARCHAR(60) NOT NULL DEFAULT '',
        UNIQUE ("member", "place")
    )""",
    'CREATE INDEX tb_phone_number ON "tb_phone" ("community", "number")',
    'CREATE INDEX tb_phone_tail ON "tb_phone" ("community", "tail")',
    """CREATE TABLE "tb_age" (
        "id" {id},
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "sort" VARCHAR(12) NOT NULL,
        "value" VARCHAR(20) NOT NULL,
        "said_on" DATE NOT NULL,
        "source" VARCHAR(40) NOT NULL DEFAULT '',
        "recorded_by" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_age_of_member ON "tb_age" ("member")',
    """CREATE TABLE "tb_consent" (
        "id" {id},
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "purpose" VARCHAR(30) NOT NULL,
        "given_by" VARCHAR(16) NOT NULL DEFAULT '',
        "heard" VARCHAR(8) NOT NULL,
        "given_on" DATE NOT NULL,
        "until_on" DATE,
        "text_version" VARCHAR(20) NOT NULL DEFAULT '',
        "withdrawn_on" DATE,
        "recorded_by" VARCHAR(16) NOT NULL DEFAULT ''
    )""",
    'CREATE INDEX tb_consent_for ON "tb_consent" ("member", "purpose")',
    """CREATE TABLE "tb_profile" (
        "id" {id},
        "member" VARCHAR(16) UNIQUE NOT NULL REFERENCES "tb_member" ("uid"),
        "asks" BOOLEAN NOT NULL DEFAULT false,
        "gives" BOOLEAN NOT NULL DEFAULT false,
        "skills" TEXT NOT NULL DEFAULT '',
        "serves" TEXT NOT NULL DEFAULT '',
        "times" TEXT NOT NULL DEFAULT '',
        "languages" TEXT NOT NULL DEFAULT '',
        "limits" TEXT NOT NULL DEFAULT '',
        "wishes" TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE "tb_source_key" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "source" VARCHAR(60) NOT NULL,
        "row_key" VARCHAR(64) NOT NULL,
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        UNIQUE ("community", "source", "row_key")
    )""",
    'CREATE INDEX tb_source_key_of ON "tb_source_key" ("member")',
    """CREATE TABLE "tb_identity_answer" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "described" VARCHAR(64) NOT NULL,
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "same" BOOLEAN NOT NULL,
        "answered_by" VARCHAR(16) NOT NULL DEFAULT '',
        "answered_at" TIMESTAMPTZ NOT NULL,
        UNIQUE ("community", "described", "member")
    )""",
    'CREATE INDEX tb_identity_answer_of ON "tb_identity_answer" ("member")',
    """CREATE TABLE "tb_identity_question" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "described" VARCHAR(64) NOT NULL,
        "why" VARCHAR(30) NOT NULL,
        "uids" TEXT NOT NULL DEFAULT '[]',
        "seen_in" VARCHAR(120) NOT NULL DEFAULT '',
        "asked_at" TIMESTAMPTZ NOT NULL,
        "answered_at" TIMESTAMPTZ,
        UNIQUE ("community", "described")
    )""",
    """CREATE TABLE "tb_absence" (
        "id" {id},
        "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
        "from_on" DATE NOT NULL,
        "to_on" DATE,
        UNIQUE ("member", "from_on")
    )""",
)

RELATIONSHIPS = (
    """CREATE TABLE "tb_relationship" (
        "id" {id},
        "uid" VARCHAR(16) UNIQUE NOT NULL,
        "community" VARCHAR(20) REFERENCES "tb_community" ("code"),
        "kind" VARCHAR(30) NOT NULL,
        "holder_member" VARCHAR(16) REFERENCES "tb_member" ("uid"),
        "holder_organisation" VARCHAR(20) REFERENCES "tb_organisation" ("code"),
        "to_member" VARCHAR(16) REFERENCES "tb_member" ("uid"),
        "to_household" VARCHAR(16) REFERENCES "tb_household" ("uid"),
        "to_organisation" VARCHAR(20) REFERENCES "tb_organisation" ("code"),
        "to_area" VARCHAR(40) REFERENCES "tb_area" ("code"),
        "to_line" VARCHAR(64),
        "to_category" VARCHAR(60),
        "since_on" DATE NOT NULL,
        "until_on" DATE,
        "state" VARCHAR(10) NOT NULL,
        "seat" INTEGER NOT NULL DEFAULT 0,
        "scope" VARCHAR(80) NOT NULL DEFAULT '',
        "offered_by" VARCHAR(16) NOT NULL DEFAULT '',
        "holder_yes" VARCHAR(8) NOT NULL DEFAULT '',
        "holder_yes_by" VARCHAR(16) NOT NULL DEFAULT '',
        "holder_yes_on" DATE,
        "target_yes" VARCHAR(8) NOT NULL DEFAULT '',
        "target_yes_by" VARCHAR(16) NOT NULL DEFAULT '',
        "target_yes_on" DATE,
        "approved_by" VARCHAR(16) NOT NULL DEFAULT '',
        "end_reason" VARCHAR(20) NOT NULL DEFAULT '',
        "ended_on" DATE,
        "ended_by" VARCHAR(16) NOT NULL DEFAULT '',
        "follows" VARCHAR(16),
        "note" TEXT NOT NULL DEFAULT '',
        "open_key" VARCHAR(160) UNIQUE,
        "seat_key" VARCHAR(160) UNIQUE,
        CHECK (("holder_member" IS NULL) <> ("holder_organisation" IS NULL)),
        CHECK (
            CASE WHEN "to_member" IS NULL THEN 0 ELSE 1 END + CASE WHEN "to_household" IS NULL THEN 0 ELSE 1 END
            + CASE WHEN "to_organisation" IS NULL THEN 0 ELSE 1 END + CASE WHEN "to_area" IS NULL THEN 0 ELSE 1 END
            + CASE WHEN "to_line" IS NULL THEN 0 ELSE 1 END + CASE WHEN "to_category" IS NULL THEN 0 ELSE 1 END = 1
        )
    )""",
    *(
        f'CREATE INDEX tb_relationship_{side} ON "tb_relationship" ("{side}", "state", "kind") WHERE "{side}" IS NOT NULL'
        for side in (
            "holder_member", "holder_organisation", "to_member", "to_household", "to_organisation", "to_area", "to_line",
            "to_category",
        )
    ),
    'CREATE INDEX tb_relationship_kind ON "tb_relationship" ("community", "kind", "state")',
    """CREATE TABLE "tb_rule" (
        "id" {id},
        "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
        "subject" VARCHAR(20) NOT NULL,
        "number" INTEGER NOT NULL,
        "starts_on" DATE NOT NULL,
        "text" TEXT NOT NULL,
        "fingerprint" VARCHAR(64) NOT NULL,
        "state" VARCHAR(10) NOT NULL,
        "entered_by" VARCHAR(16) NOT NULL,
        "entered_at" TIMESTAMPTZ NOT NULL,
        "approved_by" VARCHAR(16) NOT NULL DEFAULT '',
        "approved_at" TIMESTAMPTZ,
        "preview" TEXT NOT NULL DEFAULT '',
        UNIQUE ("community", "subject", "number")
    )""",
)  # fmt: skip

# Tables that stay but are made anew for their foreign keys: their statements, and the columns where "" becomes NULL.
REBUILT: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "tb_password": (
        (
            """CREATE TABLE "tb_password" (
                "id" {id},
                "member" VARCHAR(16) UNIQUE NOT NULL REFERENCES "tb_member" ("uid"),
                "login" VARCHAR(40) UNIQUE NOT NULL,
                "hash" TEXT NOT NULL
            )""",
        ),
        frozenset(),
    ),
    "tb_sign_in_code": (
        (
            """CREATE TABLE "tb_sign_in_code" (
                "id" {id},
                "hash" VARCHAR(64) UNIQUE NOT NULL,
                "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
                "acting_for" VARCHAR(16) REFERENCES "tb_member" ("uid"),
                "kind" VARCHAR(8) NOT NULL,
                "uses_left" INTEGER NOT NULL DEFAULT 1,
                "tries_left" INTEGER NOT NULL DEFAULT 5,
                "expires_at" TIMESTAMPTZ NOT NULL,
                "made_by" VARCHAR(16) NOT NULL DEFAULT ''
            )""",
            'CREATE INDEX tb_sign_in_code_member ON "tb_sign_in_code" ("member")',
        ),
        frozenset({"acting_for"}),
    ),
    "tb_session": (
        (
            """CREATE TABLE "tb_session" (
                "id" {id},
                "hash" VARCHAR(64) UNIQUE NOT NULL,
                "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
                "acting_for" VARCHAR(16) REFERENCES "tb_member" ("uid"),
                "level" VARCHAR(8) NOT NULL DEFAULT 'full',
                "created_at" TIMESTAMPTZ NOT NULL,
                "seen_at" TIMESTAMPTZ NOT NULL,
                "idle_minutes" INTEGER NOT NULL,
                "expires_at" TIMESTAMPTZ NOT NULL
            )""",
            'CREATE INDEX tb_session_member ON "tb_session" ("member")',
        ),
        frozenset({"acting_for"}),
    ),
    "tb_service": (
        (
            """CREATE TABLE "tb_service" (
                "id" {id},
                "uid" VARCHAR(16) UNIQUE NOT NULL,
                "community" VARCHAR(20) NOT NULL REFERENCES "tb_community" ("code"),
                "kind" VARCHAR(8) NOT NULL,
                "title" VARCHAR(120) NOT NULL DEFAULT '',
                "category" VARCHAR(40) NOT NULL DEFAULT '',
                "need_key" VARCHAR(80) NOT NULL DEFAULT '',
                "recipient" VARCHAR(16) REFERENCES "tb_member" ("uid"),
                "team" VARCHAR(20) REFERENCES "tb_organisation" ("code"),
                "unit" VARCHAR(20) REFERENCES "tb_organisation" ("code"),
                "lead" VARCHAR(16) REFERENCES "tb_member" ("uid"),
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
            'CREATE INDEX tb_service_community ON "tb_service" ("community", "starts_at")',
            'CREATE INDEX tb_service_need_key ON "tb_service" ("need_key")',
            'CREATE INDEX tb_service_recipient ON "tb_service" ("recipient")',
            'CREATE INDEX tb_service_team ON "tb_service" ("team")',
            'CREATE INDEX tb_service_starts_at ON "tb_service" ("starts_at")',
        ),
        frozenset({"recipient", "team", "unit", "lead"}),
    ),
    "tb_attendance": (
        (
            """CREATE TABLE "tb_attendance" (
                "id" {id},
                "uid" VARCHAR(16) UNIQUE NOT NULL,
                "service" VARCHAR(16) NOT NULL REFERENCES "tb_service" ("uid"),
                "member" VARCHAR(16) NOT NULL REFERENCES "tb_member" ("uid"),
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
                "note" TEXT NOT NULL DEFAULT '',
                UNIQUE ("service", "member")
            )""",
            'CREATE INDEX tb_attendance_member ON "tb_attendance" ("member")',
        ),
        frozenset(),
    ),
}

PRIMARY_KEY = {"sqlite": "INTEGER PRIMARY KEY NOT NULL", "postgres": "SERIAL PRIMARY KEY NOT NULL"}
# Paths are compared byte by byte, so that "below" is a range of the index.
BYTEWISE = {"sqlite": "", "postgres": 'COLLATE "C"'}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def move() -> None:
        engine = current_engine()
        old = await read_old(engine)
        kept = {table: await engine.fetch(f"SELECT * FROM {table} ORDER BY id") for table in REBUILT}
        for table in (*GONE, *reversed(REBUILT)):
            await engine.execute(f'DROP TABLE "{table}"')
        for statement in (*PLACES, *PEOPLE, *RELATIONSHIPS):
            await _create(engine, statement)
        moved = moved_rows(old, named_elsewhere=members_named(kept))
        for table, rows in moved.items():
            await insert(engine, table, rows)
        for table, (statements, nullable) in REBUILT.items():
            for statement in statements:
                await _create(engine, statement)
            await insert(engine, table, [emptied(row, nullable) for row in kept[table]])
        await count_on(engine, (*moved, *REBUILT))

    async def _create(engine: DurableEngine, statement: str) -> None:
        made = statement.replace("{id}", PRIMARY_KEY[engine.dialect])
        await engine.execute(made.replace("{bytewise}", BYTEWISE[engine.dialect]))

    manager.add_raw(move)
    return manager
