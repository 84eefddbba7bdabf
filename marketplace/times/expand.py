"""From a time as stated to the concrete stretches of one week.

A day counts when any rule names it and no exception takes it out again. Stretches of one day that touch are joined, so
that a helper is never counted twice for the same minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from marketplace.times.calendars import mainland
from marketplace.values import SHANGHAI, Calendar, Frequency, Looseness, Recurrence, Week, When, Window

# A rule that opens on no day of this stretch is empty: the fifth Monday and the 31st come several times in it.
OPENS_WITHIN_DAYS = 550
LOOSE = frozenset(
    {Looseness.ANY, Looseness.SOON, Looseness.BY_DATE, Looseness.TIMES_PER_PERIOD, Looseness.UNSTATED}
)


def windows_in(when: When, week: Week, calendar: Calendar | None = None) -> tuple[Window, ...]:
    """The windows of `when` inside `week`, in order and joined where they touch; none while a question is open."""
    if when.question is not None:
        return ()
    return _of_mainland(when, week) if calendar is None else _joined(_windows(when, week, calendar))


# Plans of one week read the same times again and again.
@lru_cache(maxsize=8192)
def _of_mainland(when: When, week: Week) -> tuple[Window, ...]:
    return _joined(_windows(when, week, mainland()))


def _windows(when: When, week: Week, calendar: Calendar) -> Iterator[Window]:
    for offset in range(7):
        yield from _windows_on(when, week.monday_on + timedelta(days=offset), calendar)


def _windows_on(when: When, day: date, calendar: Calendar) -> Iterator[Window]:
    if taken_out(when, day, calendar):
        return
    for rule in when.recurrences:
        if _bounded(day, rule.first_on, rule.last_on) and names_day(rule, day, calendar):
            yield _window(day, rule.starts, rule.ends)
    if is_loose(when) and _bounded(day, when.first_on, when.last_on):
        yield _window(day, when.day_starts, when.day_ends)
    for window in when.windows:
        if window.starts_at.astimezone(SHANGHAI).date() == day:
            yield window


def opens_at_all(when: When, calendar: Calendar, *, filed_on: date) -> bool:
    """True when every rule and every dated stretch of the time opens at least once in the year and a half to come."""
    parts = [replace(when, recurrences=(rule,), windows=()) for rule in when.recurrences]
    parts += [replace(when, recurrences=(), windows=(window,)) for window in when.windows]
    return all(_opens(part, calendar, filed_on) for part in parts or [when])


def _opens(when: When, calendar: Calendar, filed_on: date) -> bool:
    firsts = [window.starts_at.astimezone(SHANGHAI).date() for window in when.windows]
    firsts += [rule.first_on or min(filed_on, rule.last_on or filed_on) for rule in when.recurrences]
    first = min(firsts, default=when.first_on or min(filed_on, when.last_on or filed_on))
    days = (first + timedelta(days=step) for step in range(OPENS_WITHIN_DAYS))
    return any(True for day in days for _ in _windows_on(when, day, calendar))


def is_loose(when: When) -> bool:
    """True when the time opens every day between its bounds."""
    # A loose word beside firm rules (随时,最好周二) only softens them; alone it opens every day.
    return when.looseness in LOOSE and not when.recurrences and not when.windows


def names_day(rule: Recurrence, day: date, calendar: Calendar) -> bool:
    """True when the rule names this day."""
    match rule.frequency:
        case Frequency.DAILY:
            return True
        case Frequency.WORKDAYS:
            return calendar.is_workday(day)
        case Frequency.WEEKLY:
            return day.weekday() in rule.weekdays
        case Frequency.NTH_WEEKDAY:
            return day.weekday() in rule.weekdays and bool({_nth(day), _nth_from_end(day)} & set(rule.nths))
        case Frequency.MONTH_DAY:
            return day.day in rule.month_days or (
                -1 in rule.month_days and (day + timedelta(days=1)).day == 1
            )


def _nth(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _nth_from_end(day: date) -> int:
    return -1 if (day + timedelta(days=7)).month != day.month else 0


def taken_out(when: When, day: date, calendar: Calendar) -> bool:
    """True when an exception of the time takes this day out."""
    return (
        day.weekday() in when.except_weekdays
        or day.month in when.except_months
        or day in when.except_dates
        or (when.except_school_holidays and calendar.is_school_holiday(day))
        or (when.except_public_holidays and calendar.is_public_holiday(day))
    )


def _bounded(day: date, first_on: date | None, last_on: date | None) -> bool:
    return (first_on is None or first_on <= day) and (last_on is None or day <= last_on)


def _window(day: date, starts: time, ends: time) -> Window:
    return Window(datetime.combine(day, starts, SHANGHAI), datetime.combine(day, ends, SHANGHAI))


def _joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    joined: list[Window] = []
    for window in sorted(set(windows)):
        if joined and window.starts_at <= joined[-1].ends_at:
            joined[-1] = Window(joined[-1].starts_at, max(joined[-1].ends_at, window.ends_at))
        else:
            joined.append(window)
    return tuple(joined)
