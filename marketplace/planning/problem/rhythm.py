"""How often, kept as said: which days of a week a repeated need is due on, and how often an offer still comes.

"Every other week" looks back one week, "twice a month" counts the calendar month, "every quarter" the quarter. Visits of
one week fall on different days, spread over those that are open; visits of a longer period keep their distance, unless
the period would end before all of them found room.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from marketplace.values import Demand, Per, Week

Days = tuple[date, ...]
# Visits farther apart than a week keep this share of the usual distance, and a smaller one when the period runs out.
_DISTANCE, _DISTANCE_LATE = 0.8, 0.3
_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.HALF_YEAR: 6, Per.TERM: 6, Per.YEAR: 12}


def visits_due(
    demand: Demand, *, open_on: Sequence[date], served: Sequence[date], week: Week
) -> tuple[Days, ...]:
    """The visits of a need in a week, each with the days it may be on.

    Args:
        open_on: days of the week on which the time is open and still to come.
        served: days of all visits so far and of those agreed, any order, as far back as the period reaches.

    Returns:
        One tuple of days per visit; fewer visits than are due where there are not so many days.
    """
    done_here = {day for day in served if week.monday_on <= day <= week.sunday_on}
    free = sorted(set(open_on) - done_here)
    if demand.per is Per.DAY:
        return tuple((day,) for day in free for _ in range(demand.times))
    if demand.per is Per.TOTAL:
        return _spread(free, demand.times - len(served))
    if demand.per is Per.WEEK:
        left = demand.times - _in_weeks(demand, served, week)
        return _spread(free, min(left, -(-demand.times // demand.every) - len(done_here)))
    found: list[Days] = []
    for first, last in _periods(free, demand):
        inside = [day for day in free if first <= day <= last]
        left = demand.times - sum(first <= day <= last for day in served)
        found.extend(_in_period(demand, inside, left, served, week, first, last))
        if found and demand.period_days >= 7 * demand.times:
            break
    return tuple(found)


def _in_period(
    demand: Demand,
    free: Sequence[date],
    left: int,
    served: Sequence[date],
    week: Week,
    first: date,
    last: date,
) -> tuple[Days, ...]:
    """The visits of one calendar period that fall in the week."""
    length = (last - first).days + 1
    if length < 7 * demand.times:
        return _spread(free, min(left, -(-7 * demand.times // length)))
    if left <= 0:
        return ()
    weeks_after = max(0, (last - week.sunday_on).days) // 7
    share = _DISTANCE_LATE if weeks_after < left else _DISTANCE
    apart = timedelta(days=int(length / demand.times * share))
    near = [day for day in free if all(abs(day - other) >= apart for other in served)]
    return (tuple(near),) if near else ()


def occasions_left(
    demand: Demand | None, *, open_on: Collection[date], served: Sequence[date], week: Week
) -> int | None:
    """On how many further days of the week an offer comes; None for as many as it is open."""
    if demand is None or not demand.times or demand.per is Per.DAY:
        return None
    days = sorted(set(served))
    if demand.per is Per.TOTAL:
        return max(0, demand.times - len(days))
    if demand.per is Per.WEEK:
        return max(0, demand.times - _in_weeks(demand, days, week))
    left = [
        demand.times - sum(first <= day <= last for day in days)
        for first, last in _periods(sorted(open_on), demand)
    ]
    return max(0, max(left, default=0))


def _in_weeks(demand: Demand, served: Sequence[date], week: Week) -> int:
    """Visits in this week and in those before it that belong to the same stretch of weeks."""
    since = week.monday_on - timedelta(weeks=demand.every - 1)
    return sum(since <= day <= week.sunday_on for day in served)


def _periods(days: Sequence[date], demand: Demand) -> list[tuple[date, date]]:
    """The calendar periods these days lie in, in order."""
    found: list[tuple[date, date]] = []
    for day in days:
        period = _period(day, demand)
        if period not in found:
            found.append(period)
    return found


def _period(day: date, demand: Demand) -> tuple[date, date]:
    if demand.per is Per.HALF_MONTH:
        if day.day <= 15:
            return day.replace(day=1), day.replace(day=15)
        return day.replace(day=16), _month_after(day.replace(day=1), 1) - timedelta(days=1)
    months = _MONTHS[demand.per] * demand.every
    number = (day.year * 12 + day.month - 1) // months * months
    first = date(number // 12, number % 12 + 1, 1)
    return first, _month_after(first, months) - timedelta(days=1)


def _month_after(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _spread(days: Sequence[date], visits: int) -> tuple[Days, ...]:
    """Days in order, divided among so many visits; no more visits than days."""
    visits = min(visits, len(days))
    return tuple(
        tuple(days[number * len(days) // visits : (number + 1) * len(days) // visits])
        for number in range(visits)
    )
