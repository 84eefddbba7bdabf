"""The walk over a phrase: every token and every stretch of hours goes to the statement it belongs to."""

from __future__ import annotations

from marketplace.times.clock import Stretch
from marketplace.times.facts.clause import Clause
from marketplace.times.facts.frequency import Frequencies
from marketplace.times.facts.statements import BOUND_KINDS, DAY_KINDS
from marketplace.times.tokens import Kind, Token

_SPANS = frozenset({Kind.MONTH_YEAR, Kind.MONTH_RANGE, Kind.RELATIVE_MONTH})


class Collector(Frequencies):
    """Walks over the items of a phrase once and fills clauses."""

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

    def _token(self, token: Token) -> None:
        kind = token.kind
        self._deadline_named = ""
        if self._until and kind is Kind.WEEKDAYS and self.clause.weeks:
            # Until next Friday: that day ends it, not its week.
            self._range_open, self._range_text, self._until = True, self._until, ""
        if self._until and kind not in BOUND_KINDS:
            self._close_until()
        if kind in DAY_KINDS and self._begins_clause(token):
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
            if kind in DAY_KINDS:
                self.clause.choice = self.clause.choice or self._either
                self._listed_or_either = self._listed or self._either
                clause = self.clause
                clause.bounds_first = clause.bounds_first or bool(clause.months and not clause.has_days)
                self._either = False
                self._day(token)
            elif kind in BOUND_KINDS and self._opens_until():
                self._until = self._range_text
                self._range_open = False
                self._bound(token)
            elif kind in BOUND_KINDS:
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
                and (kind in DAY_KINDS or kind in BOUND_KINDS)
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
            if isinstance(item, Token) and (item.kind in DAY_KINDS or item.kind in BOUND_KINDS):
                return False
        return True

    def _new_clause(self) -> None:
        self._close_until()
        if self.clause.has_days and self.clause.stretches and self._hours_alone_follow():
            # 每天9:00-11:30;14:00-16:30: more hours of the same days.
            return
        if not self.clause.empty:
            self._next_clause()

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
