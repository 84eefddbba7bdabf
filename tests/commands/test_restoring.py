"""Putting a copy in place: never under a running server, never for others' eyes, and also where the old database is ruined."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from ledger.store.engine import open_engine


@pytest.fixture
def copy(timebank: Any, tmp_path: Path) -> Path:
    """A backup of the demo database."""
    made = tmp_path / "copy.db"
    timebank("backup", made)
    return made


@pytest.fixture(autouse=True)
def ordinary_umask() -> Any:
    """New files are readable by everybody unless somebody says otherwise, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def members(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT COUNT(*) FROM tb_member").fetchone()[0])
    finally:
        connection.close()


def test_a_database_that_a_server_has_open_is_not_replaced(timebank: Any, database: Path, copy: Path) -> None:
    async def restore_meanwhile() -> Any:
        async with open_engine(f"sqlite:///{database}") as engine:
            await engine.execute("CREATE TABLE written_since (a INTEGER)")
            refused = await asyncio.to_thread(timebank, "restore", copy, "--replace", check=False)
            await engine.execute("INSERT INTO written_since VALUES (1)")
            return refused

    refused = asyncio.run(restore_meanwhile())
    assert refused.returncode == 1
    assert "正在使用" in refused.stderr
    assert "stop the server" in refused.stderr
    connection = sqlite3.connect(database)
    assert connection.execute("SELECT COUNT(*) FROM written_since").fetchone() == (1,)
    connection.close()
    assert not list(database.parent.glob("*.replaced-*"))
    timebank("restore", copy, "--replace")
    assert members(database) == members(copy)


def test_what_was_restored_is_its_owners_alone(
    timebank: Any, database: Path, copy: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new" / "town.db"
    timebank("restore", copy, database=f"sqlite:///{new}")
    assert mode(new) == 0o600
    database.chmod(0o600)
    timebank("restore", copy, "--replace")
    kept = next(database.parent.glob("*.replaced-*"))
    assert (mode(database), mode(kept), mode(copy)) == (0o600, 0o600, 0o600)


@pytest.mark.parametrize("ruin", ["head", "middle", "empty"])
def test_a_ruined_database_is_replaced_and_kept(timebank: Any, database: Path, copy: Path, ruin: str) -> None:
    content = bytearray(database.read_bytes())
    if ruin == "head":
        content[:512] = bytes(512)
    elif ruin == "middle":
        content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    else:
        content.clear()
    database.write_bytes(content)
    timebank("restore", copy, "--replace")
    assert members(database) == members(copy)
    assert list(database.parent.glob("*.replaced-*"))


def test_postgresql_is_restored_by_its_own_tool_after_the_servers_have_stopped(
    timebank: Any, copy: Path, postgres_url: str
) -> None:
    async def ask_meanwhile() -> Any:
        async with open_engine(postgres_url) as engine:
            await engine.fetch("SELECT 1 AS one")
            return await asyncio.to_thread(timebank, "restore", copy, database=postgres_url, check=False)

    assert "1 still connected" in asyncio.run(ask_meanwhile()).stderr
    alone = timebank("restore", copy, database=postgres_url, check=False)
    assert "pg_restore" in alone.stderr
    assert "still connected" not in alone.stderr
