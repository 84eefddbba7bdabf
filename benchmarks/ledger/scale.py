"""What becomes of rate and size when a book grows, and how fast it is proven."""

from __future__ import annotations

import itertools
import sqlite3
import time
from hashlib import sha256
from pathlib import Path

from benchmarks.ledger.ours import AT, credit, open_book
from benchmarks.ledger.turns import Subject, best_rates
from ledger.chain import genesis, pack
from ledger.store import Book
from ledger.store.engine import open_engine
from ledger.store.rows import read

VERIFY = "verify, CPU microseconds per transfer"
BARE = "a bare hash loop over the same rows, CPU microseconds per transfer"
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


async def verify_cost(book: Book, database: Path, transfers: int) -> tuple[float, float]:
    """CPU microseconds per transfer of a whole verification on one core, and of a bare hash loop over the same rows; best of 5."""
    ours = bare = float("inf")
    for _ in range(5):
        started = time.process_time()
        assert await book.verify() == []
        ours = min(ours, time.process_time() - started)
        started = time.process_time()
        assert bare_hash_loop(database, book.code, book.timezone) == (await book.head()).hash
        bare = min(bare, time.process_time() - started)
    return ours / transfers * 1e6, bare / transfers * 1e6


def bare_hash_loop(database: Path, book: str, timezone: str) -> bytes:
    """The head of the only book in a file: every row read, put into its canonical bytes and hashed, and nothing else."""
    connection = sqlite3.connect(database)
    names = {
        number: (code, commodity)
        for number, code, commodity in connection.execute(
            "SELECT number, code, commodity FROM ledger_account"
        )
    }
    legs = connection.execute(read.POSTINGS + "WHERE book_id = 1 ORDER BY seq, leg")
    leg = next(legs, None)
    head = genesis(book, timezone)
    for row in connection.execute(read.ENTRIES + "WHERE book_id = 1 ORDER BY seq"):
        (
            seq,
            uid,
            key,
            kind,
            reason,
            on,
            occurred,
            recorded,
            actor,
            memo,
            meta,
            detail,
            hold,
            back,
            batch,
            _,
        ) = row
        fields = [book, str(seq), uid, key, kind, reason, hold, back, batch, on, str(occurred), str(recorded)]
        fields += (actor, memo, meta, detail)
        while leg is not None and leg[0] == seq:
            fields += (*names[leg[2]], str(leg[3]), leg[4])
            leg = next(legs, None)
        head = sha256(head + pack(fields)).digest()
    connection.close()
    return head


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
        verified, bare = await verify_cost(few, small_path, SMALL)
        started = time.perf_counter()
        await fill(many, transfers)
        filling = time.perf_counter() - started
        size = _bytes_of(large_path)
        best = await best_rates([more("few", few, SMALL), more("many", many, transfers)], rounds=8)
    return {
        "posts per second at 10,000": best["few"],
        f"posts per second at {transfers:,}": best["many"],
        VERIFY: verified,
        BARE: bare,
        "seconds to fill": filling,
        "bytes per transfer": size / transfers,
    }
