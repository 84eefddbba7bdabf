"""An installation without its web pages: the context that commands, the server and whoever imports the library work with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ledger.store import bind_tables as bind_ledger
from ledger.store.engine import PostgresEngine, SQLiteEngine, bind, open_engine
from marketplace.store import bind_tables as bind_marketplace
from timebank.adapters.carriers import carriers_of
from timebank.adapters.system import SystemClock, SystemIds
from timebank.context import Context, Engine
from timebank.policy import Policy
from timebank.policy.holder import Policies
from timebank.ports import Carrier, Clock, Ids
from timebank.rules.telling.news import Way
from timebank.settings import Settings
from timebank.store import settings as stored_settings
from timebank.store.office.rules import StoredRules
from timebank.store.oversight.audit import Journal
from timebank.store.tables import TABLES


def make_context(
    settings: Settings,
    *,
    engine: SQLiteEngine | PostgresEngine | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    carriers: Mapping[Way, Carrier] | None = None,
) -> Context:
    """What flows need, with the real outside world wherever nothing else is given; the engine is not started yet.

    From here on whatever a unit of this engine changes of held rows stands in the audit log.
    """
    engine = engine or open_engine(settings.database)
    bind(engine, *TABLES)
    bind_ledger(engine)
    bind_marketplace(engine)
    engine.observer = Journal(engine, clock or SystemClock())
    return Context(
        settings=settings,
        engine=engine,
        policies=Policies(default=Policy.load(settings.city), source=StoredRules(engine)),
        clock=clock or SystemClock(),
        ids=ids or SystemIds(),
        carriers=carriers_of(settings) if carriers is None else carriers,
    )


async def shifted_clock(engine: Engine) -> SystemClock:
    """The machine's clock, moved as the demo's seeding recorded; unmoved in a real installation."""
    return SystemClock(
        timedelta(seconds=int(await stored_settings.setting(engine, "clock_offset_seconds", "0")))
    )
