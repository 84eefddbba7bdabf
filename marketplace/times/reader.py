"""A time phrase read into a `When`: cut, name days, lift out exceptions, gather hours, collect clauses, make rules.

The reader never guesses. What it does not know, what contradicts itself and what is missing becomes a question with the
phrase in it; what it assumes (an end after one hour) becomes a note. Both are shown with the reading.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, tzinfo

from marketplace.calendars import mainland
from marketplace.times.clock import DAY_PARTS, Doubts, gather
from marketplace.times.cutting import tokens_of
from marketplace.times.digits import DateOrder, settled
from marketplace.times.ends import confirmed
from marketplace.times.exceptions import Exceptions, lift_exceptions
from marketplace.times.facts import Clause, Collector
from marketplace.times.firmness import loosened, spread
from marketplace.times.named import dated
from marketplace.times.openings import opens_at_all
from marketplace.times.rules import rules_of, windows_of
from marketplace.times.say import NOTHING, WEEKDAYS_ZH, say
from marketplace.values import SHANGHAI, Calendar, Frequency, Looseness, Per, Recurrence, When, Window


def read_when(
    phrase: str | None,
    *,
    filed_on: date,
    calendar: Calendar | None = None,
    minutes: int = 0,
    zone: tzinfo = SHANGHAI,
    date_order: DateOrder | None = None,
) -> When:
    """The time a phrase states, with the reading in words and a question where a person must confirm.

    Args:
        phrase: as written, Chinese or English; None or "" gives an unstated time that is open and noted.
        filed_on: the day the line was written; missing years, 本周 and 尽快 count from it.
        calendar: workdays of a year whose holidays it does not know yet are noted.
        minutes: length of a stretch whose end is not written; 0 takes one hour.
        zone: the place's own; dated stretches become moments in it.
        date_order: how a community writes 3/4; left out, Chinese writes the month first and English is asked about.
    """
    text = (phrase or "").strip()
    doubts = Doubts([], [])
    if text in NOTHING:
        doubts.note("time_missing")
        return _finished(When(phrase=text, looseness=Looseness.UNSTATED), doubts, [])
    known = mainland() if calendar is None else calendar
    cut = settled(tokens_of(text), doubts, filed_on=filed_on, order=date_order)
    named = dated(confirmed(cut, doubts, filed_on=filed_on), doubts, filed_on=filed_on, calendar=known)
    tokens, taken = lift_exceptions(named, doubts, filed_on=filed_on)
    collector = Collector(doubts, filed_on, zone)
    clauses = collector.collect(gather(tokens, doubts, minutes=minutes))
    _ask_parts_left(clauses, taken, doubts)
    when = _assembled(text, clauses, taken, collector)
    if when.minutes_each and not minutes and any(note.code == "end_unstated" for note in doubts.notes):
        # 周二8点,每次两小时: the length that is written is the end that is not.
        return read_when(
            phrase,
            filed_on=filed_on,
            calendar=calendar,
            minutes=when.minutes_each,
            zone=zone,
            date_order=date_order,
        )
    _ask_lone_date(when, doubts)
    _note_calendar(when, known, filed_on, doubts)
    _note_passed(when, filed_on, doubts)
    if not doubts.questions and not opens_at_all(when, known, filed_on=filed_on, zone=zone):
        doubts.ask("nothing_left")
    return _finished(when, doubts, collector.leftover)


def with_notice(when: When, notice_days: int) -> When:
    """The time with at least this many days of warning, said again; for warnings that stand in another column."""
    if notice_days <= when.notice_days:
        return when
    when = replace(when, notice_days=notice_days)
    said_zh, said_en = say(when)
    return replace(when, said_zh=said_zh, said_en=said_en)


def with_exceptions(when: When, other: When) -> When:
    """The time without the days that `other` takes out, said again; for days away that stand in another column."""
    taken = replace(
        when,
        except_weekdays=tuple(sorted({*when.except_weekdays, *other.except_weekdays})),
        except_months=tuple(sorted({*when.except_months, *other.except_months})),
        except_dates=tuple(sorted({*when.except_dates, *other.except_dates})),
        except_school_holidays=when.except_school_holidays or other.except_school_holidays,
        except_public_holidays=when.except_public_holidays or other.except_public_holidays,
    )
    if taken == when:
        return when
    said_zh, said_en = say(taken)
    return replace(taken, said_zh=said_zh, said_en=said_en)


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


def _ask_lone_date(when: When, doubts: Doubts) -> None:
    """每两周一次,12月5日: one day cannot come again every two weeks; it may be the first of them.

    每季度一次(12月5日) tells this quarter's day; the next is far enough to be told in its turn.
    """
    days = {window.starts_at.date() for window in when.windows}
    again = when.demand is not None and when.demand.per in (Per.WEEK, Per.HALF_MONTH, Per.MONTH)
    if again and len(days) == 1 and not when.recurrences:
        doubts.ask("statements_disagree")


def _note_calendar(when: When, calendar: Calendar, filed_on: date, doubts: Doubts) -> None:
    """Workdays of a year without a holiday notice follow the plain week, and its holidays are not known; say so."""
    known_until = getattr(calendar, "known_until", None)
    for rule in when.recurrences:
        last_on = rule.last_on or filed_on
        if rule.frequency is Frequency.WORKDAYS and known_until is not None and last_on > known_until:
            doubts.note("calendar_unknown", year=str(last_on.year))
        if rule.frequency is Frequency.PUBLIC_HOLIDAYS and known_until is not None:
            doubts.note("holidays_to_come", date=known_until.isoformat())


def _note_passed(when: When, filed_on: date, doubts: Doubts) -> None:
    """A time of which nothing is still to come (上旬 written on the 18th) is kept as read, and noted."""
    if any(note.code == "date_passed" for note in doubts.notes):
        return
    last_days = [window.ends_at.date() for window in when.windows]
    last_days += [rule.last_on or date.max for rule in when.recurrences]
    last_on = max(last_days, default=when.last_on)
    if last_on is not None and last_on < filed_on:
        doubts.note("date_passed", date=last_on.isoformat())


def _ask_parts_left(clauses: list[Clause], taken: Exceptions, doubts: Doubts) -> None:
    """下午不行 beside 上午 says nothing new; alone, or against hours that reach into it, it is asked about."""
    open_hours = [stretch for clause in clauses for stretch in clause.stretches]
    for part in sorted(taken.parts):
        starts, ends = DAY_PARTS[part]
        if not open_hours or any(one.starts < ends and starts < one.ends for one in open_hours):
            doubts.ask("exception_unread", text=part)


def _assembled(phrase: str, clauses: list[Clause], taken: Exceptions, collector: Collector) -> When:
    """One When out of all clauses."""
    clauses = spread(clauses, collector.doubts)
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
        recurrences=tuple(dict.fromkeys(rules)),
        windows=tuple(sorted(set(windows))),
        except_weekdays=tuple(sorted(taken.weekdays)),
        except_months=tuple(sorted(taken.months)),
        except_dates=tuple(sorted(taken.dates)),
        except_school_holidays=taken.school_holidays,
        except_public_holidays=taken.public_holidays,
        notice_days=taken.notice_days,
    )
    return loosened(when, clauses, loose, collector)


def _note_whole_day(clause: Clause, clauses: list[Clause], doubts: Doubts) -> None:
    """周二;周四上午: the Tuesday has no hours of its own; say that it was read as the whole day."""
    hours_elsewhere = any(other.stretches for other in clauses if other is not clause)
    if hours_elsewhere and clause.weekdays and not clause.stretches:
        days = "、".join(WEEKDAYS_ZH[day] for day in clause.weekdays)
        doubts.note("whole_day", days=days)
