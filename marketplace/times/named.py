"""Festivals, lunar dates and school seasons of a phrase, turned into plain dates before anything else is read.

A day by a name is the next such day. 春节 and 国庆 often mean several days off: with 当天, 前 or 后 they are clear, by
themselves they are the public days off around them, and where no notice names those days yet the phrase is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from marketplace.times.clock import Doubts
from marketplace.times.days import DateRange
from marketplace.times.festivals import festivals
from marketplace.times.tokens import Kind, Token
from marketplace.values import Calendar

# How a festival is named: by its bare name, as its one day (当天), as its days off (期间).
BARE, ONE_DAY, DAYS_OFF = 0, 1, 2
_DAY = timedelta(days=1)
_EXCLUSIVE = frozenset({"之前", "以前", "前", "before", "之后", "以后", "后", "after"})
_OPENING = frozenset({"起", "开始", "from", "since", "starting"})
_SEASON_DAYS_MAX = 450
_SEASON_MONTHS = {"winter": (12, 1, 2), "summer": (6, 7, 8)}


def dated(tokens: list[Token], doubts: Doubts, *, filed_on: date, calendar: Calendar) -> list[Token]:
    """The tokens with every named day as DATE, a named stretch as DATE RANGE DATE; what cannot be told is asked about."""
    namer = _Namer(_english_order(tokens), doubts, filed_on, calendar)
    return [token for at in range(len(namer.tokens)) for token in namer.named(at)]


def _english_order(tokens: list[Token]) -> list[Token]:
    """ "Two days before Christmas" turned round, as Chinese says it."""
    found = list(tokens)
    for at in range(len(found) - 1):
        if found[at].kind is Kind.OFFSET and found[at].text.isascii():
            found[at], found[at + 1] = found[at + 1], found[at]
    return found


class _Namer:
    """Names days one token at a time, looking at the neighbours that bound them."""

    def __init__(self, tokens: list[Token], doubts: Doubts, filed_on: date, calendar: Calendar) -> None:
        self.tokens, self.doubts, self.filed_on, self.calendar = tokens, doubts, filed_on, calendar
        self._lunar_month = (0, 0)

    def named(self, at: int) -> list[Token]:
        """What the token at this place becomes."""
        token = self.tokens[at]
        match token.kind:
            case Kind.FESTIVAL:
                return self._festival(at)
            case Kind.LUNAR_DATE:
                return self._lunar(token)
            case Kind.SEASON:
                return self._season(at)
            case Kind.MONTH_DAYS if self._ends_range(at):
                # 12月1日至3日: the second day belongs to the month of the first.
                first, day = self.tokens[at - 2].value, token.value
                assert isinstance(first, tuple)
                assert isinstance(day, tuple)
                return [Token(Kind.DATE, (int(first[0]), int(first[1]), int(day[0])), token.text)]
            case _:
                return [token]

    def _ends_range(self, at: int) -> bool:
        value = self.tokens[at].value
        return (
            at >= 2
            and self._kind(at - 1) is Kind.RANGE
            and self._kind(at - 2) is Kind.DATE
            and isinstance(value, tuple)
            and len(value) == 1
        )

    def _kind(self, at: int) -> Kind | None:
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else None

    def _festival(self, at: int) -> list[Token]:
        token = self.tokens[at]
        assert isinstance(token.value, tuple)
        year, how, name = int(token.value[0]), int(token.value[1]), str(token.value[2])
        festival = festivals()[name]
        on = self._next(lambda one: festival.on(one, self.calendar), year)
        if on is None:
            self.doubts.ask("festival_unknown", text=token.text)
            return []
        self.doubts.note("festival_day", name=token.text, date=on.isoformat())
        bound = self._bound(at)
        before = bound is not None and (bound.kind is Kind.BEFORE or _number(bound) < 0)
        if how == ONE_DAY or before or not (festival.many or how == DAYS_OFF):
            return self._bounded(bound, on, on, token.text)
        days_off = None if self._kind(at + 1) is Kind.ABOUT else self._days_off(on)
        if days_off is None:
            self.doubts.ask("festival_days", text=token.text)
            return []
        return self._bounded(bound, *days_off, token.text)

    def _bounded(self, bound: Token | None, first: date, last: date, text: str) -> list[Token]:
        """The stretch itself, or the one day that 前 or 后 counts from: 寒假前 ends on the day before it."""
        if bound is None:
            return _tokens(first, last, text)
        step = _DAY if bound.text in _EXCLUSIVE else timedelta(0)
        after = bound.kind is Kind.AFTER or _number(bound) > 0
        on = last + step if after and bound.text not in _OPENING else first + step if after else first - step
        return _tokens(on, on, text)

    def _bound(self, at: int) -> Token | None:
        """前 or 后 behind the festival, before or after in front of it; None when the day itself is meant."""
        bounds = (Kind.BEFORE, Kind.AFTER, Kind.OFFSET)
        if self._kind(at + 1) in bounds:
            return self.tokens[at + 1]
        if at and self._kind(at - 1) in bounds and self.tokens[at - 1].text.isascii():
            return self.tokens[at - 1]
        return None

    def _days_off(self, on: date) -> DateRange | None:
        """The public days off around a day; None while no notice names them."""
        known_until = getattr(self.calendar, "known_until", None)
        if (known_until is not None and on > known_until) or not self.calendar.is_public_holiday(on):
            return None
        first = last = on
        while self.calendar.is_public_holiday(first - _DAY):
            first -= _DAY
        while self.calendar.is_public_holiday(last + _DAY):
            last += _DAY
        return first, last

    def _next(self, on: Callable[[int], date | None], year: int) -> date | None:
        """The day of the year that is named, else the next to come."""
        named = {-1: self.filed_on.year, -2: self.filed_on.year + 1}.get(year, year)
        if named:
            return on(named)
        days = (on(self.filed_on.year + step) for step in range(-1, 3))
        return next((day for day in days if day is not None and day >= self.filed_on), None)

    def _lunar(self, token: Token) -> list[Token]:
        assert isinstance(token.value, tuple)
        year, month, day = (int(number) for number in token.value)
        year, month = (year, month) if month else self._lunar_month
        if not month:
            # 初一 by itself is a lunar day of no month, and the first year of a middle school too.
            return [Token(Kind.UNKNOWN, None, token.text)]
        self._lunar_month = year, month
        days = self._lunar_days(year, month)
        if days and day == 30 == len(days) + 1 and month == 12:
            # 腊月三十 is the year's last day also in a year whose last month has 29.
            day = 29
            self.doubts.note("lunar_short", year=str(days[-1].year), date=days[-1].isoformat())
        if day > len(days) or not days:
            self.doubts.ask("date_impossible", text=token.text)
            return []
        first, last = (days[day - 1], days[day - 1]) if day else (days[0], days[-1])
        self.doubts.note("lunar_day", text=token.text, date=first.isoformat())
        return _tokens(first, last, token.text)

    def _lunar_days(self, year: int, month: int) -> list[date]:
        """The 29 or 30 days of a lunar month, of the year named or the next to come; none for no such month."""

        def days(one: int) -> list[date]:
            found = (self.calendar.lunar_on(one, month, day) for day in range(1, 31))
            return [on for on in found if on is not None]

        last = self._next(lambda one: max(days(one), default=None), year)
        return next((found for one in _around(last) if (found := days(one)) and found[-1] == last), [])

    def _season(self, at: int) -> list[Token]:
        """School holidays and terms by the calendar's own days."""
        token = self.tokens[at]
        season, holidays = str(token.value), list(self._school_holidays())
        if season in _SEASON_MONTHS:
            found = next((one for one in holidays if one[0].month in _SEASON_MONTHS[season]), None)
        elif season == "term_start":
            found = (holidays[0][1] + _DAY, holidays[0][1] + _DAY) if holidays else None
        elif season == "term":
            inside = holidays and holidays[0][0] <= self.filed_on
            found = None if inside or not holidays else (self.filed_on, holidays[0][0] - _DAY)
        else:
            found = (holidays[0][1] + _DAY, holidays[1][0] - _DAY) if len(holidays) > 1 else None
        if found is None:
            self.doubts.ask("season_unknown", text=token.text)
            return []
        self.doubts.note(
            "season_days", text=token.text, first=found[0].isoformat(), last=found[1].isoformat()
        )
        return self._bounded(self._bound(at), *found, token.text)

    def _school_holidays(self) -> Iterator[DateRange]:
        """The school holidays that have not ended on the filing day, in order, as far ahead as the calendar goes."""
        first: date | None = None
        on = self.filed_on
        while self.calendar.is_school_holiday(on - _DAY) and self.calendar.is_school_holiday(on):
            on -= _DAY
        for step in range(_SEASON_DAYS_MAX):
            day = on + timedelta(days=step)
            if self.calendar.is_school_holiday(day):
                first = first or day
            elif first:
                yield first, day - _DAY
                first = None


def _around(on: date | None) -> tuple[int, ...]:
    """The lunar years a day may lie in."""
    return (on.year, on.year - 1) if on else ()


def _number(token: Token) -> int:
    return token.value if isinstance(token.value, int) else 0


def _tokens(first: date, last: date, text: str) -> list[Token]:
    start = Token(Kind.DATE, (first.year, first.month, first.day), text)
    if first == last:
        return [start]
    return [start, Token(Kind.RANGE, None, "至"), Token(Kind.DATE, (last.year, last.month, last.day), text)]
