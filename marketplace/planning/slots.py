"""Resources as slots of one week: how many units each stretch of time holds, and what ties the stretches together.

Three kinds. *Helpers*: each takes one visit per part of the day, so a stretch of more than five hours is divided at
noon and evening.
*Rooms*: one user at a time, however many seats. *Counted* things (places at a clinic, meals, trips, items): so many
per occasion, per day, or in all. A need that runs across a division, or that wants a room for hours of its own, gets
its own slot; slots that overlap then exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from marketplace.planning.context import PlanContext
from marketplace.planning.objective import Objective
from marketplace.planning.tasks import Task
from marketplace.values import SHANGHAI, Per, Resource, Unit, Week, Window

Steps = tuple[tuple[int, int], ...]
_ONE_STRETCH_MINUTES_MAX = 300


class Holds(StrEnum):
    """What a slot's units are."""

    HELPERS = "helpers"
    ROOM = "room"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One stretch of a resource with its room in units.

    `made_for_one` marks a slot cut to the hours of some task that no part of the day covers, or that wants a room.
    """

    key: str
    resource: Resource
    window: Window
    holds: Holds
    capacity: int
    made_for_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A resource in one week: its slots, the pairs that exclude each other, and the common limit as cost steps."""

    resource: Resource
    slots: tuple[Slot, ...]
    clashes: tuple[tuple[int, int], ...]
    steps: Steps


def supply_of(
    resource: Resource, week: Week, context: PlanContext, objective: Objective, tasks: Sequence[Task] = ()
) -> Supply:
    """The week's slots of a resource; `tasks` are those it could serve, for their fixed hours and their length."""
    holds = holds_of(resource)
    capacity = _capacity(resource, holds)
    stretches: dict[Window, bool] = {}
    for window in context.windows(resource.when, week):
        parts = [window] if holds is Holds.COUNTED else divided(window, context)
        stretches.update(dict.fromkeys(parts, False))
        if holds is not Holds.COUNTED:
            stretches.update(dict.fromkeys(_own_stretches(window, parts, tasks, holds), True))
    slots = tuple(
        Slot(
            key=f"{resource.line_key}@{_stamp(window)}",
            resource=resource,
            window=window,
            holds=holds,
            capacity=capacity,
            made_for_one=stretches[window],
        )
        for window in sorted(stretches)
    )
    clashes = () if holds is Holds.COUNTED else _overlapping(slots)
    longest = max((task.minutes for task in tasks), default=60)
    steps = _steps(resource, holds, slots, longest, objective)
    return Supply(resource=resource, slots=slots, clashes=clashes, steps=steps)


def _own_stretches(
    window: Window, parts: Sequence[Window], tasks: Iterable[Task], holds: Holds
) -> Iterator[Window]:
    """Stretches that some task needs for itself, because no part of the day holds them or because it is a room."""
    longest = max(part.minutes for part in parts)
    for task in tasks:
        if not task.exact and holds is Holds.HELPERS:
            if task.minutes > longest and len(parts) > 1:
                yield window
            continue
        for asked in task.windows:
            common = window.overlap(asked)
            if common is None or common in parts or not task.timed:
                continue
            if holds is Holds.ROOM or sum(common.overlap(part) is not None for part in parts) > 1:
                yield common


def holds_of(resource: Resource) -> Holds:
    """Which of the three kinds a resource is."""
    if resource.kind == "place":
        return Holds.ROOM
    quantity = resource.quantity
    people = resource.kind in ("people", "") and (
        quantity.unit in (Unit.HELPER, Unit.MINUTE, Unit.VISIT) or quantity.helpers > 0
    )
    if people or (resource.kind == "people" and quantity.unit is Unit.PERSON and quantity.per is Per.TOTAL):
        return Holds.HELPERS
    return Holds.COUNTED


def divided(window: Window, context: PlanContext) -> list[Window]:
    """The window cut at the divisions of the day; a stretch of up to five hours stays one."""
    if window.minutes <= _ONE_STRETCH_MINUTES_MAX:
        return [window]
    day = window.starts_at.astimezone(SHANGHAI).date()
    cuts = [datetime.combine(day, at, tzinfo=SHANGHAI) for at in context.bands]
    edges = [
        window.starts_at,
        *(cut for cut in cuts if window.starts_at < cut < window.ends_at),
        window.ends_at,
    ]
    return [Window(a, b) for a, b in pairwise(edges)]


def _overlapping(slots: Sequence[Slot]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (i, j)
        for i, first in enumerate(slots)
        for j in range(i + 1, len(slots))
        if first.window.overlap(slots[j].window) is not None
    )


def _capacity(resource: Resource, holds: Holds) -> int:
    quantity = resource.quantity
    if holds is Holds.ROOM:
        return 1
    if holds is Holds.HELPERS:
        if quantity.helpers:
            return quantity.helpers
        return quantity.amount if quantity.unit in (Unit.HELPER, Unit.PERSON) else 1
    return quantity.amount


def _steps(
    resource: Resource, holds: Holds, slots: Sequence[Slot], longest: int, objective: Objective
) -> Steps:
    """The limit over the whole week; () for none beyond the slots' own."""
    capacity = _capacity(resource, holds)
    # Slots made for one task lie over the parts of the day and add nothing to what there is.
    total = sum(slot.capacity for slot in slots if not slot.made_for_one)
    most = total
    if holds is Holds.COUNTED:
        match resource.quantity.per:
            case Per.TOTAL | Per.WEEK:
                most = capacity
            case Per.MONTH:
                most = max(1, capacity * 12 // 52)
            case Per.TERM:
                most = max(1, capacity // 18)
            case Per.DAY | Per.OCCASION:
                most = total
    when = resource.when
    if when.times and when.period_days:
        most = min(most, max(1, when.times * 7 // when.period_days) * capacity)
    if resource.minutes_per_week_max and holds is Holds.HELPERS:
        # Counting each visit at its longest keeps the owner's own cap in every case.
        most = min(most, max(1, resource.minutes_per_week_max // longest))
    if holds is Holds.HELPERS and resource.owner_kind in ("volunteer", "team"):
        return _fair_steps(most, capacity, objective)
    return ((most, 0),) if 0 < most < total else ()


def _fair_steps(most: int, helpers: int, objective: Objective) -> Steps:
    """Each further visit a helper is asked for costs more, until `most` visits are placed."""
    steps, left, cost = [], most, 0
    for visits, cost in objective.visit_steps:
        taken = min(left, visits * helpers)
        if taken:
            steps.append((taken, cost))
        left -= taken
    if left:
        steps.append((left, cost))
    return tuple(steps)


def _stamp(window: Window) -> str:
    starts, ends = window.starts_at.astimezone(SHANGHAI), window.ends_at.astimezone(SHANGHAI)
    return f"{starts:%m-%dT%H:%M}-{ends:%H:%M}"
