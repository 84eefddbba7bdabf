"""Between which days a statement holds: months, weeks, 前 and 起, until, the days around a date."""

from __future__ import annotations

from datetime import date, timedelta

from marketplace.times.days import (
    deadline_of,
    month_after,
    month_end,
    resolve_month,
    tenth_of,
    week_after,
    week_of_month,
)
from marketplace.times.facts.days import NamedDays
from marketplace.times.facts.statements import DAY
from marketplace.times.tokens import Kind, Token


class Bounds(NamedDays):
    """Puts bounds onto the open clause."""

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
            return (last - DAY if token.text == "before" and self._numbered else last) if before else first
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

    def _offset(self, days: int, token: Token) -> None:
        """端午节前一周: the days before or after the one date named last."""
        if not self.clause.dates or self._range_named():
            self.leftover.append(token.text)
            return
        on = self.clause.dates.pop()[0]
        near, far = on + timedelta(days=1 if days > 0 else -1), on + timedelta(days=days)
        self.clause.dates.append((min(near, far), max(near, far)))
