"""What an auditor does with a month: export it, let beancount load it, compare every row."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from benchmarks.ledger.ours import open_book
from benchmarks.ledger.scale import fill
from ledger.books import compare, export_months, load, row_of
from ledger.store.engine import open_engine


async def month_seconds(folder: Path, transfers: int) -> float:
    """Seconds for a month of `transfers`, best of three."""
    best = float("inf")
    async with open_engine(f"sqlite:///{folder}/month.db") as engine:
        book = await open_book(engine, "month")
        await fill(book, transfers)
        for attempt in range(3):
            started = time.perf_counter()
            paths = await export_months(book, folder / f"books{attempt}")
            [path] = [one for one in paths if one.stem == "2026-11"]
            ours = [
                row_of(entry)
                async for page in book.journal()
                for entry in page
                if entry.effective_on >= date(2026, 11, 1)
            ]
            assert compare(ours, load(path)) == []
            best = min(best, time.perf_counter() - started)
    return best
