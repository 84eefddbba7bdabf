"""What was told stays: the helper and the hour both sides know of are worth more than any other.

Where the told hour is still possible, the visit keeps it with that helper; any other helper may take the visit at any
hour, at the price of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, MutableSequence, Sequence
from dataclasses import replace

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.routing import Clock
from marketplace.planning.problem.slots import Slot
from marketplace.planning.problem.tasks import Task
from marketplace.planning.solving.formulation import Stretch

Edges = tuple[tuple[int, int], ...]


def told_places(
    tasks: Sequence[Task],
    slots: Sequence[Slot],
    edges: Sequence[Edges],
    stretches: MutableMapping[int, Stretch],
    context: PlanContext,
    clock: Clock,
) -> dict[tuple[int, int], int]:
    """(task, slot) that can still be as told, with the minute it starts; one of a task and helper each."""
    found: dict[tuple[int, int], int] = {}
    for number, task in enumerate(tasks):
        for told in context.told.get(task.need.line_key, ()):
            if not any(window.overlap(told.window) for window in task.windows):
                continue
            start = clock.minute(told.window.starts_at)
            for _, slot in edges[number]:
                if (
                    slots[slot].resource.line_key != told.resource_key
                    or slots[slot].window.overlap(told.window) is None
                ):
                    continue
                visit = stretches[slot].visits.get(number) if slot in stretches else None
                if slot not in stretches or (visit is not None and visit.earliest(start) == start):
                    found.setdefault((number, slot), start)
    return found


def hold_told(
    kept: MutableMapping[tuple[int, int], int],
    edges: MutableSequence[Edges],
    stretches: MutableMapping[int, Stretch],
    points: int,
) -> None:
    """Make what was told worth so many points more, at its hour."""
    if not points:
        kept.clear()
    for (number, slot), start in kept.items():
        edges[number] = tuple((value + points if one == slot else value, one) for value, one in edges[number])
        if slot in stretches:
            stretch = stretches[slot]
            visit = replace(stretch.visits[number], starts=((start, start),))
            stretches[slot] = replace(stretch, visits={**stretch.visits, number: visit})


def without_told(context: PlanContext, need_keys: Iterable[str]) -> PlanContext:
    """The same circumstances without what these needs were told."""
    gone = set(need_keys)
    return replace(context, told={key: told for key, told in context.told.items() if key not in gone})
