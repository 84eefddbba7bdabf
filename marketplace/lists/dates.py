"""Dates and clock times of single cells: 2026/11/10, 11月12日, 45000, 8：30, 8.30, 11点半."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from marketplace.text import folded
from marketplace.times.clock import Doubts, gather
from marketplace.times.clock import Stretch as _Stretch
from marketplace.times.cutting import tokens_of
from marketplace.times.tokens import Kind, Token
from marketplace.values import Question

# Day 0 of spreadsheet serial dates, and the serials we believe (2000 to 2099).
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36526, 73051)
_ASSUMED_MINUTES = 1


def date_in(text: str, *, filed_on: date) -> date | None:
    """The day a cell names; without a year the latest such day that is not after `filed_on`. None when it names none."""
    plain = folded(text)
    if re.fullmatch(r"\d{5}", plain) and int(plain) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(plain))
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain)
    if compact:
        return _made(int(compact[1]), int(compact[2]), int(compact[3]))
    for token in tokens_of(plain):
        if token.kind is Kind.DATE:
            assert isinstance(token.value, tuple)
            year, month, day = (int(number) for number in token.value)
            return _made(year, month, day) if year > 0 else _latest(month, day, filed_on)
    short = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})", plain)
    return _latest(int(short[1]), int(short[2]), filed_on) if short else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, filed_on: date) -> date | None:
    days = (_made(filed_on.year - back, month, day) for back in range(5))
    return next((on for on in days if on is not None and on <= filed_on), None)


def _as_clock(token: Token) -> Token:
    """8.30 in a cell of clocks is a time of day."""
    if token.kind is not Kind.DOTTED:
        return token
    assert isinstance(token.value, tuple)
    return Token(Kind.CLOCK, (int(token.value[0]), int(token.value[1]), ""), token.text)


def clock_in(text: str) -> tuple[time | None, Question | None]:
    """The time of day a cell names, or the question it raises; (None, None) for an empty cell."""
    plain = folded(text)
    if not plain or plain in ("-", "—", "无"):
        return None, None
    tokens = [_as_clock(token) for token in tokens_of(plain) if token.kind is not Kind.DATE]
    doubts = Doubts([], [])
    found = gather(tokens, doubts, minutes=_ASSUMED_MINUTES)
    if any(note.code == "afternoon_assumed" for note in doubts.notes):
        # A plan may take 3点 as the afternoon; minutes that were served are not assumed.
        doubts.ask("clock_half_day", text=text)
    if doubts.questions:
        return None, doubts.questions[0]
    clocks = [token for token in tokens if token.kind is Kind.CLOCK]
    if len(found) == 1 and len(clocks) == 1 and isinstance(found[0], _Stretch):
        return found[0].starts, None
    unreadable = Question(
        code="clock_unreadable",
        zh=f"看不懂“{text}”是几点，请改写。",
        en=f"“{text}” could not be read as a time of day. Please correct it.",
        field="clock",
    )
    return None, unreadable
