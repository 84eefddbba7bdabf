"""The planning problem as plain whole numbers, its answer, and the proof that the answer is the best one.

Tasks, slots and groups are numbered; names live in the plan. Most plans are a pure transportation problem, where the
prices alone prove the optimum. Two facts of life do not fit one: a task that only counts when it is met whole from one
place, and places that exclude each other because they overlap in time. For these the search splits the problem into
alternatives that together cover every allowed plan; each last alternative carries prices of its own. The tree of
alternatives with its prices is the `Proof`, and `bound` below recomputes what it proves without trusting the search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as filled
from typing import Protocol

from marketplace.planning.flow import NO_GROUP

Steps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two slots that share the same people or the same room: together at most `most` units."""

    first: int
    second: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Who asks for how much, what it is worth where, and how much there is.

    Attributes:
        demand: units per task.
        edges: per task (value of one unit, slot); values at least 1.
        capacity: units per slot.
        group_of: per slot its group, or NO_GROUP.
        steps: per group (units, points each unit costs), costs never falling; their sum is the group's limit.
        whole: tasks that count only when one slot meets all their units.
        clashes: pairs of slots that exclude each other.
    """

    demand: tuple[int, ...]
    edges: tuple[tuple[tuple[int, int], ...], ...]
    capacity: tuple[int, ...]
    group_of: tuple[int, ...]
    steps: tuple[Steps, ...] = ()
    whole: frozenset[int] = frozenset()
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one more unit is worth: per task (of help), per slot (of place), per group (of the common limit)."""

    task: tuple[int, ...]
    slot: tuple[int, ...]
    group: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """An answer of a solver: units per (task, slot) and the prices that prove it."""

    units: Mapping[tuple[int, int], int]
    prices: Prices


class Solver(Protocol):
    """Solves a problem without `whole` tasks and clashes exactly, and returns whole-number prices."""

    def solve(self, problem: Problem) -> Flows: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """One alternative: room lowered in some slots, tasks met whole at a slot, tasks left out."""

    room: Mapping[int, int] = filled(default_factory=dict)
    given: Mapping[int, int] = filled(default_factory=dict)
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An alternative closed by its own prices."""

    prices: Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An alternative cut further: by the clash with this number, or by where a whole task goes."""

    clash: int = -1
    whole_task: int = -1
    parts: tuple[Leaf | Split, ...]


Proof = Leaf | Split


def alternatives(problem: Problem, at: Narrowed, *, clash: int = -1, whole_task: int = -1) -> list[Narrowed]:
    """The alternatives of a split; every allowed plan within `at` lies in at least one of them."""
    if clash >= 0:
        pair = problem.clashes[clash]
        first = min(pair.most, at.room.get(pair.first, problem.capacity[pair.first]))
        second = min(pair.most, at.room.get(pair.second, problem.capacity[pair.second]))
        low = max(0, pair.most - second)
        return [
            replace(at, room={**at.room, pair.first: k, pair.second: min(second, pair.most - k)})
            for k in range(min(low, first), first + 1)
        ]
    units = problem.demand[whole_task]
    fitting = [slot for _, slot in problem.edges[whole_task] if problem.capacity[slot] >= units]
    placed = [replace(at, given={**at.given, whole_task: slot}) for slot in fitting]
    return [*placed, replace(at, left_out=at.left_out | {whole_task})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """What is left of a problem within an alternative, and the points already earned by what it gives away."""

    problem: Problem
    earned: int


def restrict(problem: Problem, at: Narrowed) -> Restricted | None:
    """The rest of the problem within `at`; None when `at` gives away more than there is."""
    capacity = [min(c, at.room.get(slot, c)) for slot, c in enumerate(problem.capacity)]
    taken = [0] * len(problem.steps)
    earned = 0
    for task, slot in at.given.items():
        units = problem.demand[task]
        capacity[slot] -= units
        if problem.group_of[slot] != NO_GROUP:
            taken[problem.group_of[slot]] += units
        earned += units * next(value for value, s in problem.edges[task] if s == slot)
    steps = []
    for group, all_steps in enumerate(problem.steps):
        if taken[group] > sum(units for units, _ in all_steps):
            return None
        earned -= cost_of(all_steps, taken[group])
        steps.append(after(all_steps, taken[group]))
    if min(capacity, default=0) < 0:
        return None
    for slot, group in enumerate(problem.group_of):
        if group != NO_GROUP and not steps[group]:
            capacity[slot] = 0
    gone = at.left_out | set(at.given)
    rest = replace(
        problem,
        demand=tuple(0 if task in gone else q for task, q in enumerate(problem.demand)),
        edges=tuple(() if task in gone else edges for task, edges in enumerate(problem.edges))
        if gone
        else problem.edges,
        capacity=tuple(capacity),
        steps=tuple(steps),
    )
    return Restricted(problem=rest, earned=earned)


def bound(problem: Problem, proof: Proof, at: Narrowed | None = None) -> int | None:
    """The points that no allowed plan exceeds, recomputed from the problem; None when the proof does not hold."""
    here = at or Narrowed()
    if isinstance(proof, Leaf):
        left = restrict(problem, here)
        if left is None:
            return 0
        proven = dual(left.problem, proof.prices)
        return None if proven is None else proven + left.earned
    parts = alternatives(problem, here, clash=proof.clash, whole_task=proof.whole_task)
    if len(parts) != len(proof.parts):
        return None
    best = 0
    for part, narrowed in zip(proof.parts, parts, strict=True):
        proven = bound(problem, part, narrowed)
        if proven is None:
            return None
        best = max(best, proven)
    return best


def dual(problem: Problem, prices: Prices) -> int | None:
    """The bound that prices prove; None when a price is below zero, missing, or too low for some edge."""
    shapes = (len(problem.demand), len(problem.capacity), len(problem.steps))
    if (len(prices.task), len(prices.slot), len(prices.group)) != shapes:
        return None
    if min((*prices.task, *prices.slot, *prices.group), default=0) < 0:
        return None
    full = [price + _group_price(problem, prices, slot) for slot, price in enumerate(prices.slot)]
    for task, edges in enumerate(problem.edges):
        if any(prices.task[task] + full[slot] < value for value, slot in edges):
            return None
    total = sum(p * q for p, q in zip(prices.task, problem.demand, strict=True))
    total += sum(p * c for p, c in zip(prices.slot, problem.capacity, strict=True))
    for price, steps in zip(prices.group, problem.steps, strict=True):
        total += sum(units * max(0, price - cost) for units, cost in steps)
    return total


def primal(problem: Problem, units: Mapping[tuple[int, int], int]) -> int | None:
    """Points of a plan recomputed from the problem; None when the plan is not allowed."""
    served = [0] * len(problem.demand)
    used = [0] * len(problem.capacity)
    points = 0
    for (task, slot), amount in units.items():
        value = next((v for v, s in problem.edges[task] if s == slot), 0)
        if amount < 1 or value < 1 or (task in problem.whole and amount != problem.demand[task]):
            return None
        served[task] += amount
        used[slot] += amount
        points += value * amount
    if any(s > q for s, q in zip(served, problem.demand, strict=True)):
        return None
    if any(u > c for u, c in zip(used, problem.capacity, strict=True)):
        return None
    if any(used[c.first] + used[c.second] > c.most for c in problem.clashes):
        return None
    group_used = [0] * len(problem.steps)
    for slot, amount in enumerate(used):
        if problem.group_of[slot] != NO_GROUP:
            group_used[problem.group_of[slot]] += amount
    for steps, amount in zip(problem.steps, group_used, strict=True):
        if amount > sum(units_here for units_here, _ in steps):
            return None
        points -= cost_of(steps, amount)
    return points


def cost_of(steps: Sequence[tuple[int, int]], units: int) -> int:
    """Points that the first `units` of a group cost."""
    cost = 0
    for room, each in steps:
        taken = min(room, units)
        cost += taken * each
        units -= taken
    return cost


def after(steps: Steps, units: int) -> Steps:
    """The steps that remain once `units` are taken, cheapest first."""
    left = []
    for room, each in steps:
        taken = min(room, units)
        units -= taken
        if room > taken:
            left.append((room - taken, each))
    return tuple(left)


def _group_price(problem: Problem, prices: Prices, slot: int) -> int:
    group = problem.group_of[slot]
    return 0 if group == NO_GROUP else prices.group[group]
