"""`python -m benchmarks.marketplace.rounds [--kind community] [--first 0] [--last 49] [--plain] [--beside 60]`: days with rounds.

Per kind of instance how many are proven, the largest gap told, CPU seconds of the search and of recomputing its proof.
`--plain` does without the linear program; `--beside 60` gives CP-SAT a minute on two threads for each instance, and tells
our points as a share of its best in the worst instance and on average.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from statistics import mean, median

from benchmarks.marketplace import cp_sat, weeks
from marketplace.planning.solving.formulation import Problem, dual, primal
from marketplace.planning.solving.proof import Leaf
from marketplace.planning.solving.routes.bound import proven
from marketplace.planning.solving.routes.solve import solved
from marketplace.planning.solving.routes.tables import laid_out
from marketplace.planning.solving.search import ShortestPaths

KINDS = {"community": weeks.community, "dense": weeks.dense, "at_once": weeks.at_once, "rooms": weeks.rooms}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One instance: points, bound, minutes of help, CPU seconds of the search and of the proof.

    `peer` are the points that CP-SAT found, 0 when it was not asked.
    """

    seed: int
    peer: int
    primal: int
    dual: int
    minutes: int
    search_s: float
    verify_s: float

    @property
    def gap_percent(self) -> float:
        """How far the plan may be from the best, in percent."""
        return 100 * (self.dual - self.primal) / max(1, self.dual)


def measured(problem: Problem, seed: int, *, compiled: bool | None, beside_s: float = 0) -> Line:
    """One instance, its plan walked and its bound recomputed."""
    started = time.process_time()
    free = problem.transport()
    prices = ShortestPaths().solve(free).prices
    found = solved(laid_out(problem), ceiling=dual(free, prices), prices=prices, compiled=compiled)
    searched = time.process_time()
    assert not isinstance(found.proof, Leaf)
    told = proven(problem, found.proof)
    checked = time.process_time()
    assert primal(problem, found.units, found.tours) == found.primal
    assert told is not None
    assert max(told, found.primal) == found.dual
    assert problem.routing is not None
    return Line(
        seed=seed,
        peer=cp_sat.best(problem, seconds=beside_s, threads=2).points if beside_s else 0,
        primal=found.primal,
        dual=found.dual,
        minutes=sum(
            units * problem.routing.stretches[slot].visits[task].minutes
            for (task, slot), units in found.units.items()
        ),
        search_s=searched - started,
        verify_s=checked - searched,
    )


def kind_line(
    kind: str, last: int, compiled: bool | None, beside_s: float = 0, first: int = 0
) -> dict[str, object]:
    """The instances of a kind between two seeds in one line.

    Args:
        compiled: False does without the linear program.
        beside_s: seconds that CP-SAT is given for each instance.
    """
    lines = [
        measured(KINDS[kind](seed), seed, compiled=compiled, beside_s=beside_s)
        for seed in range(first, last + 1)
    ]
    shares = [100 * one.primal / one.peer for one in lines if one.peer]
    return {
        "kind": kind if compiled is None else f"{kind}, without the linear program",
        "instances": len(lines),
        "proven": sum(one.primal == one.dual for one in lines),
        "gap_percent": round(max(one.gap_percent for one in lines), 3),
        "close": sum(one.gap_percent <= 1 for one in lines),
        "beside_least_percent": round(min(shares), 2) if shares else "",
        "beside_percent": round(mean(shares), 2) if shares else "",
        "minutes": sum(one.minutes for one in lines),
        "median_s": round(median(one.search_s for one in lines), 2),
        "most_s": round(max(one.search_s for one in lines), 2),
        "verify_s": round(max(one.verify_s for one in lines), 2),
    }


def main() -> None:
    """Print a line per kind."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--kind", choices=[*KINDS, "all"], default="all")
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--last", type=int, default=9)
    options.add_argument("--plain", action="store_true")
    options.add_argument("--beside", type=float, default=0)
    given = options.parse_args()
    for kind in KINDS if given.kind == "all" else [given.kind]:
        line = kind_line(kind, given.last, False if given.plain else None, given.beside, given.first)
        print("  ".join(f"{key} {value}" for key, value in line.items()), flush=True)


if __name__ == "__main__":
    main()
