"""Time as a line states it: repeating rules, dated stretches, how often, and which days are taken out again.

The ground of everything that speaks of time. `Recurrence.names` is the only place that knows which days a rule means;
windows, shifts, calendar files, words and plans all ask it. Stretches are local times of day: the zone of a place is an
argument wherever moments come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from marketplace.calendars import Calendar, mainland

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
YEAR_MIN, YEAR_MAX = 1900, 2199
"""Of weeks that are planned."""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week, the unit in which a neighbourhood plans; `Week.parse("2026-W48")`. Nobody plans before 1900 or after 2199."""

    year: int
    number: int

    def __post_init__(self) -> None:
        # Near the ends of Python's calendar a week has no months around it to look at.
        if not YEAR_MIN <= self.year <= YEAR_MAX:
            raise ValueError(f"no year of plans: {self.year}")
        date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The week written as `2026-W48`; ValueError for anything else."""
        year, mark, number = text.partition("-W")
        if not (mark and year.isdigit() and number.isdigit()):
            raise ValueError(f"not an ISO week such as 2026-W48: {text!r}")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> Self:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday_on(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday_on(self) -> date:
        return self.monday_on + timedelta(days=6)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of time in which something can happen; half-open, aware, ends after it starts."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a window needs aware times")
        if self.ends_at <= self.starts_at:
            raise ValueError("a window ends after it starts")

    @property
    def minutes(self) -> int:
        """Whole minutes that pass, the hour lost or won by a change of clocks included."""
        # Two moments of one zone would be subtracted as the clock on the wall shows them.
        return int((self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)).total_seconds()) // 60

    @property
    def day(self) -> date:
        """The day on which it begins, by its own clock."""
        return self.starts_at.date()

    def seen_in(self, zone: tzinfo) -> Window:
        """The same stretch by the clock of a place."""
        return Window(self.starts_at.astimezone(zone), self.ends_at.astimezone(zone))

    def overlap(self, other: Window) -> Window | None:
        """The common part, or None."""
        starts_at, ends_at = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return Window(starts_at, ends_at) if starts_at < ends_at else None


class Frequency(StrEnum):
    """How a rule names its days."""

    DAILY = "daily"
    WORKDAYS = "workdays"
    WEEKLY = "weekly"
    NTH_WEEKDAY = "nth_weekday"
    MONTH_DAY = "month_day"
    LUNAR_DAY = "lunar_day"
    SCHOOL_HOLIDAYS = "school_holidays"
    PUBLIC_HOLIDAYS = "public_holidays"


# Rules whose days only a place's calendar knows: no repeat rule of a calendar program can say them.
OF_CALENDAR = frozenset(
    {Frequency.WORKDAYS, Frequency.LUNAR_DAY, Frequency.SCHOOL_HOLIDAYS, Frequency.PUBLIC_HOLIDAYS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A repeating stretch of a day: every Tuesday morning, every other Wednesday, the 15th of each quarter, every workday.

    Attributes:
        weekdays: Monday is 0; used by WEEKLY and NTH_WEEKDAY.
        nths: 1 to 5, or -1 for the last; used by NTH_WEEKDAY.
        month_days: 1 to 31, or -1 for the last; used by MONTH_DAY, and 1 to 30 by LUNAR_DAY.
        interval: every how many days (DAILY), weeks (WEEKLY) or months (NTH_WEEKDAY, MONTH_DAY); 1 for each.
        anchor_on: a day of a week or month that counts, from which `interval` counts both ways; set when interval > 1.
        months: only in these months, 1 to 12; empty for all (每季度 is 1, 4, 7, 10).
        weeks: only in these ISO weeks, 1 to 53; empty for all (双周 names the even ones).
        starts, ends: local times of day; an end not after the start lies on the next day, midnight to midnight is a day.
        first_on, last_on: the rule holds only between these days, when set.
    """

    frequency: Frequency
    weekdays: tuple[int, ...] = ()
    nths: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    interval: int = 1
    anchor_on: date | None = None
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    starts: time
    ends: time
    first_on: date | None = None
    last_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends == self.starts != _MIDNIGHT:
            raise ValueError("a stretch of a day ends after it starts")
        if self.interval < 1 or (self.interval > 1 and self.anchor_on is None):
            raise ValueError("every so many days, weeks or months are counted from a day")

    @property
    def minutes(self) -> int:
        """The length of the stretch, 1440 at most."""
        return stretch_minutes(self.starts, self.ends)

    def names(self, day: date, calendar: Calendar) -> bool:
        """True when the rule names this day, its bounds included."""
        if not _bounded(day, self.first_on, self.last_on):
            return False
        if (self.months and day.month not in self.months) or not self._has_week(day):
            return False
        return self._counts(day) and self._fits(day, calendar)

    def _has_week(self, day: date) -> bool:
        return not self.weeks or day.isocalendar().week in self.weeks

    def _counts(self, day: date) -> bool:
        """True when the day lies a whole number of intervals from the anchor."""
        if self.interval == 1:
            return True
        assert self.anchor_on is not None
        match self.frequency:
            case Frequency.WEEKLY:
                steps = (_monday(day) - _monday(self.anchor_on)).days // 7
            case Frequency.NTH_WEEKDAY | Frequency.MONTH_DAY:
                steps = (day.year - self.anchor_on.year) * 12 + day.month - self.anchor_on.month
            case _:
                steps = (day - self.anchor_on).days
        return steps % self.interval == 0

    def _fits(self, day: date, calendar: Calendar) -> bool:
        match self.frequency:
            case Frequency.DAILY:
                return True
            case Frequency.WORKDAYS:
                return calendar.is_workday(day)
            case Frequency.WEEKLY:
                return day.weekday() in self.weekdays
            case Frequency.NTH_WEEKDAY:
                return day.weekday() in self.weekdays and bool(
                    {_nth(day), _nth_from_end(day)} & set(self.nths)
                )
            case Frequency.MONTH_DAY:
                return day.day in self.month_days or (-1 in self.month_days and (day + _DAY).day == 1)
            case Frequency.LUNAR_DAY:
                return _is_lunar(day, self.month_days, calendar)
            case Frequency.SCHOOL_HOLIDAYS:
                return calendar.is_school_holiday(day)
            case Frequency.PUBLIC_HOLIDAYS:
                return calendar.is_public_holiday(day)

    def window_on(self, day: date, zone: tzinfo) -> Window:
        """The stretch that starts on this day."""
        return stretch_on(day, self.starts, self.ends, zone)


class Per(StrEnum):
    """Over which stretch a quantity counts again."""

    TOTAL = "total"
    OCCASION = "occasion"
    DAY = "day"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    TERM = "term"
    YEAR = "year"

    @property
    def days(self) -> int:
        """The usual length in days; 0 for TOTAL and OCCASION, which have none."""
        return _PERIOD_DAYS.get(self, 0)


_PERIOD_DAYS = {
    Per.DAY: 1,
    Per.WEEK: 7,
    Per.HALF_MONTH: 15,
    Per.MONTH: 30,
    Per.QUARTER: 91,
    Per.TERM: 180,
    Per.HALF_YEAR: 182,
    Per.YEAR: 365,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How often, or for how long, within each period: 每周两次, 每两周一次, three hours a week, five times in all.

    It bounds the days that the time opens: 周六或周日 opens both and asks for one a week.

    Attributes:
        times: visits in one period, 0 when only minutes are stated.
        minutes: minutes in one period, 0 when only visits are stated.
        per: the period; TOTAL for the whole of the time.
        every: the period is so many of them (每两周一次 has 2 of WEEK).
        at_least: more is welcome (每周至少一次).
    """

    times: int = 0
    minutes: int = 0
    per: Per
    every: int = 1
    at_least: bool = False

    def __post_init__(self) -> None:
        if min(self.times, self.minutes) < 0 or not (self.times or self.minutes) or self.every < 1:
            raise ValueError("a demand counts visits or minutes, from one")
        if self.per is Per.OCCASION:
            raise ValueError("how often is told for a stretch of days or in all")

    @property
    def period_days(self) -> int:
        """The usual length of the period in days, 0 for TOTAL."""
        return self.per.days * self.every


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something a person must confirm (or, among `notes`, an assumption shown to them); the row is kept meanwhile."""

    code: str
    zh: str
    en: str
    field: str = ""


class Looseness(StrEnum):
    """How firm a stated time is."""

    FIXED = "fixed"
    ANY = "any"
    SOON = "soon"
    BY_DATE = "by_date"
    TIMES_PER_PERIOD = "times_per_period"
    UNSTATED = "unstated"


LOOSE = frozenset(Looseness) - {Looseness.FIXED}


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time phrase with our reading of it.

    Attributes:
        phrase: as written, "" when the cell was empty.
        recurrences: repeating rules; a day that any of them names counts.
        windows: dated stretches.
        looseness: FIXED when only these rules and windows count, otherwise why any fitting time is welcome.
        first_on, last_on: bounds of a loose time (尽快 starts on the filing day; 12月中旬前 ends on 10 December).
        demand: how often within these days, for 每半月一次, 周六或周日, 每周两小时; None when every one of them counts.
        minutes_each: how long one visit takes where the time says so (周三下午,两小时左右), else 0.
        day_starts, day_ends: the hours of the day welcome to a loose time (晚上, 白天).
        except_weekdays, except_months, except_dates, except_school_holidays, except_public_holidays: days taken out
            again.
        notice_days: days of warning the owner asks for.
        said_zh, said_en: the reading in words, shown for confirmation.
        question: set when a person must confirm the reading; no window opens before that.
        notes: what we assumed and went on with (an unstated end, the hours of 上午), shown with the reading.
    """

    phrase: str = ""
    recurrences: tuple[Recurrence, ...] = ()
    windows: tuple[Window, ...] = ()
    looseness: Looseness = Looseness.FIXED
    first_on: date | None = None
    last_on: date | None = None
    demand: Demand | None = None
    minutes_each: int = 0
    day_starts: time = time(8, 0)
    day_ends: time = time(20, 0)
    except_weekdays: tuple[int, ...] = ()
    except_months: tuple[int, ...] = ()
    except_dates: tuple[date, ...] = ()
    except_school_holidays: bool = False
    except_public_holidays: bool = False
    notice_days: int = 0
    said_zh: str = ""
    said_en: str = ""
    question: Question | None = None
    notes: tuple[Question, ...] = ()

    def windows_in(
        self, week: Week, calendar: Calendar | None = None, *, zone: tzinfo = SHANGHAI
    ) -> tuple[Window, ...]:
        """The concrete stretches that start in one week, in order, joined where they touch; none while a question is open.

        `calendar` knows workdays and holidays, the mainland's public calendar when left out; `zone` is the place's own.
        """
        if self.question is not None:
            return ()
        if calendar is None:
            return _of_mainland(self, week, zone)
        return _joined(self._windows(week, calendar, zone))

    def _windows(self, week: Week, calendar: Calendar, zone: tzinfo) -> Iterator[Window]:
        for offset in range(7):
            yield from self.windows_on(week.monday_on + timedelta(days=offset), calendar, zone=zone)

    def windows_on(self, day: date, calendar: Calendar, *, zone: tzinfo) -> Iterator[Window]:
        """The stretches that start on one day as its rules name them, whether a question is open or not."""
        if self.takes_out(day, calendar):
            return
        for rule in self.recurrences:
            if rule.names(day, calendar):
                yield rule.window_on(day, zone)
        if self.is_loose and _bounded(day, self.first_on, self.last_on):
            yield stretch_on(day, self.day_starts, self.day_ends, zone)
        for window in self.windows:
            if window.starts_at.astimezone(zone).date() == day:
                yield window

    @property
    def is_loose(self) -> bool:
        """True when the time opens every day between its bounds."""
        # A loose word beside firm rules (随时,最好周二) only softens them; alone it opens every day.
        return self.looseness in LOOSE and not self.recurrences and not self.windows

    def takes_out(self, day: date, calendar: Calendar) -> bool:
        """True when an exception of the time takes this day out."""
        return (
            day.weekday() in self.except_weekdays
            or day.month in self.except_months
            or day in self.except_dates
            or (self.except_school_holidays and calendar.is_school_holiday(day))
            or (self.except_public_holidays and calendar.is_public_holiday(day))
        )

    def confirmed(self) -> When:
        """The same time after a person said that the reading is right."""
        return replace(self, question=None)


def stretch_minutes(starts: time, ends: time) -> int:
    """Minutes from one time of day to another, over midnight where the end is not later."""
    minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return minutes if minutes > 0 else minutes + 24 * 60


def stretch_on(day: date, starts: time, ends: time, zone: tzinfo) -> Window:
    """The stretch that starts on this day by the clock of the zone and lasts as long as written.

    The length is what passes, as calendar programs read it: where the clocks change inside it, its end moves with them.
    """
    length = timedelta(minutes=stretch_minutes(starts, ends))
    starts_at = datetime.combine(day, starts, zone)
    ends_at = starts_at + length
    offset = starts_at.utcoffset()
    if offset == ends_at.utcoffset() and offset == starts_at.replace(fold=1).utcoffset():
        return Window(starts_at, ends_at)
    passed = starts_at.astimezone(UTC)
    return Window(passed.astimezone(zone), (passed + length).astimezone(zone))


# Plans of one week read the same times again and again.
@lru_cache(maxsize=8192)
def _of_mainland(when: When, week: Week, zone: tzinfo) -> tuple[Window, ...]:
    return _joined(when._windows(week, mainland(), zone))


def _is_lunar(on: date, month_days: tuple[int, ...], calendar: Calendar) -> bool:
    """True when the day is one of these days of any lunar month, a leap month included."""
    # A lunar month trails its number in the solar year by three weeks to two months.
    near = [(on.year, on.month - back) for back in range(4)]
    months = [(year, month) if month > 0 else (year - 1, month + 12) for year, month in near]
    return any(
        calendar.lunar_on(year, month * sign, day) == on
        for year, month in months
        for sign in (1, -1)
        for day in month_days
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _nth(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _nth_from_end(day: date) -> int:
    return -1 if (day + timedelta(days=7)).month != day.month else 0


def _bounded(day: date, first_on: date | None, last_on: date | None) -> bool:
    return (first_on is None or first_on <= day) and (last_on is None or day <= last_on)


def _joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    joined: list[Window] = []
    for window in sorted(set(windows)):
        if joined and window.starts_at <= joined[-1].ends_at:
            joined[-1] = Window(joined[-1].starts_at, max(joined[-1].ends_at, window.ends_at))
        else:
            joined.append(window)
    return tuple(joined)
