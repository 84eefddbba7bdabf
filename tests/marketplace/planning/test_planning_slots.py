"""What a resource holds in a week: by occasion, by day, in all, and with an owner's own pace."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.planning import Objective, PlanContext, plan_week
from marketplace.planning.problem.slots import Holds, supply_of
from marketplace.values import Demand, Per, Quantity, Unit, Week, When
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

MONDAY, TUESDAY, FRIDAY = 0, 1, 4


@pytest.mark.parametrize(
    ("per", "most"),
    [
        (Per.TOTAL, 2),  # two talks, whenever
        (Per.WEEK, 2),
        (Per.DAY, 6),  # two trips on each of three days
        (Per.OCCASION, 6),
        (Per.MONTH, 1),  # two a month are at most one a week
        (Per.TERM, 1),
    ],
)
def test_a_quantity_counts_over_the_stretch_it_names(
    need: MakeNeed,
    resource: MakeResource,
    stretch: Stretch,
    week: Week,
    context: PlanContext,
    per: Any,
    most: int,
) -> None:
    days = [stretch(day, "9:00", "11:00") for day in (MONDAY, TUESDAY, FRIDAY)]
    needs = [need(f"需求{i}", "trip", days[i % 3], quantity=Quantity(unit=Unit.TRIP)) for i in range(9)]
    car = resource("车", "trip", *days, kind="vehicle", quantity=Quantity(amount=2, unit=Unit.TRIP, per=per))
    plan = plan_week(needs, [car], week=week, context=context)
    assert len(plan.matches) == most
    assert plan.certificate.gap == 0


def test_an_owner_who_comes_once_a_fortnight_is_asked_once(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    days = [stretch(day, "9:00", "11:00") for day in (MONDAY, TUESDAY, FRIDAY)]
    needs = [need(f"需求{i}", "care", day) for i, day in enumerate(days)]
    offer = resource("甲", "care", when=When(windows=tuple(days), demand=Demand(times=1, per=Per.HALF_MONTH)))
    assert len(plan_week(needs, [offer], week=week, context=context).matches) == 1


def test_a_visit_across_noon_leaves_the_rest_of_a_long_day_free(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helper = resource("甲", "care", stretch(TUESDAY, "8:00", "20:00"))
    supply = supply_of(helper, week, context, Objective())
    assert [slot.window.minutes for slot in supply.slots] == [720]
    assert {slot.holds for slot in supply.slots} == {Holds.HELPERS}

    across = need("陪诊", "care", stretch(TUESDAY, "11:00", "13:00"))
    others = [
        need("早上", "care", stretch(TUESDAY, "8:00", "9:00")),
        need("傍晚", "care", stretch(TUESDAY, "18:30", "19:30")),
    ]
    plan = plan_week([across], [helper], week=week, context=context)
    assert plan.matches[0].window == stretch(TUESDAY, "11:00", "13:00")
    plan = plan_week([across, *others], [helper], week=week, context=context)
    assert len(plan.matches) == 3
    assert plan.certificate.gap == 0
    assert plan.verify()


def test_a_monthly_number_of_meals_is_spread_over_its_days(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    noons = [stretch(day, "11:30", "12:00") for day in range(5)]
    meals = need("午饭", "meal", *noons, quantity=Quantity(amount=20, unit=Unit.MEAL, per=Per.MONTH))
    kitchen = resource(
        "食堂",
        "meal",
        *[stretch(day, "11:00", "12:30") for day in range(5)],
        kind="meals",
        quantity=Quantity(amount=40, unit=Unit.MEAL, per=Per.DAY),
    )
    plan = plan_week([meals], [kitchen], week=week, context=context)
    assert [match.quantity for match in plan.matches] == [1] * 5
