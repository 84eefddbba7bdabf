"""Two numbers that are a date to one reader and a time, or another date, to the next: 8.30 and 3/4.

They are settled by what can stand on a calendar or a clock at all, then by what stands beside them (a weekday, a part of
the day, another clock). What stays open is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from marketplace.times.clock import Doubts
from marketplace.times.days import make_date
from marketplace.times.tokens import Kind, Token


class DateOrder(StrEnum):
    """Which number of 3/4 a community writes first."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"


# Beside one of these, 8.30 is a time of day.
_SETTLES_CLOCK = frozenset(
    {
        Kind.PART,
        Kind.WEEKDAYS,
        Kind.WEEKEND,
        Kind.WORKDAYS,
        Kind.DAILY,
        Kind.DATE,
        Kind.MONTH_DAYS,
        Kind.REST,
        Kind.ENDINGS,
    }
)
_JOINS = frozenset({Kind.LIST, Kind.RANGE, Kind.OR, Kind.COMMA})
_CJK = range(0x4E00, 0xA000)


def settled(
    tokens: list[Token], doubts: Doubts, *, filed_on: date, order: DateOrder | None = None
) -> list[Token]:
    """The tokens with every pair of numbers as a date or a clock, or asked about."""
    found = list(tokens)
    chinese = any(ord(char) in _CJK for token in tokens for char in token.text)
    if order is None and chinese:
        order = DateOrder.MONTH_FIRST
    weekdays = [token.value for token in tokens if token.kind is Kind.WEEKDAYS]
    at = 0
    while at < len(found):
        # What cannot be settled is asked about and leaves no token.
        if found[at].kind is Kind.SLASHED:
            date_ = _slashed(found[at], weekdays, doubts, filed_on, order)
            found[at : at + 1] = [date_] if date_ else []
        elif found[at].kind is Kind.DOTTED:
            end = _group_end(found, at)
            found[at:end] = _dotted(found, at, end, doubts)
        at += 1
    return found


def _slashed(
    token: Token, weekdays: Sequence[object], doubts: Doubts, filed_on: date, order: DateOrder | None
) -> Token | None:
    assert isinstance(token.value, tuple)
    year, first, second = (int(number) for number in token.value)
    days = {
        DateOrder.MONTH_FIRST: make_date(year, first, second, filed_on),
        DateOrder.DAY_FIRST: make_date(year, second, first, filed_on),
    }
    possible = [one for one, on in days.items() if on is not None]
    fitting = [one for one in possible if [(_weekday(days[one]),)] == list(weekdays)]
    if len(fitting) == 1:
        possible = fitting
    elif order in possible:
        possible = [order]
    if not possible or (len(possible) > 1 and first != second):
        doubts.ask("slash_unclear" if possible else "date_impossible", text=token.text)
        return None
    month, day = (first, second) if possible[0] is DateOrder.MONTH_FIRST else (second, first)
    return Token(Kind.DATE, (year, month, day), token.text)


def _weekday(on: date | None) -> int:
    return -1 if on is None else on.weekday()


def _group_end(tokens: list[Token], at: int) -> int:
    """The end of a run of dotted numbers: 12.12、12.13 are settled together."""
    end = at + 1
    while end + 1 < len(tokens) and tokens[end].kind in _JOINS and tokens[end + 1].kind is Kind.DOTTED:
        end += 2
    return end


def _dotted(tokens: list[Token], at: int, end: int, doubts: Doubts) -> list[Token]:
    group = tokens[at:end]
    numbers = [token for token in group if token.kind is Kind.DOTTED]
    dates = _one_of_dates(tokens, group, numbers)
    date_ = dates or _is_date(numbers, tokens[:at], tokens[end:])
    if date_ is None:
        doubts.ask("clock_or_date", text=numbers[0].text)
        return []
    return [_as(token, date_) if token.kind is Kind.DOTTED else token for token in group]


def _one_of_dates(tokens: list[Token], group: list[Token], numbers: list[Token]) -> bool:
    """11.25上午、11.27下午: where 11.27 can only be a date, 11.25 is one of the same month."""
    months = {_parts(one)[0] for one in numbers}
    if len(months) > 1 or len(group) > 1 or not all(1 <= _parts(one)[1] <= 31 for one in numbers):
        return False
    others = [one for one in tokens if one not in group and "." in one.text]
    dates = [one.value[1:] for one in others if one.kind is Kind.DATE and isinstance(one.value, tuple)]
    dates += [_parts(one)[:2] for one in others if one.kind is Kind.DOTTED]
    return any(month in months and int(day) % 5 and int(day) <= 31 for month, day in dates)


def _as(token: Token, is_date: bool) -> Token:
    first, second, _ = _parts(token)
    if is_date:
        return Token(Kind.DATE, (0, first, second), token.text)
    return Token(Kind.CLOCK, (first, second, ""), token.text)


def _is_date(numbers: list[Token], before: list[Token], after: list[Token]) -> bool | None:
    """True for dates, False for clocks, None where both are possible."""
    dates = all(1 <= _parts(one)[0] <= 12 and 1 <= _parts(one)[1] <= 31 for one in numbers)
    clocks = all(
        len(_parts(one)[2]) == 2 and _parts(one)[0] <= 24 and _parts(one)[1] <= 59 for one in numbers
    )
    if dates != clocks:
        return dates
    if not dates:
        return None
    beside = before[-1].kind if before else None
    if beside in _SETTLES_CLOCK and (beside is Kind.PART or len(numbers) > 1 or not _hours_follow(after)):
        return False
    if _hours_follow(after) or any(_parts(one)[1] % 5 for one in numbers):
        return True
    return False if any(one.kind in _SETTLES_CLOCK for one in before) else None


def _hours_follow(after: list[Token]) -> bool:
    """True when a clock of its own follows, maybe behind a part of the day or a weekday in brackets."""
    kinds = [one.kind for one in after if one.kind not in (Kind.OPEN, Kind.CLOSE, Kind.COMMA)]
    while kinds and kinds[0] in (Kind.PART, Kind.WEEKDAYS, Kind.DAILY):
        if kinds[0] in (Kind.WEEKDAYS, Kind.DAILY):
            return True
        kinds = kinds[1:]
    return bool(kinds) and kinds[0] in (Kind.CLOCK, Kind.DOTTED)


def _parts(token: Token) -> tuple[int, int, str]:
    value = token.value
    assert isinstance(value, tuple)
    assert len(value) == 3
    return int(value[0]), int(value[1]), str(value[2])
