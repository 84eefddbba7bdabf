"""`python -m benchmarks.marketplace.town [--one-in 64,16,4,1]`: a development zone from its lists to a proven plan in words.

The whole zone has 8,723 registered volunteers; `--one-in 4` is a quarter of it. Times are process seconds. Each part of a
line comes from one run in a process of its own, the solver alone from a second run of it there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import Any

from marketplace.generator import ZONE, Town, scaled
from marketplace.planning import Objective, PlanContext
from marketplace.planning.answers.planner import told
from marketplace.planning.problem.model import build
from marketplace.planning.solving.city import compiled
from marketplace.planning.solving.city.simplex import CITY_PAIRS_MIN, Strongest
from marketplace.planning.solving.decide import decided
from marketplace.values import SHANGHAI

CONTEXT = PlanContext(now=datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI))


def town_line(one_in: int) -> dict[str, Any]:
    """Seconds from lists to words, part by part, next to the solver alone; `loading` is the import of the extra `city`."""
    town = Town(ZONE if one_in == 1 else scaled(ZONE, one_in), Random(7))
    needs, resources, objective = tuple(town.needs()), tuple(town.resources()), Objective()
    times = [time.process_time()]
    model = build(needs, resources, week=town.week, objective=objective, fixed=(), context=CONTEXT)
    times.append(time.process_time())
    pairs = sum(map(len, model.problem.edges))
    if pairs >= CITY_PAIRS_MIN and compiled.installed():
        compiled.simplex()
    times.append(time.process_time())
    answer = decided(model.problem, Strongest())
    times.append(time.process_time())
    plan = told(
        model,
        answer,
        needs=needs,
        resources=resources,
        week=town.week,
        objective=objective,
        fixed=(),
        context=CONTEXT,
    )
    times.append(time.process_time())
    Strongest().solve(model.problem.transport())
    times.append(time.process_time())
    reading, loading, solving, telling, solver = (b - a for a, b in pairwise(times))
    times = [time.process_time()]
    assert plan.verify()
    checking = time.process_time() - times[0]
    whole = reading + solving + telling
    return {
        "registered": town.preset.registered,
        "needs": len(needs),
        "resources": len(resources),
        "pairs": pairs,
        "matches": len(plan.matches),
        "gap_percent": round(100 * plan.certificate.gap / max(1, plan.certificate.dual), 4),
        "minutes": sum(match.minutes for match in plan.matches),
        "reading_s": round(reading, 2),
        "solving_s": round(solving, 2),
        "telling_s": round(telling, 2),
        "whole_s": round(whole, 2),
        "verify_s": round(checking, 2),
        "loading_s": round(loading, 2),
        "solver_s": round(solver, 2),
        "ratio": round(whole / solver, 2),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--one-in", default="64,16,4,1")
    for one_in in map(int, options.parse_args().one_in.split(",")):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            line = pool.apply(town_line, (one_in,))
        print("  ".join(f"{key} {value}" for key, value in line.items()))


if __name__ == "__main__":
    main()
