"""The plan nobody would want to leave: best pairs first, as long as there is room.

Both sides judge a pair by the same points, so taking the best pair that is still possible again and again leaves no
pair that would rather have each other than what they got. It reaches at least half of the best plan's points; how much
it really reaches is told, because the optimum is proven beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from heapq import heapify, heappop, heappush

from marketplace.planning.solving.decide import Decided, decided
from marketplace.planning.solving.formulation import NO_TOURS, Problem, Solver, primal
from marketplace.planning.solving.residual import Residual
from marketplace.planning.solving.routes.schedule import Schedule
from marketplace.planning.solving.routes.tables import laid_out
from marketplace.planning.solving.synchronised import gathered


def stable_plan(problem: Problem, solver: Solver) -> Decided:
    """The stable plan, with the proven optimum as its bound."""
    best = decided(problem, solver)
    if problem.routing is None:
        units, tours = best_pairs_first(problem), NO_TOURS
    else:
        schedule = best_visits_first(problem)
        units, tours = schedule.units(), schedule.tours()
    points = primal(problem, units, tours)
    assert points is not None
    return replace(best, units=units, tours=tours, primal=points)


def best_visits_first(problem: Problem) -> Schedule:
    """The most valuable visits put into the rounds first, each as long as it still can be walked."""
    schedule = Schedule(laid_out(problem))
    heap = [(-value, task, slot) for task, edges in enumerate(problem.edges) for value, slot in edges]
    heapify(heap)
    while heap:
        minus_worth, task, slot = heappop(heap)
        if not schedule.left(task):
            continue
        now = schedule.gain(task, slot)
        if now is not None and now < -minus_worth:
            # The owner has been asked in the meantime; the pair waits its turn at what it is worth now.
            heappush(heap, (-now, task, slot))
        elif now is not None and schedule.place_with(task, slot):
            heappush(heap, (minus_worth, task, slot))
    return schedule


def best_pairs_first(problem: Problem) -> dict[tuple[int, int], int]:
    """Units per (task, slot), the most valuable pairs served first; equals by their numbers.

    A task for several at once brings its helpers together when its best pair comes up, or waits for its next pair.
    """
    demand, room = list(problem.demand), Residual(problem)
    units: dict[tuple[int, int], int] = {}
    value_of = {(task, slot): value for task, edges in enumerate(problem.edges) for value, slot in edges}
    heap = [(-value, task, slot) for (task, slot), value in value_of.items()]
    heapify(heap)
    while heap:
        minus_worth, task, slot = heappop(heap)
        at_this_cost, cost = room.at_present_cost(slot)
        worth = value_of[task, slot] - cost
        if worth < -minus_worth:
            # The owner has been asked in the meantime; the pair waits its turn at what it is worth now.
            if worth > 0 and at_this_cost:
                heappush(heap, (-worth, task, slot))
            continue
        if task in problem.synchronised:
            taken = gathered(problem, task, room, with_slot=slot) if demand[task] else {}
        elif task in problem.whole:
            taken = {slot: demand[task]} if room.left(slot) >= demand[task] else {}
        else:
            taken = {slot: min(at_this_cost, room.left(slot), demand[task])}
        for place, amount in taken.items():
            if amount:
                units[task, place] = units.get((task, place), 0) + amount
                demand[task] -= amount
                room.take(place, amount)
                heappush(heap, (minus_worth, task, slot))
    return units


def blocking_pairs(problem: Problem, units: Mapping[tuple[int, int], int]) -> int:
    """Pairs that would rather have each other than what the plan gives them, by the common points.

    For problems without groups, whole tasks and clashes.
    """
    value_of = {(task, slot): value for task, edges in enumerate(problem.edges) for value, slot in edges}
    served, used = [0] * len(problem.demand), [0] * len(problem.capacity)
    worst_at_task: dict[int, int] = {}
    worst_at_slot: dict[int, int] = {}
    for (task, slot), amount in units.items():
        served[task] += amount
        used[slot] += amount
        value = value_of[task, slot]
        worst_at_task[task] = min(value, worst_at_task.get(task, value))
        worst_at_slot[slot] = min(value, worst_at_slot.get(slot, value))
    return sum(
        (served[task] < problem.demand[task] or worst_at_task.get(task, value) < value)
        and (used[slot] < problem.capacity[slot] or worst_at_slot.get(slot, value) < value)
        for (task, slot), value in value_of.items()
        if problem.demand[task] and problem.capacity[slot]
    )
