"""How the ledger is installed and imported: what loads what, and migrations by our runner and by Piccolo's command."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ledger import AccountKind, OpenAccount
from ledger.store import Book, bind_tables, migrate_ledger
from ledger.store.engine import open_engine
from ledger.store.migrate import migrate, pending
from ledger.store.tables import LedgerAccount, LedgerBook, LedgerHold, LedgerPosting, LedgerTransfer
from tests.ledger.conftest import Neighbourhood

ROOT = Path(__file__).parents[2]
FOREIGN = (
    "litestar",
    "piccolo",
    "beancount",
    "pydantic",
    "sqlite3",
    "asyncpg",
    "numpy",
    "marketplace",
    "timebank",
)


def python(code: str, *, cwd: Path = ROOT, **environment: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=cwd, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_core_loads_the_standard_library_and_nothing_else() -> None:
    bare = set(python("import sys; print(*sys.modules)").split())
    parts = "ledger, ledger.exchange, ledger.goods, ledger.points, ledger.receipt, ledger.witness"
    loaded = set(python(f"import {parts}, sys; print(*sys.modules)").split()) - bare
    strangers = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert {name for name in strangers if not name.startswith("_sysconfigdata")} == {"ledger"}
    assert not any(name.startswith(("ledger.store", "ledger.books")) for name in loaded)


def test_keeping_books_needs_neither_beancount_nor_a_web_framework() -> None:
    loaded = {name.split(".")[0] for name in python("import ledger.store, sys; print(*sys.modules)").split()}
    assert not {"beancount", "litestar", "numpy", "marketplace", "timebank"} & loaded


async def test_migrating_twice_changes_nothing(stored_town: Neighbourhood) -> None:
    assert await migrate_ledger(stored_town.engine) == []
    assert await pending(stored_town.engine, "timebank_ledger", "ledger.store.piccolo_migrations") == []
    assert await stored_town.book.verify() == []


async def test_a_failing_migration_leaves_nothing_behind_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "broken_migrations"
    package.mkdir()
    (package / "__init__.py").write_text("")
    text = """
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from ledger.store.migrate import run_sql
ID = "2026-01-01T00:00:00:000000"
DESCRIPTION = "breaks in the middle"
STATEMENTS = ["CREATE TABLE first (id INTEGER)", "CREATE TABLE broken ("]
async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="broken", description=DESCRIPTION)
    async def run():
        await run_sql(STATEMENTS)
    manager.add_raw(run)
    return manager
"""
    (package / "m1.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    async with open_engine(f"sqlite:///{tmp_path}/broken.db") as engine:
        with pytest.raises(Exception, match=r"incomplete|syntax"):
            await migrate(engine, "broken", "broken_migrations")
        assert await engine.fetch("SELECT name FROM sqlite_master WHERE name = 'first'") == []
        assert await pending(engine, "broken", "broken_migrations") == ["2026-01-01T00:00:00:000000"]
        import broken_migrations.m1  # type: ignore[import-not-found]

        broken_migrations.m1.STATEMENTS.pop()
        assert await migrate(engine, "broken", "broken_migrations") == ["2026-01-01T00:00:00:000000"]


PICCOLO_CONF = """
from piccolo.conf.apps import AppRegistry
from piccolo.engine.{module} import {engine}
DB = {engine}({argument})
APP_REGISTRY = AppRegistry(apps=["ledger.store.piccolo_app"])
"""


def piccolo_migrates(folder: Path, module: str, engine: str, argument: str) -> str:
    text = PICCOLO_CONF.format(module=module, engine=engine, argument=argument)
    (folder / "piccolo_conf.py").write_text(text)
    code = (
        "import asyncio; from piccolo.apps.migrations.commands.forwards import run_forwards; "
        "assert asyncio.run(run_forwards('timebank_ledger')).success"
    )
    return python(code, cwd=folder, PICCOLO_CONF="piccolo_conf", PYTHONPATH=f"{ROOT}:{folder}")


async def test_a_plain_piccolo_project_migrates_the_app_with_piccolos_own_command(tmp_path: Path) -> None:
    path = tmp_path / "plain.db"
    said = piccolo_migrates(tmp_path, "sqlite", "SQLiteEngine", f"path={str(path)!r}")
    assert "ok!" in said
    async with open_engine(f"sqlite:///{path}") as engine:
        assert await migrate_ledger(engine) == [], "our runner sees what Piccolo has run"
        book = Book(engine, code="dongqu")
        await book.create()
        assert await book.verify() == []
    assert "already complete" in piccolo_migrates(tmp_path, "sqlite", "SQLiteEngine", f"path={str(path)!r}")


def test_piccolos_own_command_migrates_postgres_too(tmp_path: Path, postgres_url: str) -> None:
    said = piccolo_migrates(tmp_path, "postgres", "PostgresEngine", f"config={{'dsn': {postgres_url!r}}}")
    assert "ok!" in said


async def test_piccolos_tables_read_what_the_ledger_wrote(stored_town: Neighbourhood) -> None:
    await stored_town.post(stored_town.earn(stored_town.zhang, 60, memo="S1"))
    await stored_town.post(stored_town.hold(stored_town.zhang, stored_town.li, 20))
    bind_tables(stored_town.engine)
    book = await LedgerBook.select(LedgerBook.id).where(LedgerBook.code == stored_town.book.code).first()
    assert book is not None
    entries = LedgerTransfer.select(LedgerTransfer.seq, LedgerTransfer.memo)
    entry = await entries.where(LedgerTransfer.book_id == book["id"], LedgerTransfer.memo == "S1").first()
    accounts = LedgerAccount.select(LedgerAccount.cr_posted)
    its_own = LedgerAccount.book_id == book["id"]
    account = await accounts.where(its_own, LedgerAccount.code == stored_town.zhang).first()
    assert entry is not None
    assert entry["seq"] == 5
    assert account == {"cr_posted": 60}
    assert await LedgerPosting.count() >= 4
    assert await LedgerHold.exists().where(LedgerHold.amount == 20)


async def test_the_tables_are_the_columns_the_migration_made(tmp_path: Path) -> None:
    """Definitions and hand-written SQL say the same."""
    from ledger.store.tables import TABLES

    async with open_engine(f"sqlite:///{tmp_path}/columns.db") as engine:
        await migrate_ledger(engine)
    connection = sqlite3.connect(tmp_path / "columns.db")
    for table in TABLES:
        made = {row[1] for row in connection.execute(f"PRAGMA table_info({table._meta.tablename})")}
        told = {column._meta.name for column in table._meta.columns}
        assert told <= made, table
    connection.close()


async def test_a_database_opens_again_with_everything_that_was_acknowledged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/again.db"
    async with open_engine(url) as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="dongqu")
        await book.create()
        from datetime import UTC, datetime

        opened = OpenAccount(
            key="o", code="Liabilities:M1", kind=AccountKind.LIABILITY, opened_on=date(2026, 1, 1)
        )
        posted = await book.post(opened, at=datetime(2026, 11, 20, tzinfo=UTC))
    async with open_engine(url) as engine:
        assert (await Book(engine, code="dongqu").head()).hash == posted.hash
