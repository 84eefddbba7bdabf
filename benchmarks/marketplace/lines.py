"""What the benchmark measures, one function per line."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.marketplace.instances import instance, lists
from marketplace.planning import PlanContext
from marketplace.planning.solving.city.arrays import CityAnswer, CityProblem, as_flows, as_problem, certified
from marketplace.planning.solving.city.nearby import OfferIndex
from marketplace.planning.solving.city.plan import plan_city
from marketplace.planning.solving.city.simplex import solve_city
from marketplace.planning.solving.formulation import primal
from marketplace.planning.solving.search import built, resumed
from marketplace.planning.solving.stable import best_pairs_first
from marketplace.values import SHANGHAI

CONTEXT = PlanContext(now=datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI))
Line = dict[str, Any]
Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """(what the work returns, process seconds)."""
    started = time.process_time()
    found = work()
    return found, time.process_time() - started


def peak_mb() -> int:
    """The most memory this process ever held."""
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024


def by_ortools(problem: CityProblem) -> int:
    """The optimum by OR-Tools' min-cost flow: arrays in, one number out.

    From a source over tasks and slots to a sink, with one arc past them for what stays unmet: its quickest form.
    """
    tasks, slots, unmet = len(problem.demand), len(problem.capacity), int(problem.demand.sum())
    source, sink = tasks + slots, tasks + slots + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([np.full(tasks, source), problem.task, tasks + np.arange(slots), [source]]),
        np.concatenate([np.arange(tasks), tasks + problem.slot, np.full(slots, sink), [sink]]),
        np.concatenate(
            [
                problem.demand,
                np.minimum(problem.demand[problem.task], problem.capacity[problem.slot]),
                problem.capacity,
                [unmet],
            ]
        ),
        np.concatenate([np.zeros(tasks, np.int64), -problem.value, np.zeros(slots + 1, np.int64)]),
    )
    supplies = np.zeros(sink + 1, np.int64)
    supplies[source], supplies[sink] = unmet, -unmet
    flow.set_nodes_supplies(np.arange(sink + 1), supplies)
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def city_line(size: int, regime: str) -> Line:
    """The city solver, its certificate included, next to OR-Tools."""
    problem = instance(size, regime)
    # Loading a library for the first time is not what is measured.
    solve_city(instance(50, regime))
    answer, ours = timed(lambda: solve_city(problem))
    memory = peak_mb()
    optimum, theirs = timed(lambda: by_ortools(problem))
    proof = certified(problem, answer)
    assert proof.primal == proof.dual == optimum
    return {
        "size": size,
        "regime": regime,
        "pairs": len(problem.task),
        "optimum": optimum,
        "ortools_s": round(theirs, 3),
        "city_s": round(ours, 3),
        "ratio": round(ours / theirs, 2),
        "us_per_pair": round(1e6 * ours / len(problem.task), 1),
        "peak_mb": memory,
    }


def own_line(size: int, regime: str) -> Line:
    """Our engine without compiled parts next to OR-Tools, and what best-pairs-first would leave."""
    arrays = instance(size, regime)
    problem = as_problem(arrays)
    # The interpreter makes code quicker while it runs; that is not what is measured either.
    built(as_problem(instance(200, regime)))
    engine, ours = timed(lambda: built(problem))
    optimum, theirs = timed(lambda: by_ortools(arrays))
    assert engine.primal() == engine.dual() == optimum
    greedy = best_pairs_first(problem)
    served = {task for task, _, _ in engine.matches()}
    return {
        "size": size,
        "regime": regime,
        "ortools_s": round(theirs, 3),
        "own_s": round(ours, 3),
        "ratio": round(ours / theirs, 2),
        "greedy_share": round((primal(problem, greedy) or 0) / optimum, 4),
        "left_with_nothing": size - len(served),
        "left_with_nothing_greedy": size - len({task for task, _ in greedy}),
    }


def networkx_line(size: int) -> Line:
    """How many times quicker than networkx's network simplex, on the same problem."""
    problem = instance(size, "slack")
    solve_city(instance(50, "slack"))
    answer, ours = timed(lambda: solve_city(problem))
    plain = as_problem(problem)
    built(as_problem(instance(200, "slack")))
    # Before the graph is there: its many objects would slow down the collector for whoever comes after.
    engine, own = timed(lambda: built(plain))
    graph = nx.DiGraph()
    graph.add_node("end", demand=int(problem.demand.sum()))
    for task, units in enumerate(problem.demand.tolist()):
        graph.add_node(("task", task), demand=-units)
        graph.add_edge(("task", task), "end", weight=0)
    for slot, units in enumerate(problem.capacity.tolist()):
        graph.add_edge(("slot", slot), "end", weight=0, capacity=units)
    for task, slot, value in zip(
        *(a.tolist() for a in (problem.task, problem.slot, problem.value)), strict=True
    ):
        graph.add_edge(("task", task), ("slot", slot), weight=-value)
    (cost, _), theirs = timed(lambda: nx.network_simplex(graph))
    assert certified(problem, answer).primal == engine.primal() == -cost
    return {
        "size": size,
        "networkx_s": round(theirs, 2),
        "times_quicker_city": round(theirs / ours),
        "times_quicker_own": round(theirs / own),
    }


def columns_line(size: int) -> Line:
    """From columns to a proven plan with all its explanations, next to the solver alone."""
    needs, offers = lists(size)
    spent = []

    def solve(problem: CityProblem) -> CityAnswer:
        answer, seconds = timed(lambda: solve_city(problem))
        spent.append(seconds)
        return answer

    plan_city(*lists(50))
    plan, whole = timed(lambda: plan_city(needs, offers, solve))
    assert (plan.terms.sum(axis=0) == plan.value).all()
    return {
        "size": size,
        "matches": len(plan.need),
        "whole_s": round(whole, 3),
        "solver_s": round(spent[0], 3),
        "ratio": round(whole / spent[0], 2),
        "peak_mb": peak_mb(),
    }


def change_line(size: int) -> Line:
    """Milliseconds of taking one need out of a standing plan, and of putting it back; it stays proven optimal."""
    arrays = instance(size, "slack")
    engine = resumed(as_problem(arrays), as_flows(arrays, solve_city(arrays)))
    draw, withdrawn, inserted = random.Random(3), [], []
    for _ in range(1000):
        task = draw.randrange(size)
        edges, demand = list(engine.edges[task]), engine.demand[task]
        started = time.process_time()
        engine.remove_task(task)
        withdrawn.append(1000 * (time.process_time() - started))
        started = time.process_time()
        engine.add_task(demand, edges)
        inserted.append(1000 * (time.process_time() - started))
    assert engine.primal() == engine.dual()
    return {
        "size": size,
        **_spread("withdraw", withdrawn),
        **_spread("insert", inserted),
        "peak_mb": peak_mb(),
    }


def nearby_line(size: int) -> Line:
    """Milliseconds for the ten best offers for one need out of a whole city."""
    needs, offers = lists(size)
    index, building = timed(lambda: OfferIndex(offers))
    times = []
    for number in range(0, size, max(1, size // 2000)):
        started = time.process_time()
        index.best(needs, number)
        times.append(1000 * (time.process_time() - started))
    return {"offers": size, "index_s": round(building, 3), **_spread("top10", times)}


def _spread(name: str, times: list[float]) -> Line:
    times = sorted(times)
    return {
        f"{name}_p50_ms": round(times[len(times) // 2], 3),
        f"{name}_p99_ms": round(times[len(times) * 99 // 100], 3),
    }
