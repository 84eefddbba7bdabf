"""How old somebody is: dated facts with their source, never a flag, so that nobody stays seventeen for ever.

A fact gives the earliest and the latest day of birth that fit it; `minor` asks them about the day of a service. An unknown
age stays unknown: who needs to know asks, and nobody is taken for a child by a word of their trade (初中生物老师).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ADULT_AT = 18
# Two statements of one birthday may lie a year apart (虚岁, a year typed for an age); more speaks of two people.
APART_DAYS_MAX = 400
# Facts about one person that differ by more are asked about.
DOUBTED_DAYS = 731


class AgeSort(StrEnum):
    """What is known of an age; the form of `AgeFact.value` in brackets."""

    BORN_ON = "born_on"  # 2010-05-01
    BORN_YEAR = "born_year"  # 2010, 2010-05, or first and last: 1980/1989
    AGE = "age"  # full years on the day it was said: 16, or 15-16
    GRADE = "grade"  # school years since the first class of primary school: 10 is 高一; 10-12 is 高中生
    OF_AGE = "of_age"  # said to be 18 or older
    MINOR_SAID = "minor_said"  # said to be under 18


class Minority(StrEnum):
    """Whether somebody is under 18 on a day."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Births:
    """The days of birth that fit, both ends counted."""

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise ValueError("the latest day of birth is not before the earliest")

    @property
    def days(self) -> int:
        """How far the ends lie apart; 0 for a known birthday."""
        return (self.latest - self.earliest).days

    def both(self, other: Births) -> Births | None:
        """The days that fit both, or None."""
        earliest, latest = max(self.earliest, other.earliest), min(self.latest, other.latest)
        return Births(earliest, latest) if earliest <= latest else None

    def apart(self, other: Births) -> int:
        """Days between the two ranges; 0 when they touch or overlap."""
        return max(
            (max(self.earliest, other.earliest) - min(self.latest, other.latest)).days,
            0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeFact:
    """One statement about an age.

    Attributes:
        value: in the form that the sort says; ValueError otherwise.
        said_on: the day it was said or written; an age and a grade count from there.
        source: where it stands (a list's column, a page, a document), as a short code.
    """

    sort: AgeSort
    value: str = ""
    said_on: date
    source: str = ""

    def __post_init__(self) -> None:
        _ = self.births

    @property
    def births(self) -> Births:
        """Earliest and latest day of birth that fit."""
        match self.sort:
            case AgeSort.BORN_ON:
                return Births(date.fromisoformat(self.value), date.fromisoformat(self.value))
            case AgeSort.BORN_YEAR:
                first, _, last = self.value.partition("/")
                return Births(_first_day(first), _last_day(last or first))
            case AgeSort.AGE:
                youngest, oldest = _ends(self.value)
                return Births(
                    _years_before(self.said_on, oldest + 1) + timedelta(1),
                    _years_before(self.said_on, youngest),
                )
            case AgeSort.GRADE:
                return _births_of_grade(*_ends(self.value), self.said_on)
            case AgeSort.OF_AGE:
                return Births(date.min, _years_before(self.said_on, ADULT_AT))
            case AgeSort.MINOR_SAID:
                return Births(_years_before(self.said_on, ADULT_AT) + timedelta(1), self.said_on)


def births_of(facts: Sequence[AgeFact]) -> Births | None:
    """The days of birth that fit the best fact (the most exact, then the newest), and the others as far as they agree with it."""
    ranked = sorted(facts, key=lambda fact: (fact.births.days, -fact.said_on.toordinal()))
    fitting: Births | None = None
    for fact in ranked:
        fitting = fact.births if fitting is None else fitting.both(fact.births) or fitting
    return fitting


def best(facts: Sequence[AgeFact]) -> AgeFact | None:
    """The most exact fact, the newest among equals."""
    return min(facts, key=lambda fact: (fact.births.days, -fact.said_on.toordinal()), default=None)


def minor(facts: Sequence[AgeFact], on: date) -> Minority:
    """Whether somebody of whom these facts are known is under 18 on a day."""
    births = births_of(facts)
    if births is None:
        return Minority.UNKNOWN
    if on < reaches(births.earliest, ADULT_AT):
        return Minority.YES
    return Minority.NO if on >= reaches(births.latest, ADULT_AT) else Minority.UNKNOWN


def may_be_minor(facts: Sequence[AgeFact]) -> bool:
    """True when a row that says something of an age does not say that the person was 18 on the day it was written."""
    said_on = max((fact.said_on for fact in facts), default=None)
    return said_on is not None and minor(facts, said_on) is not Minority.NO


def reaches(born_on: date, years: int) -> date:
    """The day somebody becomes so old; born on 29 February, 1 March of a common year."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def doubted(facts: Sequence[AgeFact]) -> bool:
    """True when two facts about one person lie more than two years apart; a person must say which holds."""
    births = [fact.births for fact in facts]
    return any(one.apart(other) > DOUBTED_DAYS for at, one in enumerate(births) for other in births[at + 1 :])


class Agreement(StrEnum):
    """What two sets of facts say about being one person."""

    AGREE = "agree"
    AGAINST = "against"
    OPEN = "open"


def compare(one: Sequence[AgeFact], other: Sequence[AgeFact]) -> Agreement:
    """AGAINST when the births lie more than 400 days apart; AGREE when both are known to about a year and overlap."""
    first, second = births_of(one), births_of(other)
    if first is None or second is None:
        return Agreement.OPEN
    if first.apart(second) > APART_DAYS_MAX:
        return Agreement.AGAINST
    narrow = first.days <= APART_DAYS_MAX and second.days <= APART_DAYS_MAX
    return Agreement.AGREE if narrow and first.both(second) else Agreement.OPEN


def _years_before(on: date, years: int) -> date:
    """The latest day of birth of somebody who is so old on a day."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 2, 28)


def _births_of_grade(lowest: int, highest: int, said_on: date) -> Births:
    """Who is six by the end of August enters the first class; a year earlier and a year later are seen."""
    begun = said_on.year if said_on.month >= 9 else said_on.year - 1
    return Births(date(begun - 7 - highest, 9, 1), date(begun - 4 - lowest, 8, 31))


def _ends(value: str) -> tuple[int, int]:
    first, _, last = value.partition("-")
    lowest, highest = int(first), int(last or first)
    if not 0 <= lowest <= highest:
        raise ValueError(f"not a range of years: {value!r}")
    return lowest, highest


def _first_day(text: str) -> date:
    return date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))


def _last_day(text: str) -> date:
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = int(text[:4]), int(text[5:7] or 12)
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(1)
