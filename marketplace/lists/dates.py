"""Dates of single cells: 2026/11/10, 11月12日, 45000, 20261116."""

from __future__ import annotations

import re
from datetime import date, timedelta

from marketplace.text import folded
from marketplace.times.cutting import tokens_of
from marketplace.times.tokens import Kind

# Day 0 of spreadsheet serial dates, and the serials we believe (2000 to 2099).
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36526, 73051)


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
