"""Dates of single cells: 2026/11/10, 11月12日, 45000, 20261116, 2 November 2026."""

from __future__ import annotations

import re
from datetime import date, timedelta

from marketplace.text import chinese_int, folded

# Day 0 of spreadsheet serial dates, and the serials we believe (2000 to 2099).
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36526, 73051)
# Year 0 of the calendar of Taiwan's offices: 115/11/17 is 17 November 2026.
_ROC_ZERO = 1911
_MONTHS = {
    month: number
    for number, month in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)
}  # fmt: skip
_MONTH = "(?P<name>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_N = r"[\d〇零一二三四五六七八九十]{1,3}"
# The first that is found counts; each names year, month and day as far as it has them.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?:民国|民國)?(?P<roc>1\d{2})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)",
        r"(?:民国|民國)(?P<roc>\d{2,3})年?[-/.]?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)",
        rf"(?P<year>[〇零一二三四五六七八九]{{4}})年(?P<month>{_N})月(?P<day>{_N})[日号]?",
        rf"(?<!\d)(?P<month>{_N})\s*月\s*(?P<day>{_N})\s*[日号]?(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?(?:\s+(?P<year>\d{{4}}))?",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>\d{{4}}))?",
    )
)


def date_in(text: str, *, filed_on: date) -> date | None:
    """The day a cell names; without a year the latest such day that is not after `filed_on`. None when it names none."""
    plain = folded(text)
    if re.fullmatch(r"\d{5}", plain) and int(plain) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(plain))
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain)
    if compact:
        return _made(int(compact[1]), int(compact[2]), int(compact[3]))
    for form in _FORMS:
        found = form.search(plain)
        if found:
            return _named(found, filed_on)
    short = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})", plain)
    return _latest(int(short[1]), int(short[2]), filed_on) if short else None


def _named(found: re.Match[str], filed_on: date) -> date | None:
    named = found.groupdict()
    month = _MONTHS[named["name"].casefold()] if named.get("name") else chinese_int(named["month"]) or 0
    day, year = chinese_int(named["day"]) or 0, named.get("year")
    if named.get("roc"):
        return _made(int(named["roc"]) + _ROC_ZERO, month, day)
    if not year:
        return _latest(month, day, filed_on)
    digits = "".join(
        char if char.isdigit() and char.isascii() else str(chinese_int(char) or 0) for char in year
    )
    return _made(int(digits), month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, filed_on: date) -> date | None:
    days = (_made(filed_on.year - back, month, day) for back in range(5))
    return next((on for on in days if on is not None and on <= filed_on), None)
