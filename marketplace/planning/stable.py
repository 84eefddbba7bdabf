"""The plan nobody would want to leave: best pairs first, as long as there is room.

Both sides judge a pair by the same points, so taking the best pair that is still possible again and again leaves no
pair that would rather have each other than what they got. It reaches at least half of the best plan's points; how much
it really reaches is told, because the optimum is proven beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from marketplace.planning.flow import NO_GROUP
from marketplace.planning.problem import Problem, Solver, primal
from marketplace.planning.search import Answer, best_plan


def stable_plan(problem: Problem, solver: Solver) -> Answer:
    """The stable plan, with the proven optimum as its bound."""
    best = best_plan(problem, solver)
    units = best_pairs_first(problem)
    points = primal(problem, units)
    assert points is not None
    return Answer(
        units=units,
        primal=points,
        dual=best.dual,
        proof=best.proof,
        within=best.within,
        flows=best.flows,
        grounds=best.grounds,
    )


def best_pairs_first(problem: Problem) -> dict[tuple[int, int], int]:
    """Units per (task, slot), the most valuable pairs served first; equals by their numbers."""
    demand, capacity = list(problem.demand), list(problem.capacity)
    group_used = [0] * len(problem.steps)
    excluded: dict[int, list[tuple[int, int]]] = {}
    for clash in problem.clashes:
        excluded.setdefault(clash.first, []).append((clash.second, clash.most))
        excluded.setdefault(clash.second, []).append((clash.first, clash.most))
    used = [0] * len(capacity)
    units: dict[tuple[int, int], int] = {}
    heap = [(-value, task, slot) for task, edges in enumerate(problem.edges) for value, slot in edges]
    heapify(heap)
    value_of = {(task, slot): value for task, edges in enumerate(problem.edges) for value, slot in edges}
    while heap:
        minus_worth, task, slot = heappop(heap)
        group = problem.group_of[slot]
        room, cost = _step(problem, group, group_used)
        worth = value_of[task, slot] - cost
        if worth < -minus_worth:
            # The owner has been asked in the meantime; the pair waits its turn at what it is worth now.
            if worth > 0 and room:
                heappush(heap, (-worth, task, slot))
            continue
        least = problem.demand[task] if task in problem.whole else 1
        room = min(
            room if least == 1 else _room(problem, group, group_used),
            capacity[slot] - used[slot],
            demand[task],
        )
        for other, most in excluded.get(slot, ()):
            room = min(room, most - used[other] - used[slot])
        if room < least:
            continue
        units[task, slot] = units.get((task, slot), 0) + room
        demand[task] -= room
        used[slot] += room
        if group != NO_GROUP:
            group_used[group] += room
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


def _step(problem: Problem, group: int, group_used: list[int]) -> tuple[int, int]:
    """(units left at the present cost, that cost)."""
    if group == NO_GROUP:
        return 1 << 60, 0
    taken = group_used[group]
    for room, cost in problem.steps[group]:
        if taken < room:
            return room - taken, cost
        taken -= room
    return 0, 0


def _room(problem: Problem, group: int, group_used: list[int]) -> int:
    if group == NO_GROUP:
        return 1 << 60
    return sum(room for room, _ in problem.steps[group]) - group_used[group]
