"""The city solver, its arrays and its columns: the same optimum as others find, proven in whole numbers, or refused."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment

from marketplace.errors import NotWholeNumber
from marketplace.planning.solving.city import simplex
from marketplace.planning.solving.city.arrays import (
    CityAnswer,
    CityProblem,
    as_arrays,
    as_flows,
    as_problem,
    certified,
    without_groups,
)
from marketplace.planning.solving.city.compiled import simplex as simplex_of_pot
from marketplace.planning.solving.city.estimate import best_of_each
from marketplace.planning.solving.city.simplex import CitySolver, NotProven, Strongest, solve_city
from marketplace.planning.solving.formulation import Problem, dual, primal
from marketplace.planning.solving.search import ShortestPaths, best_plan, resumed
from marketplace.planning.solving.transport import NO_GROUP

REGIMES = ("slack", "scarce", "ties", "unit", "hub")


def some_city(seed: int, regime: str, size: int) -> CityProblem:
    """Needs and offers on a line, near ones worth more; some offers belong to one owner with rising steps."""
    draw = np.random.default_rng([seed, size])
    task = np.repeat(np.arange(size), 12)
    slot = np.concatenate([np.sort(draw.choice(size, 12, replace=False)) for _ in range(size)])
    value = 1 + draw.integers(0, 200, len(task)) + np.abs(task - slot) % 97
    demand, capacity = draw.integers(1, 5, size), draw.integers(2, 6, size)
    if regime == "scarce":
        capacity = np.maximum(1, capacity // 3)
    if regime == "ties":
        value = 100 * (1 + value // 100)
    if regime == "unit":
        demand, capacity = np.ones_like(demand), np.ones_like(capacity)
    if regime == "hub":
        capacity[: max(1, size // 30)] = 500
    problem = without_groups(demand=demand, capacity=capacity, task=task, slot=slot, value=value)
    if seed % 2 == 0:
        return problem
    groups = size // 4
    group_of = draw.integers(-1, groups, size)
    return replace(
        problem,
        group_of=group_of,
        step_group=np.repeat(np.arange(groups), 2),
        step_units=draw.integers(1, 5, 2 * groups),
        step_cost=np.tile([0, 60], groups),
        groups=groups,
    )


def by_ortools(problem: CityProblem) -> int:
    """The optimum of a problem with groups, by another code."""
    flow = min_cost_flow.SimpleMinCostFlow()
    tasks, slots = len(problem.demand), len(problem.capacity)
    sink = tasks + slots + problem.groups
    into = np.where(problem.group_of < 0, sink, tasks + slots + problem.group_of)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(
            [problem.task, np.arange(tasks), tasks + np.arange(slots), tasks + slots + problem.step_group]
        ),
        np.concatenate(
            [tasks + problem.slot, np.full(tasks, sink), into, np.full(len(problem.step_group), sink)]
        ),
        np.concatenate([problem.demand[problem.task], problem.demand, problem.capacity, problem.step_units]),
        np.concatenate([-problem.value, np.zeros(tasks + slots, np.int64), problem.step_cost]),
    )
    supply = np.zeros(sink + 1, np.int64)
    supply[:tasks], supply[sink] = problem.demand, -int(problem.demand.sum())
    flow.set_nodes_supplies(np.arange(sink + 1), supply)
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost()  # type: ignore[no-any-return]


@pytest.mark.parametrize("regime", REGIMES)
def test_the_city_solver_finds_what_or_tools_finds_in_forty_cities_of_every_regime(
    regime: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(40):
        # Prices are estimated for a large problem; here for every other one.
        monkeypatch.setattr(simplex, "ESTIMATED_PAIRS_MIN", 1_000_000 * (seed // 2 % 2))
        problem = some_city(seed, regime, 40 + 4 * seed)
        proof = certified(problem, solve_city(problem))
        assert proof.primal == proof.dual == by_ortools(problem)


@pytest.mark.parametrize("regime", REGIMES)
def test_our_own_engine_finds_the_same_points_without_compiled_parts(regime: Any) -> None:
    for seed in range(6):
        problem = some_city(seed, regime, 60)
        plain = as_problem(problem)
        flows = ShortestPaths().solve(plain)
        assert primal(plain, flows.units) == dual(plain, flows.prices) == by_ortools(problem)


def test_few_different_values_in_a_large_problem_are_our_own_engines_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simplex, "COARSE_PAIRS_MIN", 100)
    for seed in range(8):
        problem = some_city(seed, REGIMES[seed % len(REGIMES)], 60)
        few = replace(problem, value=problem.value // 100 * 100 + 100)
        assert simplex.coarse(few)
        proof = certified(few, solve_city(few))
        assert proof.primal == proof.dual == by_ortools(few)
    assert not simplex.coarse(replace(problem, value=np.arange(1, len(problem.value) + 1)))


@pytest.mark.parametrize("size", [100, 200, 400, 800])
def test_a_dense_square_assignment_is_as_good_as_scipys(size: int) -> None:
    value = np.random.default_rng(size).integers(1, 1000, (size, size))
    ones = np.ones(size, np.int64)
    pairs = np.indices((size, size)).reshape(2, -1)
    problem = without_groups(
        demand=ones, capacity=ones, task=pairs[0], slot=pairs[1], value=value.reshape(-1)
    )
    rows, columns = linear_sum_assignment(value, maximize=True)
    assert certified(problem, solve_city(problem)).primal == value[rows, columns].sum()
    if size <= 200:
        plain = as_problem(problem)
        assert primal(plain, ShortestPaths().solve(plain).units) == value[rows, columns].sum()


# ---------------------------------------------------------------------- closed places, empty lists, whole tasks


@st.composite
def odd_problems(draw: Any) -> Problem:
    """Small problems with places without room, tasks without demand, and groups that are used up."""
    slots, groups, tasks = draw(st.integers(0, 4)), draw(st.integers(0, 2)), draw(st.integers(0, 4))
    steps = tuple(
        tuple(
            zip(
                draw(st.lists(st.integers(1, 3), max_size=3)),
                sorted(draw(st.sets(st.integers(0, 9), min_size=3))),
                strict=False,
            )
        )
        for _ in range(groups)
    )
    group_of = tuple(draw(st.integers(-1, groups - 1)) for _ in range(slots))
    capacity = tuple(
        0 if group != NO_GROUP and not steps[group] else draw(st.integers(0, 3)) for group in group_of
    )
    return Problem(
        demand=tuple(draw(st.integers(0, 3)) for _ in range(tasks)),
        edges=tuple(
            tuple(
                (draw(st.integers(1, 30)), slot)
                for slot in draw(st.permutations(range(slots)))
                if draw(st.booleans())
            )
            for _ in range(tasks)
        ),
        capacity=capacity,
        group_of=group_of,
        steps=steps,
    )


@settings(max_examples=200, deadline=None)
@given(odd_problems())
def test_whatever_is_closed_or_empty_both_solvers_prove_the_same_points(problem: Any) -> None:
    ours, theirs = ShortestPaths().solve(problem), CitySolver().solve(problem)
    points = primal(problem, theirs.units)
    assert points == dual(problem, theirs.prices) == primal(problem, ours.units)
    engine = resumed(problem, theirs)
    assert engine.primal() == engine.dual() == points


def test_whole_tasks_and_clashes_are_searched_on_top_of_the_city_solver() -> None:
    problem = replace(
        as_problem(some_city(2, "scarce", 12)),
        whole=frozenset({0, 3, 5}),
        demand=(2,) * 12,
        capacity=(3,) * 12,
    )
    ours, theirs = best_plan(problem, ShortestPaths()), best_plan(problem, CitySolver())
    assert ours.primal == ours.dual == theirs.primal == theirs.dual


# ---------------------------------------------------------------------- what is refused


def tiny() -> CityProblem:
    one, two = np.array([0, 0, 1], np.int64), np.array([0, 1, 0], np.int64)
    ones = np.ones(2, np.int64)
    return without_groups(
        demand=ones, capacity=ones, task=one, slot=two, value=np.array([10, 9, 9], np.int64)
    )


def test_floats_sums_too_large_and_pairs_out_of_order_are_refused() -> None:
    good = tiny()
    with pytest.raises(NotWholeNumber):
        replace(good, value=good.value.astype(np.float64))
    with pytest.raises(NotWholeNumber):
        replace(good, value=np.full(3, 2**60))
    with pytest.raises(NotWholeNumber):
        replace(good, demand=np.full(2, 2**62))
    with pytest.raises(AssertionError):
        replace(good, slot=good.slot[::-1].copy(), task=good.task[::-1].copy())


def test_an_answer_that_breaks_a_limit_or_a_price_too_low_proves_nothing() -> None:
    problem, answer = tiny(), solve_city(tiny())
    assert certified(problem, answer).optimal
    assert certified(problem, answer).primal == 18
    assert certified(problem, replace(answer, units=np.array([1, 1, 0]))).primal is None
    assert certified(problem, replace(answer, units=np.array([1, 0, -1]))).primal is None
    assert certified(problem, replace(answer, task_price=answer.task_price - 1)).dual is None
    # Moved from one side to the other, the pairs stay true, but a price below zero proves nothing.
    moved = replace(answer, task_price=answer.task_price - 50, slot_price=answer.slot_price + 50)
    assert certified(problem, moved).dual is None
    zero = np.zeros(2, np.int64)
    assert certified(problem, replace(answer, task_price=zero, slot_price=zero)).dual is None
    worse = CityAnswer(
        units=np.array([1, 0, 0]),
        task_price=answer.task_price,
        slot_price=answer.slot_price,
        group_price=answer.group_price,
    )
    assert not certified(problem, worse).optimal


def test_a_compiled_solver_that_errs_is_found_out_and_our_engine_solves_instead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = as_problem(some_city(1, "slack", 30))
    right = primal(problem, ShortestPaths().solve(problem).units)
    honest = simplex._Core._simplex

    def erring(self: Any, of_giver: Any, of_taker: Any) -> Any:
        flow, of_giver, of_taker = honest(self, of_giver, of_taker)
        flow[np.flatnonzero(flow)[0]] -= 1
        return flow, of_giver, of_taker

    monkeypatch.setattr(simplex._Core, "_simplex", erring)
    with pytest.raises(NotProven):
        CitySolver().solve(problem)
    monkeypatch.setattr(simplex, "CITY_PAIRS_MIN", 10)
    assert primal(problem, Strongest().solve(problem).units) == right


@pytest.mark.parametrize(("there", "least", "compiled"), [(True, 10, 1), (False, 10, 0), (True, 10_000, 0)])
def test_the_compiled_solver_is_taken_for_large_problems_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, there: bool, least: int, compiled: int
) -> None:
    asked: list[int] = []
    solve = CitySolver.solve
    monkeypatch.setattr(CitySolver, "solve", lambda self, problem: asked.append(1) or solve(self, problem))  # type: ignore[func-returns-value]
    monkeypatch.setattr(simplex, "CITY_PAIRS_MIN", least)
    monkeypatch.setattr(simplex, "installed", lambda: there)
    problem = as_problem(some_city(3, "unit", 20))
    Strongest().solve(problem)
    assert len(asked) == compiled


# ---------------------------------------------------------------------- there and back


def test_arrays_and_tuples_say_the_same() -> None:
    problem = some_city(5, "slack", 24)
    back = as_arrays(as_problem(problem))
    assert all(np.all(getattr(back, name) == getattr(problem, name)) for name in CityProblem.__slots__)
    answer = solve_city(problem)
    flows = as_flows(problem, answer)
    assert sum(flows.units.values()) == answer.units.sum()
    assert primal(as_problem(problem), flows.units) == certified(problem, answer).primal


def test_the_best_pairs_of_each_task_are_kept() -> None:
    draw = random.Random(4)
    task = np.sort(np.array([draw.randrange(9) for _ in range(60)]))
    worth = np.array([draw.randrange(5) for _ in range(60)])
    kept = best_of_each(task, worth, 3)
    for one in set(task.tolist()):
        own = np.flatnonzero(task == one)
        best = sorted(own, key=lambda pair: (-worth[pair], pair))[:3]
        assert set(np.flatnonzero(kept & (task == one))) == set(best)


def test_the_simplex_is_loaded_alone_and_whoever_wants_the_rest_gets_it() -> None:
    found = simplex_of_pot()
    assert "ot.utils" not in sys.modules or hasattr(sys.modules["ot"], "emd")
    ot = import_module("ot")
    assert ot.emd(np.ones(1), np.ones(1), np.array([[3.0]])).tolist() == [[1.0]]
    assert simplex_of_pot() is found
    extension = import_module("ot.lp.emd_wrap")
    assert extension.dist(np.zeros((1, 1)), np.ones((1, 1)), metric="chebyshev").tolist() == [[1.0]]


def test_the_simplex_brings_nothing_along() -> None:
    program = (
        "import sys; from marketplace.planning.solving.city.compiled import simplex; simplex(); "
        "print([one for one in ('ot', 'ot.utils', 'scipy.spatial', 'scipy.sparse') if one in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
