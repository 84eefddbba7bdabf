"""From two lists and a week to the problem in numbers, keeping the names beside the numbers.

Lines are sorted by key first, so the order of the lists never matters. People already promised (`Fixed`) are taken out
of both sides before anything is planned, and so are never moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np

from marketplace.errors import LineTwice, NotWholeNumber
from marketplace.planning.problem.common_hours import free_then, not_free_then, synchronised_of
from marketplace.planning.problem.context import PlanContext, Promise
from marketplace.planning.problem.eligible import by_category
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.pairs import Pairs, pairs_of
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rejections import NOT_FREE_THEN, Rejection, rejections
from marketplace.planning.problem.rules import meeting
from marketplace.planning.problem.scores import line_terms, need_terms, slot_term
from marketplace.planning.problem.slots import Holds, Slot
from marketplace.planning.problem.tasks import Task, absent, tasks_of
from marketplace.planning.solving.formulation import Clash, Problem, after
from marketplace.planning.solving.transport import NO_GROUP
from marketplace.values import Need, Resource, Week, Window

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

    def terms(self, task: int, slot: int) -> tuple[Reason, ...]:
        """What a unit of this match is worth, term by term; the points add up to the edge's value."""
        asked, place = self.tasks[task], self.slots[slot]
        common = meeting(asked, place)
        assert common is not None
        return (
            *need_terms(asked.need, self.week, self.objective, self.context),
            *line_terms(asked.need, place.resource, self.context, self.objective),
            slot_term(asked, common, self.week, self.objective),
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
    agreed = {number: _agreed(task, fixed) for number, task in enumerate(tasks) if task.together}
    return Model(
        problem=_numbered(tasks, pairs, fixed, agreed),
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
    return replace(context, promised={owner: tuple(given) for owner, given in promised.items()})


def _numbered(
    tasks: list[Task], pairs: Pairs, fixed: Sequence[Fixed], agreed: Mapping[int, tuple[Window, ...]]
) -> Problem:
    group_of: list[int] = []
    steps: list[tuple[tuple[int, int], ...]] = []
    clashes: list[Clash] = []
    slots_of: dict[str, range] = {}
    for supply, first in zip(pairs.supplies, pairs.first_slot.tolist(), strict=False):
        slots_of[supply.resource.line_key] = range(first, first + len(supply.slots))
        group_of.extend([len(steps) if supply.steps else NO_GROUP] * len(supply.slots))
        if supply.steps:
            steps.append(supply.steps)
        for i, j in supply.clashes:
            clashes.append(Clash(first=first + i, second=first + j, most=supply.slots[i].capacity))
    demand, capacity = _less_fixed(tasks, pairs.slots, slots_of, group_of, steps, clashes, fixed)
    worth = pairs.value > 0
    starts = np.searchsorted(pairs.task[worth], np.arange(len(tasks) + 1)).tolist()
    found = list(zip(pairs.value[worth].tolist(), pairs.slot[worth].tolist(), strict=True))
    edges = [tuple(found[first:last]) for first, last in pairwise(starts)]
    for number, windows in agreed.items():
        edges[number] = free_then(tasks[number], edges[number], pairs.slots, windows)
    return Problem(
        demand=tuple(demand),
        edges=tuple(edges),
        capacity=tuple(capacity),
        group_of=tuple(group_of),
        steps=tuple(steps),
        whole=frozenset(
            number for number, task in enumerate(tasks) if task.whole and demand[number] == task.demand
        ),
        synchronised={
            number: synchronised_of(tasks[number], edges[number], pairs.slots)
            for number in agreed
            if demand[number]
        },
        clashes=tuple(clashes),
    )


def _agreed(task: Task, fixed: Sequence[Fixed]) -> tuple[Window, ...]:
    """When helpers for this task are promised already."""
    return tuple(
        one.window
        for one in fixed
        if one.need_key == task.need.line_key and any(w.overlap(one.window) for w in task.windows)
    )


def _less_fixed(
    tasks: Sequence[Task],
    slots: Sequence[Slot],
    slots_of: Mapping[str, range],
    group_of: Sequence[int],
    steps: list[tuple[tuple[int, int], ...]],
    clashes: list[Clash],
    fixed: Sequence[Fixed],
) -> tuple[list[int], list[int]]:
    """Demand and room left once the promised help is taken out; `steps` and `clashes` lose what it uses up."""
    demand = [task.demand for task in tasks]
    capacity = [slot.capacity for slot in slots]
    tasks_of_need: dict[str, list[int]] = defaultdict(list)
    for number, task in enumerate(tasks):
        tasks_of_need[task.need.line_key].append(number)
    for one in fixed:
        # A promise may lie across several slots; each of them is that much less free. What people decided beyond
        # the stated room stands, and leaves no room.
        touched = {
            number
            for number in slots_of.get(one.resource_key, ())
            if slots[number].window.overlap(one.window) is not None
        }
        room = any(slots[number].holds is Holds.ROOM for number in touched)
        for number in touched:
            capacity[number] = max(0, capacity[number] - (1 if room else one.quantity))
        for number, clash in enumerate(clashes):
            if touched & {clash.first, clash.second}:
                clashes[number] = replace(clash, most=max(0, clash.most - (1 if room else one.quantity)))
        groups = {group_of[number] for number in touched} - {NO_GROUP}
        for group in groups:
            steps[group] = after(steps[group], 1 if room else one.quantity)
        left = one.quantity
        for number in tasks_of_need.get(one.need_key, ()):
            task = tasks[number]
            if any(w.overlap(one.window) for w in task.windows):
                taken = min(-(-left // task.each), demand[number])
                demand[number] -= taken
                left = max(0, left - taken * task.each)
    for number, group in enumerate(group_of):
        if group != NO_GROUP and not steps[group]:
            capacity[number] = 0
    return demand, capacity


def _by_key(lines: Sequence[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: line.line_key)
    for one, other in pairwise(ordered):
        if one.line_key == other.line_key:
            raise LineTwice(line_key=one.line_key)
    return ordered
