"""The slots of many resources at once: what is alike in time is cut once.

Most resources of a week share their hours with many others, and most tasks theirs. So the hours of both are numbered,
and only pairs of different hours are compared for stretches that a task needs for itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.equivalence import distinct, numbered_classes
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.slots import (
    Cut,
    Stretches,
    Supply,
    cut_of,
    excluding,
    holds_of,
    own_stretches,
    stretches_of,
    supplied,
    way_between,
)
from marketplace.planning.problem.tasks import Task
from marketplace.planning.solving.city.arrays import Ints
from marketplace.values import Resource, Week, When, Window


def supplies_of(
    resources: Sequence[Resource],
    tasks: Sequence[Task],
    hours_of_task: Ints,
    task: Ints,
    supply: Ints,
    *,
    week: Week,
    context: PlanContext,
    objective: Objective,
) -> list[Supply]:
    """The week of each resource, as `slots.supply_of` has it for the tasks paired with it.

    Args:
        hours_of_task: tasks that ask for the same hours have the same number.
        task, supply: the pairs; every resource is in one of them.
    """
    times = _between_visits(resources, tasks, task, supply, context)
    windows: dict[When, tuple[Window, ...]] = {}
    for one in resources:
        if one.when not in windows:
            windows[one.when] = context.windows(one.when, week)
    codes, first = numbered_classes(
        [(windows[one.when], holds_of(one), way) for one, way in zip(resources, times, strict=True)]
    )
    stretches = [
        stretches_of(windows[resources[at].when], holds_of(resources[at]), times[at], context) for at in first
    ]
    of = codes - 1
    longest = np.zeros(len(resources), np.int64)
    minutes = np.array([one.minutes for one in tasks], np.int64)
    np.maximum.at(longest, supply, minutes[task])
    own = _own(stretches, tasks, hours_of_task, of, task, supply)
    cuts: dict[tuple[int, frozenset[Window]], Cut] = {}
    clashes: dict[tuple[int, frozenset[Window], int, int], tuple[tuple[int, int], ...]] = {}
    found = []
    for number, (resource, alike) in enumerate(zip(resources, of.tolist(), strict=True)):
        wanted = own.get(number, frozenset())
        if (alike, wanted) not in cuts:
            cuts[alike, wanted] = cut_of(stretches[alike], wanted)
        cut = cuts[alike, wanted]
        rested = alike, wanted, resource.rest_minutes, resource.rest_days
        if rested not in clashes:
            clashes[rested] = excluding(cut, stretches[alike], resource)
        found.append(
            supplied(
                resource,
                cut,
                stretches[alike].holds,
                clashes[rested],
                int(longest[number]),
                objective,
                context,
            )
        )
    return found


def _between_visits(
    resources: Sequence[Resource], tasks: Sequence[Task], task: Ints, supply: Ints, context: PlanContext
) -> list[int]:
    """Minutes between two visits of each resource, 0 where no travel times are known."""
    if not context.travel_times:
        return [0] * len(resources)
    spots: dict[int, set[str]] = defaultdict(set)
    for at, number in zip(task.tolist(), supply.tolist(), strict=True):
        spots[number].add(context.travel_times.of_need(tasks[at].need))
    return [way_between(one, spots[number], context) for number, one in enumerate(resources)]


def _own(
    stretches: Sequence[Stretches], tasks: Sequence[Task], hours_of_task: Ints, of: Ints, task: Ints, supply: Ints
) -> dict[int, frozenset[Window]]:  # fmt: skip
    """Per resource the stretches that its tasks need for themselves, for those that have any."""
    divided = np.array([not one.plain for one in stretches], np.bool_)
    among = np.flatnonzero(divided[of[supply]])
    task, supply = task[among], supply[among]
    first = dict(zip(reversed(hours_of_task.tolist()), reversed(range(len(tasks))), strict=True))
    width = len(stretches)
    both, back = distinct(hours_of_task[task] * width + of[supply])
    stated = [
        tuple(own_stretches(stretches[one % width], tasks[first[one // width]])) for one in both.tolist()
    ]
    found: dict[int, set[Window]] = defaultdict(set)
    some = np.flatnonzero(np.array([bool(one) for one in stated], np.bool_)[back])
    for number, pair in zip(supply[some].tolist(), back[some].tolist(), strict=True):
        found[number].update(stated[pair])
    return {number: frozenset(own) for number, own in found.items()}
