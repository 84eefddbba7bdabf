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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """The hours of a resource in the week, each with its parts of the day; `way` lies between two of them."""

    holds: Holds
    way: int
    parted: tuple[tuple[Window, tuple[Window, ...]], ...]

    @property
    def plain(self) -> bool:
        """True when no task can need a stretch of its own here: its parts are the hours themselves, or things are counted."""
        if self.holds is Holds.COUNTED:
            return True
        return self.holds is Holds.HELPERS and all(parts == (window,) for window, parts in self.parted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Stretches cut into the hours of slots, in order, with the end of each slot's key."""

    windows: tuple[Window, ...]
    made_for_one: tuple[bool, ...]
    stamps: tuple[str, ...]


def supply_of(
    resource: Resource, week: Week, context: PlanContext, objective: Objective, tasks: Sequence[Task] = ()
) -> Supply:
    """The week's slots of a resource; `tasks` are those it could serve, for their fixed hours and their length."""
    way = way_between(resource, (context.ways.of_need(task.need) for task in tasks), context)
    stretches = stretches_of(context.windows(resource.when, week), holds_of(resource), way, context)
    cut = cut_of(stretches, (own for task in tasks for own in own_stretches(stretches, task)))
    longest = max((task.minutes for task in tasks), default=60)
    return supplied(
        resource, cut, stretches.holds, excluding(cut, stretches, resource), longest, objective, context
    )


def supplied(
    resource: Resource,
    cut: Cut,
    holds: Holds,
    clashes: tuple[tuple[int, int], ...],
    longest: int,
    objective: Objective,
    context: PlanContext,
) -> Supply:
    """The supply of a resource whose hours are cut; `longest` is the longest visit it may be asked for, in minutes."""
    capacity = _capacity(resource, holds)
    slots = tuple(
        Slot(
            key=f"{resource.line_key}@{stamp}",
            resource=resource,
            window=window,
            holds=holds,
            capacity=capacity,
            made_for_one=own,
        )
        for window, own, stamp in zip(cut.windows, cut.made_for_one, cut.stamps, strict=True)
    )
    steps = _steps(resource, holds, slots, longest, objective, context)
    return Supply(resource=resource, slots=slots, clashes=clashes, steps=steps)


def way_between(resource: Resource, spots: Iterable[str], context: PlanContext) -> int:
    """Minutes that one helper may need from a visit to the next: the longest way between any two of their places.

    `spots` are where they may be asked to go; where they are promised counts too.
    """
    holds = holds_of(resource)
    if not context.ways or holds is not Holds.HELPERS or _capacity(resource, holds) > 1:
        return 0
    promised = context.promised.get(resource.owner, ())
    return context.ways.longest([*spots, *(one.spot for one in promised)])


def stretches_of(windows: Iterable[Window], holds: Holds, way: int, context: PlanContext) -> Stretches:
    """The hours parted where they are divided; a part begins the helper's way after the one before it."""
    parted = tuple((window, tuple(parts)) for window, parts in _parted(windows, holds, way, context))
    return Stretches(holds=holds, way=way, parted=parted)


def cut_of(stretches: Stretches, own: Iterable[Window]) -> Cut:
    """The parts of the day, and over them the stretches that single tasks need for themselves."""
    made_for_one = dict.fromkeys(own, True)
    made_for_one.update((part, False) for _, parts in stretches.parted for part in parts)
    windows = tuple(sorted(made_for_one))
    return Cut(
        windows=windows,
        made_for_one=tuple(made_for_one[window] for window in windows),
        stamps=tuple(map(_stamp, windows)),
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


def own_stretches(stretches: Stretches, task: Task) -> Iterator[Window]:
    """Stretches that a task needs for itself, because no part of the day holds them or because it is a room."""
    if stretches.plain:
        return
    for window, parts in stretches.parted:
        if task.timed:
            yield from _own_hours(window, parts, task, stretches.holds)
        elif stretches.holds is Holds.HELPERS and all(part.minutes < task.minutes for part in parts):
            yield window


def _own_hours(window: Window, parts: Sequence[Window], task: Task, holds: Holds) -> Iterator[Window]:
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


def excluding(cut: Cut, stretches: Stretches, resource: Resource) -> tuple[tuple[int, int], ...]:
    """Pairs of slots, in order of their hours, that one helper or one room cannot fill both.

    They overlap, or leave no pause, no way to a visit made for its own hours, or no day of rest.
    """
    if stretches.holds is Holds.COUNTED:
        return ()
    way, pause, windows = stretches.way, resource.rest_minutes, cut.windows
    longest = max(pause, way)
    days = [window.starts_at.astimezone(SHANGHAI).date() for window in windows] if resource.rest_days else []
    found = []
    for i, first in enumerate(windows):
        # Slots stand in the order of their hours, so nothing after the first that is far enough excludes this one.
        far = first.ends_at + timedelta(minutes=longest)
        for j in range(i + 1, len(windows)):
            second = windows[j]
            if days and 0 < (days[j] - days[i]).days <= resource.rest_days:
                found.append((i, j))
            elif second.starts_at >= far:
                if not days or (days[j] - days[i]).days > resource.rest_days:
                    break
            else:
                clear = longest if cut.made_for_one[i] or cut.made_for_one[j] else pause
                if second.starts_at < first.ends_at + timedelta(minutes=clear):
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
            case longer:
                most = max(1, capacity * 7 // longer.days)
    if (pledge := context.pledges.get(resource.line_key)) is not None:
        most = min(most, max(0, pledge.left))
    when = resource.when
    if when.demand and when.demand.times and when.demand.period_days:
        most = min(most, max(1, when.demand.times * 7 // when.demand.period_days) * capacity)
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
