"""Needs as tasks of one week: what is asked for, when, how many units at once, and for how long.

People are counted each time (a choir of 30 needs its room on both evenings); things are counted once (one bulb, one
form). A quantity per month or term is spread over its occasions, rounded up. A stretch of up to three hours whose length
is not stated otherwise is meant whole (陪诊 9:00–11:00); in a longer one (周二上午) any hour will do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from marketplace.planning.context import PlanContext
from marketplace.planning.reasons import Reason
from marketplace.values import SHANGHAI, Looseness, Need, Per, Unit, Week, Window

_COUNTED_EACH_TIME = frozenset({Unit.PERSON, Unit.HELPER, Unit.SEAT, Unit.MEAL})
_WEEKS_PER_TERM = 18
_MEANT_WHOLE_MINUTES_MAX = 180
_MEANT_WHOLE = frozenset({Unit.VISIT, Unit.HELPER, Unit.SEAT, Unit.SESSION})


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
        together: only all units at the same time, from any resources, are of use.
        each: what one unit of demand stands for in the need's own count; a room for 30 is one unit of 30.
    """

    key: str
    need: Need
    windows: tuple[Window, ...]
    timed: bool
    minutes: int
    demand: int
    whole: bool
    together: bool = False
    each: int = 1

    @property
    def exact(self) -> bool:
        """True when all of the stretch is needed, so that no other hour in it will do."""
        return self.timed and all(self.minutes >= window.minutes for window in self.windows)

    @property
    def unit(self) -> Unit:
        """The unit in which the demand is told: minutes asked for in one go count as one visit."""
        return Unit.VISIT if self.need.quantity.unit is Unit.MINUTE else self.need.quantity.unit


def tasks_of(need: Need, week: Week, context: PlanContext) -> tuple[Task, ...]:
    """The week's tasks of a need; empty when nothing of it falls in the week or is still ahead."""
    windows = context.windows(need.when, week)
    if not windows or not _due(need, week, context):
        return ()
    timed = need.when.looseness is Looseness.FIXED
    groups = [(window,) for window in windows] if timed and _each_time(need) else [windows]
    demand = _demand(need, len(groups), timed)
    return tuple(
        Task(
            key=need.line_key if len(groups) == 1 else f"{need.line_key}@{_stamp(group[0])}",
            need=need,
            windows=group,
            timed=timed,
            minutes=minutes_of(need, group, context, timed=timed),
            # A room is taken by one group, however many seats it needs.
            demand=1 if need.quantity.unit is Unit.SEAT else demand,
            each=demand if need.quantity.unit is Unit.SEAT else 1,
            whole=not need.splittable and demand > 1 and need.quantity.unit is not Unit.SEAT,
            together=need.splittable
            and need.quantity.together
            and demand > 1
            and need.quantity.unit is Unit.HELPER,
        )
        for group in groups
    )


def minutes_of(need: Need, windows: Iterable[Window], context: PlanContext, *, timed: bool) -> int:
    """How long one unit of the need takes; never longer than the stretch that was asked for."""
    quantity, longest = need.quantity, max(window.minutes for window in windows)
    if quantity.minutes_each:
        return min(quantity.minutes_each, longest)
    if quantity.unit is Unit.MINUTE:
        return min(quantity.amount, longest)
    if timed and longest <= _MEANT_WHOLE_MINUTES_MAX and quantity.unit in _MEANT_WHOLE:
        return longest
    return min(context.minutes_when_unstated.get(quantity.unit, 60), longest)


def absent(need: Need, week: Week, context: PlanContext) -> Reason | None:
    """Why a need without tasks in the week must be looked at by a person; None when its time simply comes later."""
    if need.when.question is not None:
        return Reason(code="question", zh="时间还要先问清楚", en="the time must be asked about first")
    if not _due(need, week, context):
        return None
    bounds = [window.ends_at.astimezone(SHANGHAI).date() for window in need.when.windows]
    if need.when.last_on is not None:
        bounds.append(need.when.last_on)
    bounds.extend(rule.last_on for rule in need.when.recurrences if rule.last_on is not None)
    repeats = any(rule.last_on is None for rule in need.when.recurrences)
    if bounds and not repeats and max(bounds) <= week.sunday_on:
        return Reason(
            code="overdue",
            zh="希望的时间已经过了，要再联系",
            en="the time asked for has passed; get in touch",
        )
    return None


def _each_time(need: Need) -> bool:
    quantity = need.quantity
    if (need.when.demand and need.when.demand.times) or quantity.per is Per.WEEK:
        return False
    if quantity.per not in (Per.TOTAL, Per.WEEK):
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
    if quantity.per.days > 7:
        return -(-quantity.amount * 7 // (quantity.per.days * occasions))
    return quantity.amount


def _due(need: Need, week: Week, context: PlanContext) -> bool:
    """False while a need that repeats every so many days was served too recently."""
    last_on, demand = context.served_on.get(need.line_key), need.when.demand
    if last_on is None or demand is None or not demand.times or not demand.period_days:
        return True
    return last_on + timedelta(days=demand.period_days // demand.times) <= week.sunday_on


def _stamp(window: Window) -> str:
    return window.starts_at.astimezone(SHANGHAI).strftime("%m-%dT%H:%M")
