"""Resources as slots of one week: how much each stretch of time holds, and what ties the stretches together.

Three kinds. *Helpers* go from visit to visit within their hours. *Rooms* take one group after another, however many seats
they have. *Counted* things (places at a clinic, meals, trips, items): so many per occasion, per day, or in all. Hours of
one resource so close that the longest way or the pause would not fit between them are one slot of several windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.rhythm import occasions_left
from marketplace.planning.problem.tasks import Task, day_of
from marketplace.values import Per, Resource, Unit, Week, Window

Steps = tuple[tuple[int, int], ...]


class Holds(StrEnum):
    """What a slot's units are."""

    HELPERS = "helpers"
    ROOM = "room"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One stretch of a resource with its room in units: helpers side by side, one group, or so many things.

    `windows` are the hours within it; nearly always they are `window` itself.
    """

    key: str
    resource: Resource
    window: Window
    windows: tuple[Window, ...]
    holds: Holds
    capacity: int

    @property
    def routed(self) -> bool:
        """True where one visit follows another."""
        return self.holds is not Holds.COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A resource in one week: its slots, the pairs of which only one may be used, and the common limit as cost steps."""

    resource: Resource
    slots: tuple[Slot, ...]
    exclusions: tuple[tuple[int, int], ...]
    steps: Steps


def supply_of(
    resource: Resource, week: Week, context: PlanContext, objective: Objective, tasks: Sequence[Task] = ()
) -> Supply:
    """The week's slots of a resource; `tasks` are those it could serve, for the ways between them and their length."""
    spots = [context.travel_times.of_need(task.need) for task in tasks]
    return supplied(
        resource,
        context.windows(resource.when, week),
        way_between(resource, spots, context),
        min((task.minutes for task in tasks), default=60),
        week,
        objective,
        context,
    )


def supplied(
    resource: Resource,
    windows: Sequence[Window],
    way: int,
    shortest: int,
    week: Week,
    objective: Objective,
    context: PlanContext,
) -> Supply:
    """The supply of a resource that is there in these windows.

    Args:
        way: the longest way between two visits it may be asked for; shortest: the shortest such visit, both in minutes.
    """
    holds = holds_of(resource)
    capacity = _capacity(resource, holds)
    windows, occasions = _as_often(resource, windows, week, context)
    apart = max(way, resource.rest_minutes) if holds is Holds.HELPERS and capacity == 1 else 0
    slots = tuple(
        Slot(
            key=f"{resource.line_key}@{_stamp(own[0])}",
            resource=resource,
            window=Window(own[0].starts_at, own[-1].ends_at),
            windows=own,
            holds=holds,
            capacity=capacity,
        )
        for own in _joined(windows, apart)
    )
    steps = _steps(resource, holds, slots, shortest, occasions, objective, context)
    return Supply(
        resource=resource, slots=slots, exclusions=_excluding(slots, once=occasions == 1), steps=steps
    )


def _as_often(
    resource: Resource, windows: Sequence[Window], week: Week, context: PlanContext
) -> tuple[Sequence[Window], int | None]:
    """The windows of an offer that comes only so often, and on how many days of the week it comes; None for all.

    A day on which it comes anyway stays open for more.
    """
    served = context.served_days.get(resource.line_key, ())
    days = {day_of(window) for window in windows}
    left = occasions_left(resource.when.demand, open_on=days, served=served, week=week)
    if left == 0:
        coming = days & set(served)
        return [window for window in windows if day_of(window) in coming], None
    return windows, left


def way_between(resource: Resource, spots: Iterable[str], context: PlanContext) -> int:
    """Minutes that one helper may need from a visit to the next: the longest way between any two of their places."""
    holds = holds_of(resource)
    if not context.travel_times or holds is not Holds.HELPERS or _capacity(resource, holds) > 1:
        return 0
    return context.travel_times.longest(spots)


def _joined(windows: Iterable[Window], apart: int) -> list[tuple[Window, ...]]:
    """Windows in order, together where fewer than `apart` minutes lie between them."""
    found: list[tuple[Window, ...]] = []
    for window in windows:
        if found and window.starts_at < found[-1][-1].ends_at + timedelta(minutes=apart):
            found[-1] = (*found[-1], window)
        else:
            found.append((window,))
    return found


def _excluding(slots: Sequence[Slot], *, once: bool) -> tuple[tuple[int, int], ...]:
    """Pairs of slots of which only one may be used.

    A helper rests for days after a day of help; an offer that comes once has one day.
    """
    rest = slots[0].resource.rest_days if slots and slots[0].holds is Holds.HELPERS else 0
    days = [day_of(slot.window) for slot in slots] if rest or once else []
    return tuple(
        (i, j)
        for i in range(len(days))
        for j in range(i + 1, len(days))
        if (once and days[i] != days[j]) or 0 < (days[j] - days[i]).days <= rest
    )


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
    shortest: int,
    occasions: int | None,
    objective: Objective,
    context: PlanContext,
) -> Steps:
    """The limit over the whole week; () for none beyond the slots' own."""
    capacity = _capacity(resource, holds)
    total = sum(visits_most(slot, shortest) for slot in slots)
    most = total
    if holds is Holds.COUNTED:
        match resource.quantity.per:
            case Per.TOTAL | Per.WEEK:
                most = capacity
            case Per.MONTH:
                most = max(1, capacity * 12 // 52)
            case Per.TERM:
                most = max(1, capacity // 18)
            case Per.HALF_MONTH | Per.QUARTER | Per.HALF_YEAR | Per.YEAR as longer:
                most = max(1, capacity * 7 // longer.days)
            case Per.DAY | Per.OCCASION:
                most = total
    if (pledge := context.pledges.get(resource.line_key)) is not None:
        most = min(most, max(0, pledge.left))
    if occasions is not None and len({day_of(slot.window) for slot in slots}) > max(1, occasions):
        most = min(most, occasions * capacity)
    if resource.minutes_per_week_max and holds is Holds.HELPERS:
        most = min(most, max(1, resource.minutes_per_week_max // shortest))
    if holds is Holds.HELPERS and resource.owner_kind in ("volunteer", "team"):
        return _fair_steps(most, capacity, objective)
    limited = 0 < most < total or (resource.minutes_per_week_max and holds is Holds.HELPERS)
    return ((most, 0),) if limited else ()


def visits_most(slot: Slot, shortest: int) -> int:
    """How many visits a slot could hold at most if all were as short as the shortest."""
    if not slot.routed:
        return slot.capacity
    pause = slot.resource.rest_minutes if slot.holds is Holds.HELPERS and slot.capacity == 1 else 0
    minutes = sum(window.minutes for window in slot.windows)
    return slot.capacity * max(1, (minutes + pause) // max(1, shortest + pause))


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
    starts, ends = window.starts_at, window.ends_at
    return f"{starts:%m-%dT%H:%M}-{ends:%H:%M}"
