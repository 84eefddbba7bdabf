"""Facts of a phrase, clause by clause: which days, which hours, how often, until when.

A clause is one statement such as 周二、周四上午. A new one begins after ; or when another day follows hours (周二上午、
周四下午). Here facts are only collected; `reader` turns them into rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from marketplace.times.clock import Doubts, Stretch
from marketplace.times.days import (
    DateRange,
    deadline_of,
    make_date,
    month_after,
    month_end,
    resolve_date,
    resolve_month,
    tenth_of,
    week_after,
    week_of_month,
)
from marketplace.times.tokens import Kind, Token

_DAY_KINDS = frozenset(
    {Kind.DATE, Kind.MONTH_DAYS, Kind.WEEKDAYS, Kind.WEEKEND, Kind.WORKDAYS, Kind.DAILY, Kind.REST, Kind.NTHS,
     Kind.RELATIVE_DAY}
)  # fmt: skip
# Longer than two years, or more often than this, nothing in a neighbourhood comes round.
EVERY_MAX = 731
_BOUND_KINDS = frozenset(
    {Kind.MONTH_YEAR, Kind.MONTH_RANGE, Kind.RELATIVE_WEEK, Kind.RELATIVE_MONTH, Kind.TENTH, Kind.NTH_WEEK}
)


@dataclass(slots=True)
class Clause:
    """What one statement says. `bounds` are the days between which it holds; `by` is the last day of a deadline."""

    weekdays: list[int] = field(default_factory=list)
    nths: list[int] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    dates: list[DateRange] = field(default_factory=list)
    workdays: bool = False
    daily: bool = False
    period_days: int = 0
    times: int = 0
    tenth: str = ""
    more_tenths: list[str] = field(default_factory=list)
    nth_week: int = 0
    months: list[DateRange] = field(default_factory=list)
    weeks: list[DateRange] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    by: date | None = None
    since: date | None = None
    within: bool = False
    any: bool = False
    soon: bool = False
    about: bool = False
    holidays_only: bool = False
    deadline_word: bool = False
    hours_first: bool = False
    empty: bool = True

    @property
    def has_days(self) -> bool:
        return bool(
            self.weekdays or self.nths or self.month_days or self.dates or self.workdays or self.daily
        )


class Collector:
    """Walks over the items of a phrase once and fills clauses."""

    def __init__(self, doubts: Doubts, filed_on: date) -> None:
        self.doubts, self.filed_on = doubts, filed_on
        self.clauses = [Clause()]
        self.leftover: list[str] = []
        self._range_open = False
        self._range_text = ""
        self._listed = False
        self._early_deadline: Token | None = None

    def collect(self, items: list[Token | Stretch]) -> list[Clause]:
        """The clauses that say something, in order."""
        for item in items:
            if isinstance(item, Stretch):
                if self._range_open:
                    self.doubts.ask("range_unclear", text=self._range_text)
                self._range_open = False
                self._hours(item)
            else:
                self._token(item)
        if self._range_open:
            self.doubts.ask("range_unclear", text=self._range_text)
        return [clause for clause in self.clauses if not clause.empty]

    @property
    def clause(self) -> Clause:
        return self.clauses[-1]

    def _hours(self, item: Stretch) -> None:
        if self.clause.hours_first and self.clause.has_days:
            self.clauses.append(Clause())
        if not self.clause.has_days:
            self.clause.hours_first = True
        self.clause.stretches.append(item)
        self.clause.empty = False

    def _token(self, token: Token) -> None:
        kind = token.kind
        if (
            kind in _DAY_KINDS
            and self.clause.stretches
            and self.clause.has_days
            and not self._checks_date(kind)
        ):
            self.clauses.append(Clause())
        if kind is Kind.STOP:
            self._new_clause()
        elif kind is Kind.RANGE:
            self._range_open, self._range_text = True, token.text
            return
        elif kind in (Kind.LIST, Kind.COMMA, Kind.OPEN, Kind.CLOSE):
            self._listed = self._listed or kind is Kind.LIST
            return
        elif kind is Kind.UNKNOWN or kind in (Kind.EXAMS, Kind.DURATION):
            self.leftover.append(token.text)
        else:
            self.clause.empty = False
            if kind in _DAY_KINDS:
                self._day(token)
            elif kind in _BOUND_KINDS:
                self._bound(token)
            else:
                self._manner(token)
        if kind not in (Kind.BEFORE, Kind.AFTER, Kind.ABOUT):
            if self._range_open:
                self.doubts.ask("range_unclear", text=self._range_text + token.text)
            self._range_open = False
            if (
                self._early_deadline
                and (kind in _DAY_KINDS or kind in _BOUND_KINDS)
                and kind is not Kind.TENTH
            ):
                early, self._early_deadline = self._early_deadline, None
                self._limit(early)
        self._listed = False

    def _new_clause(self) -> None:
        if not self.clause.empty:
            self.clauses.append(Clause())

    def _checks_date(self, kind: Kind) -> bool:
        """True for a weekday behind a date: it confirms the date and opens no clause."""
        return kind is Kind.WEEKDAYS and bool(self.clause.dates) and not self.clause.weekdays

    def _day(self, token: Token) -> None:
        clause, value = self.clause, token.value
        match token.kind:
            case Kind.DATE:
                self._date(token)
            case Kind.RELATIVE_DAY:
                assert isinstance(value, int)
                on = self.filed_on + timedelta(days=value)
                clause.dates.append((on, on))
            case Kind.MONTH_DAYS:
                assert isinstance(value, tuple)
                self._month_days([int(day) for day in value], token)
            case Kind.WEEKDAYS:
                assert isinstance(value, tuple)
                self._weekdays([int(day) for day in value])
            case Kind.WEEKEND:
                clause.weekdays.extend(day for day in (5, 6) if day not in clause.weekdays)
            case Kind.WORKDAYS:
                clause.workdays = True
            case Kind.NTHS:
                assert isinstance(value, tuple)
                clause.nths.extend(int(nth) for nth in value)
            case _:
                self._daily(token)

    def _daily(self, token: Token) -> None:
        """工作日每天 says its days twice; 每天,周二 says two things."""
        clause = self.clause
        if clause.weekdays or clause.workdays or clause.nths:
            if self._listed or token.kind is Kind.REST:
                self.doubts.ask("statements_disagree")
        else:
            clause.daily = True

    def _date(self, token: Token) -> None:
        on = resolve_date(token, self.doubts, filed_on=self.filed_on)
        if on is None:
            return
        if self._range_open and self.clause.dates:
            self._close_range(on)
        elif self._range_open and self._range_text != "-":
            # Until 20 December, 到12月20日: a range without a beginning is a deadline.
            self._range_open, self.clause.by = False, on
        else:
            self.clause.dates.append((on, on))

    def _close_range(self, last: date) -> None:
        self._range_open = False
        first = self.clause.dates[-1][0]
        if last < first:
            self.doubts.ask("period_reversed", first=first.isoformat(), last=last.isoformat())
        else:
            self.clause.dates[-1] = (first, last)

    def _month_days(self, days: list[int], token: Token) -> None:
        clause = self.clause
        if any(not 1 <= day <= 31 for day in days):
            self.doubts.ask("date_impossible", text=token.text)
            return
        if clause.dates and clause.period_days != 30:
            for day in days:
                on = make_date(clause.dates[-1][0].year, clause.dates[-1][0].month, day, self.filed_on)
                if on is None:
                    self.doubts.ask("date_impossible", text=token.text)
                elif self._range_open:
                    self._close_range(on)
                else:
                    clause.dates.append((on, on))
        elif self._range_open and clause.month_days:
            first, self._range_open = clause.month_days[-1], False
            if days[0] < first:
                self.doubts.ask("range_unclear", text=token.text)
            clause.month_days.extend([*range(first + 1, days[0] + 1), *days[1:]])
        else:
            clause.month_days.extend(days)

    def _weekdays(self, days: list[int]) -> None:
        clause = self.clause
        if clause.weeks and not clause.dates and clause.weeks[-1][0].weekday() == 0:
            monday = clause.weeks.pop()[0]
            clause.dates.extend((monday + timedelta(days=day),) * 2 for day in days)
            return
        clause.weekdays.extend(day for day in days if day not in clause.weekdays)

    def _bound(self, token: Token) -> None:
        clause, value = self.clause, token.value
        match token.kind:
            case Kind.MONTH_YEAR | Kind.MONTH_RANGE:
                self._month(token)
            case Kind.RELATIVE_WEEK:
                assert isinstance(value, int)
                clause.weeks.append(week_after(value, self.filed_on))
            case Kind.RELATIVE_MONTH:
                assert isinstance(value, int)
                if value == 12:
                    clause.months.append((self.filed_on, month_end(self.filed_on.year, 12)))
                    clause.within = True
                else:
                    clause.months.append(month_after(value, self.filed_on))
            case Kind.TENTH if clause.tenth and clause.tenth != value:
                clause.more_tenths.append(str(value))
            case Kind.TENTH:
                clause.tenth = str(value)
            case _:
                assert isinstance(value, int)
                self._once_only(clause.nth_week, value)
                if not value:
                    self.doubts.ask("nth_impossible", nth="0")
                clause.nth_week = value

    def _once_only(self, before: int, now: int) -> None:
        """每周每月一次, 第一周第二周: one of the two must be wrong."""
        if before and before != now:
            self.doubts.ask("statements_disagree")

    def _month(self, token: Token) -> None:
        assert isinstance(token.value, tuple)
        first, second = int(token.value[0]), int(token.value[1])
        if token.kind is Kind.MONTH_YEAR:
            month = resolve_month(first, second, self.filed_on)
            if month is None:
                self.doubts.ask("date_impossible", text=token.text)
            elif self._range_open and self.clause.months:
                self._range_open = False
                self.clause.months[-1] = (self.clause.months[-1][0], month[1])
            else:
                self.clause.months.append(month)
            return
        start = resolve_month(0, first, self.filed_on)
        end = resolve_month(0, second, start[0] if start else self.filed_on)
        if start is None or end is None:
            self.doubts.ask("date_impossible", text=token.text)
        else:
            self.clause.months.append((start[0], end[1]))

    def _manner(self, token: Token) -> None:
        clause, value = self.clause, token.value
        match token.kind:
            case Kind.EVERY | Kind.TIMES if not value or (isinstance(value, int) and value > EVERY_MAX):
                self.doubts.ask("times_absurd", times=token.text)
            case Kind.EVERY:
                assert isinstance(value, int)
                self._once_only(clause.period_days, value)
                clause.period_days = value
            case Kind.TIMES:
                assert isinstance(value, int)
                self._once_only(clause.times, value)
                clause.times = value
            case Kind.OFFSET:
                assert isinstance(value, int)
                self._offset(value, token)
            case Kind.SPAN:
                assert isinstance(value, int)
                clause.by = self.filed_on + timedelta(days=value)
            case Kind.ANY:
                clause.any = True
            case Kind.SOON:
                clause.soon = True
            case Kind.ABOUT if clause.month_days or clause.dates:
                clause.about = True
            case Kind.WITHIN if (
                token.text.isascii() or clause.months or clause.weeks or clause.by or self._range_named()
            ):
                clause.within = True
            case Kind.ABOUT | Kind.WITHIN:
                self.leftover.append(token.text)
            case Kind.BEFORE | Kind.AFTER:
                if token.text.isascii():
                    self._early_deadline = token
                else:
                    self._limit(token)
            case _:
                clause.holidays_only = True

    def _offset(self, days: int, token: Token) -> None:
        """端午节前一周: the days before or after the one date named last."""
        if not self.clause.dates or self._range_named():
            self.leftover.append(token.text)
            return
        on = self.clause.dates.pop()[0]
        near, far = on + timedelta(days=1 if days > 0 else -1), on + timedelta(days=days)
        self.clause.dates.append((min(near, far), max(near, far)))

    def _range_named(self) -> bool:
        return bool(self.clause.dates) and self.clause.dates[-1][0] != self.clause.dates[-1][1]

    def _limit(self, token: Token) -> None:
        """A deadline or a start that belongs to the day, month or week named last."""
        before, clause = token.kind is Kind.BEFORE, self.clause
        if clause.more_tenths:
            self.doubts.ask("range_unclear", text=token.text)
        if self._range_named() and not clause.tenth:
            # 12月20日至2月5日前 is the stretch itself; behind its end nothing more is said.
            if not before:
                self.leftover.append(token.text)
            return
        span = self._limited_span(before)
        if span is None:
            if before and clause.month_days and clause.period_days == 30:
                clause.month_days[:] = range(1, max(clause.month_days) + 1)
            elif clause.month_days and clause.period_days == 30:
                clause.month_days[:] = range(min(clause.month_days), 32)
            else:
                self.leftover.append(token.text)
        elif before:
            clause.by = span
        else:
            clause.since = span

    def _limited_span(self, before: bool) -> date | None:
        """The day a deadline or a start word speaks of, its facts taken off the clause."""
        clause = self.clause
        if clause.tenth:
            month = clause.months.pop() if clause.months else month_after(0, self.filed_on)
            name, clause.tenth = clause.tenth, ""
            return deadline_of(name, month) if before else tenth_of(name, month)[0]
        if clause.dates:
            first, last = clause.dates.pop()
            return last if before else first
        if clause.nth_week and clause.months:
            week = week_of_month(clause.nth_week, clause.months.pop())
            clause.nth_week = 0
            return None if week is None else (week[0] - timedelta(days=1) if before else week[0])
        if clause.weeks:
            week_span = clause.weeks.pop()
            return week_span[1] if before else week_span[0]
        if clause.months:
            month = clause.months.pop()
            whole_year = clause.within
            clause.within = False
            return (
                month[1] if whole_year and before else (month[0] - timedelta(days=1) if before else month[0])
            )
        if clause.month_days and clause.period_days != 30 and len(clause.month_days) == 1:
            return self.next_day(clause.month_days.pop())
        return None

    def next_day(self, day: int) -> date | None:
        """The next date with this day of the month, noted as an assumption."""
        for offset in range(12):
            first, last = month_after(offset, self.filed_on)
            if day <= last.day and first.replace(day=day) >= self.filed_on:
                self.doubts.note("next_such_day", date=first.replace(day=day).isoformat())
                return first.replace(day=day)
        return None
