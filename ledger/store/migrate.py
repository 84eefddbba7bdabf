"""A small runner for hand-written Piccolo migrations: which ran, which are new, each new one in a unit of its own.

It reads and writes Piccolo's own `migration` table, so `piccolo migrations forwards` and this runner can take turns on
one database. A migration module has `ID`, `DESCRIPTION` and `async def forwards()` that returns a `MigrationManager`
with raw functions; those run their SQL through `run_sql`, which finds the engine either way.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, cast

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder
from piccolo.table import Table

from ledger.store.engine.interface import DurableEngine

_CURRENT: ContextVar[DurableEngine | None] = ContextVar("migrating_engine", default=None)

_TABLES = {
    "sqlite": (
        "CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
        "name VARCHAR(200) NOT NULL DEFAULT '', app_name VARCHAR(200) NOT NULL DEFAULT '', "
        "ran_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    ),
    "postgres": (
        "CREATE TABLE IF NOT EXISTS migration (id SERIAL PRIMARY KEY NOT NULL, "
        "name VARCHAR(200) NOT NULL DEFAULT '', app_name VARCHAR(200) NOT NULL DEFAULT '', "
        "ran_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)"
    ),
}


class _Raw(Table):
    """Carries raw SQL when Piccolo's own command runs a migration."""


def current_engine() -> DurableEngine:
    """The engine being migrated: the runner's, else the one Piccolo's configuration names."""
    engine = _CURRENT.get() or engine_finder()
    if engine is None:
        raise LookupError("no engine: run migrations through migrate(engine, …) or set PICCOLO_CONF")
    return cast(DurableEngine, engine)


def current_dialect() -> str:
    """`sqlite` or `postgres`, whichever engine is being migrated."""
    engine = current_engine()
    return str(getattr(engine, "dialect", None) or cast(Any, engine).engine_type)


async def run_sql(statements: Iterable[str]) -> None:
    """Run each statement on the engine being migrated, inside the migration's transaction."""
    engine = current_engine()
    for statement in statements:
        if hasattr(engine, "execute"):
            await engine.execute(statement)
        else:
            await _Raw.raw(statement)


def modules_of(package: str) -> list[ModuleType]:
    """The migration modules of a package, in the order of their IDs.

    Raises:
        ValueError: two of them have one ID; the later one would never run.
    """
    parent = importlib.import_module(package)
    names = [info.name for info in pkgutil.iter_modules(parent.__path__)]
    found = [importlib.import_module(f"{package}.{name}") for name in names]
    modules = sorted((one for one in found if hasattr(one, "ID")), key=lambda one: str(one.ID))
    for one, after in itertools.pairwise(modules):
        if one.ID == after.ID:
            raise ValueError(f"{one.__name__} and {after.__name__} have one ID: {one.ID}")
    return modules


async def pending(engine: DurableEngine, app_name: str, package: str) -> list[str]:
    """IDs of the migrations that have not run yet, in order."""
    if not await _table_exists(engine):
        return [str(module.ID) for module in modules_of(package)]
    rows = await engine.fetch("SELECT name FROM migration WHERE app_name = ?", [app_name])
    ran = {row["name"] for row in rows}
    return [str(module.ID) for module in modules_of(package) if module.ID not in ran]


async def migrate(engine: DurableEngine, app_name: str, package: str) -> list[str]:
    """Apply every migration of `package` that has not run; the IDs applied now, in order.

    Each runs with its record in one unit of work: a failing migration leaves neither.
    """
    await engine.execute(_TABLES[engine.dialect])
    modules = {str(module.ID): module for module in modules_of(package)}
    applied = []
    for migration_id in await pending(engine, app_name, package):
        async with engine.atomic():
            # Another process may have been faster; inside the unit this is the last word.
            if engine.dialect == "postgres":
                await engine.execute("LOCK TABLE migration IN EXCLUSIVE MODE")
            if migration_id in await pending(engine, app_name, package):
                await _run(engine, modules[migration_id])
                await engine.execute(
                    "INSERT INTO migration (name, app_name, ran_on) VALUES (?, ?, ?)",
                    [migration_id, app_name, datetime.now(tz=UTC).replace(tzinfo=None)],
                )
                applied.append(migration_id)
    return applied


async def _run(engine: DurableEngine, module: ModuleType) -> None:
    token = _CURRENT.set(engine)
    try:
        manager = await module.forwards()
        assert isinstance(manager, MigrationManager), (
            f"{module.__name__}.forwards() must return a MigrationManager"
        )
        for raw in manager.raw:
            outcome = raw()
            if inspect.isawaitable(outcome):
                await outcome
    finally:
        _CURRENT.reset(token)


async def _table_exists(engine: DurableEngine) -> bool:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migration'",
        "postgres": (
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = current_schema() AND table_name = 'migration'"
        ),
    }[engine.dialect]
    return bool(await engine.fetch(query))
