"""Helpers who are needed at the same time: when each could be there, and who still fits an hour already agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rules import meeting
from marketplace.planning.problem.slots import Slot
from marketplace.planning.problem.tasks import Task
from marketplace.planning.solving.formulation import Synchronised
from marketplace.values import Window

Edges = Sequence[tuple[int, int]]


def synchronised_of(task: Task, edges: Edges, slots: Sequence[Slot]) -> Synchronised:
    """When each place of a task could serve it, in minutes."""
    met = {slot: meeting(task, slots[slot]) for _, slot in edges}
    return Synchronised(
        minutes=task.minutes,
        hours={slot: (_minute(one.starts_at), _minute(one.ends_at)) for slot, one in met.items() if one},
    )


def shared(windows: Iterable[Window | None]) -> Window | None:
    """The part common to all; None when there is none."""
    common: Window | None = None
    for number, window in enumerate(windows):
        if window is None or (number and common is None):
            return None
        common = window if common is None else common.overlap(window)
    return common


def free_then(
    task: Task, edges: Edges, slots: Sequence[Slot], agreed: Sequence[Window]
) -> tuple[tuple[int, int], ...]:
    """The edges to helpers who are free when the others are promised."""
    kept = []
    for value, slot in edges:
        common = shared([meeting(task, slots[slot]), *agreed])
        if common is not None and common.minutes >= task.minutes:
            kept.append((value, slot))
    return tuple(kept)


def not_free_then() -> Reason:
    return Reason(
        code="apart", zh="和另一位说定的时间凑不上", en="is not free at the hour agreed with the others"
    )


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60
