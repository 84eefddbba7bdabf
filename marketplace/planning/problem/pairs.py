"""Who may serve what in a week and what it is worth, for all pairs at once.

1. Offers stand under every category they serve and every grid they reach, so that a need meets those few only.
2. The rules on two lines are asked once per pair of equivalence classes (`equivalence`); what they refuse goes no further.
3. The resources that are left get their slots; hours said alike are read once.
4. Task and slot must have enough of their hours in common, compared in whole microseconds, and the rules on slots be content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial

import numpy as np

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.eligible import near
from marketplace.planning.problem.equivalence import (
    answers,
    bites,
    day_of,
    distinct,
    line_classes,
    numbered_classes,
    slot_classes,
    term_classes,
)
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.rules import LineRule, SlotRule
from marketplace.planning.problem.scores import LineTerm, need_terms, slot_term
from marketplace.planning.problem.slots import Holds, Slot, Supply
from marketplace.planning.problem.supplies import supplies_of
from marketplace.planning.problem.tasks import Task
from marketplace.planning.solving.city.arrays import Ints
from marketplace.values import Need, Resource, Week, Window

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """All that fits together in a week.

    Attributes:
        supplies, slots: of resources that some task's line fits, in order of their keys; `first_slot` has where each
            supply's slots begin, and the number of slots at its end.
        fit_task, fit_supply: (f,) pairs whose lines fit, by rising task, then supply.
        task, slot, value: (e,) pairs that may meet, by rising task, then slot, with the points of one unit.
    """

    supplies: tuple[Supply, ...]
    slots: tuple[Slot, ...]
    first_slot: Ints
    fit_task: Ints
    fit_supply: Ints
    task: Ints
    slot: Ints
    value: Ints

    def fitting(self, task: int) -> list[int]:
        """Supplies whose line fits the task."""
        own: list[int] = self.fit_supply[_stretch(self.fit_task, task)].tolist()
        return own

    def places(self, task: int) -> list[tuple[int, int]]:
        """(slot, points of one unit) wherever the task may be met."""
        own = _stretch(self.task, task)
        return list(zip(self.slot[own].tolist(), self.value[own].tolist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """What many tasks or slots have in common in time, numbered: `of` per line its number, `first` where each stands first."""

    of: Ints
    first: list[int]


def pairs_of(
    tasks: Sequence[Task],
    resources: Sequence[Resource],
    *,
    week: Week,
    context: PlanContext,
    objective: Objective,
) -> Pairs:
    """Everything that fits together; tasks of one need stand together, resources in the order of their keys."""
    needs, of_need = _needs(tasks)
    need, resource = near(needs, resources, context)
    kept = np.ones(len(need), np.bool_)
    for rule, asked, offered in line_classes(needs, resources, context):
        kept &= ~bites(asked, offered, need, resource, partial(_refused, rule, needs, resources, context))
    need, resource = need[kept], resource[kept]
    points = np.zeros(len(need), np.int64)
    for term, asked, offered in term_classes(needs, resources, context, objective):
        points += answers(
            asked, offered, need, resource, partial(_points, term, needs, resources, context, objective)
        )
    points += np.array(
        [sum(one.points for one in need_terms(each, week, objective, context)) for each in needs], np.int64
    )[need]

    # From needs to their tasks.
    first_task = np.searchsorted(of_need, np.arange(len(needs) + 1))
    row, task = _spread(first_task, need)
    order = np.lexsort((resource[row], task))
    task, resource, points = task[order], resource[row][order], points[row][order]
    served, supply = distinct(resource)
    hours = _hours_of_tasks(tasks)
    supplies = supplies_of(
        [resources[one] for one in served.tolist()],
        tasks,
        task,
        supply,
        week=week,
        context=context,
        objective=objective,
    )
    return _met(tasks, hours, supplies, task, supply, points, week, context, objective)


def _met(
    tasks: Sequence[Task],
    hours: _Hours,
    supplies: Sequence[Supply],
    task: Ints,
    supply: Ints,
    points: Ints,
    week: Week,
    context: PlanContext,
    objective: Objective,
) -> Pairs:
    """The pairs of tasks and supplies whose lines fit, brought down to tasks and slots that meet."""
    slots = [slot for one in supplies for slot in one.slots]
    first_slot = np.cumsum([0, *(len(one.slots) for one in supplies)])
    row, slot = _spread(first_slot, supply)
    at_task, worth = task[row], points[row]
    hours_of_slot, slot_first = numbered_classes([(one.windows, one.holds) for one in slots])
    both, back = distinct(hours.of[at_task] * len(slot_first) + hours_of_slot[slot] - 1)
    starts, ends = _common(
        [tasks[one] for one in hours.first],
        [slots[one] for one in slot_first],
        both // max(1, len(slot_first)),
        both % max(1, len(slot_first)),
    )
    of_hour = _hour_points(
        tasks, hours, both // max(1, len(slot_first)), starts, ends, week, objective, context.zone
    )
    kept = np.flatnonzero(starts[back] < ends[back])
    at_task, slot, worth, back = at_task[kept], slot[kept], worth[kept], back[kept]
    days = [day_of(one) for one in slots]
    allowed = np.ones(len(slot), np.bool_)
    for rule, asked, offered in slot_classes(tasks, hours.of.tolist(), slots, days, context):
        allowed &= ~bites(asked, offered, at_task, slot, partial(_stopped, rule, tasks, slots, context))
    at_task, slot, worth, back = at_task[allowed], slot[allowed], worth[allowed], back[allowed]
    value = worth + of_hour[back]
    return Pairs(
        supplies=tuple(supplies),
        slots=tuple(slots),
        first_slot=first_slot,
        fit_task=task,
        fit_supply=supply,
        task=at_task,
        slot=slot,
        value=value,
    )


def _needs(tasks: Sequence[Task]) -> tuple[list[Need], Ints]:
    """The needs of the tasks, and for each task the number of its need."""
    needs: list[Need] = []
    of_need = []
    for task in tasks:
        if not needs or needs[-1] is not task.need:
            needs.append(task.need)
        of_need.append(len(needs) - 1)
    return needs, np.array(of_need, np.int64)


def _hours_of_tasks(tasks: Sequence[Task]) -> _Hours:
    codes, first = numbered_classes(
        [(one.windows, one.timed, one.minutes, one.need.quantity.minutes_each > 0) for one in tasks]
    )
    return _Hours(of=codes - 1, first=first)


def _common(tasks: Sequence[Task], slots: Sequence[Slot], task: Ints, slot: Ints) -> tuple[Ints, Ints]:
    """The common stretch of each pair, as `rules.meeting` has it, in microseconds; nothing where it ends as it starts."""
    if not len(task):
        return task, slot
    asked = [window for one in tasks for window in one.windows]
    first = np.cumsum([0, *(len(one.windows) for one in tasks)])
    asked_from, asked_to = _bounds(asked)
    asked_minutes = np.array([window.minutes for window in asked], np.int64)
    opens, closes = _bounds([window for one in slots for window in one.windows])
    first_open = np.cumsum([0, *(len(one.windows) for one in slots)])
    minutes = np.array([one.minutes for one in tasks], np.int64)
    all_of_it = np.array([one.timed and not one.need.quantity.minutes_each for one in tasks])
    room = np.array([one.holds is Holds.ROOM for one in slots])

    pair, window = _spread(first, task)
    again, there = _spread(first_open, slot[pair])
    row, window = pair[again], window[again]
    starts = np.maximum(asked_from[window], opens[there])
    ends = np.minimum(asked_to[window], closes[there])
    whole = all_of_it[task[row]] & room[slot[row]]
    least = np.where(whole, asked_minutes[window], minutes[task[row]]) * _MINUTE
    length = np.where((ends > starts) & (ends - starts >= least), ends - starts, 0)
    begin = np.searchsorted(row, np.arange(len(task)))
    longest = np.maximum.reduceat(length, begin)
    place = np.where(length == longest[row], np.arange(len(row)), len(row))
    best = np.minimum.reduceat(place, begin)
    return starts[best], starts[best] + longest


def _hour_points(
    tasks: Sequence[Task],
    hours: _Hours,
    task_hours: Ints,
    starts: Ints,
    ends: Ints,
    week: Week,
    objective: Objective,
    zone: tzinfo,
) -> Ints:
    """Points of the term that the common hours bring; only the day and whether the hours were asked for matter to it."""
    known: dict[tuple[bool, int], int] = {}
    one_day = 24 * 60 * _MINUTE
    points = []
    for number, start, end in zip(task_hours.tolist(), starts.tolist(), ends.tolist(), strict=True):
        if start == end:
            points.append(0)
            continue
        task = tasks[hours.first[number]]
        opens = (_EPOCH + timedelta(microseconds=start)).astimezone(zone)
        alike = task.timed, opens.toordinal()
        if alike not in known:
            known[alike] = slot_term(task, Window(opens, opens + timedelta(microseconds=min(end - start, one_day))), week, objective).points  # fmt: skip
        points.append(known[alike])
    return np.array(points, np.int64)


def _bounds(windows: Iterable[Window]) -> tuple[Ints, Ints]:
    """Starts and ends in microseconds."""
    listed = list(windows)
    return (
        np.array([(one.starts_at - _EPOCH) // _MICROSECOND for one in listed], np.int64),
        np.array([(one.ends_at - _EPOCH) // _MICROSECOND for one in listed], np.int64),
    )


def _spread(first: Ints, number: Ints) -> tuple[Ints, Ints]:
    """(row, member) for every row and every member of its number; members of number n are first[n] to first[n + 1]."""
    counts = first[number + 1] - first[number]
    row = np.repeat(np.arange(len(number)), counts)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts - first[number], counts)


def _stretch(rising: Ints, number: int) -> slice:
    first, last = np.searchsorted(rising, [number, number + 1])
    return slice(int(first), int(last))


def _refused(
    rule: LineRule, needs: Sequence[Need], resources: Sequence[Resource], context: PlanContext, n: int, r: int
) -> bool:
    return rule(needs[n], resources[r], context) is not None


def _stopped(
    rule: SlotRule, tasks: Sequence[Task], slots: Sequence[Slot], context: PlanContext, t: int, s: int
) -> bool:
    return rule(tasks[t], slots[s], context) is not None


def _points(
    term: LineTerm,
    needs: Sequence[Need],
    resources: Sequence[Resource],
    context: PlanContext,
    objective: Objective,
    n: int,
    r: int,
) -> int:
    found = term(needs[n], resources[r], context, objective)
    return 0 if found is None else found.points
