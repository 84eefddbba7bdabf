"""Rounds of visits against an independent model in CP-SAT: the same optimum, or a gap that is told truly."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest

from benchmarks.marketplace import cp_sat
from marketplace.planning.solving.decide import decided, proven_bound
from marketplace.planning.solving.formulation import (
    Clash,
    Problem,
    Routing,
    Stretch,
    Synchronised,
    Visit,
    primal,
)
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.routes.bound import Closed, Divided, proven
from marketplace.planning.solving.routes.solve import solved
from marketplace.planning.solving.routes.tables import laid_out
from marketplace.planning.solving.search import ShortestPaths


def a_problem(seed: int) -> Problem:
    """A small day with everything in it: ways, pauses, caps, teams, two at once, whole tasks, things, counted places."""
    draw = random.Random(seed)
    tasks, places = draw.randint(3, 9), 3
    spots = [(draw.randrange(20), draw.randrange(20)) for _ in range(places)]
    travel = tuple(tuple(abs(a - c) + abs(b - d) for c, d in spots) for a, b in spots)
    minutes = [draw.choice([15, 20, 30, 45, 60]) for _ in range(tasks)]
    demand = [draw.choice([1, 1, 1, 1, 2]) for _ in range(tasks)]
    kind = [draw.choice(["plain"] * 5 + ["at_once", "whole", "thing"]) for _ in range(tasks)]
    for task in range(tasks):
        if kind[task] in ("at_once", "whole"):
            demand[task] = 2
        elif kind[task] == "thing":
            demand[task] = 1
    windows = [_window(draw, minutes[task]) for task in range(tasks)]
    edges: list[list[tuple[int, int]]] = [[] for _ in range(tasks)]
    stretches: dict[int, Stretch] = {}
    slots = draw.randint(2, 4)
    for slot in range(slots):
        opens = draw.choice([0, 30, 60])
        closes = opens + draw.choice([90, 120, 180, 240])
        helpers = draw.choice([1, 1, 1, 2])
        visits = {}
        for task in range(tasks):
            starts = tuple((max(a, opens), min(b, closes) - minutes[task]) for a, b in windows[task] if max(a, opens) <= min(b, closes) - minutes[task])  # fmt: skip
            if starts and draw.random() < 0.75 and (kind[task] != "whole" or helpers == 2):
                visits[task] = Visit(minutes=minutes[task], starts=starts)
                edges[task].append((draw.randrange(1, 200), slot))
        stretches[slot] = Stretch(
            opens=opens, closes=closes, visits=visits, helpers=helpers, pause=draw.choice([0, 0, 10]),
            leaves_from=draw.choice([-1, 0]), returns_to=draw.choice([-1, 0]),
        )  # fmt: skip
    counted = draw.random() < 0.5
    if counted:
        for task in range(tasks):
            if kind[task] in ("plain", "whole") and draw.random() < 0.3:
                edges[task].append((draw.randrange(1, 150), slots))
    grouped = draw.random() < 0.7
    caps = {0: draw.choice([30, 60, 90])} if grouped and draw.random() < 0.6 else {}
    alone = tuple(slot for slot, one in stretches.items() if one.helpers == 1)
    clash = len(alone) > 1 and draw.random() < 0.4
    return Problem(
        demand=tuple(demand),
        edges=tuple(tuple(one) for one in edges),
        capacity=(*(max(1, sum(demand)) for _ in range(slots)), *((draw.randint(1, 3),) if counted else ())),
        group_of=(*((0 if grouped and slot < 2 else NO_GROUP) for slot in range(slots)), *((NO_GROUP,) if counted else ())),
        steps=(((1, 0), (1, 20), (draw.randint(1, 3), 60)),) if grouped else (),
        whole=frozenset(task for task in range(tasks) if kind[task] == "whole"),
        synchronised={task: Synchronised(minutes=minutes[task], hours={}) for task in range(tasks) if kind[task] == "at_once"},
        clashes=(Clash(slots=alone, most=1),) if clash else (),
        routing=Routing(
            stretches=stretches,
            place=tuple(draw.randrange(places) for _ in range(tasks)),
            travel=travel,
            minutes_max=caps,
            shares={task: 0 for task in range(tasks) if kind[task] == "thing"},
            things=(1,),
        ),
    )  # fmt: skip


def _window(draw: random.Random, minutes: int) -> list[tuple[int, int]]:
    opens = draw.choice([0, 15, 40, 90, 120])
    return [(opens, opens + minutes + draw.choice([0, 15, 60, 200]))]


# `make soak` tries more days.
DAYS = int(os.environ.get("ROUND_DAYS", "200"))


@pytest.mark.parametrize("tens", range(DAYS // 10))
def test_small_days_with_everything_are_solved_as_an_independent_model_solves_them(tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        problem = a_problem(seed)
        best, found = cp_sat.best(problem).points, decided(problem, ShortestPaths())
        assert primal(problem, found.units, found.tours) == found.primal, seed
        told = proven_bound(problem, found.proof)
        assert told is not None
        assert max(told, found.primal) == found.dual, seed
        assert found.primal <= best <= found.dual, seed
        assert found.primal == best or found.dual > found.primal, seed


@pytest.mark.parametrize("seed", [419, 500, 685, 895, 898, 1123])
def test_a_best_mixture_of_whole_rounds_is_the_plan_and_no_visit_of_it_is_lost(seed: int) -> None:
    problem = a_problem(seed)
    assert decided(problem, ShortestPaths()).primal == cp_sat.best(problem).points


@pytest.mark.parametrize("seed", [4, 143, 154, 184, 277, 328])
def test_who_meets_a_task_of_several_visits_is_searched_to_the_end(seed: int) -> None:
    found = decided(a_problem(seed), ShortestPaths())
    assert found.dual == found.primal


@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_without_the_linear_program_the_bound_is_true_and_the_plan_near(seed: int) -> None:
    problem = a_problem(seed)
    best, found = cp_sat.best(problem).points, solved(laid_out(problem), compiled=False)
    assert primal(problem, found.units, found.tours) == found.primal
    assert found.primal <= best <= found.dual
    assert found.primal >= 0.9 * best


def test_a_changed_price_or_a_changed_cut_is_noticed() -> None:
    closed = divided = 0
    for seed in range(60):
        problem = a_problem(seed)
        found = solved(laid_out(problem))
        proof = found.proof
        if isinstance(proof, Closed) and proof.tariff.task:
            task, price = next(iter(proof.tariff.task.items()))
            cheaper = replace(proof, tariff=replace(proof.tariff, task={**proof.tariff.task, task: -price}))
            assert proven(problem, cheaper) is None
            dearer = replace(
                proof, tariff=replace(proof.tariff, task={**proof.tariff.task, task: price + 10**6})
            )
            assert proven(problem, dearer) != found.dual
            closed += 1
        if isinstance(proof, Divided):
            one_sided = replace(proof, cut=replace(proof.cut, task=0), parts=(proof.parts[0], proof.parts[0]))
            told = proven(problem, one_sided)
            assert told is None or told >= cp_sat.best(problem).points
            divided += 1
    assert closed > 5


@pytest.mark.parametrize("seed", range(6))
def test_the_same_day_gives_the_same_plan_twice(seed: int) -> None:
    problem = a_problem(seed)
    assert solved(laid_out(problem)) == solved(laid_out(problem))


def test_a_round_that_cannot_be_walked_is_no_plan() -> None:
    problem = a_problem(3)
    found = solved(laid_out(problem))
    assert found.tours
    late = {
        slot: tuple(tuple((task, start + 1) for task, start in one) for one in rounds)
        for slot, rounds in found.tours.items()
    }
    assert primal(problem, found.units, late) is None or late == found.tours
    assert primal(problem, found.units, {}) is None
