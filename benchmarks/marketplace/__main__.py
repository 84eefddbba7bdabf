"""`python -m benchmarks.marketplace [--json] [--write] [--sizes 1000,10000]`: regimes, rounds, pipeline, changes, suggestions.

Times are process seconds; every figure of a line comes from one run in a process of its own, so memory is its own too.
OR-Tools must find the same optimum, and both sides of our certificate are recomputed. A size of 100,000 takes about a
minute per regime; `--write` includes it and renews docs/matching-figures.md.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.marketplace import lines, page
from benchmarks.marketplace.instances import REGIMES
from benchmarks.marketplace.rounds import kind_line
from benchmarks.marketplace.town import town_line

Line = dict[str, Any]
# Our engine without compiled parts is timed up to here in every regime, and in slack up to 10,000.
OWN_SIZE_MAX = 1_000
NETWORKX_SIZE_MAX = 1_000
# Kinds of days with rounds, up to which seed, whether the linear program is left out (False), and seconds for CP-SAT.
ROUNDS_SOME = (("community", 9, None, 0), ("rooms", 9, None, 10), ("at_once", 9, None, 10))
ROUNDS_ALL = (
    ("community", 49, None, 10),
    ("dense", 9, None, 10),
    ("rooms", 9, None, 60),
    ("at_once", 9, None, 60),
    ("community", 9, False, 0),
)


def _alone(line: Callable[..., Line], *given: Any) -> Line:
    """The line measured in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(line, given)


def measured(sizes: list[int]) -> dict[str, list[Line]]:
    """All lines, by what they measure."""
    return {
        "city": [_alone(lines.city_line, size, regime) for size in sizes for regime in REGIMES],
        "own": [
            _alone(lines.own_line, size, regime)
            for size in sizes
            for regime in REGIMES
            if size <= OWN_SIZE_MAX or (size <= 10_000 and regime != "unit")
        ],
        "networkx": [_alone(lines.networkx_line, size) for size in sizes if size <= NETWORKX_SIZE_MAX],
        "pipeline": [_alone(lines.columns_line, size) for size in sizes],
        "rounds": [_alone(kind_line, *one) for one in (ROUNDS_ALL if 100_000 in sizes else ROUNDS_SOME)],
        "lists": [_alone(town_line, one_in) for one_in in (64, 16, 4, 1)],
        "change": [_alone(lines.change_line, size) for size in sizes],
        "suggest": [_alone(lines.nearby_line, size) for size in sizes],
    }


def main() -> int:
    """Print the tables, or one JSON object; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help=f"renew docs/{page.PAGE.name}")
    parser.add_argument("--sizes", default="")
    options = parser.parse_args()
    sizes = options.sizes or ("1000,10000,100000" if options.write else "1000,10000")
    found = measured([int(size) for size in sizes.split(",")])
    if options.write:
        page.write(found)
    print(json.dumps(found, indent=2) if options.json else page.told(found))
    return 0 if all(goal.met for goal in page.goals(found)) else 1


if __name__ == "__main__":
    sys.exit(main())
