"""Whatever the lists: a planned helper can really walk from visit to visit, rests as they asked, and is not away."""

from __future__ import annotations

import os
import random
from datetime import date, datetime, timedelta
from itertools import pairwise, permutations

import pytest

from marketplace.planning import (
    LivePlan,
    Plan,
    PlanContext,
    Pledge,
    Promise,
    TravelTimes,
    plan_json,
    plan_week,
)
from marketplace.values import (
    SHANGHAI,
    Looseness,
    Need,
    Place,
    Quantity,
    Resource,
    Unit,
    Urgency,
    Week,
    When,
    Window,
)

WEEK = Week.parse("2026-W48")
GRIDS = ("一", "二", "三")


def stretch(draw: random.Random, hours: tuple[int, int], lengths: tuple[int, ...]) -> Window:
    """Some length in minutes between these hours, on one of three days; most are around noon, where days are divided."""
    midnight = datetime.combine(
        WEEK.monday_on + timedelta(days=draw.randrange(3)), datetime.min.time(), tzinfo=SHANGHAI
    )
    starts_at = midnight + timedelta(minutes=15 * draw.randint(4 * hours[0], 4 * hours[1]))
    return Window(starts_at, starts_at + timedelta(minutes=draw.choice(lengths)))


def lists(seed: int) -> tuple[list[Need], list[Resource], PlanContext]:
    draw = random.Random(seed)
    needs = [
        Need(
            line_key=f"N{i}",
            title=f"N{i}",
            categories=("help",),
            when=When(looseness=Looseness.ANY)
            if draw.random() < 0.15
            else When(windows=(stretch(draw, (10, 13), (45, 60, 90, 240)),)),
            quantity=Quantity(minutes_each=draw.choice([0, 0, 45])),
            place=Place(grid=draw.choice(GRIDS)),
            urgency=draw.choice(list(Urgency)),
            filed_on=date(2026, 11, 16),
        )
        for i in range(draw.randint(5, 10))
    ]
    helpers = [
        Resource(
            line_key=f"R{i}",
            title=f"R{i}",
            owner=f"M{i}",
            owner_kind="volunteer",
            categories=("help",),
            when=When(windows=_hours(draw)),
            quantity=Quantity(unit=Unit.HELPER),
            rest_days=draw.choice([0, 0, 0, 1]),
            rest_minutes=draw.choice([0, 40]),
            away=((WEEK.monday_on, WEEK.monday_on),) if draw.random() < 0.2 else (),
        )
        for i in range(draw.randint(1, 2))
    ]
    minutes = {(one, other): draw.choice([10, 25, 55]) for one in GRIDS for other in GRIDS if one < other}
    context = PlanContext(
        now=datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI),
        travel_times=TravelTimes(minutes=minutes),
        promised={"M0": (Promise(window=stretch(draw, (9, 15), (60, 120)), spot=draw.choice(GRIDS)),)},
        pledges={"R1": Pledge(first_on=WEEK.monday_on, last_on=WEEK.sunday_on, left=draw.randint(0, 2))},
    )
    return needs, helpers, context


def _hours(draw: random.Random) -> tuple[Window, ...]:
    """Long days, and short stretches that may begin soon after one another."""
    if draw.random() < 0.6:
        return tuple(sorted({stretch(draw, (8, 9), (600,)) for _ in range(3)}))
    found: list[Window] = []
    for one in sorted({stretch(draw, (9, 14), (90, 120, 180)) for _ in range(6)}):
        if not found or found[-1].ends_at <= one.starts_at:
            found.append(one)
    return tuple(found)


def way_between(times: TravelTimes, one: str, other: str) -> int:
    """The shorter of the stated way and the way round by a third grid."""
    return times.between(GRIDS)[GRIDS.index(one)][GRIDS.index(other)]


def can_be_walked(visits: list[tuple[Window, int, str]], rest_minutes: int, times: TravelTimes) -> bool:
    """True when visits (window, minutes, spot) of one day fit one after the other, with the pause and the way between."""
    for order in permutations(visits):
        free_from, before = None, ""
        for window, minutes, spot in order:
            starts_at = window.starts_at
            if free_from is not None:
                apart = max(way_between(times, before, spot), rest_minutes)
                starts_at = max(starts_at, free_from + timedelta(minutes=apart))
            if starts_at + timedelta(minutes=minutes) > window.ends_at:
                break
            free_from, before = starts_at + timedelta(minutes=minutes), spot
        else:
            return True
    return False


def day_of(window: Window) -> date:
    return window.starts_at.astimezone(SHANGHAI).date()


def check(plan: Plan, context: PlanContext) -> None:
    for helper in plan.resources:
        mine = [match for match in plan.matches if match.resource.line_key == helper.line_key]
        days = sorted({day_of(match.window) for match in mine})
        given = context.promised.get(helper.owner, ())
        for on in days:
            assert not any(first <= on <= last for first, last in helper.away)
            visits = [
                (one.window, one.minutes, one.need.place.grid) for one in mine if day_of(one.window) == on
            ]
            assert can_be_walked(visits, helper.rest_minutes, context.travel_times)
            for one in given:
                if day_of(one.window) == on:
                    kept = (one.window, one.window.minutes, one.spot)
                    # With a promise each visit fits by itself; what several leave of the day, a person settles.
                    assert all(
                        can_be_walked([visit, kept], helper.rest_minutes, context.travel_times)
                        for visit in visits
                    )
            assert all(not 0 < abs((day_of(one.window) - on).days) <= helper.rest_days for one in given)
        assert all((b - a).days > helper.rest_days for a, b in pairwise(days))
        pledge = context.pledges.get(helper.line_key)
        assert pledge is None or sum(match.quantity for match in mine) <= pledge.left


# `make soak` tries ten thousand.
WEEKS = int(os.environ.get("WALKED_WEEKS", "60"))


@pytest.mark.parametrize("seed", range(WEEKS))
def test_every_planned_day_can_be_walked_and_rested(seed: int) -> None:
    needs, helpers, context = lists(seed)
    plan = plan_week(needs, helpers, week=WEEK, context=context)
    assert plan.certificate.gap == 0
    assert plan.verify()
    check(plan, context)
    again = plan_week(needs[::-1], helpers[::-1], week=WEEK, context=context)
    assert plan_json(again) == plan_json(plan)


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_under_change_keeps_ways_rests_and_pledges_and_stays_the_best(seed: int) -> None:
    needs, helpers, context = lists(1000 + seed)
    live = LivePlan(needs[:2], helpers, week=WEEK, context=context)
    for need in needs[2:]:
        live.add_need(need)
    live.withdraw_need(needs[0].line_key)
    plan = live.plan()
    fresh = plan_week(needs[1:], helpers, week=WEEK, context=context)
    assert plan.certificate.primal == fresh.certificate.primal
    check(plan, context)
