"""`python -m benchmarks.marketplace [--json] [--sizes 1000,3000]`: regimes against OR-Tools, the pipeline, live changes.

Times are process seconds; every figure of a line comes from the same run. OR-Tools must find the same optimum.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from datetime import datetime
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.marketplace.instances import REGIMES, instance
from benchmarks.marketplace.town import WEEK, town
from marketplace.planning import PlanContext, plan_week, suggest
from marketplace.planning.model import build
from marketplace.planning.objective import Objective
from marketplace.planning.problem import Problem, primal
from marketplace.planning.search import ShortestPaths, built
from marketplace.planning.stable import best_pairs_first
from marketplace.values import SHANGHAI

CONTEXT = PlanContext(now=datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI))


def by_ortools(problem: Problem) -> tuple[int, float]:
    """(optimum, process seconds of solving)."""
    tasks, sink = len(problem.demand), 0
    tails, heads, rooms, costs = [], [], [], []
    for task, edges in enumerate(problem.edges):
        for value, slot in (*edges, (0, -1 - tasks)):
            tails.append(1 + task)
            heads.append(1 + tasks + slot)
            rooms.append(problem.demand[task])
            costs.append(-value)
    for slot, room in enumerate(problem.capacity):
        tails.append(1 + tasks + slot)
        heads.append(sink)
        rooms.append(room)
        costs.append(0)
    flow = min_cost_flow.SimpleMinCostFlow()
    started = time.process_time()
    flow.add_arcs_with_capacity_and_unit_cost(*map(np.array, (tails, heads, rooms, costs)))
    flow.set_nodes_supplies(np.arange(1 + tasks), np.array([-sum(problem.demand), *problem.demand]))
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost(), time.process_time() - started


def regime_line(size: int, regime: str) -> dict[str, Any]:
    """Ours against OR-Tools on one instance, with what best-pairs-first would have left."""
    problem = instance(size, regime)
    optimum, theirs = by_ortools(problem)
    started = time.process_time()
    engine = built(problem)
    ours = time.process_time() - started
    assert engine.primal() == engine.dual() == optimum
    greedy = best_pairs_first(problem)
    served = {task for task, _, _ in engine.matches()}
    served_greedy = {task for task, _ in greedy}
    return {
        "size": size,
        "regime": regime,
        "edges": sum(map(len, problem.edges)),
        "optimum": optimum,
        "ortools_s": round(theirs, 3),
        "ours_s": round(ours, 3),
        "ratio": round(ours / theirs, 2),
        "greedy_share": round((primal(problem, greedy) or 0) / optimum, 4),
        "left_with_nothing": size - len(served),
        "left_with_nothing_greedy": size - len(served_greedy),
    }


def pipeline_line(needs: int, resources: int) -> dict[str, Any]:
    """From lists to a verified plan in words, next to the solver alone."""
    lists = town(needs, resources)
    started = time.process_time()
    plan = plan_week(*lists, week=WEEK, context=CONTEXT)
    said = plan.as_json()
    whole = time.process_time() - started
    model = build(*lists, week=WEEK, objective=Objective(), fixed=(), context=CONTEXT)
    started = time.process_time()
    ShortestPaths().solve(model.problem)
    solver = time.process_time() - started
    return {
        "needs": needs,
        "resources": resources,
        "edges": sum(map(len, model.problem.edges)),
        "matches": len(said["matches"]),
        "gap": plan.certificate.gap,
        "whole_s": round(whole, 3),
        "solver_s": round(solver, 3),
    }


def change_line(size: int) -> dict[str, Any]:
    """Milliseconds of putting in and taking out one need in a standing plan that stays certified."""
    problem = instance(size, "slack")
    engine = built(problem)
    draw, times = random.Random(3), []
    for _ in range(300):
        task = draw.randrange(size)
        if not engine.demand[task]:
            continue
        edges, demand = list(engine.edges[task]), engine.demand[task]
        started = time.perf_counter()
        engine.remove_task(task)
        engine.add_task(demand, edges)
        times.append((time.perf_counter() - started) * 500)
    assert engine.primal() == engine.dual()
    times.sort()
    return {
        "size": size,
        "p50_ms": round(times[len(times) // 2], 3),
        "p99_ms": round(times[-len(times) // 100], 3),
    }


def suggest_line(resources: int) -> dict[str, Any]:
    """Milliseconds for the five best helpers for one need, lists given as they are."""
    asked, offered = town(20, resources)
    times = []
    for need in asked:
        started = time.perf_counter()
        suggest(need, offered, week=WEEK, context=CONTEXT)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return {"resources": resources, "p50_ms": round(times[len(times) // 2], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", default="1000")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    found = {
        "regimes": [regime_line(size, regime) for size in sizes for regime in REGIMES],
        "pipeline": [pipeline_line(*pair) for pair in ((24, 22), (300, 400), (1000, 1000))],
        "change": [change_line(size) for size in sizes],
        "suggest": [suggest_line(400)],
    }
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for name, lines in found.items():
        print(name)
        for line in lines:
            print("  " + "  ".join(f"{key} {value}" for key, value in line.items()))


if __name__ == "__main__":
    main()
