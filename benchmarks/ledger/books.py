"""A month's books: written, loaded by beancount and compared with the database, beside what beancount's loader takes alone."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from ledger.books import check, prove
from ledger.books.rebuild import month_files
from ledger.store import Book


async def month_seconds(book: Book, folder: Path) -> dict[str, float]:
    """Seconds for everything `book` has, which should be one month of 10,000 transfers.

    Returns:
        The seconds on the clock, the same in processor time (for a busy machine), and how much of that is beancount's loader.
    """
    started, worked = time.perf_counter(), time.process_time()
    differences = await prove(book, folder)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    assert differences == [], differences[:3]
    return {
        "month exported, loaded and compared, seconds": seconds,
        "month exported, loaded and compared, CPU seconds": work,
        "of which beancount's loader, CPU seconds": _loading(month_files(folder)),
    }


def _loading(paths: Iterable[Path]) -> float:
    worked = time.process_time()
    errors = [error for path in paths for error in check(path)]
    assert errors == [], errors[:3]
    return time.process_time() - worked
