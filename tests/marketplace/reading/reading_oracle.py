"""What a time of the corpora means, worked out by itself: day by day, without any code of the reader or its values.

A right value is written as days, hours and more, by spaces; statements with hours of their own are joined by " | ".

    Mo,Tu Mo-Fr wd *        weekdays, workdays, every day
    2w:We@2026-11-25        every other week from that one; 2d@… and 2m15@…, 2m1Sa@… by days and months
    even:Tu                 Tuesdays of even ISO weeks
    m1,15 m-1 1,3Tu -1Fr    days of the month, nth weekdays; q1Sa of the first month of each quarter; y3-5 each 5 March
    lun1,15 sh ph           lunar days, school holidays, public holidays
    2026-12-05,2026-12-06   dates
    am 9-11 9:30-11 14+     hours; 14+ without a written end (one hour), 14+90 with its length; & joins several
    one 2/week 120min/week each60                      how often, how long
    >=2026-12-01 <=2026-12-31 -We -ph -sh -m1 n2       bounds, days taken out, days of notice
    ?                       must be asked; "~ …" may be asked, else has this value
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from chinese_calendar import holidays, is_workday
from lunar_python import Solar  # type: ignore[import-untyped]

HERE = Path(__file__).parent
FILED_ON = date(2026, 11, 23)
LAST_ON = date(2028, 11, 26)
NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
PARTS = {"dawn": "5-7", "early": "6-9", "am": "8-12", "noon": "11-13", "pm": "13-18", "dusk": "17-19", "eve": "18-21", "day": "8-18"}  # fmt: skip
SCHOOL_HOLIDAYS = ((date(2027, 1, 23), date(2027, 2, 22)), (date(2027, 7, 10), date(2027, 8, 31)))
Names = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One phrase with its right value; `right` is "" where only asking is right. A third column may say why."""

    phrase: str
    right: str
    may_ask: bool

    @property
    def plain(self) -> bool:
        """One plain reading stands."""
        return bool(self.right) and not self.may_ask


def rows(name: str) -> list[Row]:
    """The rows of a corpus."""
    found = []
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            phrase, right, *_why = line.split("\t")
            open_ = right.startswith(("~", "?"))
            found.append(Row(phrase, right.lstrip("~? ").strip(), open_))
    return found


@dataclass(slots=True)
class Meaning:
    """A right value: the stretches it opens, and what it says beside them."""

    names: list[tuple[Names, list[tuple[int, int]]]] = field(default_factory=list)
    outs: list[Names] = field(default_factory=list)
    first_on: date = FILED_ON
    last_on: date = LAST_ON
    one: bool = False
    demand: tuple[int, int, str, int] | None = None
    each: int = 0
    notice: int = 0

    def stretches(self) -> Iterator[tuple[date, int, int]]:
        """(day, minute it starts, minutes it lasts), those of one day that touch joined, until the last day."""
        day = self.first_on
        while day <= self.last_on:
            if not any(out(day) for out in self.outs):
                spans = sorted({span for names, hours in self.names if names(day) for span in hours})
                for start, length in _joined(spans):
                    yield day, start, length
            day += timedelta(days=1)


def meaning(right: str) -> Meaning:
    """The meaning of a right value."""
    found = Meaning()
    for part in right.split(" | "):
        days, *words = part.split()
        hours = "8-20"
        for word in words:
            if not _said_beside(found, word):
                hours = word
        found.names.append((_names(days), [_hours(one) for one in hours.split("&")]))
    return found


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, length in spans:
        if joined and start <= sum(joined[-1]):
            joined[-1] = (joined[-1][0], max(sum(joined[-1]), start + length) - joined[-1][0])
        else:
            joined.append((start, length))
    return joined


def _said_beside(found: Meaning, word: str) -> bool:
    """True when the word is no hours; it is kept."""
    if word == "one":
        found.one = True
    elif word.startswith("each"):
        found.each = int(word[4:])
    elif re.fullmatch(r"n\d+", word):
        found.notice = int(word[1:])
    elif "/" in word:
        amount, period = word.split("/")
        every = re.match(r"\d*", period)[0]  # type: ignore[index]
        minutes = int(amount[:-3]) if amount.endswith("min") else 0
        found.demand = (0 if minutes else int(amount), minutes, period[len(every) :], int(every or 1))
    elif word.startswith(">="):
        found.first_on = max(found.first_on, date.fromisoformat(word[2:]))
    elif word.startswith("<="):
        found.last_on = date.fromisoformat(word[2:])
    elif word.startswith("-"):
        found.outs.append(_names(word[1:]) if not word.startswith("-m") else _month(int(word[2:])))
    else:
        return False
    return True


def _month(month: int) -> Names:
    return lambda day: day.month == month


def _names(days: str) -> Names:
    named = _counted(days)
    if named is not None:
        return named
    if days == "*":
        return lambda day: True
    if days == "wd":
        return _workday
    if days == "ph":
        return lambda day: day in holidays
    if days == "sh":
        return lambda day: any(first <= day <= last for first, last in SCHOOL_HOLIDAYS)
    if ".." in days:
        first, last = (date.fromisoformat(one) for one in days.split(".."))
        return lambda day: first <= day <= last
    if re.match(r"\d{4}-", days):
        dates = {date.fromisoformat(one) for one in days.split(",")}
        return lambda day: day in dates
    if days.startswith("even:"):
        weekdays = _weekdays(days[5:])
        return lambda day: day.weekday() in weekdays and day.isocalendar().week % 2 == 0
    if days.startswith("lun"):
        numbers = _numbers(days[3:])
        return lambda day: Solar.fromYmd(day.year, day.month, day.day).getLunar().getDay() in numbers
    if days.startswith("y"):
        month, number = (int(one) for one in days[1:].split("-"))
        return lambda day: (day.month, day.day) == (month, number)
    weekdays = _weekdays(days)
    return lambda day: day.weekday() in weekdays


def _counted(days: str) -> Names | None:
    """Days counted from an anchor, or inside a month."""
    found = re.fullmatch(r"(?:(\d+)([dwm]):?)?(q)?(?:m(?=-?\d))?(.*?)(?:@(\S+))?", days)
    every, unit, quarter, what, anchor = found.groups()  # type: ignore[union-attr]
    if not (unit or quarter or days.startswith("m") or re.match(r"-?\d[\d,]*[A-Z]", days)):
        return None
    base = _in_month(what) if unit in ("m", None) else _names(what or "*")
    if quarter:
        return lambda day: day.month in (1, 4, 7, 10) and base(day)
    if not unit:
        return base
    start = date.fromisoformat(anchor)
    steps: dict[str, Callable[[date], int]] = {
        "d": lambda day: (day - start).days,
        "w": lambda day: (_monday(day) - _monday(start)).days // 7,
        "m": lambda day: (day.year - start.year) * 12 + day.month - start.month,
    }
    return lambda day: base(day) and steps[unit](day) % int(every) == 0


def _in_month(what: str) -> Names:
    nth = re.fullmatch(r"([-\d,]+)([A-Z][a-z])", what)
    if nth:
        numbers, weekday = {int(one) for one in nth[1].split(",")}, NAMES.index(nth[2])
        return lambda day: (
            day.weekday() == weekday
            and (
                (day.day + 6) // 7 in numbers
                or (-1 in numbers and (day + timedelta(days=7)).month != day.month)
            )
        )
    numbers = _numbers(what)
    return lambda day: day.day in numbers or (-1 in numbers and (day + timedelta(days=1)).day == 1)


def _numbers(text: str) -> set[int]:
    spans = (re.fullmatch(r"(-?\d+)(?:-(\d+))?", one) for one in text.split(","))
    return {number for span in spans for number in range(int(span[1]), int(span[2] or span[1]) + 1)}  # type: ignore[index]


def _weekdays(text: str) -> set[int]:
    found: set[int] = set()
    for one in text.split(","):
        first, _, last = one.partition("-")
        found.update(range(NAMES.index(first), NAMES.index(last or first) + 1))
    return found


def _workday(day: date) -> bool:
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _hours(text: str) -> tuple[int, int]:
    text = PARTS.get(text, text)
    if "+" in text:
        start, length = text.split("+")
        return _minute(start), int(length or 60)
    begins, ends = (_minute(one) for one in text.split("-"))
    return begins, ends - begins if ends > begins else ends - begins + 24 * 60


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute or 0)


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity of the corpus: the column it stands in, as written, and its right value ("" where only asking is right)."""

    column: str
    phrase: str
    right: str
    may_ask: bool

    @property
    def plain(self) -> bool:
        """One plain reading stands."""
        return bool(self.right) and not self.may_ask


def quantity_rows(name: str) -> list[Counted]:
    """The rows of a corpus of quantities."""
    found = []
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            column, phrase, right, *_why = line.split("\t")
            found.append(Counted(column, phrase, right.lstrip("~? ").strip(), right.startswith(("~", "?"))))
    return found
