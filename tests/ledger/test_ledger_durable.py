"""What the kernel saw: between a post and its acknowledgement the disk was flushed, for every single one.

Needs `strace`, which `make test` installs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

# Every client marks its posts on descriptor 199, which strace shows together with the flushes, in their true order.
SCRIPT = r"""
import asyncio, os, sys
from datetime import UTC, date, datetime
from ledger import AccountKind, Leg, OpenAccount, Transfer
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine

at = datetime(2026, 11, 20, 1, tzinfo=UTC)
ISSUER, MEMBER = "Equity:DQ", "Liabilities:M1"

async def main():
    async with open_engine(f"sqlite:///{sys.argv[1]}") as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="dongqu")
        await book.create()
        for code, kind in ((ISSUER, AccountKind.EQUITY), (MEMBER, AccountKind.LIABILITY)):
            await book.post(OpenAccount(key=code, code=code, kind=kind, floor=None, opened_on=date(2026, 1, 1)), at=at)
        marks = os.open(sys.argv[1] + ".marks", os.O_WRONLY | os.O_CREAT)
        os.dup2(marks, 199)

        async def client(number):
            for step in range(6):
                key = f"{number}.{step}"
                os.write(199, f"sent {key}".encode())
                await book.post(Transfer(key=key, legs=(Leg(ISSUER, 1), Leg(MEMBER, -1))), at=at)
                os.write(199, f"told {key}".encode())

        before = engine._parts.writer.commits
        await client(99)
        await asyncio.gather(*(client(number) for number in range(8)))
        os.write(199, f"commits {engine._parts.writer.commits - before}".encode())

asyncio.run(main())
"""

FLUSH = re.compile(r"(?P<thread>\d+) +(?:<\.\.\. )?f(?:data)?sync(?P<rest>.*)")
MARK = re.compile(r'write\(199.*?, "(?P<mark>[^"]*)"')


def test_every_acknowledged_post_was_flushed_before_it_was_acknowledged(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    assert strace, "the tests need strace: make system-tests-need"
    trace = tmp_path / "trace"
    options: list[str | Path] = [
        "-f",
        "-y",
        "-e",
        "trace=fdatasync,fsync,write",
        "-e",
        "signal=none",
        "-o",
        trace,
    ]
    done = subprocess.run(
        [strace, *options, sys.executable, "-c", SCRIPT, tmp_path / "durable.db"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]

    flushes, flushing, flushes_when_sent, told, commits = 0, set(), {}, 0, 0
    for line in trace.read_text().splitlines():
        flush, mark = FLUSH.match(line), MARK.search(line)
        if flush:
            # A call that another thread's call cuts in two is shown twice; it counts when it has come back.
            if "-wal>" in flush["rest"]:
                flushing.add(flush["thread"])
            if flush["rest"].endswith("= 0") and flush["thread"] in flushing:
                flushing.remove(flush["thread"])
                flushes += 1
        elif mark:
            word, what = mark["mark"].split()
            if word == "sent":
                flushes_when_sent[what] = flushes
            elif word == "told":
                assert flushes > flushes_when_sent[what], f"{what} was acknowledged before it was flushed"
                told += 1
            else:
                commits = int(what)
    assert told == 9 * 6
    assert commits <= flushes - min(flushes_when_sent.values()), "a flush for every group"
    assert 6 < commits < told, "clients at once share a flush"
