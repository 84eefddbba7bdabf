"""Which day a stay was on: of its cell, of its row, of the column it stands in, or of the title; asked about where they differ."""

from __future__ import annotations

import re
from datetime import date

from marketplace.hanzi import simplified
from marketplace.lists.dates import date_in
from marketplace.lists.headers.stay_columns import StayColumns
from marketplace.lists.reading import RowReading
from marketplace.text import folded


def today(reading: RowReading) -> date:
    return reading.table.read_on or reading.table.filed_on


def day_of(reading: RowReading, of_row: date | None, of_clock: date | None) -> date | None:
    """The day of the stay: the clock's own, else the row's, else the title's; asked about where they differ."""
    if of_row is None and of_clock is None:
        if not any(one.code == "held_on_unread" for one in reading.doubts):
            reading.doubt("held_on_missing")
        return None
    day = of_clock or of_row
    assert day is not None
    if of_clock and of_row and of_clock != of_row:
        reading.doubt("days_disagree", "signed_in", cell=of_clock.isoformat(), row=of_row.isoformat())
    if day > today(reading):
        reading.doubt(
            "day_ahead", "held_on" if "held_on" in reading.table.mapping else "", day=day.isoformat()
        )
    return day


def row_day(reading: RowReading, columns: StayColumns) -> date | None:
    if columns.day:
        return _head_day(reading, columns.day)
    if "held_on" in reading.table.mapping:
        text = reading.raw("held_on")
        if not text.strip():
            return None
        on = day_in(text, filed_on=today(reading))
        if on is None:
            reading.doubt("held_on_unread", "held_on", text=text)
        return on
    return titled_day(reading)


def day_in(text: str, *, filed_on: date) -> date | None:
    """The day a cell names; 11/17/2026 only where one of the numbers can be no month."""
    plain = simplified(folded(text))
    slashes = re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s.*)?$", plain)
    if slashes:
        first, second, year = (int(one) for one in slashes.groups())
        if first > 12 or second > 12 or first == second:
            month, day = (second, first) if first > 12 else (first, second)
            try:
                return date(year, month, day)
            except ValueError:
                return None
        return None
    moment = re.match(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[ T]\d", plain)
    return date_in(moment[1] if moment else plain, filed_on=filed_on)


def _head_day(reading: RowReading, head: str) -> date | None:
    """11.3 or 11月3日 over a column; a bare 15 belongs to the month of the title."""
    plain = re.sub(r"[(（].*", "", simplified(folded(head))).strip()
    bare = re.fullmatch(r"(\d{1,2})\s*[日号]?", plain)
    if not bare:
        return day_in(plain, filed_on=today(reading))
    for title in (*reading.table.titles, reading.table.sheet, reading.table.filename):
        month = re.search(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*(?:月|$|\D)", simplified(folded(title)))
        if month:
            try:
                return date(int(month[1]), int(month[2]), int(bare[1]))
            except ValueError:
                return None
    return None


def titled_day(reading: RowReading) -> date | None:
    """The day of the titles, else of the sheet's or the file's name."""
    for title in reading.table.titles:
        on = _titled(title, reading)
        if on is not None:
            return on
    found = re.search(r"\d{4}[-.年]\d{1,2}[-.月]\d{1,2}", f"{reading.table.sheet} {reading.table.filename}")
    return date_in(found[0], filed_on=today(reading)) if found else None


def _titled(title: str, reading: RowReading) -> date | None:
    plain = simplified(folded(title))
    found = re.search(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}", plain)
    return date_in(found[0] if found else title, filed_on=today(reading))
