"""Dates out of tokens: the missing year, the parts of a month, the weeks as a wall calendar counts them."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

from marketplace.times.clock import Doubts
from marketplace.times.tokens import Kind, Token

# A date without a year may lie this far back before the next year is meant.
DAYS_BACK = 31
# Further away than this, a year is a slip of the pen.
YEARS_MAX = 10
DateRange = tuple[date, date]


def month_end(year: int, month: int) -> date:
    """The last day of the month."""
    return date(year, month, months.monthrange(year, month)[1])


def resolve_date(token: Token, doubts: Doubts, *, filed_on: date) -> date | None:
    """The date of a DATE token; None with a question when no calendar has it."""
    assert token.kind is Kind.DATE
    assert isinstance(token.value, tuple)
    year, month, day = (int(number) for number in token.value)
    on = make_date(_named_year(year, filed_on), month, day, filed_on)
    if on is None:
        doubts.ask("date_impossible", text=token.text)
    elif abs(on.year - filed_on.year) > YEARS_MAX:
        doubts.ask("date_far", date=on.isoformat())
        return None
    elif on < filed_on:
        doubts.note("date_passed", date=on.isoformat())
    return on


def _named_year(year: int, filed_on: date) -> int:
    """今年 (-1) and 明年 (-2) as numbers; 0 stays open."""
    return {-1: filed_on.year, -2: filed_on.year + 1}.get(year, year)


def make_date(year: int, month: int, day: int, filed_on: date) -> date | None:
    """The date; with year 0 the first that is not more than DAYS_BACK before the filing day."""
    years = [year] if year else [filed_on.year, filed_on.year + 1, filed_on.year + 2, filed_on.year + 3]
    for candidate in years:
        try:
            on = date(candidate, month, day)
        except ValueError:
            continue
        if year or on >= filed_on - timedelta(days=DAYS_BACK):
            return on
    return None


def resolve_month(year: int, month: int, filed_on: date) -> DateRange | None:
    """The first and last day of the month, with year 0 the next such month that has not ended; None for no month near."""
    if not 1 <= month <= 12:
        return None
    year = _named_year(year, filed_on)
    if year and abs(year - filed_on.year) > YEARS_MAX:
        return None
    if not year:
        year = filed_on.year if month_end(filed_on.year, month) >= filed_on else filed_on.year + 1
    return date(year, month, 1), month_end(year, month)


def tenth_of(name: str, month: DateRange) -> DateRange:
    """The days of 上旬, 中旬 or 下旬 of the month; 月底 (last) is its last third too."""
    first, last = {"start": (1, 10), "middle": (11, 20)}.get(name, (21, month[1].day))
    return month[0].replace(day=first), month[0].replace(day=last)


def deadline_of(name: str, month: DateRange) -> date:
    """The last day of 中旬前 (the 10th), 上旬前 (the day before the month), 月底前 (the month's last day)."""
    return month[1] if name == "last" else tenth_of(name, month)[0] - timedelta(days=1)


def week_of_month(nth: int, month: DateRange) -> DateRange | None:
    """The days of the month's nth week, Monday to Sunday; a week belongs to the month that has most of its days."""
    thursday = month[0] + timedelta(days=(3 - month[0].weekday()) % 7)
    thursdays = [thursday + timedelta(weeks=n) for n in range(5) if thursday + timedelta(weeks=n) <= month[1]]
    if nth == 0 or nth > len(thursdays) or nth < -1:
        return None
    middle = thursdays[nth - 1 if nth > 0 else -1]
    return max(middle - timedelta(days=3), month[0]), min(middle + timedelta(days=3), month[1])


def week_after(weeks: int, filed_on: date) -> DateRange:
    """Monday and Sunday of the week `weeks` after that of the filing day."""
    monday = filed_on - timedelta(days=filed_on.weekday()) + timedelta(weeks=weeks)
    return monday, monday + timedelta(days=6)


def month_after(offset: int, filed_on: date) -> DateRange:
    """The first and last day of the month `offset` after that of the filing day."""
    number = filed_on.year * 12 + filed_on.month - 1 + offset
    return date(number // 12, number % 12 + 1, 1), month_end(number // 12, number % 12 + 1)
