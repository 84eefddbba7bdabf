"""Brings a database of any age to the present schema: the three apps' migrations, each recorded as it runs."""

from __future__ import annotations

from ledger.store import migrate_ledger
from ledger.store.engine import DurableEngine
from ledger.store.migrate import migrate, pending
from timebank.store.catching_up import begin, catch_up, holds_rows, unfinished

LEDGER = ("timebank_ledger", "ledger.store.piccolo_migrations")
OTHERS = (
    ("timebank_marketplace", "marketplace.store.piccolo_migrations"),
    ("timebank", "timebank.store.piccolo_migrations"),
)


async def upgrade(engine: DurableEngine) -> list[str]:
    """Apply what is missing; `app: migration` for each one applied, empty when the schema was current.

    What migrations left is held by the log from then on, but for rows that did not fit it before. An upgrade that was cut short
    between the two goes on with what it had noted of them.
    """
    if not await waiting(engine) and not await unfinished(engine) and await holds_rows(engine):
        return []
    # What migrations change is told of as a whole, by the last line: in between there may be no log to write to.
    watch, engine.observer = engine.observer, None
    try:
        before = await begin(engine)
        applied = [f"{LEDGER[0]}: {done}" for done in await migrate_ledger(engine) or []]
        for app, package in OTHERS:
            applied += [f"{app}: {done}" for done in await migrate(engine, app, package)]
        await catch_up(engine, before)
    finally:
        engine.observer = watch
    return applied


async def waiting(engine: DurableEngine) -> list[str]:
    """What `upgrade` would apply."""
    return [
        f"{app}: {missing}"
        for app, package in (LEDGER, *OTHERS)
        for missing in await pending(engine, app, package)
    ]
