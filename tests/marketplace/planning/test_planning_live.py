"""The plan under change: always as good as a fresh one, and proven."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from marketplace.errors import LineTwice, UnknownLine
from marketplace.planning import Fixed, LivePlan, PlanContext, plan_week
from marketplace.values import Quantity, Unit, Urgency, Week
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY = 1


def some_need(draw: Any, number: int, need: MakeNeed, stretch: Stretch) -> Any:
    day, hour = draw.randrange(5), draw.choice([8, 9, 10, 11, 14])
    windows = [] if draw.random() < 0.3 else [stretch(day, f"{hour}:00", f"{hour + 2}:00")]
    team = draw.random() < 0.2
    return need(
        f"需求{number:03}",
        draw.choice(["care", "repair", "hall"]),
        *windows,
        urgency=draw.choice(list(Urgency)),
        quantity=Quantity(amount=3, unit=Unit.HELPER, helpers=3) if team else Quantity(minutes_each=60),
        splittable=draw.random() < 0.7,
    )


def some_resource(draw: Any, number: int, resource: MakeResource, stretch: Stretch) -> Any:
    days = [stretch(day, "8:00", "17:00") for day in range(5) if draw.random() < 0.5] or [
        stretch(0, "8:00", "12:00")
    ]
    place = draw.random() < 0.25
    return resource(
        f"资源{number:03}",
        "hall" if place else draw.choice(["care", "repair"]),
        *days,
        kind="place" if place else "people",
        owner_kind=draw.choice(["volunteer", "team", "unit"]),
        quantity=Quantity(amount=50, unit=Unit.SEAT)
        if place
        else Quantity(amount=draw.randint(1, 4), unit=Unit.HELPER),
    )


@pytest.mark.parametrize("seed", range(12))
def test_after_any_changes_the_plan_is_as_good_as_a_fresh_one(
    seed: int, need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    draw = random.Random(seed)
    needs = {one.line_key: one for one in (some_need(draw, i, need, stretch) for i in range(6))}
    resources = {one.line_key: one for one in (some_resource(draw, i, resource, stretch) for i in range(4))}
    live = LivePlan(needs.values(), resources.values(), week=week, context=context)
    fixed: list[Fixed] = []
    for step in range(10, 22):
        dice = draw.random()
        if dice < 0.35 or not needs:
            one = some_need(draw, step, need, stretch)
            needs[one.line_key] = one
            live.add_need(one)
        elif dice < 0.5:
            key = draw.choice(sorted(needs))
            del needs[key]
            live.withdraw_need(key)
        elif dice < 0.65:
            other = some_resource(draw, step, resource, stretch)
            resources[other.line_key] = other
            live.add_resource(other)
        elif dice < 0.75 and len(resources) > 1:
            key = draw.choice(sorted(resources))
            del resources[key]
            live.withdraw_resource(key)
        elif dice < 0.9 and (proposed := [one for one in live.plan().matches if one.source == "plan"]):
            match = draw.choice(proposed)
            promise = Fixed(
                need_key=match.need.line_key,
                resource_key=match.resource.line_key,
                window=match.window,
                quantity=match.quantity,
            )
            fixed.append(promise)
            live.promise(promise)
        elif fixed:
            live.call_off(fixed.pop())
        present = live.plan()
        fresh = plan_week(
            list(needs.values()), list(resources.values()), week=week, context=context, fixed=fixed
        )
        assert present.certificate == fresh.certificate
        assert present.certificate.gap == 0
        assert present.verify()


def test_a_helper_who_falls_ill_is_replaced_and_nobody_else_moves(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    needs = [need(f"需求{i}", "care", window) for i in range(4)]
    helpers = [resource(f"助老{i}", "care", window, owner_kind="volunteer") for i in range(5)]
    live = LivePlan(needs, helpers, week=week, context=context)
    before = {one.need.line_key: one.resource.line_key for one in live.plan().matches}
    ill = before["需求2"]
    live.withdraw_resource(ill)
    after = {one.need.line_key: one.resource.line_key for one in live.plan().matches}
    assert len(after) == 4
    assert {key for key in before if before[key] != after[key]} == {"需求2"}


def test_a_changed_line_takes_the_place_of_the_old(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    one = need("需求", "care", window)
    live = LivePlan([one], [resource("甲", "care", window)], week=week, context=context)
    live.add_need(replace(one, urgency=Urgency.URGENT))
    assert live.points == live.plan().certificate.primal > 1_000_000


def test_a_line_that_is_not_there_is_refused(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    live = LivePlan(week=week, context=context)
    promise = Fixed(need_key="无", resource_key="无", window=stretch(TUESDAY, "9:00", "11:00"))
    for attempt in (
        lambda: live.withdraw_need("无"),
        lambda: live.withdraw_resource("无"),
        lambda: live.call_off(promise),
    ):
        with pytest.raises(UnknownLine):
            attempt()  # type: ignore[no-untyped-call]
    with pytest.raises(LineTwice):
        LivePlan([need("一"), need("一")], week=week, context=context)
