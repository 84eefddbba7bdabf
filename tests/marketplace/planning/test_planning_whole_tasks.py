"""Needs that must be met whole by one helper: the four classic classes of generalised assignment, against CP-SAT.

A visit of so many half-hours goes to one helper or to nobody. Classes after Martello and Toth, and Chu and Beasley: a,
b, c with ever tighter room, d with long visits worth less per half-hour. The length of a visit is the same for every
helper, as in our lists.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from ortools.sat.python import cp_model

from marketplace.planning.solving.city.simplex import CitySolver
from marketplace.planning.solving.formulation import Clash, Problem, primal
from marketplace.planning.solving.proof import bound
from marketplace.planning.solving.repair import improved
from marketplace.planning.solving.search import ShortestPaths, best_plan, built, flows_of
from marketplace.planning.solving.transport import NO_GROUP

CLASSES = "abcd"


def classic(kind: str, seed: int, *, helpers: int = 5, visits: int = 20) -> Problem:
    """A generated instance of one of the four classes."""
    draw = random.Random(f"{kind}{seed}")
    lengths = [draw.randint(*((1, 20) if kind == "d" else (5, 25))) for _ in range(visits)]
    value = [
        [
            (max(1, 31 - lengths[visit] + draw.randint(-5, 5)) if kind == "d" else draw.randint(10, 50))
            for _ in range(helpers)
        ]
        for visit in range(visits)
    ]
    each = sum(lengths) // helpers
    longest = max(lengths)
    room = {
        "a": each * 9 // 10 + longest,
        "b": each * 7 // 10 + longest // 2,
        "c": each * 8 // 10,
        "d": each * 8 // 10,
    }
    return Problem(
        demand=tuple(lengths),
        edges=tuple(tuple((worth, helper) for helper, worth in enumerate(row)) for row in value),
        capacity=(max(longest, room[kind]),) * helpers,
        group_of=(NO_GROUP,) * helpers,
        whole=frozenset(range(visits)),
    )


def by_cp_sat(problem: Problem) -> tuple[int, bool]:
    """(best points found, whether they are proven best)."""
    model = cp_model.CpModel()
    goes = {
        (task, slot): model.new_bool_var("") for task, edges in enumerate(problem.edges) for _, slot in edges
    }
    for task, edges in enumerate(problem.edges):
        model.add_at_most_one(goes[task, slot] for _, slot in edges)
    for slot, room in enumerate(problem.capacity):
        model.add(
            sum(problem.demand[task] * one for (task, other), one in goes.items() if other == slot) <= room
        )
    model.maximize(
        sum(
            problem.demand[task] * value * goes[task, slot]
            for task, edges in enumerate(problem.edges)
            for value, slot in edges
        )
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = 4
    found = solver.solve(model)
    return round(solver.objective_value), found == cp_model.OPTIMAL


@pytest.mark.parametrize("kind", CLASSES)
def test_the_four_classic_classes_lie_between_the_proven_optimum_and_the_bound(kind: Any) -> None:
    gaps = []
    for seed in range(3):
        problem = classic(kind, seed)
        relaxed = flows_of(built(replace(problem, whole=frozenset())))
        found = best_plan(problem, ShortestPaths(), alternatives_max=300)
        best, proven = by_cp_sat(problem)
        assert proven
        assert primal(problem, found.units) == found.primal <= best <= found.dual
        assert bound(problem, found.proof) == found.dual
        assert found.dual <= (primal(replace(problem, whole=frozenset()), relaxed.units) or 0)
        gaps.append(1000 * (best - found.primal) / best)
    assert sum(gaps) / len(gaps) <= 15


def test_over_all_four_classes_the_plan_is_on_average_within_one_percent_of_the_best() -> None:
    gaps = []
    for kind in CLASSES:
        for seed in range(3):
            problem = classic(kind, seed, helpers=4, visits=15)
            best, proven = by_cp_sat(problem)
            assert proven
            found = best_plan(problem, CitySolver(), alternatives_max=300)
            gaps.append((best - found.primal) / best)
    assert sum(gaps) / len(gaps) <= 0.01


def test_without_any_alternative_the_repair_still_finds_a_good_plan_and_tells_the_gap() -> None:
    problem = classic("c", 1)
    found = best_plan(problem, ShortestPaths(), alternatives_max=0)
    assert primal(problem, found.units) == found.primal > 0
    assert found.primal * 100 >= found.dual * 90


def test_two_short_visits_give_way_to_a_long_one_worth_more_than_both() -> None:
    problem = Problem(
        demand=(2, 2, 4),
        edges=(((10, 0),), ((10, 0),), ((11, 0),)),
        capacity=(4,),
        group_of=(NO_GROUP,),
        whole=frozenset({0, 1, 2}),
    )
    assert improved(problem, {(0, 0): 2, (1, 0): 2}) == {(2, 0): 4}


def test_two_visits_swap_helpers_when_neither_has_room_for_both() -> None:
    problem = Problem(
        demand=(3, 3),
        edges=(((5, 0), (9, 1)), ((9, 0), (5, 1))),
        capacity=(3, 3),
        group_of=(NO_GROUP,) * 2,
        whole=frozenset({0, 1}),
    )
    assert improved(problem, {(0, 0): 3, (1, 1): 3}) == {(0, 1): 3, (1, 0): 3}


def test_help_that_may_be_split_and_places_that_exclude_each_other_are_left_as_they_are() -> None:
    problem = Problem(
        demand=(2, 1, 2),
        edges=(((9, 0),), ((4, 1),), ((3, 1), (2, 2))),
        capacity=(2, 3, 2),
        group_of=(NO_GROUP, NO_GROUP, 0),
        steps=(((1, 0), (1, 1)),),
        whole=frozenset({2}),
        clashes=(Clash(slots=(0, 1), most=3),),
    )
    assert improved(problem, {(0, 0): 2, (1, 1): 1}) == {(0, 0): 2, (1, 1): 1, (2, 2): 2}


def test_no_visit_is_put_beyond_the_common_limit_of_an_owner() -> None:
    problem = Problem(
        demand=(2,),
        edges=(((9, 0),),),
        capacity=(2,),
        group_of=(0,),
        steps=(((1, 0),),),
        whole=frozenset({0}),
    )
    assert improved(problem, {}) == {}
    assert improved(replace(problem, steps=(((1, 0), (1, 3)),)), {}) == {(0, 0): 2}
    # Two units are worth 18 points; a step that costs as much gains nothing.
    assert improved(replace(problem, steps=(((1, 0), (1, 18)),)), {}) == {}
