"""How firm a time is, and statements that belong to all others: 随时, 尽快, 12月中旬前, 每半月一次, only hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from marketplace.times.clauses import Clause, Collector
from marketplace.times.clock import Doubts
from marketplace.times.rules import bounds_of
from marketplace.values import Demand, Looseness, Per, When

# A period that names no day by itself thins a weekly rule out: 隔周周三 is every second Wednesday.
_SPARSE = frozenset({2, 14, 15, 91, 180, 182, 365})
TIMES_MAX = 100
_PERIODS = {
    1: (Per.DAY, 1), 7: (Per.WEEK, 1), 14: (Per.WEEK, 2), 15: (Per.HALF_MONTH, 1), 30: (Per.MONTH, 1),
    91: (Per.QUARTER, 1), 180: (Per.TERM, 1), 182: (Per.HALF_YEAR, 1), 365: (Per.YEAR, 1),
}  # fmt: skip


def spread(clauses: list[Clause], doubts: Doubts) -> list[Clause]:
    """The clauses with every statement that names no day of its own given to those that do.

    周二上午;12月10日前 bounds the Tuesdays; without any day named (上午;12月10日前) all becomes one clause.
    """
    ruled = [clause for clause in clauses if clause.has_days]
    loose = [clause for clause in clauses if not clause.has_days]
    if not ruled:
        return [_one(loose, doubts)] if loose else []
    for clause in loose:
        if clause.stretches or clause.any or clause.tenth or clause.nth_week:
            doubts.ask("statements_disagree")
        for other in ruled:
            _give(clause, other, doubts)
    return ruled


def _one(clauses: list[Clause], doubts: Doubts) -> Clause:
    first, *others = clauses
    for clause in others:
        first.stretches.extend(clause.stretches)
        first.any = first.any or clause.any
        if (first.tenth and clause.tenth) or (first.nth_week and clause.nth_week):
            doubts.ask("statements_disagree")
        first.tenth, first.nth_week = first.tenth or clause.tenth, first.nth_week or clause.nth_week
        _give(clause, first, doubts)
    return first


def _give(clause: Clause, other: Clause, doubts: Doubts) -> None:
    """Bounds and counts of one clause handed to another that has none; two different ones are asked about."""
    for name in ("by", "since", "times", "period_days"):
        ours, theirs = getattr(clause, name), getattr(other, name)
        if ours and theirs and ours != theirs:
            doubts.ask("statements_disagree")
        elif ours:
            setattr(other, name, ours)
    other.months.extend(month for month in clause.months if month not in other.months)
    other.weeks.extend(week for week in clause.weeks if week not in other.weeks)
    other.soon, other.within = other.soon or clause.soon, other.within or clause.within
    other.holidays_only = other.holidays_only or clause.holidays_only


def loosened(when: When, clauses: list[Clause], loose: list[Clause], collector: Collector) -> When:
    """The time with how firm it is, how often at most, and the days and hours a loose one is bound to."""
    when = _with_times(when, clauses, collector.doubts)
    if when.recurrences or when.windows:
        soon = any(clause.soon for clause in clauses)
        return replace(when, looseness=Looseness.SOON, first_on=collector.filed_on) if soon else when
    hours = next((clause.stretches[0] for clause in loose if clause.stretches), None)
    if hours:
        when = replace(when, day_starts=hours.starts, day_ends=hours.ends)
    for clause in loose:
        when = _loosened_by(when, clause, collector)
    if when.looseness is not Looseness.FIXED:
        return when
    return replace(when, looseness=Looseness.ANY if hours or _says_otherwise(when) else Looseness.UNSTATED)


def _loosened_by(when: When, clause: Clause, collector: Collector) -> When:
    first_on, last_on = bounds_of(clause, collector)
    if clause.dates:
        if clause.by or clause.since:
            collector.doubts.ask("statements_disagree")
        first_on, last_on = clause.dates[0]
    first_on = clause.since or first_on
    if clause.by or (clause.within and last_on):
        first = max(first_on or collector.filed_on, collector.filed_on)
        return _by_date(when, first, clause.by or last_on, collector.doubts)
    if clause.soon:
        return replace(
            when, looseness=Looseness.SOON, first_on=first_on or collector.filed_on, last_on=last_on
        )
    if first_on:
        looseness = Looseness.TIMES_PER_PERIOD if when.demand else Looseness.ANY
        return replace(when, looseness=looseness, first_on=first_on, last_on=last_on)
    if when.demand:
        return replace(when, looseness=Looseness.TIMES_PER_PERIOD)
    return replace(when, looseness=Looseness.ANY) if clause.any else when


def _by_date(when: When, first: date, last: date | None, doubts: Doubts) -> When:
    if last is not None and last < first:
        doubts.note("date_passed", date=last.isoformat())
        first = last
    return replace(when, looseness=Looseness.BY_DATE, first_on=first, last_on=last)


def _with_times(when: When, clauses: list[Clause], doubts: Doubts) -> When:
    """每周两次, 每半月一次: how often at most. A period without a number means once."""
    times = next((clause.times for clause in clauses if clause.times), 0)
    period = next((clause.period_days for clause in clauses if clause.period_days), 0)
    if times > TIMES_MAX:
        doubts.ask("times_absurd", times=str(times))
        return when
    ruled = bool(when.recurrences or when.windows)
    if times and not period:
        period = _month_days(clauses)
        if not period:
            if times > 1 or not ruled:
                doubts.ask("times_without_period", times=str(times))
            return when
    if period and (times or not ruled or period in _SPARSE):
        return replace(when, demand=_demand(times or 1, period))
    if any(clause.about and clause.month_days and clause.period_days == 30 for clause in clauses):
        return replace(when, demand=_demand(1, 30))
    return when


def _demand(times: int, period_days: int) -> Demand:
    per, every = _PERIODS.get(period_days, (Per.DAY, period_days))
    return Demand(times=times, per=per, every=every)


def _month_days(clauses: list[Clause]) -> int:
    """The length of the month named (12月两次), 0 when none is."""
    month = next((clause.months[0] for clause in clauses if clause.months), None)
    return (month[1] - month[0]).days + 1 if month else 0


def _says_otherwise(when: When) -> bool:
    """True when only exceptions or a warning time are stated: any other time is welcome."""
    return bool(
        when.notice_days
        or when.except_weekdays
        or when.except_months
        or when.except_dates
        or when.except_school_holidays
        or when.except_public_holidays
    )
