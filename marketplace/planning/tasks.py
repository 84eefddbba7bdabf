"""Needs as tasks of one week: what is asked for, when, how many units at once, and for how long.

People are counted each time (a choir of 30 needs its room on both evenings); things are counted once (one bulb, one
form). A quantity per month or term is spread over its occasions, rounded up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from marketplace.planning.context import PlanContext
from marketplace.values import SHANGHAI, Looseness, Need, Per, Unit, Week, Window

_COUNTED_EACH_TIME = frozenset({Unit.PERSON, Unit.HELPER, Unit.SEAT, Unit.MEAL})
_WEEKS_PER_TERM = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to be met in the week.

    Attributes:
        key: the need's line key, with the start when the need comes several times in the week.
        windows: stretches any of which will do.
        timed: True when the stretch itself was asked for, False when any free hour in it is welcome.
        minutes: how long one unit takes.
        demand: units asked for, in the need's own unit.
        whole: only all units together, from one resource at one time, are of use.
        each: what one unit of demand stands for in the need's own count; a room for 30 is one unit of 30.
    """

    key: str
    need: Need
    windows: tuple[Window, ...]
    timed: bool
    minutes: int
    demand: int
    whole: bool
    each: int = 1

    @property
    def unit(self) -> Unit:
        """The unit in which the demand is told: minutes asked for in one go count as one visit."""
        return Unit.VISIT if self.need.quantity.unit is Unit.MINUTE else self.need.quantity.unit


def tasks_of(need: Need, week: Week, context: PlanContext) -> tuple[Task, ...]:
    """The week's tasks of a need; empty when nothing of it falls in the week or is still ahead."""
    windows = context.windows(need.when, week)
    if not windows or not _due(need, week, context):
        return ()
    minutes = minutes_of(need, windows, context)
    timed = need.when.looseness is Looseness.FIXED
    groups = [(window,) for window in windows] if timed and _each_time(need) else [windows]
    demand = _demand(need, len(groups), timed)
    return tuple(
        Task(
            key=need.line_key if len(groups) == 1 else f"{need.line_key}@{_stamp(group[0])}",
            need=need,
            windows=group,
            timed=timed,
            minutes=min(minutes, max(window.minutes for window in group)),
            demand=demand,
            whole=not need.splittable and demand > 1,
        )
        for group in groups
    )


def minutes_of(need: Need, windows: Iterable[Window], context: PlanContext) -> int:
    """How long one unit of the need takes."""
    quantity = need.quantity
    if quantity.minutes_each:
        return quantity.minutes_each
    if quantity.unit is Unit.MINUTE:
        return quantity.amount
    return context.minutes_when_unstated.get(quantity.unit, 60)


def _each_time(need: Need) -> bool:
    quantity = need.quantity
    if need.when.times or quantity.per is Per.WEEK:
        return False
    if quantity.per in (Per.OCCASION, Per.DAY, Per.MONTH, Per.TERM):
        return True
    return quantity.unit in _COUNTED_EACH_TIME or bool(quantity.helpers)


def _demand(need: Need, occasions: int, timed: bool) -> int:
    quantity = need.quantity
    if quantity.helpers:
        return quantity.helpers
    if quantity.unit is Unit.MINUTE:
        return 1
    if quantity.per is Per.MONTH:
        # Twelve months are spread over the 52 weeks of a year.
        return -(-quantity.amount * 12 // (52 * occasions))
    if quantity.per is Per.TERM:
        return -(-quantity.amount // (_WEEKS_PER_TERM * occasions))
    return quantity.amount


def _due(need: Need, week: Week, context: PlanContext) -> bool:
    """False while a need that repeats every so many days was served too recently."""
    last_on = context.served_on.get(need.line_key)
    if last_on is None or not need.when.times or not need.when.period_days:
        return True
    return last_on + timedelta(days=need.when.period_days // need.when.times) <= week.sunday_on


def _stamp(window: Window) -> str:
    return window.starts_at.astimezone(SHANGHAI).strftime("%m-%dT%H:%M")
