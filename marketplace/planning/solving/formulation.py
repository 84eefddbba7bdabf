"""The planning problem as plain whole numbers, its answer, and what prices alone prove about it.

Tasks, slots and groups are numbered; names live in the plan. Most plans are a pure transportation problem, where the
prices alone prove the optimum. Facts of life that do not fit one: a task that only counts when it is met whole from
one place, helpers who are only of use when all come at the same time, places that exclude each other because they
overlap in time (`proof` says how the search deals with these three), and visits that follow one another, with ways
between them (`Routing`; the folder `routes` solves it).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as filled
from typing import Protocol

from marketplace.planning.solving.network import NO_GROUP

# A task or a helper whose place takes no time to reach.
NOWHERE = -1

Steps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Slots that share the same people or the same room: all together at most `most` units."""

    slots: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronised:
    """A task whose units count only all at once, though not from one place: two people to lift a wheelchair.

    Attributes:
        minutes: how long all of them are needed.
        hours: per slot the task could use: from which minute to which its units are there, both counted from anywhere.
    """

    minutes: int
    hours: Mapping[int, tuple[int, int]]

    def apart(self, slots: Iterable[int]) -> tuple[int, int] | None:
        """Two of these slots whose common time is too short; None when there is an hour for all.

        Stretches that pairwise share so many minutes all share them, so two tell.
        """
        slots = sorted(slots)
        last_to_come = max(slots, key=lambda slot: self.hours[slot][0])
        first_to_leave = min(slots, key=lambda slot: self.hours[slot][1])
        common = self.hours[first_to_leave][1] - self.hours[last_to_come][0]
        return None if common >= self.minutes else (last_to_come, first_to_leave)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A task within a stretch: how many minutes it takes there, and from when to when it may start, rising and apart."""

    minutes: int
    starts: tuple[tuple[int, int], ...]

    def earliest(self, ready: int) -> int | None:
        """The first allowed start not before `ready`; None when there is none."""
        for first, last in self.starts:
            if ready <= last:
                return max(ready, first)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A slot in which visits follow one another: one morning of a helper, one day of a room.

    Attributes:
        opens, closes: minutes, counted from anywhere.
        visits: per task that may be met here.
        helpers: how many do so side by side, each with a round of their own.
        leaves_from, returns_to: place before the first and after the last visit, `NOWHERE` when that takes no time.
        pause: least minutes between two visits.
        pause_before, pause_after: least minutes before the first and after the last visit.
    """

    opens: int
    closes: int
    visits: Mapping[int, Visit]
    helpers: int = 1
    leaves_from: int = NOWHERE
    returns_to: int = NOWHERE
    pause: int = 0
    pause_before: int = 0
    pause_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """What it takes to go from visit to visit.

    Attributes:
        stretches: per slot in which visits follow one another.
        place: per task where it is, `NOWHERE` when the way to it takes no time.
        travel: minutes from place to place; going round by a third place never is shorter.
        minutes_max: per group how many minutes of visits it takes in all.
        shares: tasks that need a thing of which there are few while they last: a room, a wheelchair.
        things: how many there are of each thing.
    """

    stretches: Mapping[int, Stretch]
    place: tuple[int, ...]
    travel: tuple[tuple[int, ...], ...] = ()
    minutes_max: Mapping[int, int] = filled(default_factory=dict)
    shares: Mapping[int, int] = filled(default_factory=dict)
    things: tuple[int, ...] = ()

    def way(self, one: int, other: int) -> int:
        """Minutes from place to place."""
        return 0 if NOWHERE in (one, other) else self.travel[one][other]


Round = tuple[tuple[int, int], ...]
Tours = Mapping[int, tuple[Round, ...]]
NO_TOURS: Tours = {}


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
        synchronised: tasks that count only when all their units come at the same time, from any slots.
        clashes: slots that exclude each other.
        routing: slots in which visits follow one another; `capacity` then is how many could at most.
    """

    demand: tuple[int, ...]
    edges: tuple[tuple[tuple[int, int], ...], ...]
    capacity: tuple[int, ...]
    group_of: tuple[int, ...]
    steps: tuple[Steps, ...] = ()
    whole: frozenset[int] = frozenset()
    synchronised: Mapping[int, Synchronised] = filled(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    routing: Routing | None = None

    def transport(self) -> Problem:
        """The same without whole tasks, common hours, clashes and routes: what a `Solver` solves."""
        return replace(self, whole=frozenset(), synchronised={}, clashes=(), routing=None)

    def clashes_of(self) -> dict[int, list[int]]:
        """Per slot that excludes others the numbers of its clashes."""
        found: dict[int, list[int]] = {}
        for number, clash in enumerate(self.clashes):
            for slot in clash.slots:
                found.setdefault(slot, []).append(number)
        return found


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
    """Solves a problem without whole tasks, common hours and clashes exactly, and returns whole-number prices."""

    def solve(self, problem: Problem) -> Flows: ...


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


def primal(problem: Problem, units: Mapping[tuple[int, int], int], tours: Tours = NO_TOURS) -> int | None:
    """Points of a plan recomputed from the problem; None when the plan is not allowed.

    With routes `tours` say when each visit of a stretch starts; they must be the same visits as `units`.
    """
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
    if problem.routing is not None and not walked(problem, problem.routing, units, tours):
        return None
    rounds = {slot: len(own) for slot, own in tours.items()}
    if any(sum(rounds.get(slot, used[slot]) for slot in c.slots) > c.most for c in problem.clashes):
        return None
    for task, slots in slots_serving(units, problem.synchronised).items():
        if served[task] != problem.demand[task]:
            return None
        if problem.routing is None and problem.synchronised[task].apart(slots) is not None:
            return None
    return None if (cost := _steps_cost(problem, used)) is None else points - cost


def _steps_cost(problem: Problem, used: Sequence[int]) -> int | None:
    """What the groups' units cost; None when a group gives more than it has."""
    group_used = [0] * len(problem.steps)
    for slot, amount in enumerate(used):
        if problem.group_of[slot] != NO_GROUP:
            group_used[problem.group_of[slot]] += amount
    cost = 0
    for steps, amount in zip(problem.steps, group_used, strict=True):
        if amount > sum(units_here for units_here, _ in steps):
            return None
        cost += cost_of(steps, amount)
    return cost


def walked(problem: Problem, routing: Routing, units: Mapping[tuple[int, int], int], tours: Tours) -> bool:
    """True when the tours hold the visits of a plan, and every one of them can be walked in time."""
    visits: dict[tuple[int, int], int] = {}
    minutes = [0] * len(problem.steps)
    starts: dict[int, set[int]] = {}
    for slot, rounds in tours.items():
        stretch = routing.stretches.get(slot)
        if stretch is None or len(rounds) > stretch.helpers:
            return False
        for visited in rounds:
            if not visited or not _in_time(routing, stretch, visited):
                return False
            for task, start in visited:
                visits[task, slot] = visits.get((task, slot), 0) + 1
                starts.setdefault(task, set()).add(start)
                if (group := problem.group_of[slot]) != NO_GROUP:
                    minutes[group] += stretch.visits[task].minutes
    if visits != {pair: amount for pair, amount in units.items() if pair[1] in routing.stretches}:
        return False
    if any(minutes[group] > most for group, most in routing.minutes_max.items()):
        return False
    return _agree(problem, routing, units, starts) and _enough_things(routing, tours)


def _in_time(routing: Routing, stretch: Stretch, visited: Round) -> bool:
    """True when a helper can go from visit to visit within the stretch."""
    free_from, place = stretch.opens + stretch.pause_before, stretch.leaves_from
    pause = 0
    for task, start in visited:
        visit = stretch.visits.get(task)
        if visit is None or not any(first <= start <= last for first, last in visit.starts):
            return False
        if start < free_from + max(pause, routing.way(place, routing.place[task])):
            return False
        free_from, place, pause = start + visit.minutes, routing.place[task], stretch.pause
    home = max(stretch.pause_after, routing.way(place, stretch.returns_to))
    return len({task for task, _ in visited}) == len(visited) and free_from + home <= stretch.closes


def _agree(
    problem: Problem,
    routing: Routing,
    units: Mapping[tuple[int, int], int],
    starts: Mapping[int, set[int]],
) -> bool:
    """True when all helpers of a task that needs them at once come at once."""
    for task, found in starts.items():
        if (task in problem.synchronised or task in problem.whole) and len(found) > 1:
            return False
    for task, slot in units:
        several = problem.synchronised.get(task)
        if several is not None and slot not in routing.stretches and task in starts:
            opens, closes = several.hours[slot]
            if any(start < opens or start + several.minutes > closes for start in starts[task]):
                return False
    return True


def _enough_things(routing: Routing, tours: Tours) -> bool:
    """True when at no moment more of a thing is in use than there is."""
    until: dict[tuple[int, int, int], int] = {}
    for slot, rounds in tours.items():
        for task, start in (visit for visited in rounds for visit in visited):
            if (thing := routing.shares.get(task)) is not None:
                key = thing, task, start
                until[key] = max(until.get(key, 0), start + routing.stretches[slot].visits[task].minutes)
    return all(
        sum(thing == other and begins <= start < ends for (other, _, begins), ends in until.items())
        <= routing.things[thing]
        for thing, _, start in until
    )


def slots_serving(units: Mapping[tuple[int, int], int], tasks: Container[int]) -> dict[int, list[int]]:
    """The slots that serve each of these tasks."""
    found: dict[int, list[int]] = {}
    for task, slot in units:
        if task in tasks:
            found.setdefault(task, []).append(slot)
    return found


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
