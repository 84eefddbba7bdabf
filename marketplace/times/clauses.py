"""Facts of a phrase, clause by clause: which days, which hours, how often, until when.

A clause is one statement such as 周二、周四上午. A new one begins after ; or when another day follows hours (周二上午、
周四下午). Here facts are only collected; `reader` turns them into rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo

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
from marketplace.values import SHANGHAI, Frequency

_DAY_KINDS = frozenset(
    {Kind.DATE, Kind.MONTH_DAYS, Kind.WEEKDAYS, Kind.WEEKEND, Kind.WORKDAYS, Kind.DAILY, Kind.REST, Kind.NTHS,
     Kind.RELATIVE_DAY, Kind.ENDINGS, Kind.LUNAR_DAYS}
)  # fmt: skip
# Longer than two years, or more often than this, nothing in a neighbourhood comes round.
EVERY_MAX = 731
_BOUND_KINDS = frozenset(
    {Kind.MONTH_YEAR, Kind.MONTH_RANGE, Kind.RELATIVE_WEEK, Kind.RELATIVE_MONTH, Kind.TENTH, Kind.NTH_WEEK}
)


_DAY = timedelta(days=1)
_PUBLIC = frozenset(
    {
        "法定节假日",
        "法定假日",
        "法定假",
        "公共节假日",
        "国家节假日",
        "public holidays",
        "public holiday",
        "bank holidays",
        "bank holiday",
    }
)


_SPANS = frozenset({Kind.MONTH_YEAR, Kind.MONTH_RANGE, Kind.RELATIVE_MONTH})


@dataclass(slots=True)
class Clause:
    """What one statement says. `bounds` are the days between which it holds; `by` is the last day of a deadline.

    `every` of `unit` is how often it comes round (2, "week"), `minutes` how long in each such period; `choice`: one of its
    days or stretches will do; `each`: every one of them counts.
    """

    weekdays: list[int] = field(default_factory=list)
    weekend: bool = False
    nths: list[int] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    lunar_days: list[int] = field(default_factory=list)
    dates: list[DateRange] = field(default_factory=list)
    workdays: bool = False
    daily: bool = False
    holidays: Frequency | None = None
    every: int = 0
    unit: str = ""
    even_weeks: bool = False
    anchor_on: date | None = None
    times: int = 0
    minutes: int = 0
    minutes_each: int = 0
    at_least: bool = False
    choice: bool = False
    each: bool = False
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
    yearless: bool = True
    weekday_text: str = ""
    hours_first: bool = False
    bounds_first: bool = False
    empty: bool = True

    @property
    def has_days(self) -> bool:
        return self.has_other_days or self.daily or bool(self.holidays)

    @property
    def has_other_days(self) -> bool:
        """True when it names days more narrowly than every day or every holiday."""
        return bool(
            self.weekdays or self.nths or self.month_days or self.lunar_days or self.dates or self.workdays
        )

    @property
    def comes_every_other_day(self) -> bool:
        """隔天 names its days; 每三天一次 and every ten days only say how often."""
        return self.unit == "day" and self.every == 2 and not self.times and not self.has_days

    @property
    def monthly(self) -> bool:
        """True when its days of the month come every month, or every so many."""
        return self.unit == "month"


class Collector:
    """Walks over the items of a phrase once and fills clauses."""

    def __init__(self, doubts: Doubts, filed_on: date, zone: tzinfo = SHANGHAI) -> None:
        self.doubts, self.filed_on, self.zone = doubts, filed_on, zone
        self.clauses = [Clause()]
        self.leftover: list[str] = []
        self._range_open = False
        self._range_text = ""
        self._listed = False
        self._either = False
        self._bracket = False
        self._each_time = False
        self._until = ""
        self._sharing: list[Clause] = []
        self._numbered = False
        self._week_of_dates: date | None = None
        self._listed_or_either = False
        self._early_deadline: Token | None = None
        self._behind: list[Token | Stretch] = []
        self._deadline_named = ""
        self._loose_holidays: Clause | None = None

    def collect(self, items: list[Token | Stretch]) -> list[Clause]:
        """The clauses that say something, in order."""
        for at, item in enumerate(items):
            self._behind = items[at + 1 :]
            if isinstance(item, Stretch):
                self._close_until()
                self._end_range()
                self._hours(item)
            else:
                self._token(item)
        self._close_until()
        self._end_range()
        if self._either:
            self.leftover.append("或")
        if self._each_time or self._listed:
            self.leftover.append("每次" if self._each_time else "、")
        if self._loose_holidays is not None:
            self._loose_holidays.holidays = None
            self.doubts.ask("holiday_only")
        return [clause for clause in self.clauses if not clause.empty]

    def _end_range(self) -> None:
        if self._range_open:
            self.doubts.ask("range_unclear", text=self._range_text)
        self._range_open = False

    @property
    def clause(self) -> Clause:
        return self.clauses[-1]

    def _hours(self, item: Stretch) -> None:
        if self._deadline_named and self.clause.by:
            # By Wednesday noon: the hour belongs to the deadline, which is a day here.
            self.doubts.ask("range_unclear", text=self._deadline_named)
        if self._each_time:
            self.leftover.append("每次")
        self._each_time = self._bracket = self._listed = False
        if self.clause.hours_first and self.clause.has_days:
            self._next_clause()
        if self._either and (self.clause.stretches or not self.clause.has_days):
            self.clause.choice = True
        self._either = False
        if not self.clause.has_days:
            self.clause.hours_first = True
        for other in self._sharing:
            other.stretches.append(item)
        self.clause.stretches.append(item)
        self.clause.empty = False

    def _next_clause(self) -> None:
        """A new clause; after 或 both are turns of one choice."""
        if self._either:
            self.clause.choice = True
        self.clauses.append(Clause(choice=self._either))
        self._either = False

    def _token(self, token: Token) -> None:
        kind = token.kind
        self._deadline_named = ""
        if self._until and kind is Kind.WEEKDAYS and self.clause.weeks:
            # Until next Friday: that day ends it, not its week.
            self._range_open, self._range_text, self._until = True, self._until, ""
        if self._until and kind not in _BOUND_KINDS:
            self._close_until()
        if kind in _DAY_KINDS and self._begins_clause(token):
            before = self.clause
            self._next_clause()
            if kind is Kind.NTHS:
                self.clause.every, self.clause.unit = before.every, before.unit
        if kind in _SPANS and self._begins_span():
            self._next_clause()
        if kind is Kind.STOP:
            self._new_clause()
        elif kind is Kind.RANGE:
            self._range_open, self._range_text = True, token.text
            return
        elif kind is Kind.OR:
            self._either = True
            return
        elif kind in (Kind.LIST, Kind.COMMA, Kind.OPEN, Kind.CLOSE):
            self._listed = self._listed or kind is Kind.LIST
            self._bracket = kind is Kind.OPEN
            return
        elif kind is Kind.EACH_TIME and token.text.startswith("per ") and self.clause.minutes:
            # An hour per visit.
            self.clause.minutes_each, self.clause.minutes = self.clause.minutes, 0
            return
        elif kind is Kind.EACH_TIME:
            self._each_time = True
            return
        elif kind is Kind.UNKNOWN or kind is Kind.EXAMS:
            self.leftover.append(token.text)
        else:
            self.clause.empty = False
            if kind in _DAY_KINDS:
                self.clause.choice = self.clause.choice or self._either
                self._listed_or_either = self._listed or self._either
                clause = self.clause
                clause.bounds_first = clause.bounds_first or bool(clause.months and not clause.has_days)
                self._either = False
                self._day(token)
            elif kind in _BOUND_KINDS and self._opens_until():
                self._until = self._range_text
                self._range_open = False
                self._bound(token)
            elif kind in _BOUND_KINDS:
                self._bound(token)
            else:
                self._manner(token)
        if self._each_time:
            self.leftover.append("每次")
            self._each_time = False
        self._bracket = False
        if kind not in (Kind.BEFORE, Kind.AFTER, Kind.ABOUT):
            if self._range_open:
                self.doubts.ask("range_unclear", text=self._range_text + token.text)
            self._range_open = False
            if (
                self._early_deadline
                and (kind in _DAY_KINDS or kind in _BOUND_KINDS)
                and kind is not Kind.TENTH
                and not self._names_weekday(token)
            ):
                early, self._early_deadline = self._early_deadline, None
                self._limit(early)
                self._deadline_named = early.text + token.text if early.kind is Kind.BEFORE else ""
        self._listed = False

    def _names_weekday(self, token: Token) -> bool:
        """True for the "next" of "by next Friday": the weekday behind it is the day meant."""
        behind = self._behind[0] if self._behind else None
        return token.kind is Kind.RELATIVE_WEEK and isinstance(behind, Token) and behind.kind is Kind.WEEKDAYS

    def _hours_alone_follow(self) -> bool:
        """True where the statement that begins names hours first and no day."""
        if not self._behind or not isinstance(self._behind[0], Stretch):
            return False
        for item in self._behind:
            if isinstance(item, Token) and item.kind is Kind.STOP:
                break
            if isinstance(item, Token) and (item.kind in _DAY_KINDS or item.kind in _BOUND_KINDS):
                return False
        return True

    def _new_clause(self) -> None:
        self._close_until()
        if self.clause.has_days and self.clause.stretches and self._hours_alone_follow():
            # 每天9:00-11:30;14:00-16:30: more hours of the same days.
            return
        if not self.clause.empty:
            self._next_clause()

    def _opens_until(self) -> bool:
        """True for 至12月底, until the end of January: a range that only names its end, by a month or a week."""
        clause = self.clause
        if not self._range_open or self._until:
            return False
        return not (clause.months or clause.weeks or clause.tenth or clause.nth_week)

    def _close_until(self) -> None:
        """The month or week behind 至 is over: its last day ends the time, or the range that a date began."""
        if not self._until:
            return
        self._until, clause = "", self.clause
        month = clause.months.pop() if clause.months else None
        within, clause.within = clause.within, False
        if clause.tenth:
            last = tenth_of(clause.tenth, month or month_after(0, self.filed_on))[1]
            clause.tenth = ""
        elif clause.weeks:
            last = clause.weeks.pop()[1]
        elif month and (within or clause.since):
            # 11月起至1月 counts that month.
            last = month[1]
        else:
            # Until January: the month's first day or its last?
            self.doubts.ask("range_unclear", text=self._range_text)
            return
        if clause.dates and clause.dates[-1][0] == clause.dates[-1][1]:
            self._range_open = True
            self._close_range(last)
        else:
            clause.by = last

    def _begins_clause(self, token: Token) -> bool:
        """True for a day behind the hours of other days; hours written first are shared by all days behind them."""
        clause = self.clause
        if clause.hours_first and not clause.has_days and self._listed:
            # Evenings and weekends: the evenings of which days?
            self.doubts.ask("statements_disagree")
        if token.kind is Kind.NTHS and clause.nths and clause.weekdays:
            # 每月第一个周一和第三个周五: each with its own weekday; the month and the hours behind belong to both.
            self._sharing = [] if clause.stretches else [*self._sharing, clause]
            return True
        if token.kind is Kind.WEEKEND and clause.holidays and self._listed and not clause.has_other_days:
            self._sharing = [] if clause.stretches else [*self._sharing, clause]
            self._loose_holidays = None
            return True
        bounded_behind = clause.months and clause.has_days and not clause.bounds_first
        if bounded_behind and token.kind in (Kind.WEEKDAYS, Kind.WEEKEND, Kind.WORKDAYS):
            # Tuesdays in December and Wednesdays in January: which days does the month bound?
            self.doubts.ask("statements_disagree")
        if token.kind is Kind.DAILY and clause.daily:
            # 每天上午,每天一次: the same days once more.
            return False
        return bool(
            clause.stretches and clause.has_days and not clause.hours_first and not self._confirms(token)
        )

    def _share_hours(self) -> None:
        """A new clause for other days of the same hours."""
        clause = self.clause
        self._sharing = [] if clause.stretches else [*self._sharing, clause]
        self._next_clause()
        self.clause.empty = False

    def _begins_span(self) -> bool:
        """True for the second month of 12月每周二,1月每周三: it bounds the days behind it, not those before."""
        clause = self.clause
        return clause.bounds_first and clause.has_days and not self._range_open and not self._until

    def _confirms(self, token: Token) -> bool:
        """True for a weekday behind a date, and for a date behind one weekday and its hours: they mean one day."""
        clause = self.clause
        if token.kind is Kind.WEEKDAYS:
            return bool(clause.dates) and not clause.weekdays
        if token.kind not in (Kind.DATE, Kind.MONTH_DAYS, Kind.RELATIVE_DAY):
            return False
        plain = len(clause.weekdays) == 1 and not (
            clause.nths or clause.dates or clause.month_days or clause.unit
        )
        return (plain and not self._listed and not self._either) or (
            self._bracket and bool(clause.dates) and not clause.weekdays
        )

    def _day(self, token: Token) -> None:
        clause, value = self.clause, token.value
        match token.kind:
            case Kind.DATE:
                self._date(token)
            case Kind.RELATIVE_DAY:
                assert isinstance(value, int)
                on = self.filed_on + timedelta(days=value)
                self._dated(on)
            case Kind.MONTH_DAYS:
                assert isinstance(value, tuple)
                self._month_days([int(day) for day in value], token)
            case Kind.ENDINGS:
                assert isinstance(value, tuple)
                if clause.unit not in ("", "month") or clause.weekdays:
                    self.doubts.ask("statements_disagree")
                if "逢" in token.text:
                    self.doubts.note("ending_days", text=token.text)
                clause.every, clause.unit = clause.every or 1, "month"
                clause.month_days.extend(int(day) for day in value)
            case Kind.LUNAR_DAYS:
                assert isinstance(value, tuple)
                clause.lunar_days.extend(int(day) for day in value)
            case Kind.WEEKDAYS:
                assert isinstance(value, tuple)
                self._weekdays([int(day) for day in value], token)
            case Kind.WEEKEND:
                clause.weekend = True
                self._weekdays([5, 6], token)
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
        elif not clause.dates or any(first != last for first, last in clause.dates):
            # 12月26日、27日每天上午: each of these days, and no other.
            clause.daily = True

    def _date(self, token: Token) -> None:
        on = resolve_date(token, self.doubts, filed_on=self.filed_on)
        if on is None:
            return
        if (on, on) in self.clause.dates and not self._range_open:
            # 12月5日志愿者日 names one day twice.
            return
        assert isinstance(token.value, tuple)
        self.clause.yearless = self.clause.yearless and token.value[0] == 0
        self._numbered = any(char.isdigit() for char in token.text)
        if self._range_open and self.clause.dates:
            self._close_range(on)
        elif self._range_open and self._range_text != "-":
            # Until 20 December, 到12月20日: a range without a beginning is a deadline.
            self._range_open, self.clause.by = False, on
        else:
            self._dated(on)

    def _dated(self, on: date) -> None:
        """One more date, unless it only tells again, in brackets, which day was named (腊八节上午(1月15日))."""
        clause = self.clause
        if self._bracket and clause.dates and not clause.weekdays:
            if (on, on) not in clause.dates:
                self.doubts.ask("statements_disagree")
            return
        clause.dates.append((on, on))

    def _close_range(self, last: date) -> None:
        self._range_open = False
        first = self.clause.dates[-1][0]
        if last < first:
            self.doubts.ask("period_reversed", first=first.isoformat(), last=last.isoformat())
        else:
            self.clause.dates[-1] = (first, last)

    def _month_days(self, days: list[int], token: Token) -> None:
        clause = self.clause
        if any(not 1 <= day <= 31 and day != -1 for day in days):
            self.doubts.ask("date_impossible", text=token.text)
            return
        if clause.dates and not clause.monthly:
            for day in days:
                on = make_date(clause.dates[-1][0].year, clause.dates[-1][0].month, day, self.filed_on)
                if on is None:
                    self.doubts.ask("date_impossible", text=token.text)
                elif self._range_open:
                    self._close_range(on)
                else:
                    self._dated(on)
        elif self._range_open and clause.month_days:
            first, self._range_open = clause.month_days[-1], False
            if days[0] < first:
                self.doubts.ask("range_unclear", text=token.text)
            clause.month_days.extend([*range(first + 1, days[0] + 1), *days[1:]])
        else:
            clause.month_days.extend(days)

    def _weekdays(self, days: list[int], token: Token) -> None:
        clause = self.clause
        if (
            self._range_open
            and self._range_text != "-"
            and len(days) == 1
            and not clause.has_days
            and not clause.weeks
        ):
            # Until Friday, 到周五: a range without a beginning is a deadline.
            self._range_open = False
            clause.by = self.filed_on + timedelta(days=(days[0] - self.filed_on.weekday()) % 7)
            return
        if self._range_open and clause.weeks and not clause.has_days and len(days) == 1:
            self._range_open = False
            clause.by = clause.weeks.pop()[0] + timedelta(days=days[0])
            return
        if clause.weeks and not clause.dates and clause.weeks[-1][0].weekday() == 0 and not self._until:
            named = clause.weeks.pop()[0]
            clause.dates.extend((named + timedelta(days=day),) * 2 for day in days)
            self._week_of_dates = named
            return
        if clause.nth_week and clause.monthly and not clause.nths:
            # 每月第二周的周五: the second Friday.
            clause.nths.append(clause.nth_week)
            clause.nth_week = 0
            self.doubts.note("first_such_weekday")
        monday = self._week_of_dates
        if (
            clause.dates
            and self._listed_or_either
            and monday
            and not clause.weekdays
            and not clause.stretches
        ):
            # 下周二或周三: both of the week named.
            clause.dates.extend((monday + timedelta(days=day),) * 2 for day in days)
            return
        clause.weekday_text = token.text
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
            case Kind.EVERY:
                assert isinstance(value, tuple)
                self._period(int(value[0]), str(value[2]), token)
            case Kind.TIMES if not value or (isinstance(value, int) and value > EVERY_MAX):
                self.doubts.ask("times_absurd", times=token.text)
            case Kind.TIMES:
                assert isinstance(value, int)
                self._once_only(clause.times, value)
                clause.times = value
            case Kind.DURATION:
                assert isinstance(value, int)
                self._length(value, token)
            case Kind.AT_LEAST:
                clause.at_least = True
            case Kind.CHOICE:
                clause.choice = True
            case Kind.EACH:
                clause.each = True
            case Kind.EVEN_WEEKS:
                clause.even_weeks = True
            case Kind.ANCHOR:
                assert isinstance(value, tuple)
                clause.anchor_on = resolve_date(
                    Token(Kind.DATE, value, token.text), self.doubts, filed_on=self.filed_on
                )
            case Kind.FROM_NOW:
                clause.since = self.filed_on
            case Kind.HOURS_IN:
                assert isinstance(value, int)
                clause.by = self.filed_on + timedelta(days=-(-value // 24))
                self.doubts.note("within_hours", date=clause.by.isoformat())
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
                if token.leads:
                    self._early_deadline = token
                else:
                    self._limit(token)
            case Kind.SCHOOL_HOLIDAY:
                self._only_holidays(Frequency.SCHOOL_HOLIDAYS)
            case _:
                # 节假日 means weekends to some; beside the weekends it is the same.
                beside_weekends = self._listed and self.clause.weekend
                self._only_holidays(Frequency.PUBLIC_HOLIDAYS)
                if token.text not in _PUBLIC and not beside_weekends:
                    self._loose_holidays = self.clause

    def _only_holidays(self, which: Frequency) -> None:
        if self._listed and self.clause.weekend and not self.clause.holidays:
            # 周末及节假日上午: two kinds of days, the hours behind belong to both.
            self._share_hours()
        if self.clause.holidays not in (None, which):
            self.doubts.ask("holiday_only")
        self.clause.holidays = which

    def _period(self, every: int, unit: str, token: Token) -> None:
        """每周, 每两周, every quarter; 共 beside a period of its own adds nothing (每周共5小时)."""
        clause = self.clause
        if not 1 <= every <= EVERY_MAX:
            self.doubts.ask("times_absurd", times=token.text)
        elif not clause.unit or clause.unit == "total":
            clause.every, clause.unit = every, unit
            for other in self._sharing:
                if not other.unit:
                    other.every, other.unit = every, unit
        elif unit != "total" and (clause.every, clause.unit) != (every, unit):
            self.doubts.ask("statements_disagree")

    def _length(self, minutes: int, token: Token) -> None:
        """每次一小时 and 周三下午,两小时 are the length of one visit, 每周两小时 and 2 hours a week the whole of a week."""
        clause, each_time = self.clause, self._each_time
        self._each_time = False
        if not 1 <= minutes <= 24 * 60 * 31:
            self.doubts.ask("times_absurd", times=token.text)
        elif each_time:
            if clause.minutes_each not in (0, minutes):
                self.doubts.ask("statements_disagree")
            clause.minutes_each = minutes
        elif clause.minutes or clause.minutes_each:
            self.leftover.append(token.text)
        else:
            clause.minutes = minutes

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
        span = self._limited_span(token, before)
        if span is None:
            if before and clause.month_days and clause.monthly:
                clause.month_days[:] = range(1, max(clause.month_days) + 1)
            elif clause.month_days and clause.monthly:
                clause.month_days[:] = range(min(clause.month_days), 32)
            else:
                # 到12月15日为止 has said it already.
                self.leftover.extend([] if before and clause.by else [token.text])
        elif before:
            clause.by = span
        else:
            clause.since = span

    def _limited_span(self, token: Token, before: bool) -> date | None:
        """The day a deadline or a start word speaks of, its facts taken off the clause."""
        clause = self.clause
        if clause.tenth:
            month = clause.months.pop() if clause.months else month_after(0, self.filed_on)
            name, clause.tenth = clause.tenth, ""
            return deadline_of(name, month) if before else tenth_of(name, month)[0]
        if clause.dates:
            first, last = clause.dates.pop()
            # 12月15日前 counts that day, "before 15 December" does not.
            return (last - _DAY if token.text == "before" and self._numbered else last) if before else first
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
        if clause.month_days and not clause.monthly and len(clause.month_days) == 1:
            return self.next_day(clause.month_days.pop())
        if len(clause.weekdays) == 1 and not self._every_week():
            day = clause.weekdays.pop()
            if token.text == "before":
                # 周五前 counts that day, "before Friday" does not.
                return self.filed_on + timedelta(days=(day - self.filed_on.weekday() - 1) % 7)
            return self.filed_on + timedelta(days=(day - self.filed_on.weekday()) % 7)
        return None

    def _every_week(self) -> bool:
        """True for 每周五, Fridays: such a day has no one date."""
        clause = self.clause
        named = clause.weekday_text
        return bool(
            named.startswith(("每", "every"))
            or named.endswith("s")
            or clause.nths
            or clause.stretches
            or clause.unit
        )

    def next_day(self, day: int) -> date | None:
        """The next date with this day of the month, noted as an assumption."""
        for offset in range(12):
            first, last = month_after(offset, self.filed_on)
            if day == -1:
                return last
            if day <= last.day and first.replace(day=day) >= self.filed_on:
                self.doubts.note("next_such_day", date=first.replace(day=day).isoformat())
                return first.replace(day=day)
        return None
