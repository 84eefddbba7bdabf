"""A time phrase read into a `When`: cut, lift out exceptions, gather hours, collect clauses, turn them into rules.

The reader never guesses. What it does not know, what contradicts itself and what is missing becomes a question with the
phrase in it; what it assumes (an end after one hour) becomes a note. Both are shown with the reading.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from marketplace.times.calendars import mainland
from marketplace.times.clauses import Clause, Collector
from marketplace.times.clock import Doubts, gather
from marketplace.times.cutting import tokens_of
from marketplace.times.exceptions import Exceptions, lift_exceptions
from marketplace.times.rules import bounds_of, rules_of, windows_of
from marketplace.times.say import NOTHING, WEEKDAYS_ZH, say
from marketplace.times.tokens import Kind, Token
from marketplace.values import Calendar, Frequency, Looseness, Recurrence, When, Window

# Beside one of these, 8.30 is a time of day.
_SETTLES_CLOCK = frozenset(
    {Kind.PART, Kind.WEEKDAYS, Kind.WEEKEND, Kind.WORKDAYS, Kind.DAILY, Kind.DATE, Kind.MONTH_DAYS, Kind.REST}
)
# A period that names no day by itself thins a weekly rule out: 隔周周三 is every second Wednesday.
_SPARSE = frozenset({14, 15, 91, 180, 182, 365})


def read_when(
    phrase: str | None, *, filed_on: date, calendar: Calendar | None = None, minutes: int = 0
) -> When:
    """The time a phrase states, with the reading in words and a question where a person must confirm.

    Args:
        phrase: as written, Chinese or English; None or "" gives an unstated time that is open and noted.
        filed_on: the day the line was written; missing years, 本周 and 尽快 count from it.
        calendar: workdays of a year whose holidays it does not know yet are noted.
        minutes: length of a stretch whose end is not written; 0 takes one hour.
    """
    text = (phrase or "").strip()
    doubts = Doubts([], [])
    if text in NOTHING:
        doubts.note("time_missing")
        return _finished(When(phrase=text, looseness=Looseness.UNSTATED), doubts, [])
    cut = tokens_of(text)
    _ask_dotted(cut, doubts)
    tokens, taken = lift_exceptions(cut, doubts, filed_on=filed_on)
    collector = Collector(doubts, filed_on)
    clauses = collector.collect(gather(tokens, doubts, minutes=minutes))
    when = _assembled(text, clauses, taken, collector)
    _note_calendar(when, mainland() if calendar is None else calendar, filed_on, doubts)
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
    says_nothing = when.looseness is Looseness.UNSTATED and when.phrase not in NOTHING
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


def _ask_dotted(tokens: list[Token], doubts: Doubts) -> None:
    """8.30 by itself may be a date as well; beside a weekday or a part of the day it is a time."""
    dotted = next((token for token in tokens if token.kind is Kind.CLOCK and _mark(token) == "dotted"), None)
    if dotted is not None and not any(token.kind in _SETTLES_CLOCK for token in tokens):
        doubts.ask("clock_or_date", text=dotted.text)


def _mark(token: Token) -> str:
    assert isinstance(token.value, tuple)
    return str(token.value[2])


def _note_calendar(when: When, calendar: Calendar, filed_on: date, doubts: Doubts) -> None:
    """Workdays of a year without a holiday notice follow the plain week; say so."""
    known_until = getattr(calendar, "known_until", None)
    for rule in when.recurrences:
        last_on = rule.last_on or filed_on
        if rule.frequency is Frequency.WORKDAYS and known_until is not None and last_on > known_until:
            doubts.note("calendar_unknown", year=str(last_on.year))


def _assembled(phrase: str, clauses: list[Clause], taken: Exceptions, collector: Collector) -> When:
    """One When out of all clauses."""
    rules: list[Recurrence] = []
    windows: list[Window] = []
    loose: list[Clause] = []
    for clause in clauses:
        _note_whole_day(clause, clauses, collector.doubts)
        clause_rules = rules_of(clause, collector)
        clause_windows = windows_of(clause, collector)
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
    first_on, last_on = bounds_of(clause, collector)
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
