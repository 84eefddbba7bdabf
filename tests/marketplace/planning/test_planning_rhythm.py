"""What was said is kept: how often in a week, in every other one, in a month, a quarter, a year."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from marketplace.planning import PlanContext, plan_week
from marketplace.planning.problem.rhythm import occasions_left, visits_due
from marketplace.values import SHANGHAI, Demand, Frequency, Looseness, Per, Recurrence, Week, When
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

WEEK = Week.parse("2026-W48")
TUESDAY = Recurrence(frequency=Frequency.WEEKLY, weekdays=(1,), starts=time(8), ends=time(12))
DAILY = Recurrence(frequency=Frequency.DAILY, starts=time(8), ends=time(18))


def days_of(week: Week) -> list[date]:
    return [week.monday_on + timedelta(days=number) for number in range(7)]


def served_over(demand: Demand, weeks: list[Week], open_on: Any = days_of) -> list[date]:
    """The days of a need that always finds somebody, on the first day it may be."""
    served: list[date] = []
    for week in weeks:
        for days in visits_due(demand, open_on=open_on(week), served=served, week=week):
            served.append(min(set(days) - set(served)))
    return served


YEAR = [Week.of(date(2026, 1, 5) + timedelta(weeks=number)) for number in range(104)]


@pytest.mark.parametrize("times", range(1, 8))
def test_times_a_week_fall_on_as_many_different_days(times: int) -> None:
    for week in YEAR[:52]:
        visits = visits_due(Demand(times=times, per=Per.WEEK), open_on=days_of(week), served=(), week=week)
        assert len(visits) == times
        assert len({day for days in visits for day in days}) == 7


@pytest.mark.parametrize("every", [2, 3, 4])
def test_every_other_week_is_the_other_week(every: int) -> None:
    served = served_over(Demand(times=1, per=Per.WEEK, every=every), YEAR)
    apart = {(Week.of(b).monday_on - Week.of(a).monday_on).days // 7 for a, b in pairwise(served)}
    assert apart == {every}


@pytest.mark.parametrize(
    ("per", "key"),
    [
        (Per.HALF_MONTH, lambda day: (day.year, day.month, day.day > 15)),
        (Per.MONTH, lambda day: (day.year, day.month)),
        (Per.QUARTER, lambda day: (day.year, (day.month - 1) // 3)),
        (Per.HALF_YEAR, lambda day: (day.year, (day.month - 1) // 6)),
        (Per.YEAR, lambda day: day.year),
    ],
)
@pytest.mark.parametrize("times", [1, 2, 3, 5])
@pytest.mark.parametrize("weekdays", [(0, 1, 2, 3, 4, 5, 6), (1,), (2, 5)])
def test_times_in_a_calendar_period_are_kept_in_every_whole_period(
    per: Any, key: Any, times: int, weekdays: Any
) -> None:
    def open_on(week: Week) -> list[date]:
        return [day for day in days_of(week) if day.weekday() in weekdays]

    served = Counter(map(key, served_over(Demand(times=times, per=per), YEAR, open_on)))
    wanted = Counter(key(day) for week in YEAR for day in open_on(week))
    whole = sorted(set(wanted))[1:-1] or sorted(set(wanted))[:1]
    for period in whole:
        assert served[period] == min(times, wanted[period]), (period, served[period])
    assert max(served.values()) <= times


def test_two_visits_of_a_month_keep_their_distance() -> None:
    served = served_over(Demand(times=2, per=Per.MONTH), YEAR[:52])
    assert min((b - a).days for a, b in pairwise(served)) >= 5


@pytest.mark.parametrize(
    ("demand", "before", "left"),
    [
        (None, (), None),
        (Demand(times=1, per=Per.WEEK, every=2), (date(2026, 11, 17),), 0),
        (Demand(times=1, per=Per.WEEK, every=2), (date(2026, 11, 10),), 1),
        (Demand(times=2, per=Per.MONTH), (date(2026, 11, 3), date(2026, 11, 10)), 0),
        (Demand(times=2, per=Per.MONTH), (date(2026, 11, 3), date(2026, 10, 27)), 1),
        (Demand(times=1, per=Per.QUARTER), (date(2026, 10, 1),), 0),
        (Demand(times=3, per=Per.TOTAL), (date(2026, 1, 1),), 2),
        # Two visits of one morning are one coming.
        (Demand(times=2, per=Per.MONTH), (date(2026, 11, 3), date(2026, 11, 3)), 1),
    ],
)
def test_an_offer_comes_no_more_often_than_it_said(demand: Any, before: Any, left: int | None) -> None:
    assert occasions_left(demand, open_on=days_of(WEEK), served=before, week=WEEK) == left


def test_an_offer_every_other_tuesday_is_planned_every_other_week(
    need: MakeNeed, resource: MakeResource, context: PlanContext
) -> None:
    offer = resource(
        "甲", "care", when=When(recurrences=(TUESDAY,), demand=Demand(times=1, per=Per.WEEK, every=2))
    )
    asked = [need(f"需求{n}", "care", when=When(looseness=Looseness.ANY)) for n in range(40)]
    days: list[date] = []
    for number in range(8):
        week = Week.of(WEEK.monday_on + timedelta(weeks=number))
        now = datetime.combine(week.monday_on - timedelta(days=3), time(9), tzinfo=SHANGHAI)
        circumstances = replace(context, now=now, served_days={"甲": tuple(days)})
        plan = plan_week(asked, [offer], week=week, context=circumstances)
        assert plan.verify()
        assert (len(plan.matches) > 0) == (number % 2 == 0)
        days.extend({match.window.starts_at.date() for match in plan.matches})


def test_three_times_a_week_is_three_days_also_when_one_is_agreed(
    need: MakeNeed, resource: MakeResource, context: PlanContext, stretch: Stretch
) -> None:
    from marketplace.planning import Fixed

    helpers = [resource(f"助老{n}", "care", when=When(recurrences=(DAILY,))) for n in range(5)]
    asked = need("探望", "care", when=When(looseness=Looseness.ANY, demand=Demand(times=3, per=Per.WEEK)))
    plan = plan_week([asked], helpers, week=WEEK, context=context)
    assert len({match.window.starts_at.date() for match in plan.matches}) == len(plan.matches) == 3
    agreed = Fixed(need_key="探望", resource_key="助老0", window=stretch(2, "9:00", "10:00"))
    plan = plan_week([asked], helpers, week=WEEK, context=context, fixed=[agreed])
    assert len({match.window.starts_at.date() for match in plan.matches}) == len(plan.matches) == 3


def test_two_hundred_rhythms_are_kept_for_a_year_of_planned_weeks(
    need: MakeNeed, resource: MakeResource, context: PlanContext
) -> None:
    draw = random.Random(7)
    pers = [Per.WEEK, Per.WEEK, Per.HALF_MONTH, Per.MONTH, Per.MONTH, Per.QUARTER, Per.HALF_YEAR, Per.YEAR]
    demands = {}
    for number in range(200):
        per = draw.choice(pers)
        every = draw.choice([1, 1, 2, 3]) if per is Per.WEEK else 1
        demands[f"需求{number:03}"] = Demand(times=draw.choice([1, 1, 2, 3]), per=per, every=every)
    served: dict[str, list[date]] = {key: [] for key in demands}
    for week in YEAR[:52]:
        for key, demand in demands.items():
            for days in visits_due(demand, open_on=days_of(week), served=served[key], week=week):
                served[key].append(draw.choice(sorted(set(days) - set(served[key]))))
    broken = [key for key, demand in demands.items() if not _kept(demand, served[key])]
    assert broken == []


def _kept(demand: Demand, served: list[date]) -> bool:
    if demand.per is Per.WEEK:
        weeks = Counter(Week.of(day) for day in served)
        runs = zip(
            *(YEAR[number : 52 - demand.every + 1 + number] for number in range(demand.every)), strict=False
        )
        return all(sum(weeks[week] for week in run) == demand.times for run in runs)
    months = {Per.HALF_MONTH: 0, Per.MONTH: 1, Per.QUARTER: 3, Per.HALF_YEAR: 6, Per.YEAR: 12}[demand.per]
    counted = Counter(
        (day.month, day.day > 15) if not months else (day.month - 1) // months
        for day in served
        if day.year == 2026
    )
    periods = (
        [(m, late) for m in range(2, 12) for late in (False, True)]
        if not months
        else range(1, 12 // months - 1)
    )
    return (
        all(counted[period] == demand.times for period in periods) and max(counted.values()) <= demand.times
    )


def test_a_visit_longer_than_its_hours_is_asked_about_and_not_cut_short(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, context: PlanContext
) -> None:
    from marketplace.values import Quantity

    asked = need("陪诊", "care", stretch(1, "9:00", "10:00"), quantity=Quantity(minutes_each=180))
    plan = plan_week(
        [asked], [resource("甲", "care", stretch(1, "8:00", "18:00"))], week=WEEK, context=context
    )
    assert plan.matches == ()
    assert [one.why.code for one in plan.unserved] == ["too_long"]


def test_the_context_is_a_plain_value(context: PlanContext) -> None:
    assert replace(context, served_days={"甲": ()}) != context
