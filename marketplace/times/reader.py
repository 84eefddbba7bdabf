"""A time phrase read into a `When`: cut, lift out exceptions, gather hours, collect clauses, turn them into rules.

The reader never guesses. What it does not know, what contradicts itself and what is missing becomes a question with the
phrase in it; what it assumes (an end after one hour) becomes a note. Both are shown with the reading.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from marketplace.times.clauses import Clause, Collector
from marketplace.times.clock import DAY_ENDS, DAY_STARTS, Doubts, Stretch, gather
from marketplace.times.days import DateRange, month_after, tenth_of, week_of_month
from marketplace.times.exceptions import Exceptions, lift_exceptions
from marketplace.times.say import WEEKDAYS_EN, WEEKDAYS_ZH, say
from marketplace.times.tokens import tokens_of
from marketplace.values import SHANGHAI, Calendar, Frequency, Looseness, Recurrence, When, Window

WHOLE_DAY = Stretch(DAY_STARTS, DAY_ENDS)
_ABOUT_DAYS = 2
_TENTH_DAYS = {"start": range(1, 11), "middle": range(11, 21), "end": range(21, 32), "last": range(21, 32)}
# A period that names no day by itself thins a weekly rule out: 隔周周三 is every second Wednesday.
_SPARSE = frozenset({14, 15, 91, 180, 182, 365})


def read_when(
    phrase: str | None, *, filed_on: date, calendar: Calendar | None = None, minutes: int = 0
) -> When:
    """The time a phrase states, with the reading in words and a question where a person must confirm.

    Args:
        phrase: as written, Chinese or English; None or "" gives an unstated time that is open and noted.
        filed_on: the day the line was written; missing years, 本周 and 尽快 count from it.
        calendar: unused days of the year are noted when its holidays are not known yet.
        minutes: length of a stretch whose end is not written; 0 takes one hour.
    """
    text = (phrase or "").strip()
    doubts = Doubts([], [])
    if not text or text in ("-", "—", "--", "无", "/"):
        doubts.note("time_missing")
        return _finished(When(phrase=text, looseness=Looseness.UNSTATED), doubts, [])
    tokens, taken = lift_exceptions(tokens_of(text), doubts, filed_on=filed_on)
    collector = Collector(doubts, filed_on)
    clauses = collector.collect(gather(tokens, doubts, minutes=minutes))
    when = _assembled(text, clauses, taken, collector)
    return _finished(when, doubts, collector.leftover)


def with_notice(when: When, notice_days: int) -> When:
    """The time with at least this many days of warning, said again; for warnings that stand in another column."""
    if notice_days <= when.notice_days:
        return when
    when = replace(when, notice_days=notice_days)
    said_zh, said_en = say(when)
    return replace(when, said_zh=said_zh, said_en=said_en)


def _finished(when: When, doubts: Doubts, leftover: list[str]) -> When:
    """The time with its words; unread pieces and doubts become its question."""
    says_nothing = when.looseness is Looseness.UNSTATED and when.phrase != ""
    if leftover and not says_nothing:
        said_zh, said_en = say(when)
        doubts.ask("time_partly_unread", leftover=" ".join(leftover), said_zh=said_zh, said_en=said_en)
    elif says_nothing and not doubts.questions:
        doubts.ask("time_unreadable", phrase=when.phrase)
    said_zh, said_en = say(when)
    return replace(
        when,
        said_zh=said_zh,
        said_en=said_en,
        question=doubts.questions[0] if doubts.questions else None,
        notes=(*doubts.questions[1:], *doubts.notes),
    )


def _assembled(phrase: str, clauses: list[Clause], taken: Exceptions, collector: Collector) -> When:
    """One When out of all clauses."""
    rules: list[Recurrence] = []
    windows: list[Window] = []
    loose: list[Clause] = []
    for clause in clauses:
        _note_whole_day(clause, clauses, collector.doubts)
        clause_rules = _rules(clause, collector)
        clause_windows = _windows(clause, collector)
        rules.extend(clause_rules)
        windows.extend(clause_windows)
        if not clause_rules and not clause_windows:
            loose.append(clause)
    when = When(
        phrase=phrase,
        recurrences=tuple(rules),
        windows=tuple(sorted(set(windows))),
        except_weekdays=tuple(sorted(taken.weekdays)),
        except_months=tuple(sorted(taken.months)),
        except_dates=tuple(sorted(taken.dates)),
        except_school_holidays=taken.school_holidays,
        except_public_holidays=taken.public_holidays,
        notice_days=taken.notice_days,
    )
    return _loosened(when, clauses, loose, taken, collector)


def _note_whole_day(clause: Clause, clauses: list[Clause], doubts: Doubts) -> None:
    """周二;周四上午: the Tuesday has no hours of its own; say that it was read as the whole day."""
    hours_elsewhere = any(other.stretches for other in clauses if other is not clause)
    if hours_elsewhere and clause.weekdays and not clause.stretches:
        days = "、".join(WEEKDAYS_ZH[day] for day in clause.weekdays)
        doubts.note("whole_day", days=days)


def _bounds(clause: Clause, collector: Collector) -> DateRange | tuple[None, None]:
    """The days between which a clause holds; (None, None) for always."""
    month = clause.months[0] if clause.months else None
    if clause.tenth and clause.period_days != 30:
        return tenth_of(clause.tenth, month or month_after(0, collector.filed_on))
    if clause.nth_week:
        week = week_of_month(clause.nth_week, month or month_after(0, collector.filed_on))
        if week is None:
            collector.doubts.ask("nth_impossible", nth=str(clause.nth_week))
            return (None, None)
        collector.doubts.note("week_of_month", first=week[0].isoformat(), last=week[1].isoformat())
        return week
    if month:
        return month[0], max(last for _, last in clause.months)
    if clause.weeks:
        return clause.weeks[0]
    return (None, None)


def _rules(clause: Clause, collector: Collector) -> list[Recurrence]:
    """The repeating rules a clause states, one for each stretch of the day."""
    if clause.holidays_only:
        collector.doubts.ask("holiday_only")
    first_on, last_on = _bounds(clause, collector)
    if _range_bounds_rule(clause):
        first_on, last_on = clause.dates.pop()
    days = [*_weekday_rules(clause, collector.doubts), *_month_day_rules(clause, collector)]
    if clause.workdays:
        days.append(_rule(Frequency.WORKDAYS))
    if clause.daily or (not days and not clause.dates and len(clause.stretches) > 1):
        days.append(_rule(Frequency.DAILY))
    return [
        replace(
            day,
            starts=stretch.starts,
            ends=stretch.ends,
            first_on=clause.since or first_on,
            last_on=clause.by or last_on,
        )
        for day in days
        for stretch in dict.fromkeys(clause.stretches or [WHOLE_DAY])
    ]


def _range_bounds_rule(clause: Clause) -> bool:
    """True for 12月1日至12月31日每周二: the range says between which days the rule holds."""
    ranged = len(clause.dates) == 1 and clause.dates[0][0] != clause.dates[0][1]
    return ranged and bool(clause.weekdays or clause.workdays or clause.daily)


def _rule(
    frequency: Frequency,
    *,
    weekdays: tuple[int, ...] = (),
    nths: tuple[int, ...] = (),
    month_days: tuple[int, ...] = (),
) -> Recurrence:
    return Recurrence(
        frequency=frequency,
        weekdays=weekdays,
        nths=nths,
        month_days=month_days,
        starts=DAY_STARTS,
        ends=DAY_ENDS,
    )


def _weekday_rules(clause: Clause, doubts: Doubts) -> list[Recurrence]:
    weekdays = tuple(sorted(set(clause.weekdays)))
    if clause.nths:
        impossible = [nth for nth in clause.nths if not (nth == -1 or 1 <= nth <= 5)]
        if not weekdays:
            doubts.ask("nth_without_weekday")
        elif impossible:
            doubts.ask("nth_impossible", nth=str(impossible[0]))
        else:
            return [_rule(Frequency.NTH_WEEKDAY, weekdays=weekdays, nths=tuple(dict.fromkeys(clause.nths)))]
        return []
    if not weekdays or clause.dates:
        return []
    if clause.period_days == 30 and not clause.times:
        doubts.ask("weekly_or_monthly")
    return [_rule(Frequency.WEEKLY, weekdays=weekdays)]


def _month_day_rules(clause: Clause, collector: Collector) -> list[Recurrence]:
    """每月15日, 每月25日前后, 每月上旬; a day without 每月 is the next such date instead."""
    days = list(dict.fromkeys(clause.month_days))
    if clause.tenth and clause.period_days == 30:
        days = list(_TENTH_DAYS[clause.tenth])
    elif days and clause.period_days != 30:
        for day in days:
            on = collector.next_day(day)
            if on is not None:
                clause.dates.append((on, on))
        return []
    if days and clause.about:
        collector.doubts.note("about_day")
        days = sorted(
            {
                day + step
                for day in days
                for step in range(-_ABOUT_DAYS, _ABOUT_DAYS + 1)
                if 1 <= day + step <= 31
            }
        )
    return [_rule(Frequency.MONTH_DAY, month_days=tuple(days))] if days else []


def _windows(clause: Clause, collector: Collector) -> list[Window]:
    """The dated stretches of a clause; a weekday beside a date must agree with it."""
    windows: list[Window] = []
    for first, last in clause.dates:
        if first != last:
            continue
        _check_weekday(clause, first, collector.doubts)
        days = [first]
        if clause.about:
            collector.doubts.note("about_day")
            days = [first + timedelta(days=step) for step in range(-_ABOUT_DAYS, _ABOUT_DAYS + 1)]
        windows.extend(_window(day, stretch) for day in days for stretch in clause.stretches or [WHOLE_DAY])
    return windows


def _check_weekday(clause: Clause, on: date, doubts: Doubts) -> None:
    if clause.weekdays and on.weekday() not in clause.weekdays:
        doubts.ask(
            "weekday_disagrees",
            date=on.isoformat(),
            weekday_zh=WEEKDAYS_ZH[on.weekday()],
            weekday_en=WEEKDAYS_EN[on.weekday()],
        )


def _window(on: date, stretch: Stretch) -> Window:
    return Window(
        datetime.combine(on, stretch.starts, SHANGHAI), datetime.combine(on, stretch.ends, SHANGHAI)
    )


def _loosened(
    when: When, clauses: list[Clause], loose: list[Clause], taken: Exceptions, collector: Collector
) -> When:
    """The time with how firm it is: 随时, 尽快, 12月中旬前, 每半月一次, or only hours."""
    when = _with_times(when, clauses, collector.doubts)
    if when.recurrences or when.windows:
        return when
    hours = next((clause.stretches[0] for clause in loose if clause.stretches), None)
    if hours:
        when = replace(when, day_starts=hours.starts, day_ends=hours.ends)
    for clause in loose:
        when = _loosened_by(when, clause, collector)
    if when.looseness is not Looseness.FIXED:
        return when
    if hours or taken.notice_days or _any_exception(taken):
        return replace(when, looseness=Looseness.ANY)
    return replace(when, looseness=Looseness.UNSTATED)


def _loosened_by(when: When, clause: Clause, collector: Collector) -> When:
    first_on, last_on = _bounds(clause, collector)
    if clause.dates:
        first_on, last_on = clause.dates[0][0], clause.dates[-1][1]
    if clause.by or (clause.within and last_on):
        first = max(first_on or collector.filed_on, collector.filed_on)
        return _by_date(when, first, clause.by or last_on, collector.doubts)
    if clause.soon:
        return replace(when, looseness=Looseness.SOON, first_on=collector.filed_on)
    if clause.since:
        return replace(when, looseness=Looseness.ANY, first_on=clause.since)
    if first_on:
        return replace(when, looseness=_kept(when, Looseness.ANY), first_on=first_on, last_on=last_on)
    if when.times:
        return replace(when, looseness=Looseness.TIMES_PER_PERIOD)
    return replace(when, looseness=Looseness.ANY) if clause.any else when


def _kept(when: When, looseness: Looseness) -> Looseness:
    return Looseness.TIMES_PER_PERIOD if when.times else looseness


def _by_date(when: When, first: date, last: date | None, doubts: Doubts) -> When:
    if last is not None and last < first:
        doubts.note("date_passed", date=last.isoformat())
        first = last
    return replace(when, looseness=Looseness.BY_DATE, first_on=first, last_on=last)


def _with_times(when: When, clauses: list[Clause], doubts: Doubts) -> When:
    """每周两次, 每半月一次: how often at most. A period without a number means once."""
    times = next((clause.times for clause in clauses if clause.times), 0)
    period = next((clause.period_days for clause in clauses if clause.period_days), 0)
    month = next((clause.months[0] for clause in clauses if clause.months), None)
    if times > 100:
        doubts.ask("times_absurd", times=str(times))
        return when
    if times and not period:
        if month:
            period = (month[1] - month[0]).days + 1
        elif times > 1 or not (when.recurrences or when.windows):
            doubts.ask("times_without_period", times=str(times))
            return when
        else:
            return when
    ruled = bool(when.recurrences or when.windows)
    if period and (times or not ruled or period in _SPARSE):
        return replace(when, times=times or 1, period_days=period)
    if any(clause.about and clause.month_days for clause in clauses):
        return replace(when, times=1, period_days=30)
    return when


def _any_exception(taken: Exceptions) -> bool:
    return bool(
        taken.weekdays or taken.months or taken.dates or taken.school_holidays or taken.public_holidays
    )
