"""Several helpers for one task at one hour, from whatever room is left."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.planning.solving.formulation import Problem
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.residual import Residual


def gathered(problem: Problem, task: int, room: Residual, *, with_slot: int | None = None) -> dict[int, int]:
    """Units per slot that meet a task for several at once, most points first; empty when no hour brings them together.

    Each owner comes in once, and so does each of two slots that exclude each other. A slot that must take part may be
    named.
    """
    several, demand = problem.synchronised[task], problem.demand[task]
    edges = sorted(problem.edges[task], key=lambda edge: (edge[1] != with_slot, -edge[0], edge[1]))
    edges = [edge for edge in edges if room.left(edge[1])]
    best: dict[int, int] = {}
    most = 0
    # Whoever comes last sets the hour.
    for starts in sorted({several.hours[slot][0] for _, slot in edges}):
        there = [
            (value, slot)
            for value, slot in edges
            if several.hours[slot][0] <= starts and starts + several.minutes <= several.hours[slot][1]
        ]
        taken = _taken(problem, [slot for _, slot in there], demand, room)
        points = sum(value * taken.get(slot, 0) for value, slot in there)
        if sum(taken.values()) == demand and points > most and (with_slot is None or with_slot in taken):
            best, most = taken, points
    return best


def _taken(problem: Problem, slots: Sequence[int], demand: int, room: Residual) -> dict[int, int]:
    taken: dict[int, int] = {}
    shut: set[int] = set()
    groups: set[int] = set()
    for slot in slots:
        group = problem.group_of[slot]
        if demand == 0 or slot in shut or group in groups:
            continue
        taken[slot] = min(demand, room.left(slot))
        demand -= taken[slot]
        shut.update(room.excluding(slot))
        if group != NO_GROUP:
            groups.add(group)
    return taken
