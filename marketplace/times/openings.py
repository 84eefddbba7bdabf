"""Whether a time opens at all: a rule or a dated stretch that never comes is a slip, and asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, tzinfo

from marketplace.values import Calendar, Frequency, Recurrence, When

# A rule that opens on no day of this stretch is empty: the fifth Monday and the 31st come several times in it.
OPENS_WITHIN_DAYS = 550


def opens_at_all(when: When, calendar: Calendar, *, filed_on: date, zone: tzinfo) -> bool:
    """True when every rule and every dated stretch of the time opens at least once in the year and a half to come."""
    known = [rule for rule in when.recurrences if not _still_to_be_announced(rule, calendar, filed_on)]
    if len(known) < len(when.recurrences) and not (known or when.windows):
        return True
    parts = [replace(when, recurrences=(rule,), windows=()) for rule in known]
    parts += [replace(when, recurrences=(), windows=(window,)) for window in when.windows]
    return all(_opens(part, calendar, filed_on, zone) for part in parts or [when])


def _still_to_be_announced(rule: Recurrence, calendar: Calendar, filed_on: date) -> bool:
    """True for public holidays of which no notice tells the days yet."""
    until = getattr(calendar, "known_until", None)
    if rule.frequency is not Frequency.PUBLIC_HOLIDAYS or until is None:
        return False
    return bool(until < filed_on + timedelta(days=OPENS_WITHIN_DAYS))


def _opens(when: When, calendar: Calendar, filed_on: date, zone: tzinfo) -> bool:
    firsts = [window.starts_at.astimezone(zone).date() for window in when.windows]
    firsts += [rule.first_on or min(filed_on, rule.last_on or filed_on) for rule in when.recurrences]
    first = min(firsts, default=when.first_on or min(filed_on, when.last_on or filed_on))
    days = (first + timedelta(days=step) for step in range(OPENS_WITHIN_DAYS))
    return any(True for day in days for _ in when.windows_on(day, calendar, zone=zone))
