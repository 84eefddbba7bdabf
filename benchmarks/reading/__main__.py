"""`python -m benchmarks.reading [--json] [--quick] [--write]`: files of an office to judged rows, in cpu seconds and peak megabytes.

Every reading runs in a process of its own; readers take turns within a round, and the best of the rounds counts. openpyxl
and calamine read the same cells and judge nothing: calamine, written in Rust, is the floor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading.files import HOSTILE, as_csv, as_xlsx

ROUNDS = 3
SIZES = (1_000, 10_000, 100_000 - 1)
PAGE = Path(__file__).parents[2] / "docs" / "reading-figures.md"
# Cpu seconds and megabytes for 10,000 volunteers; what a hostile file may cost more than a small one.
SECONDS_MAX, MEGABYTES_MAX = 5.0, 150.0
HOSTILE_SECONDS_MAX, HOSTILE_MEGABYTES_MAX = 1.5, 100.0
LINEAR_MAX = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one reading took."""

    seconds: float
    megabytes: float
    more: float
    found: int


def measure(reader: str, path: Path) -> Cost | None:
    """One reading in a process of its own; None when the reader failed."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading.one", reader, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return Cost(**json.loads(done.stdout)) if done.returncode == 0 else None


def best(reader: str, path: Path, rounds: int) -> Cost | None:
    """The cheapest of the rounds."""
    found = [cost for _ in range(rounds) if (cost := measure(reader, path)) is not None]
    return min(found, key=lambda cost: cost.seconds) if found else None


def main() -> int:
    """Print the tables, or one JSON object; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="one round, up to 10,000 rows")
    parser.add_argument("--write", action="store_true", help="renew the page in docs")
    asked = parser.parse_args()
    rounds, sizes = (1, SIZES[:2]) if asked.quick else (ROUNDS, SIZES)
    with tempfile.TemporaryDirectory() as folder:
        lists = _lists(Path(folder), sizes, rounds)
        hostile = _hostile(Path(folder), rounds)
    goals = _goals(lists, hostile)
    if asked.json:
        print(json.dumps({"benchmark": "reading", "lists": _plain(lists), "hostile": _plain(hostile), "goals": goals}, indent=1))  # fmt: skip
    else:
        text = _tables(lists, hostile, goals)
        print(text)
        if asked.write:
            PAGE.write_text(text, "utf-8")
    return 0 if all(goals.values()) else 1


Costs = dict[str, dict[str, Cost | None]]


def _written(folder: Path, name: str, content: bytes, warm: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    Path(f"{path}.warm").write_bytes(warm)
    return path


def _lists(folder: Path, sizes: tuple[int, ...], rounds: int) -> Costs:
    found: Costs = {}
    for size in sizes:
        xlsx = _written(folder, f"{size}.xlsx", as_xlsx(size), as_xlsx(5))
        text = _written(folder, f"{size}.csv", as_csv(size), as_csv(5))
        found[f"{size:,} rows, xlsx"] = {
            reader: best(reader, xlsx, rounds) for reader in ("ours", "cells", "openpyxl", "calamine")
        }
        found[f"{size:,} rows, csv"] = {reader: best(reader, text, rounds) for reader in ("ours", "cells")}
    return found


def _hostile(folder: Path, rounds: int) -> Costs:
    found: Costs = {}
    for at, (name, make) in enumerate(HOSTILE.items()):
        path = _written(folder, f"hostile{at}.xlsx", make(), as_xlsx(5))
        found[name] = {"ours": best("ours", path, rounds), "openpyxl": best("openpyxl", path, 1)}
    return found


def _goals(lists: Costs, hostile: Costs) -> dict[str, bool]:
    ten = [row["ours"] for name, row in lists.items() if name.startswith("10,000")]
    goals = {
        f"10,000 volunteers judged within {SECONDS_MAX:g} s of cpu": all(one and one.seconds <= SECONDS_MAX for one in ten),
        f"and {MEGABYTES_MAX:g} MB": all(one and one.megabytes <= MEGABYTES_MAX for one in ten),
        f"a hostile file costs less than {HOSTILE_SECONDS_MAX:g} s and {HOSTILE_MEGABYTES_MAX:g} MB more": all(
            (one := row["ours"]) is not None and one.seconds < HOSTILE_SECONDS_MAX and one.more < HOSTILE_MEGABYTES_MAX
            for row in hostile.values()
        ),
    }  # fmt: skip
    for kind in ("xlsx", "csv"):
        small, large = lists.get(f"10,000 rows, {kind}"), lists.get(f"{SIZES[-1]:,} rows, {kind}")
        if small and large and (one := small["ours"]) and (many := large["ours"]):
            goals[f"ten times the rows, at most {10 * LINEAR_MAX:g} times the cpu ({kind})"] = (
                many.seconds <= 10 * LINEAR_MAX * one.seconds
            )
    return goals


def _plain(costs: Costs) -> dict[str, dict[str, dict[str, float] | None]]:
    return {
        name: {
            reader: None
            if cost is None
            else {"seconds": round(cost.seconds, 3), "megabytes": round(cost.megabytes, 1)}
            for reader, cost in row.items()
        }
        for name, row in costs.items()
    }


def _tables(lists: Costs, hostile: Costs, goals: dict[str, bool]) -> str:
    lines = [
        "# Reading the files of an office",
        "",
        "`python -m benchmarks.reading --write` wrote this page: cpu seconds and peak megabytes of a whole process, best of "
        f"{ROUNDS} rounds in turns. “ours” finds the tables, claims the columns and judges every row; “cells” and the two peers "
        "read the same cells and no more. calamine (Rust) is the floor; it loses what is hidden, struck out or an error.",
        "",
        "| list of volunteers, 10 columns | ours | cells | openpyxl | calamine |",
        "|---|---|---|---|---|",
    ]
    for name, row in lists.items():
        lines.append(f"| {name} | " + " | ".join(_said(row.get(reader)) for reader in ("ours", "cells", "openpyxl", "calamine")) + " |")  # fmt: skip
    lines += ["", "| file made to hurt | ours, more than a small file | openpyxl |", "|---|---|---|"]
    for name, row in hostile.items():
        one = row["ours"]
        more = f"{one.seconds:.2f} s, {one.more:.0f} MB" if one else "failed"
        lines.append(f"| {name} | {more} | {_said(row.get('openpyxl'))} |")
    lines += [
        "",
        "| goal | met |",
        "|---|---|",
        *(f"| {name} | {'yes' if met else 'no'} |" for name, met in goals.items()),
        "",
    ]
    return "\n".join(lines)


def _said(cost: Cost | None) -> str:
    return "–" if cost is None else f"{cost.seconds:.2f} s, {cost.megabytes:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
