"""Which days are workdays and holidays: the mainland's public calendar, and a plain one for elsewhere.

Public holidays and make-up workdays come from the yearly State Council notice as `chinesecalendar` carries it. Where a
year has no notice yet, Monday to Friday are workdays and `known_until` says so. School holidays differ by city and are
given as data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from marketplace.values import Calendar

DateRange = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCalendar:
    """Monday to Friday, with holidays, make-up workdays and school holidays as given."""

    holidays: frozenset[date] = frozenset()
    makeup_workdays: frozenset[date] = frozenset()
    school_holidays: tuple[DateRange, ...] = ()

    def is_workday(self, on: date) -> bool:
        return on in self.makeup_workdays or (on.weekday() < 5 and on not in self.holidays)

    def is_public_holiday(self, on: date) -> bool:
        return on in self.holidays

    def is_school_holiday(self, on: date) -> bool:
        return _inside(on, self.school_holidays)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChinaCalendar:
    """The mainland's public calendar with one city's school holidays."""

    school_holidays: tuple[DateRange, ...] = ()

    @property
    def known_until(self) -> date:
        """The last day for which a holiday notice is known; later days follow the plain week."""
        from chinese_calendar import holidays

        return date(max(day.year for day in holidays), 12, 31)

    def is_workday(self, on: date) -> bool:
        from chinese_calendar import is_workday

        try:
            return bool(is_workday(on))
        except NotImplementedError:
            return on.weekday() < 5

    def is_public_holiday(self, on: date) -> bool:
        from chinese_calendar import holidays

        return on in holidays

    def is_school_holiday(self, on: date) -> bool:
        return _inside(on, self.school_holidays)


def _inside(on: date, ranges: Iterable[DateRange]) -> bool:
    return any(first <= on <= last for first, last in ranges)


@cache
def mainland() -> Calendar:
    """The calendar used when none is given: public holidays, and the sample school terms that ship with the package."""
    text = files("marketplace").joinpath("data/school_terms.toml").read_text("utf-8")
    rows = tomllib.loads(text)["holiday"]
    return ChinaCalendar(school_holidays=tuple((row["first_on"], row["last_on"]) for row in rows))
