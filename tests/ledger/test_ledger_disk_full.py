"""A full disk: posts are refused with a clear error, reading goes on, and posting resumes without a restart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.store.engine.errors import CommitFailed, DiskFull
from tests.ledger.conftest import Neighbourhood

# A limit on the size of files stands for the disk; the kernel answers a write beyond it as it answers one on a full disk.
SCRIPT = r"""
import asyncio, os, resource, signal, sys
from datetime import UTC, date, datetime
from ledger import AccountKind, Leg, OpenAccount, Transfer
from ledger.store import Book, migrate_ledger
from ledger.store.engine import CommitFailed, open_engine

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path, at = sys.argv[1], datetime(2026, 11, 20, 1, tzinfo=UTC)
ISSUER, MEMBERS = "Equity:DQ", [f"Liabilities:M{n}" for n in range(8)]

def room(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

async def main():
    async with open_engine(f"sqlite:///{path}") as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="dongqu")
        await book.create()
        for code in [ISSUER, *MEMBERS]:
            kind = AccountKind.EQUITY if code == ISSUER else AccountKind.LIABILITY
            floor = None if code == ISSUER else 0
            await book.post(OpenAccount(key=code, code=code, kind=kind, floor=floor, opened_on=date(2026, 1, 1)), at=at)

        told, refused, messages = set(), set(), set()
        async def client(number, steps, prefix):
            for step in steps:
                key = f"{prefix}/{number}/{step}"
                legs = (Leg(ISSUER, 1), Leg(MEMBERS[number], -1))
                try:
                    await book.post(Transfer(key=key, legs=legs, memo="x" * 900), at=at)
                    told.add(key)
                except CommitFailed as error:
                    refused.add(key)
                    messages.add(f"{error.code}|{error.sentence('en')}|{error.sentence('zh')}")
                    # Reading goes on while nothing can be written.
                    assert (await book.balance(MEMBERS[number])).balance >= 0
                    assert (await book.head()).seq > 0

        largest = max(os.path.getsize(path), os.path.getsize(path + "-wal"))
        room(largest + 90_000)
        await asyncio.gather(*(client(number, range(15), "full") for number in range(8)))
        assert refused, "the disk never filled up"
        entries = [entry async for page in book.journal() for entry in page]
        assert {entry.key for entry in entries if entry.key.startswith("full")} == told
        assert await book.verify() == []

        room(resource.RLIM_INFINITY)
        again, refused_before = set(refused), len(refused)
        refused.clear()
        for key in sorted(again):
            prefix, number, step = key.split("/")
            await client(int(number), [int(step)], prefix)
        assert not refused, "there is room again"
        await asyncio.gather(*(client(number, range(15, 18), "full") for number in range(8)))
        entries = [entry async for page in book.journal() for entry in page]
        keys = [entry.key for entry in entries if entry.key.startswith("full")]
        assert len(keys) == len(set(keys)) == 8 * 18
        assert sum([(await book.balance(code)).balance for code in MEMBERS]) == 8 * 18
        assert await book.verify() == []
        print(refused_before, *sorted(messages), sep="\n")

asyncio.run(main())
"""


def test_a_full_disk_refuses_posts_clearly_and_posting_resumes_without_a_restart(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "full.db")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    refused, *messages = done.stdout.splitlines()
    assert int(refused) > 0
    assert messages != []
    for message in messages:
        code, en, zh = message.split("|")
        assert code in (CommitFailed.code, DiskFull.code)
        assert en.startswith("The changes could not be stored")
        assert zh.startswith("更改未能保存")


async def test_a_disk_that_fills_up_in_a_callers_own_unit_keeps_neither_row(
    sqlite_town: Neighbourhood,
) -> None:
    """The database's own limit answers exactly as a full disk does."""
    engine = sqlite_town.engine
    await engine.execute("CREATE TABLE visit (note TEXT)")
    [pages] = await engine.fetch("PRAGMA page_count")
    async with engine.atomic():
        await engine.fetch(f"PRAGMA max_page_count = {pages['page_count'] + 2}")
    told = sqlite_town.earn(sqlite_town.zhang, 5)

    async def visit() -> None:
        async with engine.atomic():
            await engine.execute("INSERT INTO visit VALUES (?)", ["x" * 20_000])
            await sqlite_town.post(told)

    with pytest.raises(DiskFull):
        await visit()
    assert await engine.fetch("SELECT * FROM visit") == []
    assert await sqlite_town.available(sqlite_town.zhang) == 0

    async with engine.atomic():
        await engine.fetch("PRAGMA max_page_count = 1000000")
    await visit()
    assert await sqlite_town.available(sqlite_town.zhang) == 5
    assert await sqlite_town.book.verify() == []
