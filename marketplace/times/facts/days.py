"""Days a statement names: dates, weekdays, days of the month, every day."""

from __future__ import annotations

from datetime import date, timedelta

from marketplace.times.days import make_date, month_after, resolve_date
from marketplace.times.facts.statements import Statements
from marketplace.times.tokens import Kind, Token


class NamedDays(Statements):
    """Puts days into the open clause."""

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
