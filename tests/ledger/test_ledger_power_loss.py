"""The power fails at any moment, and the disk keeps only what was flushed: nothing that was acknowledged is gone.

A process with six clients posts under `strace`, with the WAL moved into the file every few commits. What it did to its files is cut at
a random place and played again on a disk that loses what was not flushed (`simulation/lossy.py`); then the book is opened and everything
is asked for again. `LEDGER_LOSSES` in the environment is how many cuts are tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from ledger import AccountKind, Leg, OpenAccount, Transfer
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine
from tests.ledger.conftest import DAY, MORNING
from tests.ledger.simulation import lossy

LOSSES = int(os.environ.get("LEDGER_LOSSES", "80"))
ISSUER, MEMBER = "Equity:DQ", "Liabilities:M1"

SCRIPT = r"""
import asyncio, os, sys
from ledger.store import Book
from ledger.store.engine import open_engine
from ledger.store.engine.sqlite import writer as sqlite_writer
from tests.ledger.conftest import MORNING
from tests.ledger.test_ledger_power_loss import transfer

sqlite_writer.WAL_ROWS_MAX = 60

async def main():
    engine = open_engine(f"sqlite:///{sys.argv[1]}")
    await engine.start()
    engine._parts.writer.connection.execute(f"PRAGMA synchronous = {sys.argv[2]}")
    book = Book(engine, code="dongqu")
    marks = os.open(sys.argv[1] + ".marks", os.O_WRONLY | os.O_CREAT)

    async def client(number):
        for step in range(12):
            await book.post(transfer(f"{number}.{step}"), at=MORNING)
            os.write(marks, f"{number}.{step}".encode())

    await client(9)
    await asyncio.gather(*(client(number) for number in range(6)))
    os._exit(0)

asyncio.run(main())
"""


def transfer(key: str) -> Transfer:
    return Transfer(key=key, legs=(Leg(ISSUER, 1), Leg(MEMBER, -1)), memo=f"visit {key}")


@dataclass(frozen=True, slots=True)
class Lost:
    """What one failure left behind: what is wrong, "" for nothing."""

    told: int
    kept: int
    wrong: str


async def traced(folder: Path, synchronous: str) -> tuple[dict[str, bytes], list[lossy.Event]]:
    """A flushed book before the clients come, and all that the process with the clients then did to its files."""
    strace = shutil.which("strace")
    assert strace, "the tests need strace: make system-tests-need"
    path, trace = folder / "book.db", folder / "trace"
    async with open_engine(f"sqlite:///{path}") as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="dongqu")
        await book.create()
        for code, kind in ((ISSUER, AccountKind.EQUITY), (MEMBER, AccountKind.LIABILITY)):
            opened = OpenAccount(key=code, code=code, kind=kind, floor=None, opened_on=DAY)
            await book.post(opened, at=MORNING)
    before = {str(path): path.read_bytes()}
    done = subprocess.run(
        [strace, *lossy.OPTIONS, "-o", trace, sys.executable, "-c", SCRIPT, path, synchronous],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = trace.read_text().splitlines()
    happened = list(lossy.events(lines, marks=".marks"))
    of_the_book = (str(path), f"{path}-wal")
    return before, [event for event in happened if isinstance(event, lossy.Mark) or event.file in of_the_book]


async def after_a_failure(
    folder: Path, before: dict[str, bytes], happened: Sequence[lossy.Event], dice: Random
) -> Lost:
    """Open what is left, ask for everything that was acknowledged, and look at the rest."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    lossy.put(lossy.after_the_failure(happened, before, dice), folder)
    told = [event.text for event in happened if isinstance(event, lossy.Mark)]
    async with open_engine(f"sqlite:///{folder}/book.db") as engine:
        [check] = await engine.fetch("PRAGMA integrity_check")
        book = Book(engine, code="dongqu")
        kept = (await book.head()).seq - 2
        answers = await book.post_many([transfer(key) for key in told], at=MORNING)
        gone = [
            key for key, answer in zip(told, answers, strict=True) if not getattr(answer, "replayed", False)
        ]
        problems = await book.verify()
    wrong = "" if check["integrity_check"] == "ok" else str(check)
    wrong += f" gone: {gone}" if gone else ""
    return Lost(len(told), kept, wrong + (f" verify: {problems}" if problems else ""))


async def test_what_was_acknowledged_is_there_after_the_power_failed_at_any_moment(tmp_path: Path) -> None:
    before, happened = await traced(tmp_path, "FULL")
    flushes = [event for event in happened if isinstance(event, lossy.Flush)]
    assert any(event.file.endswith(".db") for event in flushes), "the WAL was moved into the file meanwhile"
    assert sum(isinstance(event, lossy.Mark) for event in happened) == 7 * 12
    dice = Random(20261130)
    found = []
    for _ in range(LOSSES):
        cut = dice.randrange(len(happened) + 1)
        found.append(await after_a_failure(tmp_path / "left", before, happened[:cut], dice))
    print(f"{LOSSES} power failures, {sum(one.told for one in found)} acknowledged posts asked for again")
    assert [one.wrong for one in found if one.wrong] == []
    assert any(one.kept > one.told for one in found), "some posts were kept before anybody was told"


@pytest.mark.parametrize("synchronous", ["NORMAL"])
async def test_a_writer_that_does_not_flush_is_found_out(tmp_path: Path, synchronous: str) -> None:
    before, happened = await traced(tmp_path, synchronous)
    dice = Random(1)
    for _ in range(40):
        cut = dice.randrange(len(happened) + 1)
        if (await after_a_failure(tmp_path / "left", before, happened[:cut], dice)).wrong:
            return
    raise AssertionError("nothing was lost, so nothing is tried")


def test_only_what_was_flushed_is_certain() -> None:
    happened: list[lossy.Event] = [
        lossy.Write("a", 0, b"x" * 1024),
        lossy.Flush("a", 1),
        lossy.Write("a", 0, b"y" * 1024),
        lossy.Write("b", 0, b"z"),
        lossy.Truncate("a", 512),
    ]
    left = {tuple(sorted(lossy.after_the_failure(happened, {}, Random(seed)).items())) for seed in range(400)}
    contents = {dict(files)["a"] for files in left}
    assert {b"x" * 1024, b"y" * 1024, b"x" * 512, b"y" * 512, b"x" * 512 + b"y" * 512} <= contents
    assert all(set(content) <= set(b"xy") and len(content) in (512, 1024) for content in contents)
    assert lossy.after_the_failure(happened[:2], {}, Random(0)) == {"a": b"x" * 1024}
