"""The engine against OR-Tools and brute force, after every single change."""

from __future__ import annotations

import itertools
import random
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow

from marketplace.planning.solving.formulation import Clash, Prices, Problem, Synchronised, primal
from marketplace.planning.solving.proof import Leaf, bound
from marketplace.planning.solving.search import ShortestPaths, best_plan, resumed
from marketplace.planning.solving.transport import NO_GROUP, Transport


def by_ortools(demand: Any, edges: Any, capacity: Any, group_of: Any, steps: Any) -> int:
    """The optimum as OR-Tools finds it."""
    flow = min_cost_flow.SimpleMinCostFlow()
    sink, tasks = 0, 1
    slots = tasks + len(demand)
    groups = slots + len(capacity)
    for task, units in enumerate(demand):
        flow.set_node_supply(tasks + task, units)
        flow.add_arc_with_capacity_and_unit_cost(tasks + task, sink, units, 0)
        for value, slot in edges[task]:
            flow.add_arc_with_capacity_and_unit_cost(tasks + task, slots + slot, units, -value)
    for slot, room in enumerate(capacity):
        head = sink if group_of[slot] == NO_GROUP else groups + group_of[slot]
        flow.add_arc_with_capacity_and_unit_cost(slots + slot, head, room, 0)
    for group, costs in enumerate(steps):
        for units, cost in costs:
            flow.add_arc_with_capacity_and_unit_cost(groups + group, sink, units, cost)
    flow.set_node_supply(sink, -sum(demand))
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost()  # type: ignore[no-any-return]


def check(engine: Transport) -> None:
    """Flows add up, prices prove them, and OR-Tools finds nothing better."""
    for task, edges in enumerate(engine.edges):
        assert sum(engine.flow[task].values()) + engine.unmet[task] == engine.demand[task]
        for value, slot in edges:
            group = engine.group_of[slot]
            common = engine.group_price[group] if group != NO_GROUP else 0
            assert engine.task_price[task] + common + engine.scarcity(slot) >= value
    group_used = [0] * len(engine.steps)
    for slot, holders in enumerate(engine.holders):
        assert sum(holders.values()) == engine.used[slot] <= engine.capacity[slot]
        if engine.group_of[slot] != NO_GROUP:
            group_used[engine.group_of[slot]] += engine.used[slot]
    assert group_used == engine.group_used
    assert engine.primal() == engine.dual()
    assert engine.primal() == by_ortools(
        engine.demand, engine.edges, engine.capacity, engine.group_of, engine.steps
    )


def some_steps(draw: random.Random) -> list[tuple[int, int]]:
    steps, cost = [], 0
    for _ in range(draw.randint(1, 3)):
        steps.append((draw.randint(1, 4), cost))
        cost += draw.randint(0, 15)
    return steps


@pytest.mark.parametrize("seed", range(120))
def test_after_any_sequence_of_changes_the_plan_is_the_best_one(seed: int) -> None:
    draw = random.Random(seed)
    most = draw.choice([3, 20, 1000])  # coarse ties, some ties, hardly any
    engine = Transport()
    groups = [engine.add_group(some_steps(draw)) for _ in range(draw.randint(0, 4))]
    for _ in range(draw.randint(1, 9)):
        engine.add_slot(draw.randint(0, 5), draw.choice([NO_GROUP, *groups]))
    present: list[int] = []
    for _ in range(draw.randint(5, 25)):
        dice = draw.random()
        slots = range(len(engine.capacity))
        if dice < 0.45 or not present:
            edges = [(draw.randint(1, most), slot) for slot in slots if draw.random() < 0.5]
            present.append(engine.add_task(draw.randint(0, 6), edges))
        elif dice < 0.6:
            engine.remove_task(present.pop(draw.randrange(len(present))))
        elif dice < 0.7:
            engine.change_demand(draw.choice(present), draw.randint(0, 6))
        elif dice < 0.85:
            engine.change_capacity(draw.choice(slots), draw.randint(0, 6))
        else:
            wanted = [(draw.randint(1, most), task) for task in present if draw.random() < 0.5]
            engine.add_slot(draw.randint(0, 5), draw.choice([NO_GROUP, *groups]), wanted)
        check(engine)


@pytest.mark.parametrize(("regime", "supply"), [("slack", 3), ("scarce", 1), ("unit", 0)])
def test_larger_problems_of_every_regime_match_the_oracle(regime: str, supply: int) -> None:
    draw = random.Random(regime)
    for size in (20, 60, 120):
        slots = [1 if regime == "unit" else draw.randint(1, 2 * supply) for _ in range(size)]
        edges = [
            tuple((draw.randint(1, 400), slot) for slot in sorted(draw.sample(range(size), min(8, size))))
            for _ in range(size)
        ]
        demand = tuple(1 if regime == "unit" else draw.randint(1, 4) for _ in range(size))
        problem = Problem(
            demand=demand, edges=tuple(edges), capacity=tuple(slots), group_of=(NO_GROUP,) * size, steps=()
        )
        found = best_plan(problem, ShortestPaths())
        assert found.primal == found.dual == by_ortools(demand, edges, slots, problem.group_of, ())


# ---------------------------------------------------------------------- whole tasks and clashes


def by_brute_force(problem: Problem) -> int:
    """The optimum of a small problem, trying every allowed way."""
    clashes = problem.clashes

    @cache
    def best(task: int, used: tuple[int, ...]) -> int:
        if task == len(problem.demand):
            group_used = [0] * len(problem.steps)
            for slot, units in enumerate(used):
                if problem.group_of[slot] != NO_GROUP:
                    group_used[problem.group_of[slot]] += units
            cost = 0
            for costs, units in zip(problem.steps, group_used, strict=True):
                if units > sum(room for room, _ in costs):
                    return -(10**9)
                for room, each in costs:
                    cost += min(room, units) * each
                    units -= min(room, units)
            return -cost
        found = -(10**9)
        edges = problem.edges[task]
        whole = task in problem.whole
        for taken in itertools.product(range(problem.demand[task] + 1), repeat=len(edges)):
            if sum(taken) > problem.demand[task]:
                continue
            if whole and any(units not in (0, problem.demand[task]) for units in taken):
                continue
            if task in problem.synchronised and any(taken):
                helping = [slot for (_, slot), units in zip(edges, taken, strict=True) if units]
                if sum(taken) != problem.demand[task] or not meet(problem.synchronised[task], helping):
                    continue
            after = list(used)
            for (_, slot), units in zip(edges, taken, strict=True):
                after[slot] += units
            if any(u > c for u, c in zip(after, problem.capacity, strict=True)):
                continue
            if any(sum(after[slot] for slot in c.slots) > c.most for c in clashes):
                continue
            value = sum(v * units for (v, _), units in zip(edges, taken, strict=True))
            found = max(found, value + best(task + 1, tuple(after)))
        return found

    return best(0, (0,) * len(problem.capacity))


def meet(several: Synchronised, slots: list[int]) -> bool:
    """Whether there is a minute from which all of them are there long enough."""
    return any(
        all(several.hours[slot][0] <= m and m + several.minutes <= several.hours[slot][1] for slot in slots)
        for m in range(10)
    )


def hours_of(minutes: int) -> st.SearchStrategy[tuple[int, int]]:
    """A stretch of at least so many minutes."""
    starts = st.integers(0, 4)
    return st.builds(lambda start, more: (start, start + minutes + more), starts, st.integers(0, 3))


@st.composite
def problems(draw: Any) -> Problem:
    slots = draw(st.integers(1, 4))
    groups = draw(st.integers(0, 2))
    capacity = tuple(draw(st.integers(0, 3)) for _ in range(slots))
    steps = tuple(
        ((draw(st.integers(1, 3)), 0), (draw(st.integers(1, 2)), draw(st.integers(0, 9))))
        for _ in range(groups)
    )
    tasks = draw(st.integers(1, 4))
    edges = tuple(
        tuple((draw(st.integers(1, 30)), slot) for slot in range(slots) if draw(st.booleans()))
        for _ in range(tasks)
    )
    clashes = [
        Clash(slots=together, most=draw(st.integers(0, 3)))
        for many in (2, 3)
        for together in itertools.combinations(range(slots), many)
        if draw(st.integers(0, 3)) == 0
    ]
    kinds = [draw(st.sampled_from(["plain", "whole", "together"])) for _ in range(tasks)]
    minutes = draw(st.integers(1, 3))
    return Problem(
        demand=tuple(draw(st.integers(0, 3)) for _ in range(tasks)),
        edges=edges,
        capacity=capacity,
        group_of=tuple(draw(st.integers(-1, groups - 1)) for _ in range(slots)),
        steps=steps,
        whole=frozenset(task for task in range(tasks) if kinds[task] == "whole"),
        synchronised={
            task: Synchronised(
                minutes=minutes, hours={slot: draw(hours_of(minutes)) for _, slot in edges[task]}
            )
            for task in range(tasks)
            if kinds[task] == "together"
        },
        clashes=tuple(clashes),
    )


@settings(max_examples=500, deadline=None)
@given(problems())
def test_small_problems_are_solved_exactly_and_their_proof_holds(problem: Any) -> None:
    found = best_plan(problem, ShortestPaths())
    assert primal(problem, found.units) == found.primal
    assert bound(problem, found.proof) == found.dual
    assert found.primal == found.dual == by_brute_force(problem)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_with_no_budget_the_plan_is_allowed_and_its_gap_told(problem: Any) -> None:
    found = best_plan(problem, ShortestPaths(), alternatives_max=0)
    assert primal(problem, found.units) == found.primal
    assert bound(problem, found.proof) == found.dual >= by_brute_force(problem) >= found.primal


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_a_proof_with_a_price_lowered_proves_nothing_less_than_the_optimum(problem: Any, data: Any) -> None:
    found = best_plan(problem, ShortestPaths())
    if not isinstance(found.proof, Leaf):
        return
    prices = found.proof.prices
    lowered = tuple(max(0, price - data.draw(st.integers(0, 5))) for price in prices.task)
    proven = bound(problem, Leaf(prices=Prices(task=lowered, slot=prices.slot, group=prices.group)))
    assert proven is None or proven >= found.primal


def test_the_price_of_a_task_left_out_is_exactly_what_it_lacks() -> None:
    draw = random.Random(7)
    checked = 0
    for _ in range(40):
        slots = draw.randint(1, 4)
        edges = tuple(
            tuple((draw.randint(1, 50), slot) for slot in range(slots) if draw.random() < 0.7)
            for _ in range(6)
        )
        problem = Problem(
            demand=(1,) * 6, edges=edges, capacity=(1,) * slots, group_of=(NO_GROUP,) * slots, steps=()
        )
        found = best_plan(problem, ShortestPaths())
        engine = resumed(found.within, found.flows)
        served = {task for task, _ in found.units}
        for task in set(range(6)) - served:
            lacking = engine.short_by(task)
            if lacking is None:
                assert not edges[task]
                continue
            dearer = tuple((value + lacking + 1, slot) for value, slot in edges[task])
            again = best_plan(
                Problem(
                    demand=problem.demand,
                    edges=(*edges[:task], dearer, *edges[task + 1 :]),
                    capacity=problem.capacity,
                    group_of=problem.group_of,
                    steps=(),
                ),
                ShortestPaths(),
            )
            assert task in {one for one, _ in again.units}
            checked += 1
    assert checked > 20
