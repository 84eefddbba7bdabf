"""Runs the ledger's benchmark and prints its table, or JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.ledger.raw import RawLedger
from ledger import AccountKind, Leg, OpenAccount, Transfer
from ledger.books import compare, export_months, load, row_of
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine

ACCOUNTS = 100
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
DAY = date(2026, 11, 20)
ISSUER = "Equity:DQ:Issued"
GOALS = {
    "16 clients / raw one by one": 2.5,
    "128 clients / raw 1000 per commit": 0.4,
    "post_many / raw 1000 per commit": 0.5,
    "1 client / raw one by one": 0.6,
}


def member(number: int) -> str:
    return f"Liabilities:Member:M{number:05d}"


def visit(key: str, number: int) -> Transfer:
    legs = (Leg(ISSUER, 5), Leg(member(number % ACCOUNTS), -5))
    return Transfer(key=key, legs=legs, effective_on=DAY, actor="W1")


async def with_book(folder: Path, work: Callable[[Book], Awaitable[float]]) -> float:
    """What `work` measures on a fresh book with its accounts open."""
    async with open_engine(f"sqlite:///{folder}/ours.db") as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="dongqu")
        await book.create(("MIN",))
        accounts = [(ISSUER, AccountKind.EQUITY, None)]
        accounts += [(member(number), AccountKind.LIABILITY, 0) for number in range(ACCOUNTS)]
        commands = [
            OpenAccount(key=code, code=code, kind=kind, floor=floor, opened_on=date(2026, 1, 1))
            for code, kind, floor in accounts
        ]
        await book.post_many(commands, at=AT)
        return await work(book)


def clients(count: int, posts: int) -> Callable[[Book], Awaitable[float]]:
    """Posts per second of `count` clients that each wait for their own post to be durable."""

    async def work(book: Book) -> float:
        async def client(number: int) -> None:
            for step in range(posts // count):
                await book.post(visit(f"{number}/{step}", number * 7 + step), at=AT)

        started = time.perf_counter()
        await asyncio.gather(*(client(number) for number in range(count)))
        return posts // count * count / (time.perf_counter() - started)

    return work


def many(posts: int) -> Callable[[Book], Awaitable[float]]:
    """Posts per second when they are handed over together."""

    async def work(book: Book) -> float:
        commands = [visit(f"many/{number}", number) for number in range(posts)]
        started = time.perf_counter()
        await book.post_many(commands, at=AT)
        return posts / (time.perf_counter() - started)

    return work


def raw(posts: int, per_commit: int) -> Callable[[Path], float]:
    """Posts per second by hand."""

    def work(folder: Path) -> float:
        ledger = RawLedger(folder / "raw.db", ACCOUNTS)
        started = time.perf_counter()
        ledger.post_all(posts, ACCOUNTS, per_commit=per_commit)
        ledger.close()
        return posts / (time.perf_counter() - started)

    return work


async def audit(book: Book, posts: int, folder: Path) -> dict[str, float]:
    """Seconds and rates of what an auditor does with a month of `posts` transfers."""
    await book.post_many([visit(f"month/{number}", number) for number in range(posts)], at=AT)
    told = {}
    started = time.perf_counter()
    assert await book.verify() == []
    told["verify, entries per second"] = posts / (time.perf_counter() - started)
    started = time.perf_counter()
    [path, *_] = [one for one in await export_months(book, folder / "books") if one.stem == "2026-11"]
    told["month exported, entries per second"] = posts / (time.perf_counter() - started)
    ours = [row_of(entry) async for page in book.journal() for entry in page if entry.effective_on >= DAY]
    assert compare(ours, load(path)) == []
    told["month exported, loaded and compared, seconds"] = time.perf_counter() - started
    return told


def measure(posts: int, rounds: int) -> dict[str, object]:
    """The best of `rounds` interleaved rounds per subject, and the ratios that the goals speak of."""
    ours = {
        "1 client": clients(1, posts // 4),
        "16 clients": clients(16, posts),
        "128 clients": clients(128, posts),
    }
    ours["post_many"] = many(posts)
    by_hand = {"raw one by one": raw(posts // 4, 1), "raw 1000 per commit": raw(posts, 1000)}
    best: dict[str, float] = dict.fromkeys([*ours, *by_hand], 0.0)
    for _ in range(rounds):
        for name, work in ours.items():
            with tempfile.TemporaryDirectory() as folder:
                best[name] = max(best[name], asyncio.run(with_book(Path(folder), work)))
        for name, yardstick in by_hand.items():
            with tempfile.TemporaryDirectory() as folder:
                best[name] = max(best[name], yardstick(Path(folder)))
    ratios = {}
    for name, goal in GOALS.items():
        mine, yard = name.split(" / ")
        ratios[name] = {
            "ratio": round(best[mine] / best[yard], 2),
            "goal": goal,
            "met": best[mine] / best[yard] >= goal,
        }
    audits: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:

        async def work(book: Book) -> float:
            audits.update(await audit(book, 10_000, Path(folder)))
            return 0.0

        asyncio.run(with_book(Path(folder), work))
    return {
        "posts per second": {name: round(rate) for name, rate in best.items()},
        "ratios": ratios,
        "audit of 10,000": {name: round(value, 2) for name, value in audits.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--posts", type=int, default=4000, help="posts per subject and round")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds; the best counts")
    options = parser.parse_args()
    told = measure(options.posts, options.rounds)
    if options.json:
        json.dump(told, sys.stdout, indent=2)
        return
    for title, rows in told.items():
        print(title)
        for name, value in rows.items():  # type: ignore[attr-defined]
            print(f"  {name:46} {value}")


if __name__ == "__main__":
    main()
