"""What a plan must know besides the lists: the hour, the calendar, kinship of categories, and private objections.

Everything here is a plain value given by the caller, so that the same call gives the same plan at any later day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import date, datetime, time, timedelta, tzinfo

from marketplace.planning.problem.travel import TravelTimes
from marketplace.values import SHANGHAI, Calendar, Unit, Week, When, Window

EXACT, RELATED = 2, 1
BANDS = (time(12, 0), time(18, 0))
QUARTER_SECONDS = 15 * 60

MINUTES_WHEN_UNSTATED: Mapping[Unit, int] = {
    Unit.PERSON: 30,
    Unit.VISIT: 60,
    Unit.MINUTE: 60,
    Unit.HELPER: 60,
    Unit.SEAT: 60,
    Unit.ITEM: 15,
    Unit.MEAL: 15,
    Unit.TRIP: 60,
    Unit.SESSION: 60,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A stretch somebody has already given away, and where (`TravelTimes` spot, "" when not known)."""

    window: Window
    spot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A visit both sides were told of, not agreed yet: it stays unless a change gains more than it costs."""

    resource_key: str
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """What an agreement says of a resource line: from when to when, and how many units are left of it."""

    first_on: date
    last_on: date
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """The circumstances of one planning run.

    Attributes:
        now: aware; hours before it are not planned any more.
        calendar: workdays and holidays; None for the mainland's public calendar.
        parents: category code -> its parent's code; a wider or narrower category fits with fewer points.
        conflicts: pairs of (need owner or need key, resource owner) that must not meet, whatever the reason.
        avoid: like `conflicts`, but only better kept apart: it costs points.
        wishes: pairs of (need owner or need key, resource owner) of whom one asked for the other, open claims included.
        clients: need key -> groups of people it is for (`marketplace.clients`); absent means not known.
        received: need owner -> minutes of help they had lately; absent means not known.
        told: need key -> visits it was told of.
        load_minutes: resource owner -> minutes given over the last months, so that load is evened over more than a week.
        in_return: keys of needs that an agreement names as what a unit gets in return.
        savers: need owners with saved hours, where they are served first; empty where they are not.
        pledges: resource key -> what an agreement says of the line; absent means that none does.
        travel_times: where needs and helpers are, and how far apart.
        promised: resource owner -> stretches given away outside these lists; what is `fixed` is added by itself.
        served_days: need or resource key -> days of its visits so far, as far back as its rhythm reaches (a year for
            once a year); visits agreed for later days count too.
        certificates_until: (resource owner, certificate) -> last valid day; absent means no expiry is known.
        certificate_names: certificate -> what it is called in Chinese and in English, where its code is no word.
        minutes_when_unstated: how long one unit takes when the line does not say.
        zone: the place's own, in which times of day and days are told.
        bands: times of day at which a helper's long stretch is divided; one visit per helper and part of the day.
    """

    now: datetime
    calendar: Calendar | None = None
    parents: Mapping[str, str] = filled(default_factory=dict)
    conflicts: frozenset[tuple[str, str]] = frozenset()
    avoid: frozenset[tuple[str, str]] = frozenset()
    wishes: frozenset[tuple[str, str]] = frozenset()
    clients: Mapping[str, tuple[str, ...]] = filled(default_factory=dict)
    received: Mapping[str, int] = filled(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = filled(default_factory=dict)
    load_minutes: Mapping[str, int] = filled(default_factory=dict)
    in_return: frozenset[str] = frozenset()
    savers: frozenset[str] = frozenset()
    pledges: Mapping[str, Pledge] = filled(default_factory=dict)
    travel_times: TravelTimes = filled(default_factory=TravelTimes)
    promised: Mapping[str, tuple[Promise, ...]] = filled(default_factory=dict)
    served_days: Mapping[str, Sequence[date]] = filled(default_factory=dict)
    certificates_until: Mapping[tuple[str, str], date] = filled(default_factory=dict)
    certificate_names: Mapping[str, tuple[str, str]] = filled(default_factory=dict)
    minutes_when_unstated: Mapping[Unit, int] = filled(default_factory=lambda: MINUTES_WHEN_UNSTATED)
    bands: tuple[time, ...] = BANDS
    zone: tzinfo = SHANGHAI

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("a plan needs an aware time")

    def windows(self, when: When, week: Week) -> tuple[Window, ...]:
        """What is still to come of the stretches of `when` in the week, by the place's clock; one under way starts at the
        next quarter."""
        past = -self.now.timestamp() % QUARTER_SECONDS
        earliest = (self.now + timedelta(seconds=past)).replace(microsecond=0) if past else self.now
        return tuple(
            (window if window.starts_at >= self.now else Window(earliest, window.ends_at)).seen_in(self.zone)
            for window in when.windows_in(week, self.calendar, zone=self.zone)
            if window.starts_at >= self.now or window.ends_at > earliest
        )

    def day_of(self, window: Window) -> date:
        """The day on which a stretch begins where the plan is made, whoever's clock it is told by."""
        return window.starts_at.astimezone(self.zone).date()

    def skill_fit(self, needed: Sequence[str], offered: Sequence[str]) -> tuple[int, int]:
        """(EXACT, rank of the needed category) or (RELATED, rank), best first; (0, 0) when nothing fits."""
        for rank, code in enumerate(needed):
            if code in offered:
                return EXACT, rank
        for rank, code in enumerate(needed):
            line = self._line(code)
            if any(code in self._line(other) or other in line for other in offered):
                return RELATED, rank
        return 0, 0

    def certificate_called(self, code: str) -> tuple[str, str]:
        """What a certificate is called in Chinese and in English; its code where nobody says otherwise."""
        return self.certificate_names.get(code, (code, code))

    def within(self, code: str, wider: Sequence[str]) -> bool:
        """True when the category is one of `wider`, or narrower than one."""
        return any(one in wider for one in self._line(code))

    def _line(self, code: str) -> tuple[str, ...]:
        """The category with all that contain it."""
        line = [code]
        while (parent := self.parents.get(line[-1])) and parent not in line:
            line.append(parent)
        return tuple(line)

    @property
    def today_on(self) -> date:
        return self.now.astimezone(self.zone).date()
