"""The SQLite file among several processes, under kill -9, and on a full disk."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from ledger.store.engine import SQLiteEngine

ROOT = Path(__file__).parents[2]

WRITER = """
import asyncio, sys
from ledger.store.engine import SQLiteEngine

async def main(path, name, count, clients):
    async with SQLiteEngine(path) as engine:
        print("ready", flush=True)
        async def client(first):
            for number in range(first, count, clients):
                async with engine.atomic():
                    await engine.execute("INSERT INTO note (who, number) VALUES (?, ?)", (name, number))
                    await engine.execute("INSERT INTO note (who, number) VALUES (?, ?)", (name, -number - 1))
                sys.stdout.write(f"{number}\\n"); sys.stdout.flush()
        await asyncio.gather(*(client(first) for first in range(clients)))

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
"""

DISK_FULL = """
import asyncio, os, resource, signal, sys
from ledger.store.engine import CommitFailed, SQLiteEngine

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

async def main(path):
    async with SQLiteEngine(path) as engine:
        await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
        async def write(number):
            async with engine.atomic():
                await engine.execute("INSERT INTO note VALUES (?, ?)", (number, "x" * 4000))
        await write(1)
        wal_bytes = os.path.getsize(path + "-wal")
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal_bytes + 20000, resource.RLIM_INFINITY))
        acknowledged, failures = [1], []
        for number in range(2, 40):
            try:
                await write(number)
                acknowledged.append(number)
            except CommitFailed as error:
                failures.append(error.code)
        assert failures, "the disk never filled up"
        rows = [row["id"] for row in await engine.fetch("SELECT id FROM note ORDER BY id")]
        assert rows == acknowledged, (rows, acknowledged)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await write(1000)
        rows = [row["id"] for row in await engine.fetch("SELECT id FROM note ORDER BY id")]
        assert rows == [*acknowledged, 1000]
        assert await engine.fetch("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        print(len(failures), *sorted(set(failures)))

asyncio.run(main(sys.argv[1]))
"""


def start(program: str, *args: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, args)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def make_table(path: Path) -> None:
    async def run() -> None:
        async with SQLiteEngine(path) as engine:
            await engine.execute("CREATE TABLE note (who TEXT, number INTEGER, PRIMARY KEY (who, number))")

    asyncio.run(run())


def stored(path: Path, who: str) -> set[int]:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {row[0] for row in connection.execute("SELECT number FROM note WHERE who = ?", (who,))}
    finally:
        connection.close()


def test_two_processes_write_the_same_file_without_an_error(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    make_table(path)
    writers = [start(WRITER, path, name, 300, clients) for name, clients in (("east", 8), ("west", 1))]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
    for name in ("east", "west"):
        assert stored(path, name) == set(range(-300, 300))


def test_processes_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    program = """
import asyncio, sys
from ledger.store.engine import SQLiteEngine
async def main():
    async with SQLiteEngine(sys.argv[1]) as engine:
        await engine.execute("CREATE TABLE IF NOT EXISTS note (who TEXT, number INTEGER)")
        await engine.execute("INSERT INTO note VALUES ('all', ?)", (int(sys.argv[2]),))
asyncio.run(main())
"""
    openers = [start(program, path, number) for number in range(4)]
    for opener in openers:
        _, errors = opener.communicate(timeout=60)
        assert opener.returncode == 0, errors
    assert stored(path, "all") == {0, 1, 2, 3}


def test_what_was_acknowledged_survives_kill_minus_nine(tmp_path: Path) -> None:
    """Twelve times: start, write with eight clients, kill at a random moment, compare."""
    path = tmp_path / "office.db"
    make_table(path)
    chance = random.Random(20261117)
    total = 0
    for cycle in range(12):
        who = f"cycle{cycle}"
        writer = start(WRITER, path, who, 100_000, 8)
        assert writer.stdout is not None
        if writer.stdout.readline() != "ready\n":
            raise AssertionError(writer.communicate(timeout=20)[1])
        time.sleep(chance.uniform(0.03, 0.2))
        os.kill(writer.pid, signal.SIGKILL)
        output, _ = writer.communicate(timeout=20)
        # A line cut off by the kill does not count as told.
        acknowledged = {int(line) for line in output.splitlines(keepends=True) if line.endswith("\n")}
        rows = stored(path, who)
        assert acknowledged <= rows, "an acknowledged unit is gone"
        assert {-number - 1 for number in rows} == rows, "half a unit was stored"
        total += len(acknowledged)
    assert total > 100


def test_a_full_disk_is_a_clear_error_and_writing_resumes(tmp_path: Path) -> None:
    program = start(DISK_FULL, tmp_path / "office.db")
    output, errors = program.communicate(timeout=60)
    assert program.returncode == 0, errors
    assert int(output.split()[0]) > 0
