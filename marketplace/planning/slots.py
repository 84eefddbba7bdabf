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
from datetime import datetime, timedelta
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
    way = _way_between(resource, holds, capacity, tasks, context)
    stretches: dict[Window, bool] = {}
    for window, parts in _parted(context.windows(resource.when, week), holds, way, context):
        stretches.update(dict.fromkeys(parts, False))
        if holds is not Holds.COUNTED:
            own = _own_stretches(window, parts, tasks, holds)
            stretches.update((stretch, True) for stretch in own if stretch not in stretches)
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
    clashes = () if holds is Holds.COUNTED else _excluding(slots, resource, way)
    longest = max((task.minutes for task in tasks), default=60)
    steps = _steps(resource, holds, slots, longest, objective, context)
    return Supply(resource=resource, slots=slots, clashes=clashes, steps=steps)


def _way_between(
    resource: Resource, holds: Holds, capacity: int, tasks: Iterable[Task], context: PlanContext
) -> int:
    """Minutes that one helper may need from a visit to the next: the longest way between any two of their places."""
    if not context.ways or holds is not Holds.HELPERS or capacity > 1:
        return 0
    promised = context.promised.get(resource.owner, ())
    return context.ways.longest(
        [*(context.ways.of_need(task.need) for task in tasks), *(one.spot for one in promised)]
    )


def _parted(
    windows: Iterable[Window], holds: Holds, way: int, context: PlanContext
) -> Iterator[tuple[Window, list[Window]]]:
    """Each stretch with its parts of the day; a part begins the helper's way after the one before it."""
    before: datetime | None = None
    for window in windows:
        if holds is Holds.COUNTED:
            yield window, [window]
            continue
        parts = []
        for part in divided(window, context):
            starts_at = part.starts_at
            if before is not None and way:
                starts_at = max(starts_at, before + timedelta(minutes=way))
            if starts_at < part.ends_at:
                parts.append(Window(starts_at, part.ends_at))
                before = part.ends_at
        yield window, parts


def _own_stretches(
    window: Window, parts: Sequence[Window], tasks: Iterable[Task], holds: Holds
) -> Iterator[Window]:
    """Stretches that some task needs for itself, because no part of the day holds them or because it is a room."""
    longest = max((part.minutes for part in parts), default=0)
    for task in tasks:
        if not task.timed:
            if task.minutes > longest and holds is Holds.HELPERS:
                yield window
            continue
        for asked in task.windows:
            common = window.overlap(asked)
            if common is None or common in parts:
                continue
            if holds is Holds.ROOM or (
                common.minutes >= task.minutes and not _held_by_a_part(common, parts, task.minutes)
            ):
                yield common


def _held_by_a_part(common: Window, parts: Iterable[Window], minutes: int) -> bool:
    shared = (common.overlap(part) for part in parts)
    return any(one is not None and one.minutes >= minutes for one in shared)


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


def _excluding(slots: Sequence[Slot], resource: Resource, way: int) -> tuple[tuple[int, int], ...]:
    """Pairs of slots, in order of their hours, that one helper or one room cannot fill both.

    They overlap, or leave no pause, no way to a visit made for its own hours, or no day of rest.
    """
    pause, longest = resource.rest_minutes, max(resource.rest_minutes, way)
    days = [slot.window.starts_at.astimezone(SHANGHAI).date() for slot in slots] if resource.rest_days else []
    found = []
    for i, first in enumerate(slots):
        # Slots stand in the order of their hours, so nothing after the first that is far enough excludes this one.
        far = first.window.ends_at + timedelta(minutes=longest)
        for j in range(i + 1, len(slots)):
            second = slots[j]
            if days and 0 < (days[j] - days[i]).days <= resource.rest_days:
                found.append((i, j))
            elif second.window.starts_at >= far:
                if not days or (days[j] - days[i]).days > resource.rest_days:
                    break
            else:
                clear = max(pause, way) if first.made_for_one or second.made_for_one else pause
                if second.window.starts_at < first.window.ends_at + timedelta(minutes=clear):
                    found.append((i, j))
    return tuple(found)


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
    resource: Resource,
    holds: Holds,
    slots: Sequence[Slot],
    longest: int,
    objective: Objective,
    context: PlanContext,
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
    if (pledge := context.pledges.get(resource.line_key)) is not None:
        most = min(most, max(0, pledge.left))
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
