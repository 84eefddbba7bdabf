"""A time as iCalendar (RFC 5545): one event for each rule and each dated stretch, open to any calendar program.

Days, weeks and months that come round, also every other one, become a repeat rule as they stand. Workdays, holidays, lunar
days and school terms are single days of a known calendar, so such an event names its days one by one and ends with the
days asked for. The file itself is written by `icalendar`: folding, escaping and the zone's own rules are its work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from marketplace.calendars import mainland
from marketplace.errors import TimeUnconfirmed
from marketplace.values import SHANGHAI, Calendar, Frequency, Recurrence, When
from marketplace.when import OF_CALENDAR

if TYPE_CHECKING:
    from dateutil.rrule import rruleset
    from icalendar import Component

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)
_WHOLE_YEAR = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One repeating or single stretch of time.

    Attributes:
        starts_at, ends_at: the first occurrence, in local time.
        rule: the repeat rule without its name, such as FREQ=WEEKLY;BYDAY=TU; "" for a single stretch.
        also: starts of further occurrences that no rule names (make-up workdays).
        without: starts that the rule names and that do not take place.
        tentative: the time is open in these stretches, but not all of them are meant (周六或周日, 随时).
    """

    starts_at: datetime
    ends_at: datetime
    rule: str = ""
    also: tuple[datetime, ...] = ()
    without: tuple[datetime, ...] = ()
    tentative: bool = False

    @property
    def length(self) -> timedelta:
        """How long each occurrence lasts."""
        return self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)

    def occurrences(self) -> rruleset:
        """The starts as a rule set of `dateutil`."""
        # Imported here: only programs that work with rule sets need it.
        from dateutil.rrule import rrule, rruleset, rrulestr

        found = rruleset()
        if self.rule:
            repeated = rrulestr(self.rule, dtstart=self.starts_at)
            assert isinstance(repeated, rrule)
            found.rrule(repeated)
        else:
            found.rdate(self.starts_at)
        for at in self.also:
            found.rdate(at)
        for at in self.without:
            found.exdate(at)
        return found


def events_of(
    when: When,
    *,
    from_on: date,
    until_on: date,
    calendar: Calendar | None = None,
    zone: ZoneInfo = SHANGHAI,
) -> tuple[Event, ...]:
    """The events of a time from one day to another, both included, by the clock of the zone.

    A rule that needs no calendar goes on after `until_on`; one that does ends there.

    Raises:
        TimeUnconfirmed: a question about the reading is still open.
    """
    if when.question is not None:
        raise TimeUnconfirmed(phrase=when.phrase)
    known = mainland() if calendar is None else calendar
    rules = list(when.recurrences)
    if when.is_loose:
        rules = [
            Recurrence(
                frequency=Frequency.DAILY,
                starts=when.day_starts,
                ends=when.day_ends,
                first_on=when.first_on,
                last_on=when.last_on,
            )
        ]
    tentative = when.is_loose or when.demand is not None
    repeated = (_repeated(when, rule, (from_on, until_on), known, zone, tentative) for rule in rules)
    single = (
        Event(
            starts_at=window.starts_at.astimezone(zone),
            ends_at=window.ends_at.astimezone(zone),
            tentative=tentative,
        )
        for window in when.windows
        if from_on <= (on := window.starts_at.astimezone(zone).date()) <= until_on
        and not when.takes_out(on, known)
    )
    return (*(event for event in repeated if event is not None), *single)


def _repeated(
    when: When,
    rule: Recurrence,
    span: tuple[date, date],
    calendar: Calendar,
    zone: ZoneInfo,
    tentative: bool,
) -> Event | None:
    """The event of one rule; None when it never takes place between the two days."""
    from_on, until_on = span
    first_on = max(from_on, rule.first_on or from_on)
    last_on = min(until_on, rule.last_on or until_on)
    days = [first_on + _DAY * step for step in range((last_on - first_on).days + 1)]
    named = {day for day in days if rule.names(day, calendar) and not when.takes_out(day, calendar)}
    if not named:
        return None
    starts_on = min(named)
    first = rule.window_on(starts_on, zone)
    repeat = "" if rule.frequency in OF_CALENDAR - {Frequency.WORKDAYS} else _rule_text(when, rule)
    plain = {day for day in days if _by_rule(when, rule, day, calendar)} if repeat else {starts_on}
    tied = rule.frequency is Frequency.WORKDAYS or when.except_school_holidays or when.except_public_holidays
    ends_on = until_on if tied and not rule.last_on else rule.last_on and last_on
    if repeat and ends_on:
        repeat += f";UNTIL={_at(ends_on, time(23, 59, 59), zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return Event(
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        rule=repeat,
        also=tuple(_at(day, rule.starts, zone) for day in sorted(named - plain)),
        without=tuple(_at(day, rule.starts, zone) for day in sorted(plain - named) if day > starts_on),
        tentative=tentative,
    )


def _by_rule(when: When, rule: Recurrence, day: date, calendar: Calendar) -> bool:
    """True when the repeat rule alone names the day: no single day, holiday or term taken into account."""
    if day.month in when.except_months or day.weekday() in when.except_weekdays:
        return False
    if rule.frequency is Frequency.WORKDAYS:
        return day.weekday() < 5
    return rule.names(day, calendar)


def _rule_text(when: When, rule: Recurrence) -> str:
    """The repeat rule in the words of the standard, shortest first."""
    left = [day for day in range(7) if day not in when.except_weekdays]
    weekdays = [day for day in rule.weekdays or range(7) if day in left]
    interval = [f"INTERVAL={rule.interval}"] * (rule.interval > 1)
    match rule.frequency:
        case Frequency.DAILY if rule.interval > 1:
            parts = ["FREQ=DAILY", *interval, *[_by_day(left)] * (len(left) < 7)]
        case Frequency.DAILY:
            parts = ["FREQ=DAILY"] if len(left) == 7 else ["FREQ=WEEKLY", _by_day(left)]
        case Frequency.WORKDAYS:
            parts = ["FREQ=WEEKLY", _by_day(day for day in left if day < 5)]
        case Frequency.WEEKLY if rule.weeks:
            parts = ["FREQ=YEARLY", "BYWEEKNO=" + ",".join(map(str, rule.weeks)), _by_day(weekdays)]
        case Frequency.WEEKLY:
            parts = ["FREQ=WEEKLY", *interval, _by_day(weekdays)]
        case Frequency.NTH_WEEKDAY:
            by_day = ",".join(f"{nth}{_DAYS[day]}" for nth in rule.nths for day in weekdays)
            parts = ["FREQ=MONTHLY", *interval, f"BYDAY={by_day}"]
        case _:
            parts = ["FREQ=MONTHLY", *interval, "BYMONTHDAY=" + ",".join(map(str, rule.month_days))]
            parts += [_by_day(left)] * (len(left) < 7)
    months = [one for one in rule.months or _WHOLE_YEAR if one not in when.except_months]
    if len(months) < len(_WHOLE_YEAR):
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    if rule.interval > 1 or rule.weeks:
        parts.append("WKST=MO")
    return ";".join(parts)


def _by_day(days: Iterable[int]) -> str:
    return "BYDAY=" + ",".join(_DAYS[day] for day in days)


def ical_of(
    events: Iterable[Event],
    *,
    uid: str,
    stamp: datetime,
    summary: str,
    place: str = "",
    description: str = "",
) -> str:
    """The events as one iCalendar text, each with the rules of its zone.

    Args:
        uid: stable id of the line; each event adds its number.
        stamp: the moment of writing, aware.
    """
    # Imported here: only who writes a calendar file needs it.
    from icalendar import Calendar as File
    from icalendar import Event as Written
    from icalendar import vRecur

    file = File()
    file.add("prodid", "-//timebank//marketplace//EN")
    file.add("version", "2.0")
    days: list[date] = []
    listed = list(events)
    for number, event in enumerate(listed, start=1):
        written = Written()
        written.add("uid", f"{uid}-{number}")
        written.add("dtstamp", stamp.astimezone(UTC))
        written.add("dtstart", event.starts_at)
        written.add("duration", event.length)
        if event.rule:
            written.add("rrule", vRecur.from_ical(event.rule))
        for name, moments in (("rdate", event.also), ("exdate", event.without)):
            if moments:
                written.add(name, list(moments))
        if event.tentative:
            written.add("status", "TENTATIVE")
        for name, text in (("summary", summary), ("location", place), ("description", description)):
            if text:
                written.add(name, text.replace("\r\n", "\n").replace("\r", "\n"))
        file.add_component(written)
        days += [at.date() for at in (event.starts_at, *event.also, *event.without)]
    for name in sorted({str(event.starts_at.tzinfo) for event in listed}):
        # A calendar program needs the change of clocks of the years around, not of a century.
        file.add_component(zone_rules(name, min(days).year - 1, max(days).year + 5))
    written_out: bytes = file.to_ical()
    return written_out.decode()


@lru_cache(maxsize=64)
def zone_rules(name: str, first_year: int, last_year: int) -> Component:
    """When the clocks of a zone change in these years, as a part of the file."""
    from icalendar import Timezone

    return Timezone.from_tzid(name, first_date=date(first_year, 1, 1), last_date=date(last_year, 12, 31))


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)
