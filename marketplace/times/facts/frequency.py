"""How often and how long: 每两周一次, 每周两小时, 每次一小时, 任选一天, within 24 hours, only in holidays."""

from __future__ import annotations

from datetime import timedelta

from marketplace.times.days import resolve_date
from marketplace.times.facts.bounds import Bounds
from marketplace.times.tokens import Kind, Token
from marketplace.values import Frequency

# Longer than two years, or more often than this, nothing in a neighbourhood comes round.
EVERY_MAX = 731
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


class Frequencies(Bounds):
    """Puts how often, how long and how firm into the open clause."""

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
