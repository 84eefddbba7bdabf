"""Version 1: the four lists, claims, plans with their proposals, agreements with turns, and what was imported.

Frozen: a later change is a later migration. The SQL is the same for SQLite and PostgreSQL but for the row number.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-22T00:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "The marketplace's lists, version 1"

ROW_NUMBER = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
    "postgres": "SERIAL PRIMARY KEY NOT NULL",
}

STATEMENTS = (
    """CREATE TABLE mp_need (
        id {id},
        community VARCHAR(20) NOT NULL,
        line_key VARCHAR(64) NOT NULL,
        owner VARCHAR(80) NOT NULL,
        title TEXT NOT NULL,
        grid VARCHAR(80) NOT NULL,
        category VARCHAR(80) NOT NULL,
        urgency VARCHAR(10) NOT NULL,
        filed_on VARCHAR(10) NOT NULL,
        stage VARCHAR(10) NOT NULL CHECK (stage IN ('open', 'closed')),
        line TEXT NOT NULL,
        contact TEXT NOT NULL,
        private_note TEXT NOT NULL,
        place_text TEXT NOT NULL,
        place_building TEXT NOT NULL,
        served TEXT NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        created_at VARCHAR(27) NOT NULL,
        changed_at VARCHAR(27) NOT NULL,
        UNIQUE (community, line_key)
    )""",
    "CREATE INDEX mp_need_open ON mp_need (community, stage, filed_on)",
    """CREATE TABLE mp_resource (
        id {id},
        community VARCHAR(20) NOT NULL,
        line_key VARCHAR(64) NOT NULL,
        owner VARCHAR(80) NOT NULL,
        owner_kind VARCHAR(12) NOT NULL,
        title TEXT NOT NULL,
        category VARCHAR(80) NOT NULL,
        stage VARCHAR(10) NOT NULL CHECK (stage IN ('open', 'closed')),
        line TEXT NOT NULL,
        contact TEXT NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        created_at VARCHAR(27) NOT NULL,
        changed_at VARCHAR(27) NOT NULL,
        UNIQUE (community, line_key)
    )""",
    "CREATE INDEX mp_resource_owner ON mp_resource (community, owner)",
    """CREATE TABLE mp_activity (
        id {id},
        community VARCHAR(20) NOT NULL,
        line_key VARCHAR(64) NOT NULL,
        title TEXT NOT NULL,
        line TEXT NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        created_at VARCHAR(27) NOT NULL,
        changed_at VARCHAR(27) NOT NULL,
        UNIQUE (community, line_key)
    )""",
    """CREATE TABLE mp_project (
        id {id},
        community VARCHAR(20) NOT NULL,
        line_key VARCHAR(64) NOT NULL,
        title TEXT NOT NULL,
        line TEXT NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        created_at VARCHAR(27) NOT NULL,
        changed_at VARCHAR(27) NOT NULL,
        UNIQUE (community, line_key)
    )""",
    """CREATE TABLE mp_claim (
        uid VARCHAR(40) PRIMARY KEY NOT NULL,
        community VARCHAR(20) NOT NULL,
        side VARCHAR(10) NOT NULL CHECK (side IN ('need', 'resource')),
        line_key VARCHAR(64) NOT NULL,
        claimant VARCHAR(80) NOT NULL,
        with_key VARCHAR(64) NOT NULL,
        starts_at VARCHAR(27),
        ends_at VARCHAR(27),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        stage VARCHAR(10) NOT NULL CHECK (stage IN
            ('open', 'accepted', 'declined', 'withdrawn', 'expired', 'done', 'released')),
        origin VARCHAR(10) NOT NULL,
        opened_at VARCHAR(27) NOT NULL,
        expires_at VARCHAR(27) NOT NULL,
        answered_at VARCHAR(27),
        answered_by VARCHAR(80) NOT NULL,
        reason TEXT NOT NULL,
        CHECK ((starts_at IS NULL) = (ends_at IS NULL))
    )""",
    "CREATE INDEX mp_claim_line ON mp_claim (community, side, line_key)",
    "CREATE INDEX mp_claim_claimant ON mp_claim (community, claimant)",
    """CREATE TABLE mp_plan (
        uid VARCHAR(40) PRIMARY KEY NOT NULL,
        community VARCHAR(20) NOT NULL,
        week VARCHAR(8) NOT NULL,
        made_at VARCHAR(27) NOT NULL,
        objective_version VARCHAR(40) NOT NULL,
        primal BIGINT NOT NULL,
        dual BIGINT NOT NULL CHECK (dual >= primal),
        document TEXT NOT NULL
    )""",
    "CREATE INDEX mp_plan_week ON mp_plan (community, week, made_at)",
    """CREATE TABLE mp_proposal (
        uid VARCHAR(60) PRIMARY KEY NOT NULL,
        plan_uid VARCHAR(40) NOT NULL REFERENCES mp_plan (uid),
        community VARCHAR(20) NOT NULL,
        week VARCHAR(8) NOT NULL,
        need_key VARCHAR(64) NOT NULL,
        resource_key VARCHAR(64) NOT NULL,
        starts_at VARCHAR(27) NOT NULL,
        ends_at VARCHAR(27) NOT NULL,
        minutes INTEGER NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        unit VARCHAR(10) NOT NULL,
        value BIGINT NOT NULL,
        document TEXT NOT NULL,
        stage VARCHAR(12) NOT NULL CHECK (stage IN
            ('proposed', 'accepted', 'declined', 'superseded', 'released')),
        answered_at VARCHAR(27),
        answered_by VARCHAR(80) NOT NULL,
        reason TEXT NOT NULL
    )""",
    "CREATE INDEX mp_proposal_week ON mp_proposal (community, week, stage)",
    """CREATE TABLE mp_agreement (
        uid VARCHAR(40) PRIMARY KEY NOT NULL,
        community VARCHAR(20) NOT NULL,
        title TEXT NOT NULL,
        first_on VARCHAR(10) NOT NULL,
        last_on VARCHAR(10) NOT NULL CHECK (last_on >= first_on),
        document TEXT NOT NULL,
        changed_at VARCHAR(27) NOT NULL
    )""",
    """CREATE TABLE mp_rota_turn (
        id {id},
        community VARCHAR(20) NOT NULL,
        activity_key VARCHAR(64) NOT NULL,
        period VARCHAR(20) NOT NULL,
        unit VARCHAR(80) NOT NULL,
        state VARCHAR(10) NOT NULL CHECK (state IN ('ahead', 'done', 'missed')),
        swapped_with VARCHAR(80) NOT NULL,
        reason TEXT NOT NULL,
        UNIQUE (community, activity_key, period)
    )""",
    """CREATE TABLE mp_import_file (
        id {id},
        community VARCHAR(20) NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        filename TEXT NOT NULL,
        imported_at VARCHAR(27) NOT NULL,
        UNIQUE (community, fingerprint)
    )""",
    """CREATE TABLE mp_import_row (
        id {id},
        community VARCHAR(20) NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        sheet TEXT NOT NULL,
        row_number INTEGER NOT NULL,
        kind VARCHAR(20) NOT NULL,
        verdict VARCHAR(12) NOT NULL,
        line_key VARCHAR(64) NOT NULL,
        reasons TEXT NOT NULL,
        cells TEXT NOT NULL,
        UNIQUE (community, fingerprint, sheet, row_number)
    )""",
)


async def forwards() -> MigrationManager:
    """The manager Piccolo runs: one raw function that creates everything on the engine the tables are bound to."""
    manager = MigrationManager(migration_id=ID, app_name="timebank_marketplace", description=DESCRIPTION)

    async def create() -> None:
        from marketplace.store.tables import MarketNeed

        engine = MarketNeed._meta.db
        for statement in STATEMENTS:
            await MarketNeed.raw(statement.format(id=ROW_NUMBER[engine.engine_type]))

    manager.add_raw(create)
    return manager
