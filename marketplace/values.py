"""The nouns of the four lists: needs, resources, activities, projects, and the time and quantity each line states.

Values only: they check themselves and change by `dataclasses.replace`. Text is kept as people wrote it beside what we
read from it, so that a doubt can always be shown next to its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as filled
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from marketplace.ages import AgeFact, may_be_minor
from marketplace.phones import PhoneNumber, first_number
from marketplace.preferences import Preferences

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Calendar(Protocol):
    """What a reading must know of a place's year; see `marketplace.times.calendars` for two that are ready."""

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


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week, the unit in which a neighbourhood plans; `Week.parse("2026-W48")`."""

    year: int
    number: int

    def __post_init__(self) -> None:
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
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def overlap(self, other: Window) -> Window | None:
        """The common part, or None."""
        starts_at, ends_at = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return Window(starts_at, ends_at) if starts_at < ends_at else None


class Frequency(StrEnum):
    """How often a rule repeats."""

    DAILY = "daily"
    WORKDAYS = "workdays"
    WEEKLY = "weekly"
    NTH_WEEKDAY = "nth_weekday"
    MONTH_DAY = "month_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A repeating stretch of a day: every Tuesday morning, the first and third Tuesday, the 15th, every workday.

    Attributes:
        weekdays: Monday is 0; used by WEEKLY and NTH_WEEKDAY.
        nths: 1 to 5, or -1 for the last; used by NTH_WEEKDAY.
        month_days: 1 to 31; used by MONTH_DAY.
        starts, ends: local times of day; ends after starts.
        first_on, last_on: the rule holds only between these days, when set.
    """

    frequency: Frequency
    weekdays: tuple[int, ...] = ()
    nths: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    starts: time
    ends: time
    first_on: date | None = None
    last_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise ValueError("a stretch of a day ends after it starts")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time phrase with our reading of it.

    Attributes:
        phrase: as written, "" when the cell was empty.
        recurrences: repeating rules; a day that any of them names counts.
        windows: dated stretches.
        looseness: FIXED when only these rules and windows count, otherwise why any fitting time is welcome.
        first_on, last_on: bounds of a loose time (尽快 starts on the filing day; 12月中旬前 ends on 10 December).
        times, period_days: at most `times` in each `period_days`, for 每半月一次 and the like; 0 when not stated.
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
    times: int = 0
    period_days: int = 0
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

    def windows_in(self, week: Week, calendar: Calendar | None = None) -> tuple[Window, ...]:
        """The concrete stretches of this time in one week, in order, not overlapping; empty while a question is open.

        `calendar` knows workdays and holidays; the mainland's public calendar when left out.
        """
        # Imported here because the expansion itself speaks in these values.
        from marketplace.times.expand import windows_in

        return windows_in(self, week, calendar)

    def confirmed(self) -> When:
        """The same time after a person said that the reading is right."""
        return replace(self, question=None)


class Unit(StrEnum):
    """What a quantity counts."""

    PERSON = "person"
    VISIT = "visit"
    MINUTE = "minute"
    HELPER = "helper"
    SEAT = "seat"
    ITEM = "item"
    MEAL = "meal"
    TRIP = "trip"
    SESSION = "session"


class Per(StrEnum):
    """Over which stretch a quantity counts again."""

    TOTAL = "total"
    OCCASION = "occasion"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How much is asked for or offered; integers only.

    Attributes:
        phrase: as written.
        amount: how many of `unit`, at least 1.
        minutes_each: minutes one occasion takes, 0 when not stated.
        helpers: people asked for (8人×2小时 has 8), 0 when not stated.
        together: all of them are needed at the same time (2人同时), so that fewer are of no use.
        items: the single things when several are named (音响1套、桌椅40套); `amount` then counts the first.
        money: a sum of money that the phrase names, as text; it is shown and never turns into hours.
        notes: what we assumed and went on with.
    """

    phrase: str = ""
    amount: int = 1
    unit: Unit = Unit.VISIT
    per: Per = Per.TOTAL
    minutes_each: int = 0
    helpers: int = 0
    together: bool = False
    items: tuple[tuple[str, int], ...] = ()
    money: str = ""
    question: Question | None = None
    notes: tuple[Question, ...] = ()

    def __post_init__(self) -> None:
        for number in (self.amount, self.minutes_each, self.helpers):
            if type(number) is not int:
                raise ValueError("quantities are whole numbers")
        if self.amount < 1 or self.minutes_each < 0 or self.helpers < 0:
            raise ValueError("quantities count up from one")


class Urgency(StrEnum):
    """How pressing a need is; tiers are compared first, everything else after."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where, in the neighbourhood's own words: grid and building codes are data, `text` is as written."""

    text: str = ""
    grid: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One line of the needs list (需求清单).

    `contact`, `private_note` and the exact part of `place` are for the people named on the private card only.

    Attributes:
        line_key: stable key of the line's content; the same line read twice has the same key.
        source: resident, community or unit.
        categories: category codes, best first.
        owner: opaque id of who filed it, "" while unknown.
        filed_on: since when it waits.
        channel: how it came in (phone, desk, grid visit, message book, ...), a code.
        splittable: False when all units must come from one resource.
    """

    line_key: str
    title: str
    source: str = "resident"
    owner: str = ""
    categories: tuple[str, ...] = ()
    category_phrase: str = ""
    served: str = ""
    place: Place = filled(default_factory=Place)
    when: When = filled(default_factory=When)
    quantity: Quantity = filled(default_factory=Quantity)
    urgency: Urgency = Urgency.NORMAL
    channel: str = ""
    filed_on: date
    contact: str = ""
    private_note: str = ""
    requires: frozenset[str] = frozenset()
    language: str = ""
    gender: str = ""
    heavy: bool = False
    splittable: bool = True
    last_helpers: tuple[str, ...] = ()
    times_unmet: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One line of the resources list (资源清单), or one volunteer's own offer.

    Attributes:
        owner: the unit's, team's or volunteer's name or opaque id.
        owner_kind: unit, team or volunteer.
        kind: people, place, equipment, goods, meals, vehicle or funds.
        reach: places served, as written; `reach_grids` what we read from it, empty for everywhere.
        free: 无偿 True, 低偿 or 有偿 False.
        declines: categories the owner does not take, narrower ones included.
        serves: groups of people the owner chose to help (`marketplace.clients`), empty for anybody.
        radius_m, walk_minutes_max, same_building: how far from their own spot they go; 0 and False for no limit.
        away: (first, last) days on which they cannot come, whatever the line says.
        minutes_per_week_max: the owner's own cap, 0 for none.
        rest_minutes: least time between two visits of one day; rest_days: free days after a day of help.
        load_minutes: minutes already given lately, for fairness.
    """

    line_key: str
    title: str
    owner: str
    owner_kind: str = "unit"
    owner_type: str = ""
    kind: str = "people"
    categories: tuple[str, ...] = ()
    category_phrase: str = ""
    when: When = filled(default_factory=When)
    quantity: Quantity = filled(default_factory=Quantity)
    reach: str = ""
    reach_grids: tuple[str, ...] = ()
    conditions: str = ""
    contact: str = ""
    free: bool = True
    certificates: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    gender: str = ""
    minor: bool = False
    light_work_only: bool = False
    declines: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    radius_m: int = 0
    walk_minutes_max: int = 0
    same_building: bool = False
    away: tuple[tuple[date, date], ...] = ()
    minutes_per_week_max: int = 0
    rest_minutes: int = 0
    rest_days: int = 0
    load_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One line of the activities list (活动清单): what happens, when, and whose turn it is to lead.

    `rota` is what the cell of the lead says about turns (12月轮值:实验小学), as written.
    """

    line_key: str
    title: str
    lead: str = ""
    when: When = filled(default_factory=When)
    place: Place = filled(default_factory=Place)
    helpers: Quantity | None = None
    audience: str = ""
    state: str = ""
    rota: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One line of the projects list (项目清单): several needs and resources carried to a date."""

    line_key: str
    title: str
    lead: str = ""
    partners: tuple[str, ...] = ()
    content: str = ""
    requires: str = ""
    due: When = filled(default_factory=When)
    progress_percent: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a row, or one of its cells, was refused or doubted; a sentence in each language.

    Attributes:
        code: stable, for programs.
        field: the column it concerns, as the office calls it; "" for the row.
        known: plain values for the sentence, such as the number read.
    """

    code: str
    zh: str
    en: str
    field: str = ""
    known: Mapping[str, str] = filled(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerEntry:
    """One person on the volunteers' list (志愿者报到), repeated rows of the same person already joined.

    Attributes:
        phones: every number of the cell, readable or not.
        ages: what the row says of their age, each with the day and the column.
        occupation: as written (身份), such as 退休 or 17岁学生.
        categories: category codes of the services they chose, else read from the skills.
        serves: whom the person wants to help, empty for anybody.
    """

    line_key: str
    name: str
    phones: tuple[PhoneNumber, ...] = ()
    ages: tuple[AgeFact, ...] = ()
    occupation: str = ""
    skills: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    when: When = filled(default_factory=When)
    serves: tuple[str, ...] = ()
    preferences: Preferences = filled(default_factory=Preferences)
    teams: tuple[str, ...] = ()
    remark: str = ""

    @property
    def phone(self) -> str:
        """The first number that can be dialled, digits only; "" when there is none."""
        return first_number(self.phones)

    @property
    def phone_doubtful(self) -> str:
        """The digits of a cell without a number, for asking."""
        return "" if self.phone or not self.phones else self.phones[0].digits

    @property
    def minor(self) -> bool:
        """Under 18 on the day the row was written, or perhaps so (高三); a guardian must agree, or the birthday be asked."""
        return may_be_minor(self.ages)

    def as_resource(self, owner: str) -> Resource:
        """The person's own offer for the planner; `owner` is the member's opaque id, no name goes along."""
        # Imported here because the groups are read from phrases, and these values know none.
        from marketplace.clients import wished_groups

        offer = Resource(
            line_key=self.line_key,
            title="、".join(self.skills),
            owner=owner,
            owner_kind="volunteer",
            categories=self.categories,
            when=self.when,
            quantity=Quantity(amount=1, unit=Unit.HELPER, per=Per.OCCASION, helpers=1),
            serves=wished_groups(self.serves),
            minor=self.minor,
        )
        return self.preferences.of(offer)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceEntry:
    """One line of a roll-call sheet (签到表).

    Attributes:
        held_on: the day of the sheet's title, None when it names none.
        signed_in_at, signed_out_at: aware times, None when not written or not readable.
        phones, ages: as in `VolunteerEntry`.
        walk_up: nobody had registered this person before.
    """

    line_key: str
    name: str
    activity: str = ""
    held_on: date | None = None
    place: str = ""
    signed_in_at: datetime | None = None
    signed_out_at: datetime | None = None
    did: str = ""
    phones: tuple[PhoneNumber, ...] = ()
    ages: tuple[AgeFact, ...] = ()
    remark: str = ""
    walk_up: bool = False

    @property
    def phone(self) -> str:
        """The first number that can be dialled, digits only; "" when there is none."""
        return first_number(self.phones)

    @property
    def minor(self) -> bool:
        """Under 18 on the day the sheet was handed in, or perhaps so."""
        return may_be_minor(self.ages)

    @property
    def minutes_served(self) -> int:
        """Whole minutes between both times; 0 while one is missing or they are reversed."""
        if self.signed_in_at is None or self.signed_out_at is None:
            return 0
        return max(int((self.signed_out_at - self.signed_in_at).total_seconds()) // 60, 0)
