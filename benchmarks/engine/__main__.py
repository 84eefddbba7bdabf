"""`python -m benchmarks.engine [--json]`: units of work and reads per second, best of interleaved rounds.

The engines take turns within one run, so a busy machine slows them alike; what is judged are the ratios. The last row is
Piccolo building the three queries of a unit without any database: no engine can be quicker than that with plain queries,
which is what prepared ones are for.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.engine.subjects import Ours, Prepared, Raw, Stock, Subject, build_queries

ROUNDS = 9
CLIENTS = (1, 16, 100)
# Short turns of about a quarter of a second for each, so that on a busy machine each finds a quiet one.
UNITS = {"ours": 500, "prepared": 1000, "stock": 100, "raw": 1000}
READS = {"ours": 1500, "prepared": 3000, "stock": 100, "raw": 20000}

GOALS = {
    "units at 16 clients, ours / stock": 8.0,
    "units at 16 clients, prepared / raw": 0.6,
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


async def measure(folder: Path) -> tuple[dict[str, dict[str, float]], float]:
    """Best rates per second, {"units at 16 clients": {"ours": …, "prepared": …, "stock": …, "raw": …}, …}, and of building queries."""
    subjects: list[Subject] = [Ours(folder), Prepared(folder), Stock(folder), Raw(folder)]
    best: dict[str, dict[str, float]] = {}
    building = 0.0
    for subject in subjects:
        await subject.open()

    async def round_of(what: str, work: str, totals: dict[str, int], *, clients: int) -> None:
        row = best.setdefault(what, {})
        for subject in subjects:
            rate = await _rate(getattr(subject, work), clients=clients, total=totals[subject.name])
            row[subject.name] = max(rate, row.get(subject.name, 0.0))

    # What start-up made lives as long as the process; a server sets it aside too (timebank.app).
    gc.collect()
    gc.freeze()
    for _ in range(ROUNDS):
        for clients in CLIENTS:
            await round_of(f"units at {clients} clients", "unit", UNITS, clients=clients)
        await round_of("reads", "point_read", READS, clients=1)
        building = max(building, await _rate(build_queries, clients=1, total=UNITS["ours"]))
    for subject in subjects:
        stored = ROUNDS * sum(UNITS[subject.name] // clients * clients for clients in CLIENTS)
        assert await subject.stored() == stored, f"{subject.name} lost a unit"
        await subject.close()
    return best, building


def ratios(best: dict[str, dict[str, float]]) -> dict[str, float]:
    """Ours, plain and prepared, divided by each of the others, per row."""
    return {
        f"{what}, {ours} / {other}": row[ours] / row[other]
        for what, row in best.items()
        for ours in ("ours", "prepared")
        for other in ("stock", "raw")
    }


def judged(found: dict[str, float]) -> dict[str, dict[str, float | bool]]:
    """Each goal with what was reached."""
    return {
        name: {"goal": goal, "ratio": round(found[name], 2), "met": found[name] >= goal}
        for name, goal in GOALS.items()
    }


def main() -> int:
    """Print the table, or one JSON object; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        best, building = asyncio.run(measure(Path(folder)))
    goals = judged(ratios(best))
    if as_json:
        report = {
            "benchmark": "engine",
            "per_second": {
                what: {name: round(rate) for name, rate in row.items()} for what, row in best.items()
            },
            "queries_built_per_second": round(building),
            "ratios": {name: round(ratio, 2) for name, ratio in ratios(best).items()},
            "goals": goals,
            "seconds": round(time.perf_counter() - started, 1),
        }
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        _print_table(best, building, goals)
    return 0 if all(goal["met"] for goal in goals.values()) else 1


def _print_table(
    best: dict[str, dict[str, float]], building: float, goals: dict[str, dict[str, float | bool]]
) -> None:
    names = ("ours", "prepared", "stock", "raw")
    print(f"{f'per second, best of {ROUNDS}':28}" + "".join(f"{name:>10}" for name in names))
    for what, row in best.items():
        print(f"{what:28}" + "".join(f"{row[name]:10.0f}" for name in names))
    print(f"{'building its queries alone':28}{building:10.0f}")
    for name, ratio in ratios(best).items():
        if name not in goals:
            print(f"        {name}: {ratio:.2f}")
    for name, goal in goals.items():
        print(f"{'met   ' if goal['met'] else 'MISSED'}  {name}: {goal['ratio']} (goal {goal['goal']})")


if __name__ == "__main__":
    raise SystemExit(main())
