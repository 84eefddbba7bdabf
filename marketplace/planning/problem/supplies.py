"""The slots of many resources at once: hours that are said alike are read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.slots import Supply, supplied, way_between
from marketplace.planning.problem.tasks import Task
from marketplace.planning.solving.city.arrays import Ints
from marketplace.values import Resource, Week, When, Window


def supplies_of(
    resources: Sequence[Resource],
    tasks: Sequence[Task],
    task: Ints,
    supply: Ints,
    *,
    week: Week,
    context: PlanContext,
    objective: Objective,
) -> list[Supply]:
    """The week of each resource, as `slots.supply_of` has it for the tasks paired with it.

    `task`, `supply` are the pairs; every resource is in one of them.
    """
    between = _between_visits(resources, tasks, task, supply, context)
    shortest = np.full(len(resources), 1 << 30, np.int64)
    np.minimum.at(shortest, supply, np.array([one.minutes for one in tasks], np.int64)[task])
    windows: dict[When, tuple[Window, ...]] = {}
    found = []
    for resource, way, least in zip(resources, between, shortest.tolist(), strict=True):
        if resource.when not in windows:
            windows[resource.when] = context.windows(resource.when, week)
        found.append(supplied(resource, windows[resource.when], way, least, week, objective, context))
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
