"""`python -m benchmarks.engine [--json]`: units of work and reads per second, best of three interleaved rounds.

The engines take turns within one run, so a busy machine slows them alike; what is judged are the ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.engine.subjects import Ours, Raw, Stock, Subject

ROUNDS = 3
CLIENTS = (1, 16, 100)
# Enough for a steady figure, few enough that the slow ones do not take the minute.
UNITS = {"ours": 1600, "stock": 200, "raw": 1600}
READS = {"ours": 3000, "stock": 400, "raw": 3000}

GOALS = {
    "units at 16 clients, ours / stock": 8.0,
    "units at 16 clients, ours / raw": 0.6,
    "reads, ours / stock": 6.0,
}


async def _rate(work: Callable[[int], Awaitable[None]], *, clients: int, total: int) -> float:
    """Calls per second of `clients` tasks that share `total` calls."""
    each = total // clients

    async def client(first: int) -> None:
        for number in range(first, first + each):
            await work(number)

    started = time.perf_counter()
    await asyncio.gather(*(client(index * each) for index in range(clients)))
    return each * clients / (time.perf_counter() - started)


async def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Best rate per second: {"units at 16 clients": {"ours": …, "stock": …, "raw": …}, …}."""
    subjects: list[Subject] = [Ours(folder), Stock(folder), Raw(folder)]
    best: dict[str, dict[str, float]] = {}
    expected = dict.fromkeys(UNITS, 0)
    for subject in subjects:
        await subject.open()
    for _ in range(ROUNDS):
        for clients in CLIENTS:
            for subject in subjects:
                total = UNITS[subject.name]
                _note(
                    best,
                    f"units at {clients} clients",
                    subject,
                    await _rate(subject.unit, clients=clients, total=total),
                )
                expected[subject.name] += total // clients * clients
        for subject in subjects:
            _note(
                best, "reads", subject, await _rate(subject.point_read, clients=1, total=READS[subject.name])
            )
    for subject in subjects:
        assert await subject.stored() == expected[subject.name], f"{subject.name} lost a unit"
        await subject.close()
    return best


def _note(best: dict[str, dict[str, float]], what: str, subject: Subject, rate: float) -> None:
    row = best.setdefault(what, {})
    row[subject.name] = max(rate, row.get(subject.name, 0.0))


def ratios(best: dict[str, dict[str, float]]) -> dict[str, float]:
    """Ours divided by each of the others, per row."""
    return {
        f"{what}, ours / {other}": row["ours"] / row[other]
        for what, row in best.items()
        for other in ("stock", "raw")
    }


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        best = asyncio.run(measure(Path(folder)))
    found = ratios(best)
    goals = {
        name: {"goal": goal, "ratio": round(found[name], 2), "met": found[name] >= goal}
        for name, goal in GOALS.items()
    }
    if as_json:
        rates = {what: {name: round(rate) for name, rate in row.items()} for what, row in best.items()}
        print(
            json.dumps(
                {
                    "benchmark": "engine",
                    "per_second": rates,
                    "ratios": {k: round(v, 2) for k, v in found.items()},
                    "goals": goals,
                    "seconds": round(time.perf_counter() - started, 1),
                },
                indent=2,
            )
        )
    else:
        _print_table(best, found, goals)
    return 0 if all(goal["met"] for goal in goals.values()) else 1


def _print_table(
    best: dict[str, dict[str, float]], found: dict[str, float], goals: dict[str, dict[str, float]]
) -> None:
    print(
        f"{'per second, best of ' + str(ROUNDS):28}{'ours':>9}{'stock':>9}{'raw':>9}{'÷ stock':>9}{'÷ raw':>9}"
    )
    for what, row in best.items():
        print(
            f"{what:28}{row['ours']:9.0f}{row['stock']:9.0f}{row['raw']:9.0f}"
            f"{found[what + ', ours / stock']:9.1f}{found[what + ', ours / raw']:9.2f}"
        )
    for name, goal in goals.items():
        print(f"{'met   ' if goal['met'] else 'MISSED'}  {name}: {goal['ratio']} (goal {goal['goal']})")


if __name__ == "__main__":
    raise SystemExit(main())
