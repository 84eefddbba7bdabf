"""Alternatives: how a problem that is no pure transportation is cut into some that are, and the proof that comes of it.

Where the answer to the transportation problem breaks one of the three facts of life (`problem`), the problem is cut into
alternatives that together cover every allowed plan (`parts`), which only holds where that fact is one (`allowed`):

    a whole task served in parts             at one of the places that could take it, or left out
    a task for several at once, not all      all of them, whatever it takes, or left out
    two of its helpers without common hours  without the one, or without the other
    places that exclude each other           so many units at most in one, and in the others

Each last alternative is closed by prices of its own. The tree of cuts with those prices is the `Proof`, and `bound`
recomputes what it proves without trusting the search.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as filled

from marketplace.planning.solving.formulation import Prices, Problem, after, cost_of, dual
from marketplace.planning.solving.network import NO_GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """One alternative.

    Attributes:
        room: slots with less room than they have.
        given: whole tasks met at a slot.
        left_out: tasks that get nothing.
        met: tasks for several at once that get everything.
        barred: (task, slot) that do not meet.
        settled: (clash, slot) whose share of the clash is the slot's room.
    """

    room: Mapping[int, int] = filled(default_factory=dict)
    given: Mapping[int, int] = filled(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    met: frozenset[int] = frozenset()
    barred: frozenset[tuple[int, int]] = frozenset()
    settled: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class ClashCut:
    """Cut by how much of what a clash has left goes to one of its slots."""

    clash: int
    slot: int

    def allowed(self, problem: Problem) -> bool:
        return 0 <= self.clash < len(problem.clashes) and self.slot in problem.clashes[self.clash].slots

    def parts(self, problem: Problem, at: Narrowed) -> list[Narrowed]:
        clash = problem.clashes[self.clash]
        room = {slot: at.room.get(slot, problem.capacity[slot]) for slot in clash.slots}
        own = room.pop(self.slot)
        settled = [slot for slot in room if (self.clash, slot) in at.settled]
        left = max(0, clash.most - sum(room.pop(slot) for slot in settled))
        own, low = min(own, left), max(0, left - sum(room.values()))
        return [
            replace(
                at,
                room={**at.room, self.slot: k, **{slot: min(most, left - k) for slot, most in room.items()}},
                settled=at.settled | {(self.clash, self.slot)},
            )
            for k in range(min(low, own), own + 1)
        ]


@dataclass(frozen=True, slots=True)
class WholeCut:
    """Cut by where a whole task goes."""

    task: int

    def allowed(self, problem: Problem) -> bool:
        return self.task in problem.whole

    def parts(self, problem: Problem, at: Narrowed) -> list[Narrowed]:
        units = problem.demand[self.task]
        fitting = [slot for _, slot in problem.edges[self.task] if problem.capacity[slot] >= units]
        placed = [replace(at, given={**at.given, self.task: slot}) for slot in fitting]
        return [*placed, replace(at, left_out=at.left_out | {self.task})]


@dataclass(frozen=True, slots=True)
class AllOrNoneCut:
    """Cut by whether a task for several at once is met."""

    task: int

    def allowed(self, problem: Problem) -> bool:
        return self.task in problem.synchronised

    def parts(self, problem: Problem, at: Narrowed) -> list[Narrowed]:
        return [
            replace(at, met=at.met | {self.task}),
            replace(at, met=at.met - {self.task}, left_out=at.left_out | {self.task}),
        ]


@dataclass(frozen=True, slots=True)
class HoursCut:
    """Cut by which of two slots without common hours does not serve a task for several at once."""

    task: int
    first: int
    second: int

    def allowed(self, problem: Problem) -> bool:
        several = problem.synchronised.get(self.task)
        pair = {self.first, self.second}
        return several is not None and pair <= several.hours.keys() and several.apart(pair) is not None

    def parts(self, problem: Problem, at: Narrowed) -> list[Narrowed]:
        return [replace(at, barred=at.barred | {(self.task, slot)}) for slot in (self.first, self.second)]


Cut = ClashCut | WholeCut | AllOrNoneCut | HoursCut


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An alternative closed by its own prices."""

    prices: Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An alternative cut further."""

    cut: Cut
    parts: tuple[Leaf | Split, ...]


Proof = Leaf | Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """What is left of a problem within an alternative, and the points already earned by what it gives away.

    `lifted` are points that each unit of a task that must be met is worth more here than it is; `earned` takes them
    back.
    """

    problem: Problem
    earned: int
    lifted: Mapping[int, int]


def restrict(problem: Problem, at: Narrowed) -> Restricted | None:
    """The rest of the problem within `at`; None when `at` gives away more than there is."""
    capacity, steps = list(problem.capacity), list(problem.steps)
    for slot, room in at.room.items():
        capacity[slot] = min(capacity[slot], room)
    taken: dict[int, int] = {}
    earned = 0
    for task, slot in at.given.items():
        units = problem.demand[task]
        capacity[slot] -= units
        if capacity[slot] < 0:
            return None
        if (group := problem.group_of[slot]) != NO_GROUP:
            taken[group] = taken.get(group, 0) + units
        earned += units * next(value for value, s in problem.edges[task] if s == slot)
    for group, used in taken.items():
        if used > sum(units for units, _ in steps[group]):
            return None
        earned -= cost_of(steps[group], used)
        steps[group] = after(steps[group], used)
    if not all(steps):
        for slot, group in enumerate(problem.group_of):
            if group != NO_GROUP and not steps[group]:
                capacity[slot] = 0
    gone = at.left_out | set(at.given)
    demand = list(problem.demand)
    for task in gone:
        demand[task] = 0
    lifted = dict.fromkeys(sorted(at.met - gone), _more_than_all_points(problem)) if at.met else {}
    rest = replace(
        problem,
        demand=tuple(demand),
        edges=_narrowed_edges(problem, gone, at, lifted),
        capacity=tuple(capacity),
        steps=tuple(steps),
    )
    earned -= sum(points * problem.demand[task] for task, points in lifted.items())
    return Restricted(problem=rest, earned=earned, lifted=lifted)


def _narrowed_edges(
    problem: Problem, gone: Container[int], at: Narrowed, lifted: Mapping[int, int]
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The very same edges where nothing about them changed, so that what was made of them can be used again."""
    if not (at.given or at.left_out or lifted or at.barred):
        return problem.edges
    edges = [() if task in gone else own for task, own in enumerate(problem.edges)]
    for task in lifted.keys() | {task for task, _ in at.barred}:
        more = lifted.get(task, 0)
        edges[task] = tuple(
            (value + more, slot) for value, slot in edges[task] if (task, slot) not in at.barred
        )
    return tuple(edges)


def _more_than_all_points(problem: Problem) -> int:
    """So many points that one unit worth them comes before everything else a plan could gain or save."""
    dearest = max((cost for steps in problem.steps for _, cost in steps), default=0)
    return 1 + sum(
        demand * (max(edges)[0] + dearest)
        for demand, edges in zip(problem.demand, problem.edges, strict=True)
        if edges
    )


def bound(problem: Problem, proof: Proof, at: Narrowed | None = None) -> int | None:
    """The points that no allowed plan exceeds, recomputed from the problem; None when the proof does not hold."""
    here = at or Narrowed()
    if isinstance(proof, Leaf):
        left = restrict(problem, here)
        if left is None:
            return 0
        proven = dual(left.problem, proof.prices)
        return None if proven is None else proven + left.earned
    if not proof.cut.allowed(problem):
        return None
    parts = proof.cut.parts(problem, here)
    if len(parts) != len(proof.parts):
        return None
    best = 0
    for part, narrowed in zip(proof.parts, parts, strict=True):
        proven = bound(problem, part, narrowed)
        if proven is None:
            return None
        best = max(best, proven)
    return best
