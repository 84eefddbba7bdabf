"""Weekdays that only confirm the two ends of a range of dates: 11月30日(周一)至12月2日(周三), Mon 30 Nov - Wed 2 Dec.

They are checked against their dates and taken out, so that the range is every day of it. A weekday behind the whole range
(12月1日至12月31日(周二)) stays: it says which days of the range are meant.
"""

from __future__ import annotations

from datetime import date

from marketplace.times.clock import Doubts
from marketplace.times.days import make_date
from marketplace.times.tokens import Kind, Token

_BRACKETS = frozenset({Kind.OPEN, Kind.CLOSE})


def confirmed(tokens: list[Token], doubts: Doubts, *, filed_on: date) -> list[Token]:
    """The tokens without the weekdays that confirm an end of a range; one that disagrees with its date is asked about."""
    found = list(tokens)
    at = 0
    while at < len(found):
        if found[at].kind is Kind.RANGE:
            at = _confirm(found, at, doubts, filed_on)
        at += 1
    return found


def _confirm(tokens: list[Token], at: int, doubts: Doubts, filed_on: date) -> int:
    """Confirm both ends of the range at `at`; the place of the range afterwards."""
    first, last = _behind_date(tokens, at), _second(tokens, at)
    if first is None or last is None:
        return at
    first_on, inner_first, lead = first
    last_on, inner_last, tail = last
    both = bool(inner_first or lead) and bool(inner_last or tail)
    taken = [*inner_first, *inner_last, *((*lead, *tail) if both else ())]
    for place in taken:
        if tokens[place].kind is Kind.WEEKDAYS:
            on = first_on if place < at else last_on
            day = _date_of(tokens[on], tokens[first_on], filed_on)
            if day is not None and tokens[place].value != (day.weekday(),):
                doubts.ask("statements_disagree")
    for place in sorted(taken, reverse=True):
        del tokens[place]
    return at - sum(place < at for place in taken)


def _behind_date(tokens: list[Token], at: int) -> tuple[int, list[int], list[int]] | None:
    """The date before the range, the weekday between them, and the weekday before the date, as places."""
    place, between = at - 1, list[int]()
    while place >= 0 and (tokens[place].kind in _BRACKETS or _is_weekday(tokens[place])):
        between.append(place)
        place -= 1
    if place < 0 or tokens[place].kind is not Kind.DATE:
        return None
    lead = [place - 1] if place and _is_weekday(tokens[place - 1]) else []
    return place, between, lead


def _second(tokens: list[Token], at: int) -> tuple[int, list[int], list[int]] | None:
    """The date behind the range, the weekday between them, and the weekday in brackets behind the date, as places."""
    place = at + 1
    between = [place] if place < len(tokens) and _is_weekday(tokens[place]) else []
    place += len(between)
    if place >= len(tokens) or not _is_end(tokens[place]):
        return None
    behind = tokens[place + 1 : place + 4]
    in_brackets = [one.kind for one in behind] == [Kind.OPEN, Kind.WEEKDAYS, Kind.CLOSE] and _is_weekday(
        behind[1]
    )
    if in_brackets:
        return place, between, [place + 1, place + 2, place + 3]
    return place, between, [place + 1] if behind and _is_weekday(behind[0]) else []


def _is_weekday(token: Token) -> bool:
    return token.kind is Kind.WEEKDAYS and isinstance(token.value, tuple) and len(token.value) == 1


def _is_end(token: Token) -> bool:
    single = isinstance(token.value, tuple) and len(token.value) == 1
    return token.kind is Kind.DATE or (token.kind is Kind.MONTH_DAYS and single)


def _date_of(token: Token, first: Token, filed_on: date) -> date | None:
    """The date of an end; a day alone is of the month of the first."""
    assert isinstance(token.value, tuple)
    assert isinstance(first.value, tuple)
    year, month, day = (
        token.value if token.kind is Kind.DATE else (first.value[0], first.value[1], token.value[0])
    )
    year = {-1: filed_on.year, -2: filed_on.year + 1}.get(int(year), int(year))
    return make_date(year, int(month), int(day), filed_on)
