"""Copies of a SQLite database, taken while the office goes on."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest

from ledger.store.engine import CommitFailed, SQLiteEngine


async def prepared(path: Path) -> SQLiteEngine:
    engine = SQLiteEngine(path)
    await engine.start()
    await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    return engine


async def write_pair(engine: SQLiteEngine, number: int) -> None:
    async with engine.atomic():
        await engine.execute("INSERT INTO note VALUES (?, ?)", (number, "x" * 500))
        await engine.execute("INSERT INTO note VALUES (?, ?)", (-number, "x" * 500))


def rows(path: Path) -> set[int]:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {row[0] for row in connection.execute("SELECT id FROM note")}
    finally:
        connection.close()


async def test_a_copy_taken_under_load_is_one_moment_and_has_all_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    engine = await prepared(tmp_path / "office.db")
    acknowledged: list[int] = []

    async def client(first: int) -> None:
        for number in range(first, first + 100):
            await write_pair(engine, number)
            acknowledged.append(number)

    clients = [asyncio.create_task(client(1 + index * 100)) for index in range(4)]
    await asyncio.sleep(0.02)
    before = set(acknowledged)
    await engine.backup(tmp_path / "copy.db")
    assert not all(one.done() for one in clients), "the office went on during the copy"
    await asyncio.gather(*clients)
    await engine.close()
    copied = rows(tmp_path / "copy.db")
    assert before <= copied
    assert {-number for number in copied} == copied
    assert sorted(os.listdir(tmp_path)) == ["copy.db", "office.db"]
    assert os.stat(tmp_path / "copy.db").st_mode & 0o077 == 0


async def test_a_copy_replaces_an_older_one_in_one_step(tmp_path: Path) -> None:
    engine = await prepared(tmp_path / "office.db")
    for number in (1, 2):
        await write_pair(engine, number)
        await engine.backup(tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db") == {1, -1, 2, -2}
    await engine.close()


async def test_a_copy_that_cannot_be_written_says_so_and_leaves_the_older_one(tmp_path: Path) -> None:
    engine = await prepared(tmp_path / "office.db")
    await engine.backup(tmp_path / "copy.db")
    (tmp_path / "folder.db").mkdir()
    for name in ("nowhere/copy.db", "folder.db"):
        with pytest.raises(CommitFailed):
            await engine.backup(tmp_path / name)
    assert rows(tmp_path / "copy.db") == set()
    assert sorted(os.listdir(tmp_path)) == [
        "copy.db",
        "folder.db",
        "office.db",
        "office.db-shm",
        "office.db-wal",
    ]
    await write_pair(engine, 1)
    await engine.close()


async def test_copies_to_one_place_at_once_do_not_mix(tmp_path: Path) -> None:
    engine = await prepared(tmp_path / "office.db")
    await write_pair(engine, 1)
    await asyncio.gather(*(engine.backup(tmp_path / "copy.db") for _ in range(6)))
    assert rows(tmp_path / "copy.db") == {1, -1}
    await engine.close()
