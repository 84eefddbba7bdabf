"""From the facts of one clause to its rules: which days, between which dates, during which hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from marketplace.calendars import PlainCalendar
from marketplace.times.clock import DAY_ENDS, DAY_STARTS, Doubts, Stretch
from marketplace.times.days import DateRange, month_after, tenth_of, week_of_month
from marketplace.times.facts import Clause, Collector
from marketplace.times.say import WEEKDAYS_EN, WEEKDAYS_ZH
from marketplace.values import Frequency, Recurrence, Window
from marketplace.when import stretch_on

WHOLE_DAY = Stretch(DAY_STARTS, DAY_ENDS)
QUARTERS = (1, 4, 7, 10)
# 双周: the even weeks of the calendar that also numbers the plan's weeks; a year of 53 ends on two odd ones.
EVEN_WEEKS = tuple(range(2, 54, 2))
# Every rule of days, weeks or months comes at least once in so many days.
_ANCHOR_DAYS = 200
_ABOUT_DAYS = 2
# Several ranges in one cell become single days; longer ones than this are asked about.
_RANGE_DAYS_MAX = 62
_TENTH_DAYS = {"start": range(1, 11), "middle": range(11, 21), "end": range(21, 32), "last": range(21, 32)}


def bounds_of(clause: Clause, collector: Collector) -> DateRange | tuple[None, None]:
    """The days between which a clause holds; (None, None) for always."""
    month = clause.months[0] if clause.months else None
    if clause.tenth and month and (month[0].year, month[0].month) != (month[1].year, month[1].month):
        collector.doubts.ask("range_unclear", text=f"{month[0]:%Y-%m}–{month[1]:%Y-%m}")
        return month
    if clause.more_tenths and not clause.monthly:
        return _tenths(clause, month or month_after(0, collector.filed_on), collector.doubts)
    if clause.tenth and not clause.monthly:
        return tenth_of(clause.tenth, month or month_after(0, collector.filed_on))
    if clause.nth_week and not month:
        collector.doubts.ask("week_needs_month")
        return (None, None)
    if clause.nth_week and month:
        week = week_of_month(clause.nth_week, month)
        if week is None:
            collector.doubts.ask("nth_impossible", nth=str(clause.nth_week))
            return (None, None)
        collector.doubts.note("week_of_month", first=week[0].isoformat(), last=week[1].isoformat())
        return week
    if clause.months and clause.weeks:
        collector.doubts.ask("statements_disagree")
    return _in_a_row(clause.months or clause.weeks, collector.doubts)


def _tenths(clause: Clause, month: DateRange, doubts: Doubts) -> DateRange | tuple[None, None]:
    """上旬、中旬 as one stretch; 上旬、下旬 have a gap between them and are asked about."""
    return _in_a_row([tenth_of(name, month) for name in (clause.tenth, *clause.more_tenths)], doubts)


def _in_a_row(spans: list[DateRange], doubts: Doubts) -> DateRange | tuple[None, None]:
    """11月、12月 as one stretch; months or weeks with a gap between them are asked about."""
    if not spans:
        return (None, None)
    ordered = sorted(spans)
    for one, other in pairwise(ordered):
        if other[0] - one[1] > timedelta(days=1):
            doubts.ask("range_unclear", text=f"{one[0]:%Y-%m-%d}–{other[1]:%Y-%m-%d}")
    return ordered[0][0], max(last for _, last in ordered)


def rules_of(clause: Clause, collector: Collector) -> list[Recurrence]:
    """The repeating rules a clause states, one for each stretch of the day."""
    doubts = collector.doubts
    if clause.holidays and (clause.has_other_days or clause.unit not in ("", "day", "year")):
        # 每周寒暑假, 节假日的周三: which days?
        doubts.ask("statements_disagree")
    if clause.daily and (clause.weekdays or clause.workdays):
        doubts.ask("statements_disagree")
    if clause.daily and any(first == last for first, last in clause.dates) and not _range_bounds_rule(clause):
        # 每天上午,12月5日: every day, or that one?
        doubts.ask("statements_disagree")
    if clause.tenth and clause.month_days:
        # 每月5日下旬: the fifth is in no such third of a month.
        doubts.ask("statements_disagree")
    if clause.tenth and clause.dates:
        doubts.ask("range_unclear", text=clause.dates[0][0].isoformat())
    first_on, last_on = bounds_of(clause, collector)
    if _range_bounds_rule(clause):
        first_on, last_on = clause.dates.pop()
    first_on, last_on = clause.since or first_on, clause.by or last_on
    if first_on and last_on and last_on < first_on:
        doubts.ask("period_reversed", first=first_on.isoformat(), last=last_on.isoformat())
    if first_on and first_on == last_on and not clause.dates:
        doubts.ask("range_unclear", text=first_on.isoformat())
    if clause.unit == "week" and clause.month_days:
        doubts.ask("weekly_or_monthly")
    if clause.unit in ("week", "month") and clause.dates and not clause.times:
        doubts.ask("range_unclear", text=clause.dates[0][0].isoformat())
    month_days = _month_day_rules(clause, collector)
    days = [*_weekday_rules(clause, doubts), *month_days, *_other_rules(clause)]
    if not days and not clause.dates and len(clause.stretches) > 1:
        days.append(_rule(Frequency.DAILY))
    return [
        _anchored(
            replace(day, first_on=first_on, last_on=last_on, starts=one.starts, ends=one.ends),
            clause,
            collector,
        )
        for day in days
        for one in dict.fromkeys(clause.stretches or [WHOLE_DAY])
    ]


def _anchored(rule: Recurrence, clause: Clause, collector: Collector) -> Recurrence:
    """隔周周三 counts from the day it begins; unless that is written, from the first such day, noted."""
    if rule.interval == 1:
        return rule
    if clause.anchor_on:
        return replace(rule, anchor_on=clause.anchor_on)
    plain = replace(rule, interval=1, anchor_on=None)
    start = max(rule.first_on or collector.filed_on, collector.filed_on)
    days = (start + timedelta(days=step) for step in range(_ANCHOR_DAYS))
    # The calendar does not matter: only rules of days, weeks and months have intervals.
    anchor = next((day for day in days if plain.names(day, PlainCalendar())), start)
    if not (clause.since and clause.since > collector.filed_on):
        collector.doubts.note("anchor_assumed", date=anchor.isoformat())
    return replace(rule, anchor_on=anchor)


def _range_bounds_rule(clause: Clause) -> bool:
    """True for 12月1日至12月31日每周二: the range says between which days the rule holds."""
    ranged = len(clause.dates) == 1 and clause.dates[0][0] != clause.dates[0][1]
    monthly = clause.monthly and bool(clause.month_days or clause.tenth)
    ruled = clause.weekdays or clause.workdays or clause.daily or clause.lunar_days
    return ranged and (monthly or bool(ruled))


def _rule(frequency: Frequency, **days: tuple[int, ...]) -> Recurrence:
    return Recurrence(frequency=frequency, starts=DAY_STARTS, ends=DAY_ENDS, **days)  # type: ignore[arg-type]


def _spaced(rule: Recurrence, clause: Clause, unit: str) -> Recurrence:
    """The rule every so many weeks or months, when the clause says so and counts no visits of its own."""
    if clause.unit != unit or clause.every < 2 or clause.choice or clause.times > 1:
        return rule
    # The anchor is found when the bounds are known.
    return replace(rule, interval=clause.every, anchor_on=date.min)


def _other_rules(clause: Clause) -> list[Recurrence]:
    """Workdays, days of the lunar month, holidays, every day and every other day."""
    found: list[Recurrence] = []
    if clause.workdays:
        found.append(_rule(Frequency.WORKDAYS))
    if clause.lunar_days:
        found.append(_rule(Frequency.LUNAR_DAY, month_days=tuple(dict.fromkeys(clause.lunar_days))))
    if clause.holidays and not clause.has_other_days and clause.unit in ("", "day", "year"):
        found.append(_rule(clause.holidays))
    if clause.daily and not clause.holidays:
        found.append(_rule(Frequency.DAILY))
    if clause.comes_every_other_day:
        found.append(_spaced(_rule(Frequency.DAILY), clause, "day"))
    return found


def _weekday_rules(clause: Clause, doubts: Doubts) -> list[Recurrence]:
    weekdays = tuple(sorted(set(clause.weekdays)))
    if clause.nths:
        return _nth_rules(clause, weekdays, doubts)
    if not weekdays or clause.dates:
        return []
    if clause.unit in ("month", "quarter", "year") and not (clause.times or clause.minutes):
        doubts.ask("weekly_or_monthly")
    weekly = _rule(Frequency.WEEKLY, weekdays=weekdays)
    if clause.even_weeks:
        return [replace(weekly, weeks=EVEN_WEEKS)]
    return [_spaced(weekly, clause, "week")]


def _nth_rules(clause: Clause, weekdays: tuple[int, ...], doubts: Doubts) -> list[Recurrence]:
    impossible = [nth for nth in clause.nths if not (nth == -1 or 1 <= nth <= 5)]
    if clause.weekend:
        # The first Saturday and the first Sunday, or the two days of the first weekend?
        doubts.ask("nth_weekend")
    if not weekdays:
        doubts.ask("nth_without_weekday")
    elif impossible:
        doubts.ask("nth_impossible", nth=str(impossible[0]))
    elif clause.unit == "quarter":
        if clause.every > 1 or -1 in clause.nths:
            doubts.ask("which_of_quarter")
        rule = _rule(Frequency.NTH_WEEKDAY, weekdays=weekdays, nths=tuple(dict.fromkeys(clause.nths)))
        return [replace(rule, months=QUARTERS)]
    elif clause.unit == "year":
        doubts.ask("yearly_unclear")
    else:
        rule = _rule(Frequency.NTH_WEEKDAY, weekdays=weekdays, nths=tuple(dict.fromkeys(clause.nths)))
        return [_spaced(rule, clause, "month")]
    return []


def _month_day_rules(clause: Clause, collector: Collector) -> list[Recurrence]:
    """每月15日, 每月25日前后, 每月上旬, 每年3月5日; a day without 每月 is the next such date instead."""
    if clause.unit == "year" and clause.dates:
        return _yearly_rules(clause, collector.doubts)
    days = list(dict.fromkeys(clause.month_days))
    if clause.tenth and clause.monthly:
        days = sorted({day for name in (clause.tenth, *clause.more_tenths) for day in _TENTH_DAYS[name]})
    elif days and clause.unit in ("quarter", "year", "half_year", "term"):
        collector.doubts.ask("which_of_quarter")
        return []
    elif days and not clause.monthly:
        clause.dates.extend((on, on) for on in [_single_day(clause, day, collector) for day in days] if on)
        return []
    if days and clause.about:
        collector.doubts.note("about_day")
        days = sorted(
            {
                day + step
                for day in days
                for step in range(-_ABOUT_DAYS, _ABOUT_DAYS + 1)
                if 1 <= day + step <= 31
            }
        )
    return [_spaced(_rule(Frequency.MONTH_DAY, month_days=tuple(days)), clause, "month")] if days else []


def _yearly_rules(clause: Clause, doubts: Doubts) -> list[Recurrence]:
    days = [first for first, last in clause.dates if first == last]
    if len(days) != len(clause.dates) or not clause.yearless or clause.every > 1 or clause.times > 1:
        doubts.ask("yearly_unclear")
        return []
    clause.dates.clear()
    return [replace(_rule(Frequency.MONTH_DAY, month_days=(on.day,)), months=(on.month,)) for on in days]


def _single_day(clause: Clause, day: int, collector: Collector) -> date | None:
    """下个月5日 is in that month; 25日 alone is the next 25th."""
    if not clause.months:
        return collector.next_day(day)
    first, last = clause.months[0]
    if day > last.day:
        collector.doubts.ask("date_impossible", text=f"{first:%Y-%m}-{day:02d}")
        return None
    return last if day == -1 else first.replace(day=day)


def windows_of(clause: Clause, collector: Collector) -> list[Window]:
    """The dated stretches of a clause; a weekday beside a date must agree with it."""
    if clause.about and clause.dates:
        collector.doubts.note("about_day")
        margin = timedelta(days=_ABOUT_DAYS)
        clause.dates = [(first - margin, last + margin) for first, last in clause.dates]
    if len(clause.dates) == 1 and clause.dates[0][0] != clause.dates[0][1] and len(clause.stretches) < 2:
        # One range of days with at most one stretch of hours stays loose: any of these days.
        return []
    if clause.dates and (clause.by or clause.since):
        # 12月1日、12月10日前: one day, and any day before another.
        collector.doubts.ask("statements_disagree")
    windows: list[Window] = []
    for first, last in clause.dates:
        if (last - first).days > _RANGE_DAYS_MAX:
            collector.doubts.ask("range_unclear", text=f"{first}–{last}")
            continue
        days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        if first == last:
            _check_weekday(clause, first, collector.doubts)
        windows.extend(
            stretch_on(day, one.starts, one.ends, collector.zone)
            for day in days
            for one in clause.stretches or [WHOLE_DAY]
        )
    return windows


def _check_weekday(clause: Clause, on: date, doubts: Doubts) -> None:
    if clause.weekdays and on.weekday() not in clause.weekdays:
        doubts.ask(
            "weekday_disagrees",
            date=on.isoformat(),
            weekday_zh=WEEKDAYS_ZH[on.weekday()],
            weekday_en=WEEKDAYS_EN[on.weekday()],
        )
