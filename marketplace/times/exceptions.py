"""Days taken out again, and warning times: read first, so that what remains speaks of open time only.

Chinese names the days and then shuts them (周一闭馆, 寒暑假除外), English mostly the other way round (closed Mondays,
except school holidays). Both are lifted out of the token list here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from marketplace.times.clock import Doubts
from marketplace.times.days import resolve_date
from marketplace.times.tokens import Kind, Token

_DAYS_OFF = frozenset(
    {
        Kind.WEEKDAYS,
        Kind.WEEKEND,
        Kind.MONTH_YEAR,
        Kind.MONTH_RANGE,
        Kind.DATE,
        Kind.MONTH_DAYS,
        Kind.SCHOOL_HOLIDAY,
        Kind.PUBLIC_HOLIDAY,
    }
)
# An exception longer than the longest holiday of a school is a slip.
_RANGE_DAYS_MAX = 93
_NAMES_MONTH = frozenset({Kind.MONTH_YEAR, Kind.DATE})
_JOINS = frozenset({Kind.LIST, Kind.OR, Kind.OPEN, Kind.CLOSE, Kind.EXAMS})


@dataclass(slots=True)
class Exceptions:
    """What was taken out of the phrase before its open times are read."""

    weekdays: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    school_holidays: bool = False
    public_holidays: bool = False
    parts: set[str] = field(default_factory=set)
    notice_days: int = 0


def lift_exceptions(tokens: list[Token], doubts: Doubts, *, filed_on: date) -> tuple[list[Token], Exceptions]:
    """The tokens without exceptions and warning times, and what those said."""
    taken = Exceptions()
    rest: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.kind is Kind.NOTICE:
            assert isinstance(token.value, int)
            taken.notice_days = max(taken.notice_days, token.value)
        elif token.kind is Kind.EXCEPT_SUFFIX and _part_of_any_day(rest):
            # 上午都行,下午不行: the afternoons were never open.
            taken.parts.add(str(rest.pop().value))
        elif token.kind is Kind.EXCEPT_SUFFIX:
            _apply(_pop_days(rest), token, taken, doubts, filed_on, rest)
        elif token.kind is Kind.EXCEPT_PREFIX:
            end = at
            while end < len(tokens) and (tokens[end].kind in _DAYS_OFF or _joins_days(tokens, end)):
                end += 1
            days = tokens[at:end]
            while end < len(tokens) and tokens[end].kind is Kind.EXCEPT_SUFFIX:
                end += 1
            _apply(days, token, taken, doubts, filed_on, rest)
            at = end
        else:
            rest.append(token)
    return rest, taken


def _part_of_any_day(rest: list[Token]) -> bool:
    """True when a part of the day stands before the word, and no day that it belongs to."""
    beside = rest[-2].kind if len(rest) > 1 else Kind.COMMA
    return bool(rest) and rest[-1].kind is Kind.PART and beside in (Kind.COMMA, Kind.STOP, Kind.PART)


def _joins_days(tokens: list[Token], at: int) -> bool:
    """True at a joint of a list of days: 、 or and, and the commas of "Mondays, Tuesdays and Fridays"."""
    if at + 1 >= len(tokens) or tokens[at + 1].kind not in _DAYS_OFF:
        return False
    if _joins_dates(tokens, at):
        return True
    return tokens[at].kind in (Kind.LIST, Kind.OR) or (
        tokens[at].kind is Kind.COMMA and _ends_listed(tokens, at)
    )


def _joins_dates(tokens: list[Token], at: int) -> bool:
    """True at the middle of a range of dates."""
    if not 0 < at < len(tokens) - 1 or tokens[at].kind is not Kind.RANGE:
        return False
    return tokens[at - 1].kind is tokens[at + 1].kind is Kind.DATE


def _ends_listed(tokens: list[Token], at: int) -> bool:
    """True when the commas from `at` on lead to "and", a last day, and nothing more of the same statement."""
    while at + 1 < len(tokens) and tokens[at].kind is Kind.COMMA and tokens[at + 1].kind in _DAYS_OFF:
        at += 2
    if at + 1 >= len(tokens) or tokens[at].kind is not Kind.LIST or tokens[at + 1].kind not in _DAYS_OFF:
        return False
    return at + 2 == len(tokens) or tokens[at + 2].kind in (Kind.COMMA, Kind.STOP, Kind.CLOSE)


def _pop_days(rest: list[Token]) -> list[Token]:
    """The days named directly before, lists and brackets included, taken off `rest`."""
    days: list[Token] = []
    while rest and (
        rest[-1].kind in _DAYS_OFF
        or rest[-1].kind in _JOINS
        or _joins_dates([*rest, *days[-1:]], len(rest) - 1)
    ):
        if (
            rest[-1].kind is Kind.OPEN
            and days
            and not any(t.kind is Kind.CLOSE for t in days)
            and (len(rest) < 2 or rest[-2].kind is not Kind.EXAMS)
        ):
            # The exception stands in brackets of its own: what is before them is open time.
            rest.pop()
            break
        days.append(rest.pop())
    return days[::-1]


def _apply(
    days: list[Token], word: Token, taken: Exceptions, doubts: Doubts, filed_on: date, before: list[Token]
) -> None:
    days, ranges = _without_ranges(days)
    for starts, ends in ranges:
        _take_dates(starts, ends, taken, doubts, filed_on)
    named = [token for token in days if token.kind in _DAYS_OFF]
    if not named and not ranges:
        doubts.ask("exception_unread", text="".join(token.text for token in days) + word.text)
    for token in named:
        match token.kind:
            case Kind.WEEKDAYS:
                assert isinstance(token.value, tuple)
                taken.weekdays.update(int(day) for day in token.value)
            case Kind.WEEKEND:
                taken.weekdays.update((5, 6))
            case Kind.MONTH_YEAR:
                assert isinstance(token.value, tuple)
                _take_months(range(int(token.value[1]), int(token.value[1]) + 1), token, taken, doubts)
            case Kind.MONTH_RANGE:
                assert isinstance(token.value, tuple)
                first, last = int(token.value[0]), int(token.value[1])
                span = range(first, last + 1) if first <= last else [*range(first, 13), *range(1, last + 1)]
                _take_months(span, token, taken, doubts)
            case Kind.DATE:
                on = resolve_date(token, doubts, filed_on=filed_on)
                if on is not None:
                    taken.dates.add(on)
            case Kind.MONTH_DAYS:
                _take_month_days(token, [*before, *named[: named.index(token)]], taken, doubts, filed_on)
            case Kind.SCHOOL_HOLIDAY:
                taken.school_holidays = True
            case _:
                taken.public_holidays = True


def _take_month_days(
    token: Token, before: list[Token], taken: Exceptions, doubts: Doubts, filed_on: date
) -> None:
    """12月都行,24日除外: the 24th of the month named; without one it is asked about."""
    months = {one.value[:2] for one in before if one.kind in _NAMES_MONTH and isinstance(one.value, tuple)}
    if len(months) != 1:
        doubts.ask("exception_unread", text=token.text)
        return
    assert isinstance(token.value, tuple)
    year, month = (int(number) for number in months.pop())
    for day in token.value:
        on = resolve_date(Token(Kind.DATE, (year, month, int(day)), token.text), doubts, filed_on=filed_on)
        if on is not None:
            taken.dates.add(on)


def _without_ranges(days: list[Token]) -> tuple[list[Token], list[tuple[Token, Token]]]:
    """The tokens that stand by themselves, and the two ends of every range of dates."""
    single: list[Token] = []
    ranges: list[tuple[Token, Token]] = []
    at = 0
    while at < len(days):
        if _joins_dates(days, at + 1):
            ranges.append((days[at], days[at + 2]))
            at += 3
        else:
            single.append(days[at])
            at += 1
    return single, ranges


def _take_dates(first: Token, last: Token, taken: Exceptions, doubts: Doubts, filed_on: date) -> None:
    starts = resolve_date(first, doubts, filed_on=filed_on)
    ends = resolve_date(last, doubts, filed_on=max(filed_on, starts) if starts else filed_on)
    if starts is None or ends is None:
        return
    if ends < starts:
        doubts.ask("period_reversed", first=starts.isoformat(), last=ends.isoformat())
    elif (ends - starts).days > _RANGE_DAYS_MAX:
        doubts.ask("exception_unread", text=f"{starts}–{ends}")
    else:
        taken.dates.update(starts + timedelta(days=step) for step in range((ends - starts).days + 1))


def _take_months(months: range | list[int], token: Token, taken: Exceptions, doubts: Doubts) -> None:
    if all(1 <= month <= 12 for month in months):
        taken.months.update(months)
    else:
        doubts.ask("date_impossible", text=token.text)
