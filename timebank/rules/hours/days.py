"""A stay cut at local midnights, in minutes that really passed: a night counts for both days, a clock change for neither."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo


class DayMinutes(NamedTuple):
    """Whole minutes that belong to one local day."""

    on: date
    minutes: int


def days_of(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> tuple[DayMinutes, ...]:
    """The whole minutes of a stay by local day, in order; they add up to the whole minutes of the stay.

    Args:
        starts_at, ends_at: aware. The differences are taken in UTC, so that an hour that a clock change repeats is
            counted twice and one that it leaves out is not counted.

    Raises:
        ValueError: a moment without a zone, or an end before the beginning.
    """
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise ValueError("a stay begins and ends at aware moments")
    # Two moments of one zone would be subtracted by their clocks, so both go to UTC first.
    start, end = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    if end < start:
        raise ValueError("a stay ends after it begins")
    left = int((end - start).total_seconds()) // 60
    # Seconds decide how long the stay was, not to which day a minute belongs.
    start = start.replace(second=0, microsecond=0)
    found: list[DayMinutes] = []
    on = start.astimezone(zone).date()
    while left or not found:
        midnight = _midnight_after(on, zone)
        minutes = min(left, int((midnight - start).total_seconds()) // 60)
        found.append(DayMinutes(on, minutes))
        left -= minutes
        start, on = midnight, on + timedelta(days=1)
    return tuple(found)


def week_minutes(used: Mapping[date, int], on: date) -> int:
    """Minutes in the week of `on`, Monday to Sunday, whatever year its days belong to."""
    monday = on - timedelta(days=on.weekday())
    return sum(used.get(monday + timedelta(days=ahead), 0) for ahead in range(7))


def _midnight_after(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(0), tzinfo=zone).astimezone(UTC)
