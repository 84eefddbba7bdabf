"""What becomes of rate and size when a book grows, and how fast it is proven."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

from benchmarks.ledger.ours import AT, credit, open_book
from benchmarks.ledger.turns import Subject, best_rates
from ledger.store import Book
from ledger.store.engine import open_engine

SMALL = 10_000
STEP = 5_000
SLICE = 1000


async def fill(book: Book, transfers: int) -> None:
    for start in range(0, transfers, STEP):
        commands = [credit(number) for number in range(start, min(start + STEP, transfers))]
        await book.post_many(commands, at=AT)


def more(name: str, book: Book, first: int) -> Subject:
    """Slices of posts on a book that already holds `first` of them."""
    numbers = itertools.count(first)

    async def slice() -> int:
        await book.post_many([credit(next(numbers)) for _ in range(SLICE)], at=AT)
        return SLICE

    return Subject(name, slice)


async def verify_rate(book: Book, transfers: int) -> float:
    """Transfers per second of a whole verification, best of three."""
    best = 0.0
    for _ in range(3):
        started = time.perf_counter()
        assert await book.verify() == []
        best = max(best, transfers / (time.perf_counter() - started))
    return best


def _bytes_of(database: Path) -> int:
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*"))


async def grown(folder: Path, transfers: int) -> dict[str, float]:
    """Figures of a book with `transfers` beside one with 10,000, in turns on one disk."""
    small_path, large_path = folder / "small.db", folder / "large.db"
    async with (
        open_engine(f"sqlite:///{small_path}") as small,
        open_engine(f"sqlite:///{large_path}") as large,
    ):
        few, many = await open_book(small, "small"), await open_book(large, "large")
        await fill(few, SMALL)
        verified = await verify_rate(few, SMALL)
        started = time.perf_counter()
        await fill(many, transfers)
        filling = time.perf_counter() - started
        size = _bytes_of(large_path)
        best = await best_rates([more("few", few, SMALL), more("many", many, transfers)], rounds=8)
    return {
        "posts per second at 10,000": best["few"],
        f"posts per second at {transfers:,}": best["many"],
        "verified transfers per second": verified,
        "seconds to fill": filling,
        "bytes per transfer": size / transfers,
    }
