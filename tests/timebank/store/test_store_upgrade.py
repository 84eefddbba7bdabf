"""A database made before today's tables is brought to them with every row kept."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import ModuleType

import asyncpg
import pytest

from ledger.store.engine import DurableEngine, open_engine
from ledger.store.migrate import migrate, modules_of
from marketplace.store import bind_tables
from timebank.store.upgrade import OTHERS, upgrade

APP, PACKAGE = OTHERS[1]
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
PART = (
    "INSERT INTO tb_attendance (uid, service, member, state, signed_up_at, minutes_credited, note)"
    " VALUES (?, ?, 'M1', 'posted', ?, 90, '红马甲')"
)


@pytest.fixture
async def old(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DurableEngine]:
    """A database with the tables of 2026-11-22 and one service that M1 took part in."""

    def first(package: str) -> list[ModuleType]:
        return [module for module in modules_of(package) if module.ID < "2026-11-23"]

    async with open_engine(database_url) as engine:
        bind_tables(engine)
        with monkeypatch.context() as patched:
            patched.setattr(sys.modules["ledger.store.migrate"], "modules_of", first)
            await migrate(engine, APP, PACKAGE)
        await engine.execute(
            "INSERT INTO tb_service (uid, community, kind, title, starts_at, ends_at, created_at)"
            " VALUES ('S1', 'dongqu', 'shift', '周二红马甲', ?, ?, ?)",
            [NOON, NOON.replace(hour=6), NOON],
        )
        await engine.execute(PART, ["A1", "S1", NOON])
        yield engine


async def test_attendances_keep_every_column_and_their_indexes(old: DurableEngine) -> None:
    before = await old.fetch("SELECT * FROM tb_attendance")
    await upgrade(old)
    assert await old.fetch("SELECT * FROM tb_attendance") == before
    assert before[0]["note"] == "红马甲"
    with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)):
        await old.execute(PART, ["A2", "S1", NOON])


async def test_an_attendance_of_no_service_is_refused_by_the_database(old: DurableEngine) -> None:
    await upgrade(old)
    with pytest.raises((sqlite3.IntegrityError, asyncpg.ForeignKeyViolationError)):
        await old.execute(PART, ["A2", "S0", NOON])


async def test_upgrading_twice_changes_nothing(old: DurableEngine) -> None:
    assert await upgrade(old)
    assert await upgrade(old) == []
