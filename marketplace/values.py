"""The nouns of the four lists: needs, resources, activities, projects, and the time and quantity each line states.

Values only: they check themselves and change by `dataclasses.replace`. Text is kept as people wrote it beside what we
read from it, so that a doubt can always be shown next to its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as filled
from datetime import UTC, date, datetime
from enum import StrEnum

from marketplace.ages import AgeFact, may_be_minor
from marketplace.calendars import Calendar
from marketplace.clients import wished_groups
from marketplace.phones import PhoneNumber, first_number
from marketplace.preferences import Preferences
from marketplace.when import (
    SHANGHAI,
    Demand,
    Frequency,
    Looseness,
    Per,
    Question,
    Recurrence,
    Week,
    When,
    Window,
)

__all__ = [
    "SHANGHAI",
    "Activity",
    "AttendanceEntry",
    "Calendar",
    "Demand",
    "Frequency",
    "Looseness",
    "Need",
    "Per",
    "Place",
    "Project",
    "Quantity",
    "Question",
    "Recurrence",
    "Refusal",
    "Resource",
    "Unit",
    "Urgency",
    "VolunteerEntry",
    "Week",
    "When",
    "Window",
]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How much is asked for or offered; integers only.

    Attributes:
        phrase: as written.
        amount: how many of `unit`, at least 1.
        minutes_each: minutes one occasion takes, 0 when not stated.
        helpers: people asked for (8人×2小时 has 8), 0 when not stated.
        together: all of them are needed at the same time (2人同时), so that fewer are of no use.
        at_most: the upper end where two are stated (3-5人); `amount` is the lower one, and plans count on it.
        limit_each: the most that one person or household is given (每户一份); no capacity.
        each_holds: people at each of several sessions (4场×20人), 0 when not stated.
        detail: words kept beside the number (2男3女).
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
    at_most: int = 0
    limit_each: int = 0
    each_holds: int = 0
    detail: str = ""
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
        becomes: what the line turns into when somebody takes it, as a code that the app knows; "" for a service.
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
    becomes: str = ""

    @property
    def places(self) -> int:
        """How many may stand on the line at a time when it becomes something that lasts."""
        return max(1, self.quantity.helpers or self.quantity.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One line of the resources list (资源清单), or one volunteer's own offer.

    Attributes:
        owner: the unit's, team's or volunteer's name as a list writes it, or whatever word the caller knows them by; "" for the
            community office's own.
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

    def within(self, chosen: Preferences) -> Resource:
        """The offer within its owner's own limits; what it states already stays where nothing is chosen."""
        return replace(
            self,
            categories=chosen.services or self.categories,
            declines=chosen.declines or self.declines,
            away=chosen.away or self.away,
            minutes_per_week_max=chosen.minutes_per_week_max or self.minutes_per_week_max,
            rest_minutes=chosen.rest_minutes or self.rest_minutes,
            rest_days=chosen.rest_days or self.rest_days,
            radius_m=chosen.radius_m or self.radius_m,
            walk_minutes_max=chosen.walk_minutes_max or self.walk_minutes_max,
            same_building=chosen.same_building or self.same_building,
            reach_grids=chosen.grids or self.reach_grids,
            languages=frozenset(chosen.languages) or self.languages,
            gender=chosen.gender or self.gender,
            light_work_only=chosen.light_work_only or self.light_work_only,
            certificates=frozenset(chosen.certificates) or self.certificates,
        )


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
        return offer.within(self.preferences)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceEntry:
    """One stay of a sign-in sheet (签到表).

    Attributes:
        held_on: the day of the stay, of its row or of the sheet's title; None when none is named.
        signed_in_at, signed_out_at: aware times, None when not written or not readable.
        minutes_stated: a length the sheet states instead of clocks, 0 where it has clocks.
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
    minutes_stated: int = 0
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
        """Whole minutes between both times, else as stated; 0 while nothing is known or the times are reversed."""
        if self.signed_in_at is None or self.signed_out_at is None:
            return self.minutes_stated
        # Counted in UTC: two times of one zone would be subtracted as if no clock were ever changed.
        between = self.signed_out_at.astimezone(UTC) - self.signed_in_at.astimezone(UTC)
        return max(int(between.total_seconds()) // 60, 0)
