"""A plan is made by the clock of its place: its days, its words and its warnings, wherever the lines and promises were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from marketplace.planning import Fixed, PlanContext, plan_week
from marketplace.planning.problem.wording import stretch
from marketplace.times import read_when
from marketplace.values import SHANGHAI, Need, Quantity, Resource, Unit, Week, Window

WEEK = Week.parse("2026-W48")
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
ZONES = [ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland"), SHANGHAI]


def context(zone: ZoneInfo) -> PlanContext:
    return PlanContext(now=datetime(2026, 11, 18, 9, 0, tzinfo=zone), zone=zone)


def need(zone: ZoneInfo, phrase: str = "11月24日晚上7点到8点") -> Need:
    when = read_when(phrase, filed_on=date(2026, 11, 16), zone=zone)
    return Need(line_key="N1", title="读报", categories=("help",), when=when, filed_on=date(2026, 11, 16))


def helper(**more: Any) -> Resource:
    when = read_when("每天晚上", filed_on=date(2026, 11, 16))
    one = Quantity(amount=1, unit=Unit.HELPER)
    plain = Resource(line_key="R1", title="读报", owner="M1", categories=("help",), when=when, quantity=one)
    return replace(plain, **more)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_visit_is_told_by_the_clock_of_the_place(zone: ZoneInfo) -> None:
    (match,) = plan_week([need(zone)], [helper()], week=WEEK, context=context(zone)).matches
    assert stretch(match.window, "zh") == "周二 19:00–20:00"
    assert match.window.day == TUESDAY
    assert match.window.starts_at.utcoffset() == datetime(2026, 11, 24, 19, tzinfo=zone).utcoffset()


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(("away", "served"), [(TUESDAY, 0), (WEDNESDAY, 1)])
def test_days_away_are_days_of_the_place(zone: ZoneInfo, away: date, served: int) -> None:
    plan = plan_week([need(zone)], [helper(away=((away, away),))], week=WEEK, context=context(zone))
    assert len(plan.matches) == served


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_promise_told_by_another_clock_is_the_same_promise(zone: ZoneInfo) -> None:
    start = datetime(2026, 11, 24, 19, tzinfo=zone)
    there = Window(start, start + timedelta(hours=1)).seen_in(ZoneInfo("UTC"))
    promised = Fixed(need_key="N1", resource_key="R1", window=there)
    plan = plan_week([need(zone)], [helper(rest_days=1)], week=WEEK, context=context(zone), fixed=[promised])
    (match,) = plan.matches
    assert (match.source, stretch(match.window, "en")) == ("fixed", "Tue 19:00–20:00")
    # It rests on the day after the promise, by the clock of the place.
    other = replace(need(zone, "11月25日晚上7点到8点"), line_key="N2")
    both = plan_week(
        [need(zone), other], [helper(rest_days=1)], week=WEEK, context=context(zone), fixed=[promised]
    )
    assert [one.need.line_key for one in both.matches] == ["N1"]


def test_equal_moments_are_told_differently_in_two_places() -> None:
    start = datetime(2026, 11, 24, 19, tzinfo=SHANGHAI)
    here = Window(start, start + timedelta(hours=1))
    there = here.seen_in(ZoneInfo("America/New_York"))
    assert here == there
    assert (stretch(here, "en"), stretch(there, "en")) == ("Tue 19:00–20:00", "Tue 6:00–7:00")
