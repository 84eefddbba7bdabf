"""Rounds of visits against an independent model in CP-SAT: the same optimum, or a gap that is told truly."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest
from ortools.sat.python import cp_model

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

GRID = 15


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


def optimum(problem: Problem) -> int:
    """The most points, by a model that shares nothing with ours but the problem."""
    routing = problem.routing
    assert routing is not None
    model = cp_model.CpModel()
    joint = {t for t, d in enumerate(problem.demand) if t in problem.synchronised or t in routing.shares or (t in problem.whole and d > 1)}  # fmt: skip
    common = {t: {s for one in routing.stretches.values() if t in one.visits for a, b in one.visits[t].starts for s in (a, *range(-(-a // GRID) * GRID, b + 1, GRID))} for t in joint}  # fmt: skip
    points, units, used = [], {}, {}  # type: ignore[var-annotated]
    here: dict[tuple[int, int, int], tuple[cp_model.IntVar, cp_model.IntVar]] = {}
    start_of = {t: model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(common[t]) or [0]), "") for t in joint}  # fmt: skip
    for task, edges in enumerate(problem.edges):
        for value, slot in edges:
            stretch = routing.stretches.get(slot)
            if stretch is None:
                units[task, slot] = model.new_int_var(
                    0, min(problem.demand[task], problem.capacity[slot]), ""
                )
            else:
                present = []
                for helper in range(stretch.helpers):
                    visit = stretch.visits[task]
                    starts = {s for a, b in visit.starts for s in range(a, b + 1)}
                    if task in joint:
                        starts &= common[task]
                    x = model.new_bool_var("")
                    t = model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(starts) or [0]), "")
                    if not starts:
                        model.add(x == 0)
                    if task in joint:
                        model.add(t == start_of[task]).only_enforce_if(x)
                    here[task, slot, helper] = x, t
                    present.append(x)
                units[task, slot] = model.new_int_var(0, stretch.helpers, "")
                model.add(units[task, slot] == sum(present))
            points.append(value * units[task, slot])
    for task, demand in enumerate(problem.demand):
        total = sum(units[task, slot] for _, slot in problem.edges[task])
        if task in problem.whole or task in problem.synchronised:
            for _, slot in problem.edges[task]:
                if task in problem.whole:
                    all_here = model.new_bool_var("")
                    model.add(units[task, slot] == demand * all_here)
            met = model.new_bool_var("")
            model.add(total == demand * met)
        elif problem.edges[task]:
            model.add(total <= demand)
    for slot, stretch in routing.stretches.items():
        used[slot] = []
        for helper in range(stretch.helpers):
            inside = [
                (task, *here[task, slot, helper]) for task in stretch.visits if (task, slot, helper) in here
            ]
            busy = model.new_bool_var("")
            used[slot].append(busy)
            for task, x, t in inside:
                model.add_implication(x, busy)
                first = stretch.opens + routing.way(stretch.leaves_from, routing.place[task])
                last = stretch.closes - routing.way(routing.place[task], stretch.returns_to)
                model.add(t >= first).only_enforce_if(x)
                model.add(t + stretch.visits[task].minutes <= last).only_enforce_if(x)
            for number, (one, x, t) in enumerate(inside):
                for other, y, u in inside[number + 1 :]:
                    before = model.new_bool_var("")
                    there = max(stretch.pause, routing.way(routing.place[one], routing.place[other]))
                    back = max(stretch.pause, routing.way(routing.place[other], routing.place[one]))
                    model.add(u >= t + stretch.visits[one].minutes + there).only_enforce_if([x, y, before])
                    model.add(t >= u + stretch.visits[other].minutes + back).only_enforce_if(
                        [x, y, before.negated()]
                    )
    for slot, room in enumerate(problem.capacity):
        if slot not in routing.stretches:
            model.add(sum(amount for (_, at), amount in units.items() if at == slot) <= room)
    for clash in problem.clashes:
        model.add(sum(busy for slot in clash.slots for busy in used[slot]) <= clash.most)
    for group, steps in enumerate(problem.steps):
        inside = [(amount, at, task) for (task, at), amount in units.items() if problem.group_of[at] == group]  # type: ignore[misc]
        taken = [model.new_int_var(0, most, "") for most, _ in steps]
        model.add(sum(amount for amount, _, _ in inside) == sum(taken))
        points.extend(-cost * amount for amount, (_, cost) in zip(taken, steps, strict=True))
        if group in routing.minutes_max:
            model.add(sum(amount * routing.stretches[at].visits[task].minutes for amount, at, task in inside) <= routing.minutes_max[group])  # type: ignore[index, misc]  # fmt: skip
    for thing, most in enumerate(routing.things):
        intervals = []
        for task, own in routing.shares.items():
            if own == thing and problem.edges[task]:
                length = next(
                    one.visits[task].minutes for one in routing.stretches.values() if task in one.visits
                )
                met = model.new_bool_var("")
                model.add(sum(units[task, slot] for _, slot in problem.edges[task]) == met)
                intervals.append(model.new_optional_fixed_size_interval_var(start_of[task], length, met, ""))
        model.add_cumulative(intervals, [1] * len(intervals), most)
    model.maximize(sum(points))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


# `make soak` tries more days.
DAYS = int(os.environ.get("ROUND_DAYS", "200"))


@pytest.mark.parametrize("tens", range(DAYS // 10))
def test_small_days_with_everything_are_solved_as_an_independent_model_solves_them(tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        problem = a_problem(seed)
        best, found = optimum(problem), decided(problem, ShortestPaths())
        assert primal(problem, found.units, found.tours) == found.primal, seed
        told = proven_bound(problem, found.proof)
        assert told is not None
        assert max(told, found.primal) == found.dual, seed
        assert found.primal <= best <= found.dual, seed
        assert found.primal == best or found.dual > found.primal, seed


@pytest.mark.parametrize("seed", [419, 500, 685, 895, 898, 1123])
def test_a_best_mixture_of_whole_rounds_is_the_plan_and_no_visit_of_it_is_lost(seed: int) -> None:
    problem = a_problem(seed)
    assert decided(problem, ShortestPaths()).primal == optimum(problem)


@pytest.mark.parametrize("seed", [4, 143, 154, 184, 277, 328])
def test_who_meets_a_task_of_several_visits_is_searched_to_the_end(seed: int) -> None:
    found = decided(a_problem(seed), ShortestPaths())
    assert found.dual == found.primal


@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_without_the_linear_program_the_bound_is_true_and_the_plan_near(seed: int) -> None:
    problem = a_problem(seed)
    best, found = optimum(problem), solved(laid_out(problem), compiled=False)
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
            assert proven(problem, one_sided) is None or proven(problem, one_sided) >= optimum(problem)  # type: ignore[operator]
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
