"""One statement of a phrase."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from marketplace.times.clock import Stretch
from marketplace.times.days import DateRange
from marketplace.values import Frequency


@dataclass(slots=True)
class Clause:
    """What one statement says. `bounds` are the days between which it holds; `by` is the last day of a deadline.

    `every` of `unit` is how often it comes round (2, "week"), `minutes` how long in each such period; `choice`: one of its
    days or stretches will do; `each`: every one of them counts.
    """

    weekdays: list[int] = field(default_factory=list)
    weekend: bool = False
    nths: list[int] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    lunar_days: list[int] = field(default_factory=list)
    dates: list[DateRange] = field(default_factory=list)
    workdays: bool = False
    daily: bool = False
    holidays: Frequency | None = None
    every: int = 0
    unit: str = ""
    even_weeks: bool = False
    anchor_on: date | None = None
    times: int = 0
    minutes: int = 0
    minutes_each: int = 0
    at_least: bool = False
    choice: bool = False
    each: bool = False
    tenth: str = ""
    more_tenths: list[str] = field(default_factory=list)
    nth_week: int = 0
    months: list[DateRange] = field(default_factory=list)
    weeks: list[DateRange] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    by: date | None = None
    since: date | None = None
    within: bool = False
    any: bool = False
    soon: bool = False
    about: bool = False
    yearless: bool = True
    weekday_text: str = ""
    hours_first: bool = False
    bounds_first: bool = False
    empty: bool = True

    @property
    def has_days(self) -> bool:
        return self.has_other_days or self.daily or bool(self.holidays)

    @property
    def has_other_days(self) -> bool:
        """True when it names days more narrowly than every day or every holiday."""
        return bool(
            self.weekdays or self.nths or self.month_days or self.lunar_days or self.dates or self.workdays
        )

    @property
    def comes_every_other_day(self) -> bool:
        """隔天 names its days; 每三天一次 and every ten days only say how often."""
        return self.unit == "day" and self.every == 2 and not self.times and not self.has_days

    @property
    def monthly(self) -> bool:
        """True when its days of the month come every month, or every so many."""
        return self.unit == "month"
