"""The triggers that keep frozen rows as they are: which should be there, and which are."""

from __future__ import annotations

import importlib
import re
from functools import lru_cache

from ledger.store.engine.interface import DurableEngine

VERSIONS = (
    "ledger.store.piccolo_migrations.timebank_ledger_2026_11_22t00_00_00_000001",
    "ledger.store.piccolo_migrations.timebank_ledger_2026_11_29t00_00_00_000002",
    "ledger.store.piccolo_migrations.timebank_ledger_2026_11_30t00_00_00_000004",
)
_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) ")


@lru_cache(maxsize=2)
def expected(dialect: str) -> dict[str, str]:
    """The SQL of every guard by its name."""
    first, second, fourth = (importlib.import_module(name) for name in VERSIONS)
    made = [*first.statements(dialect)]
    # A guard made anew by a later version stands behind the one it replaced.
    made += (
        [*second.sqlite_guards(), fourth.ACCOUNT_GUARD] if dialect == "sqlite" else second.postgres_guards()
    )
    found = ((_TRIGGER.match(statement), statement) for statement in made)
    return {match.group(1): statement for match, statement in found if match}


async def missing(engine: DurableEngine) -> list[str]:
    """Names of the guards that are not there, were changed or switched off; [] when all stand."""
    wanted = expected(engine.dialect)
    if engine.dialect == "sqlite":
        rows = await engine.fetch_tuples("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = {row[0]: row[1] for row in rows}
        return sorted(name for name, statement in wanted.items() if there.get(name) != statement)
    rows = await engine.fetch_tuples(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
    )
    return sorted(wanted.keys() - {row[0] for row in rows})
