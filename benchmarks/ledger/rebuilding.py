"""What it takes to write a large book again from its monthly files, and to prove it in processes of their own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.ledger.ours import ISSUER, member, open_book
from ledger import Leg, Transfer
from ledger.store import Book
from ledger.store.engine import open_engine

MONTHS = 30
A_MONTH = 10_000
MEMORY = "megabytes to rebuild 300,000 transfers of 30 months"
STEP = 5_000


def _credit(number: int, day: date) -> Transfer:
    legs = (Leg(ISSUER, 5), Leg(member(number), -5))
    return Transfer(key=f"visit/{number}", legs=legs, effective_on=day, actor="W1")


async def _fill(book: Book, months: int) -> None:
    """`A_MONTH` transfers in each of so many months."""
    for month in range(months):
        day = date(2024 + month // 12, month % 12 + 1, 15)
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        first = month * A_MONTH
        for start in range(first, first + A_MONTH, STEP):
            await book.post_many([_credit(number, day) for number in range(start, start + STEP)], at=at)


async def _seconds_to_verify(book: Book, processes: int) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        assert await book.verify(processes=processes) == []
        best = min(best, time.perf_counter() - started)
    return best


def _written_again(database: str, books: Path, again: str) -> resource.struct_rusage:
    """Export the months and rebuild a database from them, each in a process; what the rebuild used."""
    command = [sys.executable, "-m", "ledger.store"]
    subprocess.run([*command, "export", database, "months", books], check=True, capture_output=True)
    child = subprocess.Popen([*command, "rebuild", books, again], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, "the rebuild failed"
    return used


async def rebuilt(folder: Path, months: int = MONTHS) -> dict[str, float]:
    """Memory and processor time of `python -m ledger.store rebuild`, and seconds to verify with one process and with two."""
    database, books, again = folder / "months.db", folder / "months", folder / "again.db"
    async with open_engine(f"sqlite:///{database}") as engine:
        book = await open_book(
            engine, "months", at=datetime(2024, 1, 1, tzinfo=UTC), opened_on=date(2024, 1, 1)
        )
        await _fill(book, months)
        one, two = await _seconds_to_verify(book, 1), await _seconds_to_verify(book, 2)
        head = await book.head()
    used = _written_again(f"sqlite:///{database}", books, f"sqlite:///{again}")
    async with open_engine(f"sqlite:///{again}") as engine:
        assert await Book(engine, code="months").head() == head
    return {
        MEMORY: used.ru_maxrss / 1024,
        "rebuild, CPU seconds": used.ru_utime + used.ru_stime,
        "verify with one process, seconds": one,
        "verify with two processes, seconds": two,
    }
