"""From two lists and a week to the problem in numbers, keeping the names beside the numbers.

Lines are sorted by key first, so the order of the lists never matters. People already promised (`Fixed`) are taken out
of both sides before anything is planned, and so are never moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

import numpy as np

from marketplace.errors import LineTwice, NotWholeNumber
from marketplace.planning.problem.common_hours import free_then, not_free_then, synchronised_of
from marketplace.planning.problem.context import PlanContext, Promise
from marketplace.planning.problem.eligible import by_category
from marketplace.planning.problem.exclusions import cliques, same_owner
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.pairs import Pairs, pairs_of
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rejections import NOT_FREE_THEN, Rejection, rejections
from marketplace.planning.problem.routing import Clock, Places, Starts, most_visits, stretch_of
from marketplace.planning.problem.rules import meeting
from marketplace.planning.problem.scores import line_terms, need_terms, slot_term, told_term
from marketplace.planning.problem.slots import Holds, Slot
from marketplace.planning.problem.stability import hold_told, told_places
from marketplace.planning.problem.tasks import Task, absent, tasks_of
from marketplace.planning.solving.formulation import Clash, Problem, Routing, Steps, Stretch, after
from marketplace.planning.solving.transport import NO_GROUP
from marketplace.values import Need, Resource, Week, Window

_WEEK_MINUTES = 7 * 24 * 60
Line = TypeVar("Line", Need, Resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Help already promised: so many units of this need from this resource in this stretch."""

    need_key: str
    resource_key: str
    window: Window
    quantity: int = 1

    def __post_init__(self) -> None:
        if type(self.quantity) is not int or self.quantity < 1:
            raise NotWholeNumber(field="quantity", given=repr(self.quantity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The numbered problem with its names.

    Attributes:
        agreed: of tasks for several at once, when some of them are promised already.
        later: needs whose time comes after this week.
        waiting: needs that a person must look at first, with why.
        pairs: all that fits together, as columns.
        resources, offers: every resource in the order of the keys, and its number under every category it serves.
        week, objective, context: what the problem was read under; the context knows the promises.
        clock: what the minutes of the problem mean.
        told: (task, slot) that hold what both sides were told.
    """

    problem: Problem
    tasks: tuple[Task, ...]
    slots: tuple[Slot, ...]
    agreed: Mapping[int, tuple[Window, ...]]
    later: tuple[Need, ...]
    waiting: tuple[tuple[Need, Reason], ...]
    pairs: Pairs
    resources: tuple[Resource, ...]
    offers: Mapping[str, Sequence[int]]
    week: Week
    objective: Objective
    context: PlanContext
    clock: Clock
    told: frozenset[tuple[int, int]]

    def terms(self, task: int, slot: int) -> tuple[Reason, ...]:
        """What a unit of this match is worth, term by term; the points add up to the edge's value."""
        asked, place = self.tasks[task], self.slots[slot]
        common = meeting(asked, place)
        assert common is not None
        return (
            *need_terms(asked.need, self.week, self.objective, self.context),
            *line_terms(asked.need, place.resource, self.context, self.objective),
            slot_term(asked, common, self.week, self.objective),
            *([told_term(self.objective)] if (task, slot) in self.told else ()),
        )

    def rejections(self, task: int) -> Iterator[Rejection]:
        """Who nearly served a task, the nearest first; read as far as they are wanted."""
        if task in self.agreed:
            held = {slot for _, slot in self.problem.edges[task]}
            for slot, value in self.pairs.places(task):
                if value > 0 and slot not in held:
                    yield Rejection(
                        resource=self.slots[slot].resource, why=not_free_then(), depth=NOT_FREE_THEN
                    )
        need = self.tasks[task].need
        near = sorted({number for code in need.categories for number in self.offers.get(code, ())})
        fitting = [self.pairs.supplies[number] for number in self.pairs.fitting(task)]
        yield from rejections(
            self.tasks[task], fitting, [self.resources[number] for number in near], self.context
        )


def build(
    needs: Sequence[Need],
    resources: Sequence[Resource],
    *,
    week: Week,
    objective: Objective,
    fixed: Sequence[Fixed],
    context: PlanContext,
) -> Model:
    """The week's problem; raises a `PlanRefused` for lines that contradict each other."""
    needs, resources = _by_key(needs), _by_key(resources)
    context = with_promises(context, needs, resources, fixed)
    later: list[Need] = []
    waiting: list[tuple[Need, Reason]] = []
    tasks: list[Task] = []
    for need in needs:
        own = tasks_of(need, week, context)
        tasks.extend(own)
        if own:
            continue
        why = absent(need, week, context)
        if why is None:
            later.append(need)
        else:
            waiting.append((need, why))
    pairs = pairs_of(tasks, resources, week=week, context=context, objective=objective)
    clock = Clock.of(week, context.zone)
    agreed = {number: _agreed(task, fixed) for number, task in enumerate(tasks) if task.together}
    problem, told = _numbered(tasks, pairs, fixed, agreed, context, objective, clock)
    return Model(
        problem=problem,
        told=told,
        clock=clock,
        tasks=tuple(tasks),
        slots=pairs.slots,
        agreed=agreed,
        later=tuple(later),
        waiting=tuple(waiting),
        pairs=pairs,
        resources=tuple(resources),
        offers=by_category(resources, context),
        week=week,
        objective=objective,
        context=context,
    )


def with_promises(
    context: PlanContext, needs: Iterable[Need], resources: Iterable[Resource], fixed: Iterable[Fixed]
) -> PlanContext:
    """The context that also knows where and when the owners of resources are promised."""
    need_of, owner_of = {one.line_key: one for one in needs}, {one.line_key: one.owner for one in resources}
    promised = {owner: list(given) for owner, given in context.promised.items()}
    for one in fixed:
        if one.resource_key in owner_of:
            spot = context.travel_times.of_need(need_of[one.need_key]) if one.need_key in need_of else ""
            promised.setdefault(owner_of[one.resource_key], []).append(Promise(window=one.window, spot=spot))
    return replace(
        context,
        promised={owner: tuple(given) for owner, given in promised.items()},
        served_days=_with_agreed(context, need_of, owner_of, fixed),
    )


def _with_agreed(
    context: PlanContext, need_of: Mapping[str, Need], owner_of: Mapping[str, str], fixed: Iterable[Fixed]
) -> dict[str, Sequence[date]]:
    """Days of visits so far and of those agreed; a visit that still lacks helpers does not count yet."""
    days: dict[str, Sequence[date]] = dict(context.served_days)
    coming: dict[tuple[str, date], int] = defaultdict(int)
    for one in fixed:
        coming[one.need_key, context.day_of(one.window)] += one.quantity
        if one.resource_key in owner_of:
            days[one.resource_key] = (*days.get(one.resource_key, ()), context.day_of(one.window))
    for (key, day), helpers in coming.items():
        if key in need_of and helpers >= max(1, need_of[key].quantity.helpers):
            days[key] = (*days.get(key, ()), day)
    return days


def _numbered(
    tasks: list[Task],
    pairs: Pairs,
    fixed: Sequence[Fixed],
    agreed: Mapping[int, tuple[Window, ...]],
    context: PlanContext,
    objective: Objective,
    clock: Clock,
) -> tuple[Problem, frozenset[tuple[int, int]]]:
    """The numbered problem, and the (task, slot) that hold what both sides were told."""
    limits = _limits(pairs)
    demand, capacity = _less_fixed(tasks, pairs.slots, limits, fixed, clock)
    worth = pairs.value > 0
    starts = np.searchsorted(pairs.task[worth], np.arange(len(tasks) + 1)).tolist()
    found = list(zip(pairs.value[worth].tolist(), pairs.slot[worth].tolist(), strict=True))
    edges = [tuple(found[first:last]) for first, last in pairwise(starts)]
    for number, windows in agreed.items():
        edges[number] = free_then(tasks[number], edges[number], pairs.slots, windows)
    stretches = _stretches(tasks, pairs.slots, edges, capacity, agreed, fixed, context, clock)
    kept = told_places(tasks, pairs.slots, edges, stretches, context, clock)
    hold_told(kept, edges, stretches, objective.told)
    for slot, stretch in stretches.items():
        capacity[slot] = min(most_visits(stretch, pairs.slots[slot].windows), _of_group(limits, slot))
    for number, own in enumerate(edges):
        if any(slot in stretches and number not in stretches[slot].visits for _, slot in own):
            edges[number] = tuple(
                (value, slot)
                for value, slot in own
                if slot not in stretches or number in stretches[slot].visits
            )
    problem = Problem(
        demand=tuple(demand),
        edges=tuple(edges),
        capacity=tuple(capacity),
        group_of=tuple(limits.group_of),
        steps=tuple(limits.steps),
        whole=frozenset(
            number for number, task in enumerate(tasks) if task.whole and demand[number] == task.demand
        ),
        synchronised={
            number: synchronised_of(tasks[number], edges[number], pairs.slots)
            for number in agreed
            if demand[number]
        },
        clashes=tuple(limits.clashes),
        routing=_routing(tasks, stretches, limits, context),
    )
    return problem, frozenset(kept)


@dataclass(slots=True, kw_only=True)
class _Limits:
    """What ties slots together; promised help is taken out of all of it."""

    slots_of: dict[str, range]
    group_of: list[int]
    steps: list[Steps]
    clashes: list[Clash]
    minutes_max: dict[int, int]


def _limits(pairs: Pairs) -> _Limits:
    limits = _Limits(slots_of={}, group_of=[], steps=[], clashes=[], minutes_max={})
    for supply, first in zip(pairs.supplies, pairs.first_slot.tolist(), strict=False):
        resource = supply.resource
        limits.slots_of[resource.line_key] = range(first, first + len(supply.slots))
        limits.group_of.extend([len(limits.steps) if supply.steps else NO_GROUP] * len(supply.slots))
        if supply.steps:
            if resource.minutes_per_week_max and supply.slots and supply.slots[0].holds is Holds.HELPERS:
                limits.minutes_max[len(limits.steps)] = resource.minutes_per_week_max
            limits.steps.append(supply.steps)
        for together in cliques(supply.exclusions):
            most = supply.slots[together[0]].capacity
            limits.clashes.append(Clash(slots=tuple(first + number for number in together), most=most))
    limits.clashes.extend(same_owner(pairs.slots))
    return limits


def _of_group(limits: _Limits, slot: int) -> int:
    """The most units the slot's group has left."""
    group = limits.group_of[slot]
    return 1 << 30 if group == NO_GROUP else sum(units for units, _ in limits.steps[group])


def _stretches(
    tasks: Sequence[Task],
    slots: Sequence[Slot],
    edges: Sequence[Sequence[tuple[int, int]]],
    capacity: Sequence[int],
    agreed: Mapping[int, tuple[Window, ...]],
    fixed: Sequence[Fixed],
    context: PlanContext,
    clock: Clock,
) -> dict[int, Stretch]:
    at_slot: dict[int, list[tuple[int, Task]]] = defaultdict(list)
    open_here = [slot.routed and room > 0 for slot, room in zip(slots, capacity, strict=True)]
    for number, own in enumerate(edges):
        for _, slot in own:
            if open_here[slot]:
                at_slot[slot].append((number, tasks[number]))
    taken: dict[str, list[Window]] = defaultdict(list)
    for one in fixed:
        taken[one.resource_key].append(one.window)
    starts = Starts(tasks, clock)
    return {
        slot: stretch_of(
            slots[slot],
            asked,
            helpers=capacity[slot],
            taken=taken[slots[slot].resource.line_key] if slots[slot].holds is Holds.ROOM else (),
            agreed=agreed,
            context=context,
            clock=clock,
            starts=starts,
        )
        for slot, asked in sorted(at_slot.items())
    }


def _routing(
    tasks: Sequence[Task], stretches: Mapping[int, Stretch], limits: _Limits, context: PlanContext
) -> Routing | None:
    if not stretches:
        return None
    places = Places.of(tasks, context)
    return Routing(
        stretches=stretches, place=places.of_task, travel=places.travel, minutes_max=limits.minutes_max
    )


def _agreed(task: Task, fixed: Sequence[Fixed]) -> tuple[Window, ...]:
    """When helpers for this task are promised already."""
    return tuple(
        one.window
        for one in fixed
        if one.need_key == task.need.line_key and any(w.overlap(one.window) for w in task.windows)
    )


def _less_fixed(
    tasks: Sequence[Task], slots: Sequence[Slot], limits: _Limits, fixed: Sequence[Fixed], clock: Clock
) -> tuple[list[int], list[int]]:
    """Demand and room left once the promised help is taken out; the limits lose what it uses up."""
    demand = [task.demand for task in tasks]
    capacity = [slot.capacity for slot in slots]
    tasks_of_need: dict[str, list[int]] = defaultdict(list)
    for number, task in enumerate(tasks):
        tasks_of_need[task.need.line_key].append(number)
    for one in fixed:
        own = limits.slots_of.get(one.resource_key, range(0))
        this_week = 0 <= clock.minute(one.window.starts_at) < _WEEK_MINUTES
        if this_week:
            _take_promise(one, own, slots, limits, capacity)
        left = one.quantity
        for number in tasks_of_need.get(one.need_key, ()):
            task = tasks[number]
            if any(w.overlap(one.window) for w in task.windows):
                taken = min(-(-left // task.each), demand[number])
                demand[number] -= taken
                left = max(0, left - taken * task.each)
    for number, group in enumerate(limits.group_of):
        if group != NO_GROUP and not (limits.steps[group] and limits.minutes_max.get(group, 1)):
            capacity[number] = 0
    return demand, capacity


def _take_promise(
    one: Fixed, own: range, slots: Sequence[Slot], limits: _Limits, capacity: list[int]
) -> None:
    """One promise out of the room and the limits of the resource it is made of.

    A promise may lie across several slots; each of them is that much less free. The hours of a single helper or a room
    stay open around it. What people decided beyond the stated room stands, and leaves none.
    """
    touched = {number for number in own if slots[number].window.overlap(one.window) is not None}
    routed = any(slots[number].routed for number in own)
    units = 1 if any(slots[number].holds is Holds.ROOM for number in own) else one.quantity
    for number in touched:
        if not (slots[number].routed and slots[number].capacity == 1):
            capacity[number] = max(0, capacity[number] - units)
    for place, clash in enumerate(limits.clashes):
        if not touched.isdisjoint(clash.slots) and slots[clash.slots[0]].capacity > 1:
            limits.clashes[place] = replace(clash, most=max(0, clash.most - units))
    for group in {limits.group_of[number] for number in (own if routed else touched)} - {NO_GROUP}:
        limits.steps[group] = after(limits.steps[group], units)
        if group in limits.minutes_max:
            left = limits.minutes_max[group] - one.window.minutes * units
            limits.minutes_max[group] = max(0, left)


def _by_key(lines: Sequence[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: line.line_key)
    for one, other in pairwise(ordered):
        if one.line_key == other.line_key:
            raise LineTwice(line_key=one.line_key)
    return ordered
