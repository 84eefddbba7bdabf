"""Calm: what both sides were told stays, and moves only for more points than a change costs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.planning import LivePlan, Objective, Plan, PlanContext, Told, plan_week
from marketplace.values import Quantity, Urgency, Week, Window
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY = 1


def lists(seed: int, need: MakeNeed, resource: MakeResource, stretch: Stretch) -> Any:
    draw = random.Random(seed)
    needs = []
    for number in range(30):
        day, hour = draw.randrange(3), draw.randrange(8, 15)
        window = stretch(day, f"{hour}:00", f"{hour + draw.randint(2, 3)}:00")
        minutes = draw.choice([30, 45, 60])
        tier = draw.choice(list(Urgency))
        needs.append(
            need(f"N{number:02}", "help", window, quantity=Quantity(minutes_each=minutes), urgency=tier)
        )
    helpers = []
    for number in range(9):
        days = sorted(draw.sample(range(3), 2))
        hours = [stretch(day, "8:00", draw.choice(["11:00", "12:30", "17:00"])) for day in days]
        helpers.append(
            resource(f"R{number}", "help", *hours, owner_kind="volunteer", free=draw.random() < 0.5)
        )
    return needs, helpers


def told(plan: Plan) -> dict[str, tuple[Told, ...]]:
    return {
        match.need.line_key: (Told(resource_key=match.resource.line_key, window=match.window),)
        for match in plan.matches
        if match.source == "plan"
    }


def places(plan: Plan) -> dict[str, tuple[str, Window]]:
    return {match.need.line_key: (match.resource.line_key, match.window) for match in plan.matches}


def test_planning_again_with_nothing_new_changes_nothing(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    needs, helpers = lists(1, need, resource, stretch)
    first = plan_week(needs, helpers, week=week, context=context)
    again = plan_week(needs, helpers, week=week, context=replace(context, told=told(first)))
    assert places(again) == places(first)
    assert again.verify()
    assert {reason.code for match in again.matches for reason in match.reasons} >= {"told"}


@pytest.mark.parametrize("seed", range(8))
def test_one_need_withdrawn_moves_nobody_without_a_gain(
    seed: int, need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    needs, helpers = lists(seed, need, resource, stretch)
    first = plan_week(needs, helpers, week=week, context=context)
    calm = replace(context, told=told(first))
    gone = first.matches[seed % len(first.matches)].need.line_key
    left = [one for one in needs if one.line_key != gone]
    again = plan_week(left, helpers, week=week, context=calm)
    before, now = places(first), places(again)
    moved = [key for key in before if key != gone and now.get(key) != before[key]]
    # A change is made for what it gains: without the bonus for what was told the plan is worth that much more.
    staying = sum(match.value for match in first.matches if match.need.line_key != gone)
    gained = (
        sum(sum(r.points for r in match.reasons if r.code != "told") for match in again.matches) - staying
    )
    assert not moved or gained > Objective().told * len(moved) - 200
    assert again.verify()


def test_an_urgent_need_may_move_what_was_told_and_nothing_is_lost(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helper = resource("甲", "help", stretch(TUESDAY, "9:00", "11:00"))
    visit = need("探望", "help", stretch(TUESDAY, "9:00", "11:00"), quantity=Quantity(minutes_each=60))
    first = plan_week([visit], [helper], week=week, context=context)
    assert first.matches[0].window == stretch(TUESDAY, "9:00", "10:00")
    urgent = need(
        "配药",
        "help",
        stretch(TUESDAY, "9:00", "10:00"),
        quantity=Quantity(minutes_each=60),
        urgency=Urgency.URGENT,
    )
    again = plan_week([visit, urgent], [helper], week=week, context=replace(context, told=told(first)))
    assert places(again) == {
        "配药": ("甲", stretch(TUESDAY, "9:00", "10:00")),
        "探望": ("甲", stretch(TUESDAY, "10:00", "11:00")),
    }


def test_a_told_hour_that_is_no_longer_possible_does_not_keep_the_visit_away(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helper = resource("甲", "help", stretch(TUESDAY, "9:00", "11:00"))
    visit = need("探望", "help", stretch(TUESDAY, "9:00", "11:00"), quantity=Quantity(minutes_each=60))
    elsewhere = Told(resource_key="甲", window=stretch(TUESDAY, "10:30", "11:30"))
    plan = plan_week([visit], [helper], week=week, context=replace(context, told={"探望": (elsewhere,)}))
    assert len(plan.matches) == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_live_plan_keeps_what_was_told_through_changes(
    seed: int, need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    needs, helpers = lists(seed + 20, need, resource, stretch)
    live = LivePlan(needs, helpers, week=week, context=context)
    first = live.plan()
    live.tell(first.matches)
    before = places(first)
    gone = sorted(before)[seed]
    live.withdraw_need(gone)
    again = live.plan()
    now = places(again)
    assert again.verify()
    moved = [key for key in before if key != gone and now.get(key) != before[key]]
    assert len(moved) <= 1
    later = first.matches[0].window.starts_at + timedelta(0)
    assert later.tzinfo is not None
