"""Which days are workdays, holidays and lunar dates: the mainland's public calendar, and a plain one for elsewhere.

Public holidays and make-up workdays come from the yearly State Council notice as `chinesecalendar` carries it. Where a
year has no notice yet, Monday to Friday are workdays and `known_until` says so. School holidays differ by city and are
given as data. Lunar dates and solar terms come from `lunar-python`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Protocol

DateRange = tuple[date, date]
# The winter solstice that ends a solar year stands in the table under its Latin name.
_TERM_NAMES = {"DONG_ZHI": "冬至", "DA_XUE": "大雪"}


class Calendar(Protocol):
    """What a reading must know of a place's year; two are ready below."""

    def is_workday(self, on: date) -> bool:
        """True on a day when offices work, make-up workdays included."""
        ...

    def is_public_holiday(self, on: date) -> bool:
        """True on a statutory day off (not on a plain weekend)."""
        ...

    def is_school_holiday(self, on: date) -> bool:
        """True between school terms."""
        ...

    def lunar_on(self, year: int, month: int, day: int) -> date | None:
        """The day of a date of the traditional lunar calendar, a leap month as its negative number; None for no such day."""
        ...

    def solar_term_on(self, name: str, year: int) -> date | None:
        """The day of a solar term such as 清明 in a solar year; None for an unknown one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCalendar:
    """Monday to Friday, with holidays, make-up workdays and school holidays as given; it knows no lunar dates."""

    holidays: frozenset[date] = frozenset()
    makeup_workdays: frozenset[date] = frozenset()
    school_holidays: tuple[DateRange, ...] = ()

    def is_workday(self, on: date) -> bool:
        return on in self.makeup_workdays or (on.weekday() < 5 and on not in self.holidays)

    def is_public_holiday(self, on: date) -> bool:
        return on in self.holidays

    def is_school_holiday(self, on: date) -> bool:
        return _inside(on, self.school_holidays)

    def lunar_on(self, year: int, month: int, day: int) -> date | None:
        return None

    def solar_term_on(self, name: str, year: int) -> date | None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChinaCalendar:
    """The mainland's public calendar with one city's school holidays."""

    school_holidays: tuple[DateRange, ...] = ()

    @property
    def known_until(self) -> date:
        """The last day for which a holiday notice is known; later days follow the plain week."""
        return _notices_until()

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

    def lunar_on(self, year: int, month: int, day: int) -> date | None:
        return _lunar_on(year, month, day)

    def solar_term_on(self, name: str, year: int) -> date | None:
        return _solar_terms(year).get(name)


def _inside(on: date, ranges: Iterable[DateRange]) -> bool:
    return any(first <= on <= last for first, last in ranges)


@cache
def _notices_until() -> date:
    from chinese_calendar import holidays

    return date(max(day.year for day in holidays), 12, 31)


def _lunar_on(year: int, month: int, day: int) -> date | None:
    first_on, days = _lunar_months(year).get(month, (None, 0))
    return first_on + timedelta(days=day - 1) if first_on and 1 <= day <= days else None


@lru_cache(maxsize=64)
def _lunar_months(year: int) -> Mapping[int, tuple[date, int]]:
    """The months of a lunar year, a leap month as its negative number: first day and number of days; none far away."""
    # Imported here: only phrases with a lunar date or a festival need it.
    from lunar_python import LunarYear, Solar  # type: ignore[import-untyped]

    if not 1 <= year < date.max.year:
        return {}
    return {
        int(month.getMonth()): (
            date.fromisoformat(Solar.fromJulianDay(month.getFirstJulianDay()).toYmd()),
            int(month.getDayCount()),
        )
        for month in LunarYear.fromYear(year).getMonthsInYear()
    }


@lru_cache(maxsize=64)
def _solar_terms(year: int) -> Mapping[str, date]:
    """The solar terms of a solar year by name."""
    from lunar_python import Solar

    # The table of a day in July spans from the winter before to the spring after, the ends under other names.
    table = Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()
    days = ((name, date.fromisoformat(solar.toYmd())) for name, solar in table.items())
    return {_TERM_NAMES.get(name, name): on for name, on in days if on.year == year}


@cache
def mainland() -> Calendar:
    """The calendar used when none is given: public holidays, and the sample school terms that ship with the package."""
    text = files("marketplace").joinpath("data/school_terms.toml").read_text("utf-8")
    rows = tomllib.loads(text)["holiday"]
    return ChinaCalendar(school_holidays=tuple((row["first_on"], row["last_on"]) for row in rows))
