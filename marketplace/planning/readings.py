"""What was read of lines and pairs of lines, remembered: rules and points are asked again only for what changed.

A line is the same as before when it is the very same value; a changed line is another value. All that rules and terms
look at besides the lines is the week, the context and the objective; when one of these changes, all is read anew. What
somebody has promised concerns their own lines only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import field as filled

from marketplace.planning.context import PlanContext, Promise
from marketplace.planning.objective import Objective
from marketplace.planning.reasons import Reason
from marketplace.planning.rules import apart, line_refusal, meeting, slot_refusal
from marketplace.planning.scores import line_terms, need_terms, slot_term
from marketplace.planning.slots import Holds, Slot, Supply, supply_of
from marketplace.planning.tasks import Task, tasks_of
from marketplace.values import Need, Resource, Week, Window

Promises = tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReading:
    """A task and a resource's week: (slot by its place in the supply, points, terms), and the first reason against."""

    places: tuple[tuple[int, int, tuple[Reason, ...]], ...]
    why: Reason | None


@dataclass(slots=True, kw_only=True)
class _OfTask:
    """What is the same for all pairs of a task; many slots have the same hours, and many pairs the same in common."""

    task: Task
    of_need: tuple[Reason, ...]
    meetings: dict[int, Window | None] = filled(default_factory=dict)
    of_hours: dict[Window, Reason] = filled(default_factory=dict)
    pairs: dict[str, tuple[Supply, Promises, PairReading]] = filled(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _OfNeed:
    need: Need
    tasks: tuple[Task, ...]
    refusals: dict[str, tuple[Resource, Reason | None]] = filled(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfResource:
    tasks: tuple[Task, ...]
    promised: Promises
    supply: Supply
    hours: tuple[int, ...]


class Readings:
    """Everything read so far, by the keys of lines and tasks."""

    def __init__(self) -> None:
        self._circumstances: tuple[Week, PlanContext, Objective] | None = None
        self._of_need: dict[str, _OfNeed] = {}
        self._of_task: dict[str, _OfTask] = {}
        self._of_resource: dict[str, _OfResource] = {}
        self._hours: dict[tuple[Window, Holds], int] = {}

    def within(self, week: Week, context: PlanContext, objective: Objective) -> Readings:
        """These readings, emptied when they were made under other circumstances."""
        before, self._circumstances = self._circumstances, (week, context, objective)
        if before is None or _apart_from_promises(before) != _apart_from_promises(self._circumstances):
            for kept in (self._of_need, self._of_task, self._of_resource, self._hours):
                kept.clear()
        return self

    @property
    def _now(self) -> tuple[Week, PlanContext, Objective]:
        assert self._circumstances is not None
        return self._circumstances

    def tasks(self, need: Need) -> tuple[Task, ...]:
        """The week's tasks of a need."""
        return self._need(need).tasks

    def _need(self, need: Need) -> _OfNeed:
        held = self._of_need.get(need.line_key)
        if held is None or held.need is not need:
            week, context, _ = self._now
            held = self._of_need[need.line_key] = _OfNeed(need=need, tasks=tasks_of(need, week, context))
        return held

    def refusal(self, need: Need, resource: Resource) -> Reason | None:
        """The first rule by which the two lines never meet."""
        refusals = self._need(need).refusals
        held = refusals.get(resource.line_key)
        if held is None or held[0] is not resource:
            held = refusals[resource.line_key] = (resource, line_refusal(need, resource, self._now[1]))
        return held[1]

    def supply(self, resource: Resource, tasks: Sequence[Task]) -> Supply:
        """The week's slots of a resource that these tasks may want; the same value as long as they are the same."""
        held = self._of_resource.get(resource.line_key)
        wanted = tuple(tasks)
        week, context, objective = self._now
        promised = context.promised.get(resource.owner, ())
        same = held is not None and held.supply.resource is resource and held.promised == promised
        if held is not None and same and _same(held.tasks, wanted):
            return held.supply
        supply = supply_of(resource, week, context, objective, wanted)
        if held is not None and held.supply == supply and held.supply.resource is resource:
            supply = held.supply
        hours = tuple(
            self._hours.setdefault((slot.window, slot.holds), len(self._hours)) for slot in supply.slots
        )
        self._of_resource[resource.line_key] = _OfResource(
            tasks=wanted, promised=promised, supply=supply, hours=hours
        )
        return supply

    def pair(self, task: Task, supply: Supply) -> PairReading:
        """Where in a supply a task may be met, and what it would be worth there."""
        of_task = self._of_task.get(task.key)
        if of_task is None or of_task.task is not task:
            week, context, objective = self._now
            of_need = tuple(need_terms(task.need, week, objective, context))
            of_task = self._of_task[task.key] = _OfTask(task=task, of_need=of_need)
        key = supply.resource.line_key
        known = self._of_resource[key]
        held = of_task.pairs.get(key)
        if held is None or held[0] is not supply or held[1] != known.promised:
            held = of_task.pairs[key] = (supply, known.promised, self._read(of_task, supply, known.hours))
        return held[2]

    def _read(self, of_task: _OfTask, supply: Supply, hours: Sequence[int]) -> PairReading:
        week, context, objective = self._now
        allowed, why = _allowed(of_task, supply.slots, hours, context)
        if not allowed:
            return PairReading(places=(), why=why)
        terms = (*of_task.of_need, *line_terms(of_task.task.need, supply.resource, context, objective))
        points = sum(term.points for term in terms)
        places = []
        for place, common in allowed:
            if common not in of_task.of_hours:
                of_task.of_hours[common] = slot_term(of_task.task, common, week, objective)
            of_hours = of_task.of_hours[common]
            places.append((place, points + of_hours.points, (*terms, of_hours)))
        return PairReading(places=tuple(places), why=why)


def _apart_from_promises(
    circumstances: tuple[Week, PlanContext, Objective],
) -> tuple[Week, PlanContext, Objective]:
    week, context, objective = circumstances
    return week, replace(context, promised={}), objective


def _same(some: Sequence[Task], others: Sequence[Task]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _allowed(
    of_task: _OfTask, slots: Sequence[Slot], hours: Sequence[int], context: PlanContext
) -> tuple[list[tuple[int, Window]], Reason | None]:
    """Slots of one resource in which the task may be met, with the common hours; and the first reason against one.

    Of slots that would give the task the very same hours only the shortest counts, and a slot made for one task is no
    place for others: a part of the day serves them as well.
    """
    task, meetings = of_task.task, of_task.meetings
    shortest: dict[Window, int] = {}
    # Hours that meet are nearer than hours that do not, so what stops those is the reason to tell.
    first: Reason | None = None
    too_far: Reason | None = None
    for number, slot in enumerate(slots):
        if hours[number] not in meetings:
            meetings[hours[number]] = meeting(task, slot)
        common = meetings[hours[number]]
        if common is None:
            too_far = too_far or apart(slot)
            continue
        why = slot_refusal(task, slot, context)
        if why is not None:
            first = first or why
            continue
        if slot.made_for_one and common != slot.window:
            continue
        held = shortest.get(common)
        if held is None or slot.window.minutes < slots[held].window.minutes:
            shortest[common] = number
    return sorted((number, common) for common, number in shortest.items()), first or too_far
