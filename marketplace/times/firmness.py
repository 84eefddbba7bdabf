"""How firm a time is, and statements that belong to all others: 随时, 尽快, 12月中旬前, 每半月一次, only hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from marketplace.times.clock import Doubts
from marketplace.times.facts import Clause, Collector
from marketplace.times.rules import bounds_of
from marketplace.values import Demand, Frequency, Looseness, Per, When

TIMES_MAX = 100
_HOLIDAYS = frozenset({Frequency.SCHOOL_HOLIDAYS, Frequency.PUBLIC_HOLIDAYS})


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
    for name in ("by", "since", "times", "minutes", "minutes_each", "every", "unit"):
        ours, theirs = getattr(clause, name), getattr(other, name)
        if ours and theirs and ours != theirs:
            doubts.ask("statements_disagree")
        elif ours:
            setattr(other, name, ours)
    other.months.extend(month for month in clause.months if month not in other.months)
    other.weeks.extend(week for week in clause.weeks if week not in other.weeks)
    other.soon, other.within = other.soon or clause.soon, other.within or clause.within
    other.at_least, other.each = other.at_least or clause.at_least, other.each or clause.each
    other.choice, other.even_weeks = other.choice or clause.choice, other.even_weeks or clause.even_weeks
    other.anchor_on = other.anchor_on or clause.anchor_on


def loosened(when: When, clauses: list[Clause], loose: list[Clause], collector: Collector) -> When:
    """The time with how firm it is, how often, and the days and hours a loose one is bound to."""
    when = _with_demand(when, clauses, collector)
    if when.recurrences or when.windows:
        if any(clause.soon for clause in clauses):
            return replace(when, looseness=Looseness.SOON, first_on=collector.filed_on)
        if _only_hours(clauses, when):
            # 上午、晚上: no day is named, either will do on any.
            return replace(when, looseness=Looseness.ANY)
        return when
    hours = next((clause.stretches[0] for clause in loose if clause.stretches), None)
    if hours:
        when = replace(when, day_starts=hours.starts, day_ends=hours.ends)
    for clause in loose:
        when = _loosened_by(when, clause, collector)
    if when.looseness is not Looseness.FIXED:
        return when
    return replace(when, looseness=Looseness.ANY if hours or _says_otherwise(when) else Looseness.UNSTATED)


def _only_hours(clauses: list[Clause], when: When) -> bool:
    daily = all(rule.frequency is Frequency.DAILY and rule.interval == 1 for rule in when.recurrences)
    named = any(clause.has_days or clause.each for clause in clauses)
    return daily and not named and not when.windows


def _loosened_by(when: When, clause: Clause, collector: Collector) -> When:
    first_on, last_on = bounds_of(clause, collector)
    if clause.by and clause.unit in ("year", "half_year", "quarter", "term"):
        # 每年一次,重阳节前: before that day of this year, or of each?
        collector.doubts.ask("statements_disagree")
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


def _with_demand(when: When, clauses: list[Clause], collector: Collector) -> When:
    """每周两次, 每周两小时, 周六或周日: how often within each period. A period without a number means once."""
    doubts = collector.doubts
    times = next((clause.times for clause in clauses if clause.times), 0)
    if times > TIMES_MAX:
        doubts.ask("times_absurd", times=str(times))
        return when
    every, unit = next(((clause.every, clause.unit) for clause in clauses if clause.unit), (0, ""))
    minutes = next((clause.minutes for clause in clauses if clause.minutes), 0)
    each = next((clause.minutes_each for clause in clauses if clause.minutes_each), 0)
    daily = any(clause.daily for clause in clauses)
    if minutes and (times or not (unit or daily)) and not each:
        # 周三下午,两小时 is the length of a visit; so is 两小时 beside 每周两次.
        if not (when.recurrences or when.windows or times or any(one.stretches for one in clauses)):
            collector.leftover.append(f"{minutes}分钟")
        minutes, each = 0, minutes
    when = replace(when, minutes_each=each)
    if not unit and (times or minutes) and daily:
        every, unit = 1, "day"
    if minutes:
        return replace(when, demand=Demand(minutes=minutes, per=Per(unit), every=every))
    choice = _choice(when, clauses, doubts)
    if times and not unit:
        return _without_period(when, clauses, times, choice, doubts)
    if choice and not times:
        return replace(when, demand=choice if every < 2 else replace(choice, per=Per(unit), every=every))
    if unit and _counts_visits(when, clauses, times, every, unit):
        at_least = any(clause.at_least for clause in clauses)
        return replace(when, demand=Demand(times=times or 1, per=Per(unit), every=every, at_least=at_least))
    if any(clause.about and clause.month_days and clause.monthly for clause in clauses):
        return replace(when, demand=Demand(times=1, per=Per.MONTH))
    return when


def _counts_visits(when: When, clauses: list[Clause], times: int, every: int, unit: str) -> bool:
    """True when a period says how often, and not merely which of the days are meant."""
    ruled = bool(when.recurrences or when.windows)
    if not ruled:
        return True
    named = any(rule.interval > 1 or rule.months or rule.frequency in _HOLIDAYS for rule in when.recurrences)
    if named:
        return times > 1
    one_day = len(clauses) == 1 and len({day for rule in when.recurrences for day in rule.weekdays}) == 1
    if times == 1 and every == 1 and unit == "week" and one_day and len(when.recurrences) == 1:
        # 每周一次,周六: the Saturdays say it already.
        return any(clause.choice for clause in clauses)
    return bool(times) or unit not in ("day", "week", "month") or every > 1


def _choice(when: When, clauses: list[Clause], doubts: Doubts) -> Demand | None:
    """One of several days or stretches: once a week of weekdays, a month of its days, a day of hours, or once in all."""
    if not any(clause.choice for clause in clauses) or not (when.recurrences or when.windows):
        return None
    if when.windows and when.recurrences:
        doubts.ask("statements_disagree")
        return None
    if when.windows:
        return Demand(times=1, per=Per.TOTAL)
    kinds = {rule.frequency for rule in when.recurrences}
    if kinds <= {Frequency.WEEKLY, Frequency.WORKDAYS}:
        return Demand(times=1, per=Per.WEEK)
    if kinds <= {Frequency.MONTH_DAY, Frequency.NTH_WEEKDAY, Frequency.LUNAR_DAY}:
        return Demand(times=1, per=Per.MONTH)
    if kinds == {Frequency.DAILY}:
        # 上午或下午 of no day named is any time in them.
        return Demand(times=1, per=Per.DAY) if any(clause.daily for clause in clauses) else None
    doubts.ask("statements_disagree")
    return None


def _without_period(
    when: When, clauses: list[Clause], times: int, choice: Demand | None, doubts: Doubts
) -> When:
    """两次 without a period: within the month or the dates named, else asked about."""
    month = next((clause.months[0] for clause in clauses if clause.months), None)
    if month and not when.recurrences and not when.windows:
        number = month[0].month
        if number <= 6 and not any(clause.within or clause.any for clause in clauses):
            doubts.ask("month_or_months", text=f"{number}月{times}次", month=str(number))
    if times > 1 and not choice and not month:
        doubts.ask("times_without_period", times=str(times))
        return when
    if month:
        return replace(when, demand=Demand(times=times, per=Per.MONTH))
    if choice:
        return replace(when, demand=replace(choice, times=times))
    if not (when.recurrences or when.windows):
        doubts.ask("times_without_period", times=str(times))
    return when


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
