"""Days that people call by a name: festivals of both calendars, solar terms, days such as the second Sunday of May.

The names are data (`data/festivals.toml`). What a lunar date or a solar term means in the solar year is asked of the
calendar, so that a place without one asks instead of guessing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from marketplace.values import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Festival:
    """One named day; exactly one of `solar`, `lunar`, `term` and `weekday` says where it stands.

    Attributes:
        solar: month, day.
        lunar: month, day of the traditional calendar; day -1 is the month's last.
        term: one of the 24 solar terms.
        weekday: month, nth, weekday with Monday as 0.
        many: the bare name often means several days off.
    """

    solar: tuple[int, ...] = ()
    lunar: tuple[int, ...] = ()
    term: str = ""
    weekday: tuple[int, ...] = ()
    many: bool = False

    def on(self, year: int, calendar: Calendar) -> date | None:
        """Its day in a solar year; None where the calendar does not know it."""
        if self.solar:
            return date(year, *self.solar)
        if self.weekday:
            month, nth, weekday = self.weekday
            first = date(year, month, 1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
        if self.term:
            return calendar.solar_term_on(self.term, year)
        month, day = self.lunar
        # The twelfth lunar month ends early in the solar year that follows.
        lunar_year = year if month < 12 else year - 1
        if day > 0:
            return calendar.lunar_on(lunar_year, month, day)
        next_month = calendar.lunar_on(lunar_year + 1, 1, 1)
        return next_month - timedelta(days=1) if next_month else None


@cache
def festivals() -> Mapping[str, Festival]:
    """Every name, in lower case, with its festival."""
    rows = tomllib.loads(files("marketplace").joinpath("data/festivals.toml").read_text("utf-8"))["festival"]
    return {
        name: Festival(
            solar=tuple(row.get("solar", ())),
            lunar=tuple(row.get("lunar", ())),
            term=row.get("term", ""),
            weekday=tuple(row.get("weekday", ())),
            many=row.get("many", False),
        )
        for row in rows
        for name in row["names"]
    }
