"""Needs as tasks of one week: what is asked for, when, how many units at once, and for how long.

People are counted each time (a choir of 30 needs its room on both evenings); things are counted once (one bulb, one
form). A quantity per month or term is spread over its occasions, rounded up. A stretch of up to three hours whose length
is not stated otherwise is meant whole (陪诊 9:00–11:00); in a longer one (周二上午) any hour will do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rhythm import visits_due
from marketplace.values import Demand, Looseness, Need, Per, Unit, Week, Window

_COUNTED_EACH_TIME = frozenset({Unit.PERSON, Unit.HELPER, Unit.SEAT, Unit.MEAL})
_VISITS = frozenset({Unit.VISIT, Unit.SESSION})
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
    if not windows or too_long(need, windows):
        return ()
    timed = need.when.looseness is Looseness.FIXED
    groups = _groups(need, windows, week, context, timed=timed)
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


def _groups(
    need: Need, windows: tuple[Window, ...], week: Week, context: PlanContext, *, timed: bool
) -> list[tuple[Window, ...]]:
    """The windows of each occasion."""
    rhythm = rhythm_of(need)
    if rhythm is None:
        return [(window,) for window in windows] if timed and _each_time(need) else [windows]
    due = visits_due(
        rhythm,
        open_on=[day_of(window) for window in windows],
        served=context.served_days.get(need.line_key, ()),
        week=week,
    )
    return [tuple(window for window in windows if day_of(window) in days) for days in due]


def rhythm_of(need: Need) -> Demand | None:
    """How often a need comes again, from its time or from its quantity; None for one that is met as its hours say."""
    if need.when.demand is not None and need.when.demand.times:
        return need.when.demand
    quantity = need.quantity
    if quantity.per is Per.WEEK and quantity.amount > 1 and quantity.unit in _VISITS and not quantity.helpers:
        return Demand(times=quantity.amount, per=Per.WEEK)
    return None


def day_of(window: Window) -> date:
    """The day on which a stretch begins."""
    return window.day


def too_long(need: Need, windows: Iterable[Window]) -> bool:
    """True for a need whose visit fits into none of its windows."""
    asked = need.quantity.minutes_each or need.when.minutes_each
    return bool(asked) and asked > max(window.minutes for window in windows)


def minutes_of(need: Need, windows: Iterable[Window], context: PlanContext, *, timed: bool) -> int:
    """How long one unit of the need takes; never longer than the stretch that was asked for."""
    quantity, longest = need.quantity, max(window.minutes for window in windows)
    for stated in (quantity.minutes_each, need.when.minutes_each):
        if stated:
            return min(stated, longest)
    if need.when.demand is not None and need.when.demand.minutes and not need.when.demand.times:
        return min(need.when.demand.minutes, longest)
    if quantity.unit is Unit.MINUTE:
        return min(quantity.amount, longest)
    if timed and longest <= _MEANT_WHOLE_MINUTES_MAX and quantity.unit in _MEANT_WHOLE:
        return longest
    return min(context.minutes_when_unstated.get(quantity.unit, 60), longest)


def absent(need: Need, week: Week, context: PlanContext) -> Reason | None:
    """Why a need without tasks in the week must be looked at by a person; None when its time simply comes later."""
    if need.when.question is not None:
        return Reason(code="question", zh="时间还要先问清楚", en="the time must be asked about first")
    windows = context.windows(need.when, week)
    if windows:
        return _too_long() if too_long(need, windows) else None
    bounds = [window.ends_at.astimezone(context.zone).date() for window in need.when.windows]
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
    if quantity.per is Per.WEEK:
        return False
    if quantity.per not in (Per.TOTAL, Per.WEEK):
        return True
    return quantity.unit in _COUNTED_EACH_TIME or bool(quantity.helpers)


def _demand(need: Need, occasions: int, timed: bool) -> int:
    quantity = need.quantity
    if quantity.helpers:
        return quantity.helpers
    if quantity.unit is Unit.MINUTE or (rhythm_of(need) is not None and quantity.unit in _VISITS):
        return 1
    if quantity.per is Per.MONTH:
        # Twelve months are spread over the 52 weeks of a year.
        return -(-quantity.amount * 12 // (52 * occasions))
    if quantity.per is Per.TERM:
        return -(-quantity.amount // (_WEEKS_PER_TERM * occasions))
    if quantity.per.days > 7:
        return -(-quantity.amount * 7 // (quantity.per.days * occasions))
    return quantity.amount


def _too_long() -> Reason:
    return Reason(
        code="too_long",
        zh="一次要的时间比说好的时段还长，要再问清楚",
        en="one visit takes longer than any of the hours stated; ask again",
    )


def _stamp(window: Window) -> str:
    return window.starts_at.strftime("%m-%dT%H:%M")
