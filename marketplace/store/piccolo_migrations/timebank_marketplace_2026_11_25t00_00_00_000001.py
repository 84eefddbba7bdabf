"""Version 2: turns that are swapped, covered and made up; tasks to admit; choices by hand; how often people were asked.

Frozen: a later change is a later migration. SQLite cannot change a CHECK, so the table of turns is made anew on both
databases and filled from the old one.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-25T00:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "The marketplace's rota, admission, overrides and asks, version 2"

ROW_NUMBER = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
    "postgres": "SERIAL PRIMARY KEY NOT NULL",
}

STATEMENTS = (
    """CREATE TABLE mp_turn (
        id {id},
        community VARCHAR(20) NOT NULL,
        activity_key VARCHAR(64) NOT NULL,
        period VARCHAR(20) NOT NULL,
        unit VARCHAR(80) NOT NULL,
        state VARCHAR(10) NOT NULL CHECK (state IN ('ahead', 'asked', 'done', 'missed', 'covered')),
        swap_with VARCHAR(20) NOT NULL,
        swapped_with VARCHAR(80) NOT NULL,
        covered_by VARCHAR(80) NOT NULL,
        makes_up VARCHAR(20) NOT NULL,
        reason TEXT NOT NULL,
        UNIQUE (community, activity_key, period),
        CHECK ((state = 'asked') = (swap_with <> ''))
    )""",
    """INSERT INTO mp_turn (community, activity_key, period, unit, state, swap_with, swapped_with, covered_by,
        makes_up, reason)
        SELECT community, activity_key, period, unit, state, '', swapped_with, '', '', reason FROM mp_rota_turn""",
    "DROP TABLE mp_rota_turn",
    """CREATE TABLE mp_admission (
        uid VARCHAR(40) PRIMARY KEY NOT NULL,
        community VARCHAR(20) NOT NULL,
        unit VARCHAR(80) NOT NULL,
        title TEXT NOT NULL,
        state VARCHAR(10) NOT NULL CHECK (state IN
            ('stated', 'asked', 'admitted', 'refused', 'withdrawn', 'over')),
        stated_at VARCHAR(27) NOT NULL,
        document TEXT NOT NULL,
        changed_at VARCHAR(27) NOT NULL
    )""",
    "CREATE INDEX mp_admission_state ON mp_admission (community, state, stated_at)",
    """CREATE TABLE mp_override (
        uid VARCHAR(40) PRIMARY KEY NOT NULL,
        community VARCHAR(20) NOT NULL,
        week VARCHAR(8) NOT NULL,
        need_key VARCHAR(64) NOT NULL,
        resource_key VARCHAR(64) NOT NULL,
        starts_at VARCHAR(27) NOT NULL,
        ends_at VARCHAR(27) NOT NULL CHECK (ends_at > starts_at),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        decided_by VARCHAR(80) NOT NULL,
        decided_at VARCHAR(27) NOT NULL,
        reason TEXT NOT NULL CHECK (reason <> ''),
        value BIGINT NOT NULL,
        cost BIGINT NOT NULL,
        broken TEXT NOT NULL,
        instead_of TEXT NOT NULL
    )""",
    "CREATE INDEX mp_override_week ON mp_override (community, week, decided_at)",
    """CREATE TABLE mp_ask (
        id {id},
        community VARCHAR(20) NOT NULL,
        owner VARCHAR(80) NOT NULL,
        need_key VARCHAR(64) NOT NULL,
        asked_at VARCHAR(27) NOT NULL
    )""",
    "CREATE INDEX mp_ask_owner ON mp_ask (community, owner, asked_at)",
)


async def forwards() -> MigrationManager:
    """The manager Piccolo runs: one raw function that runs the statements on the engine the tables are bound to."""
    manager = MigrationManager(migration_id=ID, app_name="timebank_marketplace", description=DESCRIPTION)

    async def change() -> None:
        from marketplace.store.tables import MarketNeed

        engine = MarketNeed._meta.db
        for statement in STATEMENTS:
            await MarketNeed.raw(statement.format(id=ROW_NUMBER[engine.engine_type]))

    manager.add_raw(change)
    return manager
