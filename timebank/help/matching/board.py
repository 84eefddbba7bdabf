"""The board of a week: what waits for a yes, by grid, urgency, helper and day, and who goes where on which day or at which hour.

Plain values made from the proposals on the page; nothing is read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from marketplace.values import Week
from timebank.help.matching.views import Offer

FEW = 30
"""Helpers to choose from on one page; of more a name is typed."""
HOURS = range(8, 20)
"""Hours of a day on the board: from when people may be rung to when nobody is sent out any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reader wants to see of the board; "" for everything.

    Attributes:
        urgency: `urgent` or `other`. line: key of a helper's line; who: a part of a helper's name or number, where there are too
            many to choose from. day: a date of the week in ISO form. view: `board` for who goes when, "" for one slip each.
    """

    grid: str = ""
    urgency: str = ""
    line: str = ""
    who: str = ""
    day: str = ""
    view: str = ""

    def __bool__(self) -> bool:
        return bool(self.grid or self.urgency or self.line or self.who or self.day)

    def day_in(self, week: Week) -> date | None:
        """The one day that is asked for, where the week has it."""
        return next((one for one in days_of(week) if one.isoformat() == self.day), None)

    def address(self, week: Week) -> str:
        """The board as it is asked for here."""
        said = (
            ("grid", self.grid),
            ("urgency", self.urgency),
            ("line", self.line),
            ("who", self.who),
            ("day", self.day),
        )
        kept = [(name, value) for name, value in said if value]
        return f"/desk/plan?{urlencode([('week', str(week)), *kept])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be asked for: every grid, helper's line (key, name) and day that has a proposal; few helpers are chosen from."""

    grids: tuple[str, ...]
    helpers: tuple[tuple[str, str], ...]
    days: tuple[date, ...]

    @property
    def few(self) -> bool:
        return len(self.helpers) <= FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One helper on one day or at one hour; `at` is the hour, -1 on a board of days."""

    on: date
    at: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One helper's line across the days of the week, or across the hours of the day that is asked for."""

    resource_key: str
    helper: str
    cells: tuple[Cell, ...]


def choices_of(offers: Sequence[Offer], zone: tzinfo) -> Choices:
    """What the proposals of a week can be narrowed to."""
    return Choices(
        grids=tuple(sorted({one.grid for one in offers if one.grid})),
        helpers=tuple(
            sorted({(one.resource_key, helper_of(one)) for one in offers}, key=lambda pair: pair[::-1])
        ),
        days=tuple(sorted({_day(one, zone) for one in offers})),
    )


def fits(one: Offer, asked: Asked, zone: tzinfo) -> bool:
    """True when the proposal is among what is asked for."""
    return (
        (not asked.grid or one.grid == asked.grid)
        and (not asked.urgency or one.urgent == (asked.urgency == "urgent"))
        and (not asked.line or one.resource_key == asked.line)
        and (not asked.who or asked.who in helper_of(one))
        and (not asked.day or _day(one, zone).isoformat() == asked.day)
    )


def rows_of(offers: Sequence[Offer], week: Week, asked: Asked, zone: tzinfo) -> tuple[Row, ...]:
    """A row for each helper's line: seven days, or the hours of the one day that is asked for; in order of names."""
    day = asked.day_in(week)
    places = [(day, hour) for hour in HOURS] if day else [(one, -1) for one in days_of(week)]
    by_line: dict[tuple[str, str], list[Offer]] = {}
    for one in offers:
        by_line.setdefault((helper_of(one), one.resource_key), []).append(one)
    return tuple(
        Row(
            resource_key=key,
            helper=helper,
            cells=tuple(
                Cell(
                    on=on,
                    at=hour,
                    offers=tuple(
                        one for one in here if _place(one, zone, hours=day is not None) == (on, hour)
                    ),
                )
                for on, hour in places
            ),
        )
        for (helper, key), here in sorted(by_line.items())
    )


def helper_of(one: Offer) -> str:
    """Who goes, with what they offer, so that two lines of one owner are told apart."""
    return " · ".join(dict.fromkeys(part for part in (one.who, one.line) if part))


def days_of(week: Week) -> tuple[date, ...]:
    """Monday to Sunday."""
    return tuple(week.monday_on + timedelta(days=after) for after in range(7))


def _place(one: Offer, zone: tzinfo, *, hours: bool) -> tuple[date, int]:
    """The cell that a proposal stands in; what starts earlier or later than the board stands in its first or last hour."""
    starts_at: datetime = one.window.starts_at.astimezone(zone)
    hour = min(max(starts_at.hour, HOURS[0]), HOURS[-1]) if hours else -1
    return starts_at.date(), hour


def _day(one: Offer, zone: tzinfo) -> date:
    return one.window.starts_at.astimezone(zone).date()
