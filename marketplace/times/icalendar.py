"""A time as iCalendar (RFC 5545): one event for each rule and each dated stretch, open to any calendar program.

Weekdays, days of the month and months left out become a repeat rule as they stand. Workdays, holidays and school terms
are single days of a known calendar, so such an event names its days one by one and ends with the days asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from marketplace.calendars import mainland
from marketplace.errors import TimeUnconfirmed
from marketplace.values import SHANGHAI, Calendar, Frequency, Recurrence, When

if TYPE_CHECKING:
    from dateutil.rrule import rruleset

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LINE_BYTES = 75
_DAY = timedelta(days=1)
_ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One repeating or single stretch of time.

    Attributes:
        starts_at, ends_at: the first occurrence, in local time.
        rule: the repeat rule without its name, such as FREQ=WEEKLY;BYDAY=TU; "" for a single stretch.
        also: starts of further occurrences that no rule names (make-up workdays).
        without: starts that the rule names and that do not take place.
    """

    starts_at: datetime
    ends_at: datetime
    rule: str = ""
    also: tuple[datetime, ...] = ()
    without: tuple[datetime, ...] = ()

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
    when: When, *, from_on: date, until_on: date, calendar: Calendar | None = None
) -> tuple[Event, ...]:
    """The events of a time from one day to another, both included.

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
    repeated = (_repeated(when, rule, from_on, until_on, known) for rule in rules)
    single = (
        Event(starts_at=window.starts_at, ends_at=window.ends_at)
        for window in when.windows
        if from_on <= window.starts_at.astimezone(SHANGHAI).date() <= until_on
        and not when.takes_out(window.starts_at.astimezone(SHANGHAI).date(), known)
    )
    return (*(event for event in repeated if event is not None), *single)


def _repeated(
    when: When, rule: Recurrence, from_on: date, until_on: date, calendar: Calendar
) -> Event | None:
    """The event of one rule; None when it never takes place between the two days."""
    first_on = max(from_on, rule.first_on or from_on)
    last_on = min(until_on, rule.last_on or until_on)
    days = [first_on + _DAY * step for step in range((last_on - first_on).days + 1)]
    named = {day for day in days if rule.names(day, calendar) and not when.takes_out(day, calendar)}
    if not named:
        return None
    plain = {day for day in days if _by_rule(when, rule, day)}
    tied = rule.frequency is Frequency.WORKDAYS or when.except_school_holidays or when.except_public_holidays
    ends_on = until_on if tied and not rule.last_on else rule.last_on and last_on
    starts_on = min(named)
    return Event(
        starts_at=_at(starts_on, rule.starts),
        ends_at=_at(starts_on, rule.ends),
        rule=_rule_text(when, rule, ends_on),
        also=tuple(_at(day, rule.starts) for day in sorted(named - plain)),
        without=tuple(_at(day, rule.starts) for day in sorted(plain - named) if day > starts_on),
    )


def _by_rule(when: When, rule: Recurrence, day: date) -> bool:
    """True when the repeat rule alone names the day: no single day, holiday or term taken into account."""
    if day.month in when.except_months or day.weekday() in when.except_weekdays:
        return False
    if rule.frequency is Frequency.WORKDAYS:
        return day.weekday() < 5
    return rule.names(day, mainland())


def _rule_text(when: When, rule: Recurrence, ends_on: date | None) -> str:
    left = [day for day in range(7) if day not in when.except_weekdays]
    weekdays = [day for day in rule.weekdays or range(7) if day in left]
    match rule.frequency:
        case Frequency.DAILY:
            parts = ["FREQ=DAILY"] if len(left) == 7 else ["FREQ=WEEKLY", _by_day(left)]
        case Frequency.WORKDAYS:
            parts = ["FREQ=WEEKLY", _by_day(day for day in left if day < 5)]
        case Frequency.WEEKLY:
            parts = ["FREQ=WEEKLY", _by_day(weekdays)]
        case Frequency.NTH_WEEKDAY:
            parts = [
                "FREQ=MONTHLY",
                "BYDAY=" + ",".join(f"{nth}{_DAYS[day]}" for nth in rule.nths for day in weekdays),
            ]
        case _:
            parts = ["FREQ=MONTHLY", "BYMONTHDAY=" + ",".join(map(str, rule.month_days))]
            parts += [_by_day(left)] * (len(left) < 7)
    if when.except_months:
        parts.append("BYMONTH=" + ",".join(str(one) for one in range(1, 13) if one not in when.except_months))
    if ends_on:
        parts.append("UNTIL=" + _utc(_at(ends_on, time(23, 59, 59))))
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
    """The events as one iCalendar text, lines folded and ended as the standard asks.

    Args:
        uid: stable id of the line; each event adds its number.
        stamp: the moment of writing, aware.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//timebank//marketplace//EN", *_ZONE]
    for number, event in enumerate(events, start=1):
        lines += ["BEGIN:VEVENT", f"UID:{_text(uid)}-{number}", f"DTSTAMP:{_utc(stamp)}"]
        lines += [f"DTSTART{_local(event.starts_at)}", f"DTEND{_local(event.ends_at)}"]
        lines += [f"RRULE:{event.rule}"] if event.rule else []
        lines += [f"RDATE{_local(at)}" for at in event.also] + [f"EXDATE{_local(at)}" for at in event.without]
        lines += [f"SUMMARY:{_text(summary)}"]
        lines += [f"LOCATION:{_text(place)}"] if place else []
        lines += [f"DESCRIPTION:{_text(description)}"] if description else []
        lines += ["END:VEVENT"]
    return "".join(f"{line}\r\n" for full in [*lines, "END:VCALENDAR"] for line in _folded(full))


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 bytes, continuations marked by a space, no character cut."""
    piece = ""
    for char in line:
        if len((piece + char).encode()) > _LINE_BYTES:
            yield piece
            piece = " "
        piece += char
    yield piece


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI)


def _local(at: datetime) -> str:
    return f";TZID=Asia/Shanghai:{at.astimezone(SHANGHAI):%Y%m%dT%H%M%S}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
