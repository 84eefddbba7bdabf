"""From two lists and a week to the problem in numbers, keeping the names beside the numbers.

Lines are sorted by key first, so the order of the lists never matters. People already promised (`Fixed`) are taken out
of both sides before anything is planned, and so are never moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from marketplace.errors import LineTwice, NotWholeNumber
from marketplace.planning.common_hours import free_then, not_free_then, together_of
from marketplace.planning.context import PlanContext, Promise
from marketplace.planning.flow import NO_GROUP
from marketplace.planning.objective import Objective
from marketplace.planning.problem import Clash, Problem, after
from marketplace.planning.readings import Readings
from marketplace.planning.reasons import Reason
from marketplace.planning.slots import Holds, Slot, Supply
from marketplace.planning.tasks import Task, absent
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
class Miss:
    """A resource that nearly served a task, with the rule that stopped it; later rules are nearer."""

    resource: Resource
    why: Reason
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The numbered problem with its names; `terms[task, slot]` add up to the edge's value.

    `agreed` tells of tasks for several at once when some of them are promised already.
    `later` are needs whose time comes after this week, `waiting` those that a person must look at first.
    """

    problem: Problem
    tasks: tuple[Task, ...]
    slots: tuple[Slot, ...]
    supplies: tuple[Supply, ...]
    terms: Mapping[tuple[int, int], tuple[Reason, ...]]
    misses: Mapping[int, tuple[Miss, ...]]
    agreed: Mapping[int, tuple[Window, ...]]
    later: tuple[Need, ...]
    waiting: tuple[tuple[Need, Reason], ...]


def build(
    needs: Sequence[Need],
    resources: Sequence[Resource],
    *,
    week: Week,
    objective: Objective,
    fixed: Sequence[Fixed],
    context: PlanContext,
    readings: Readings | None = None,
) -> Model:
    """The week's problem; raises a `PlanRefused` for lines that contradict each other.

    `readings` remembers what an earlier call read of lines and pairs that are still the same.
    """
    needs, resources = _by_key(needs), _by_key(resources)
    context = with_promises(context, needs, resources, fixed)
    read = (readings or Readings()).within(week, context, objective)
    offers = _by_category(resources, context)
    later: list[Need] = []
    waiting: list[tuple[Need, Reason]] = []
    tasks: list[Task] = []
    fits: list[list[Resource]] = []
    misses: dict[int, tuple[Miss, ...]] = {}
    for need in needs:
        own = read.tasks(need)
        if not own:
            why = absent(need, week, context)
            if why is None:
                later.append(need)
            else:
                waiting.append((need, why))
            continue
        fitting, missed = _fitting(need, offers, read)
        for task in own:
            misses[len(tasks)] = missed
            tasks.append(task)
            fits.append(fitting)
    wanted: dict[str, list[Task]] = defaultdict(list)
    for task, fitting in zip(tasks, fits, strict=True):
        for resource in fitting:
            wanted[resource.line_key].append(task)
    supplies = tuple(read.supply(one, wanted[one.line_key]) for one in resources if wanted[one.line_key])
    return _numbered(tasks, fits, supplies, misses, later, waiting, fixed, read)


def with_promises(
    context: PlanContext, needs: Iterable[Need], resources: Iterable[Resource], fixed: Iterable[Fixed]
) -> PlanContext:
    """The context that also knows where and when the owners of resources are promised."""
    need_of, owner_of = {one.line_key: one for one in needs}, {one.line_key: one.owner for one in resources}
    promised = {owner: list(given) for owner, given in context.promised.items()}
    for one in fixed:
        if one.resource_key in owner_of:
            spot = context.ways.of_need(need_of[one.need_key]) if one.need_key in need_of else ""
            promised.setdefault(owner_of[one.resource_key], []).append(Promise(window=one.window, spot=spot))
    return replace(context, promised={owner: tuple(given) for owner, given in promised.items()})


def _numbered(
    tasks: list[Task],
    fits: list[list[Resource]],
    supplies: tuple[Supply, ...],
    misses: dict[int, tuple[Miss, ...]],
    later: list[Need],
    waiting: list[tuple[Need, Reason]],
    fixed: Sequence[Fixed],
    read: Readings,
) -> Model:
    supply_by = {supply.resource.line_key: supply for supply in supplies}
    slots: list[Slot] = []
    group_of: list[int] = []
    steps: list[tuple[tuple[int, int], ...]] = []
    clashes: list[Clash] = []
    slots_of: dict[str, range] = {}
    for supply in supplies:
        first = len(slots)
        slots_of[supply.resource.line_key] = range(first, first + len(supply.slots))
        slots.extend(supply.slots)
        group_of.extend([len(steps) if supply.steps else NO_GROUP] * len(supply.slots))
        if supply.steps:
            steps.append(supply.steps)
        for i, j in supply.clashes:
            clashes.append(Clash(first=first + i, second=first + j, most=supply.slots[i].capacity))
    demand, capacity = _less_fixed(tasks, slots, slots_of, group_of, steps, clashes, fixed)

    edges: list[tuple[tuple[int, int], ...]] = []
    terms: dict[tuple[int, int], tuple[Reason, ...]] = {}
    agreed: dict[int, tuple[Window, ...]] = {}
    for number, (task, fitting) in enumerate(zip(tasks, fits, strict=True)):
        found: list[tuple[int, int]] = []
        missed = list(misses[number])
        for resource in fitting:
            first = slots_of[resource.line_key].start
            pair = read.pair(task, supply_by[resource.line_key])
            for place, value, own_terms in pair.places:
                terms[number, first + place] = own_terms
                if value > 0:
                    found.append((value, first + place))
            if pair.why is not None:
                missed.append(Miss(resource=resource, why=pair.why, depth=100))
            if not slots_of[resource.line_key]:
                away = Reason(code="away", zh="本周没有时间", en="has no time this week")
                missed.append(Miss(resource=resource, why=away, depth=99))
        if task.together:
            agreed[number] = _agreed(task, fixed)
            found, late = free_then(task, found, slots, agreed[number])
            missed.extend(Miss(resource=slots[one].resource, why=not_free_then(), depth=101) for one in late)
        edges.append(tuple(found))
        misses[number] = tuple(sorted(missed, key=lambda miss: (-miss.depth, miss.resource.line_key)))
    problem = Problem(
        demand=tuple(demand),
        edges=tuple(edges),
        capacity=tuple(capacity),
        group_of=tuple(group_of),
        steps=tuple(steps),
        whole=frozenset(
            number for number, task in enumerate(tasks) if task.whole and demand[number] == task.demand
        ),
        together={
            number: together_of(task, edges[number], slots)
            for number, task in enumerate(tasks)
            if task.together and demand[number]
        },
        clashes=tuple(clashes),
    )
    return Model(
        problem=problem,
        tasks=tuple(tasks),
        slots=tuple(slots),
        supplies=supplies,
        terms=terms,
        misses=misses,
        agreed=agreed,
        later=tuple(later),
        waiting=tuple(waiting),
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
        for number, task in enumerate(tasks):
            if task.need.line_key == one.need_key and any(w.overlap(one.window) for w in task.windows):
                taken = min(-(-left // task.each), demand[number])
                demand[number] -= taken
                left = max(0, left - taken * task.each)
    for number, group in enumerate(group_of):
        if group != NO_GROUP and not steps[group]:
            capacity[number] = 0
    return demand, capacity


def _fitting(
    need: Need, offers: Mapping[str, Sequence[Resource]], read: Readings
) -> tuple[list[Resource], tuple[Miss, ...]]:
    """Resources whose line allows them to serve the need, and those that only nearly do."""
    near = {one.line_key: one for code in need.categories for one in offers.get(code, ())}
    fitting, missed = [], []
    for key in sorted(near):
        why = read.refusal(need, near[key])
        if why is None:
            fitting.append(near[key])
        else:
            missed.append(Miss(resource=near[key], why=why, depth=1))
    return fitting, tuple(missed)


def _by_category(resources: Iterable[Resource], context: PlanContext) -> dict[str, list[Resource]]:
    """Resources under every category they serve, wider and narrower ones included."""
    children: dict[str, list[str]] = defaultdict(list)
    for child, parent in context.parents.items():
        children[parent].append(child)
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        codes: set[str] = set()
        for code in resource.categories:
            codes.update(_upwards(code, context.parents))
            codes.update(_downwards(code, children))
        for code in codes:
            found[code].append(resource)
    return found


def _upwards(code: str, parents: Mapping[str, str]) -> set[str]:
    seen = {code}
    while (parent := parents.get(code)) and parent not in seen:
        seen.add(parent)
        code = parent
    return seen


def _downwards(code: str, children: Mapping[str, Sequence[str]]) -> set[str]:
    seen, open_codes = {code}, [code]
    while open_codes:
        for child in children.get(open_codes.pop(), ()):
            if child not in seen:
                seen.add(child)
                open_codes.append(child)
    return seen


def _by_key(lines: Sequence[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: line.line_key)
    for one, other in pairwise(ordered):
        if one.line_key == other.line_key:
            raise LineTwice(line_key=one.line_key)
    return ordered
