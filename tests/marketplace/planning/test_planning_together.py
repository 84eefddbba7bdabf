"""Two helpers at one hour: a wheelchair on the stairs needs both, from wherever they come."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.planning import Fixed, PlanContext, plan_week
from marketplace.planning.answers.live import LivePlan
from marketplace.planning.solving.formulation import Problem, Synchronised
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.residual import Residual
from marketplace.planning.solving.synchronised import gathered
from marketplace.values import Quantity, Unit, Urgency, Week, Window
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY = 1
TWO_AT_ONCE = Quantity(amount=2, unit=Unit.HELPER, helpers=2, minutes_each=60, together=True)


@pytest.fixture
def lift(need: MakeNeed, stretch: Stretch) -> Any:
    """轮椅下楼: two people for an hour, any time on Tuesday morning."""
    return need("轮椅", "help", stretch(TUESDAY, "8:00", "12:00"), quantity=TWO_AT_ONCE)


def volunteer(resource: MakeResource, name: str, window: Window) -> Any:
    return resource(name, "help", window, owner_kind="volunteer")


def test_two_neighbours_with_a_common_hour_come_both(
    lift: Any, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helpers = [
        volunteer(resource, "张", stretch(TUESDAY, "8:00", "10:00")),
        volunteer(resource, "李", stretch(TUESDAY, "9:00", "11:00")),
        volunteer(resource, "王", stretch(TUESDAY, "11:00", "12:00")),
    ]
    plan = plan_week([lift], helpers, week=week, context=context)
    assert sorted(match.resource.line_key for match in plan.matches) == ["张", "李"]
    hours = {match.window for match in plan.matches}
    assert hours == {stretch(TUESDAY, "9:00", "10:00")}, "both are told the same hour"
    assert plan.certificate.gap == 0
    assert plan.verify()
    for match in plan.matches:
        assert all(0 <= other.short_by < 10_000 for other in match.alternatives), "points people understand"


def test_one_alone_is_not_sent(
    lift: Any, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helpers = [volunteer(resource, "张", stretch(TUESDAY, "8:00", "10:00"))]
    plan = plan_week([lift], helpers, week=week, context=context)
    assert plan.matches == ()
    (left,) = plan.unserved
    assert left.why.code == "never_together"
    assert left.quantity == 2
    assert plan.verify()


def test_hours_that_do_not_meet_are_told(
    lift: Any, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helpers = [
        volunteer(resource, "张", stretch(TUESDAY, "8:00", "9:30")),
        volunteer(resource, "李", stretch(TUESDAY, "9:00", "10:00")),
    ]
    plan = plan_week([lift], helpers, week=week, context=context)
    assert plan.matches == ()
    assert plan.unserved[0].why.zh == "要 2 人同时到，合适的人凑不到同一个时间"


def test_a_more_pressing_need_may_take_one_of_the_two_and_then_the_other_is_free_too(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, lift: Any, week: Week, context: PlanContext
) -> None:
    morning = stretch(TUESDAY, "8:00", "10:00")
    helpers = [volunteer(resource, name, morning) for name in ("张", "李")]
    urgent = need("送医", "help", morning, urgency=Urgency.URGENT)
    errand = need("买菜", "help", morning, urgency=Urgency.LOW)
    plan = plan_week([lift, urgent, errand], helpers, week=week, context=context)
    assert sorted(match.need.line_key for match in plan.matches) == ["买菜", "送医"]
    (left,) = plan.unserved
    assert (left.need.line_key, left.why.code) == ("轮椅", "outranked")
    assert plan.certificate.gap == 0
    assert plan.verify()


def test_when_one_is_promised_the_other_comes_at_that_hour(
    lift: Any, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helpers = [
        volunteer(resource, "张", stretch(TUESDAY, "8:00", "12:00")),
        volunteer(resource, "李", stretch(TUESDAY, "8:00", "10:30")),
        volunteer(resource, "王", stretch(TUESDAY, "9:00", "12:00")),
    ]
    promise = Fixed(need_key="轮椅", resource_key="张", window=stretch(TUESDAY, "11:00", "12:00"))
    plan = plan_week([lift], helpers, week=week, context=context, fixed=[promise])
    came = {match.resource.line_key: match.window for match in plan.matches}
    assert came == {"张": promise.window, "王": promise.window}
    alone = plan_week([lift], helpers[:2], week=week, context=context, fixed=[promise])
    assert [match.resource.line_key for match in alone.matches] == ["张"]
    assert ("李", "apart") in {(one.line_key, why.code) for one, why in alone.unserved[0].nearest}


def test_a_team_of_two_counts_as_two(
    lift: Any, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    team = resource(
        "红马甲",
        "help",
        stretch(TUESDAY, "8:00", "10:00"),
        quantity=Quantity(amount=2, unit=Unit.HELPER),
        owner_kind="team",
    )
    (match,) = plan_week([lift], [team], week=week, context=context).matches
    assert match.quantity == 2


def test_best_pairs_first_brings_them_together_too(
    lift: Any, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    helpers = [
        volunteer(resource, "张", stretch(TUESDAY, "8:00", "10:00")),
        volunteer(resource, "李", stretch(TUESDAY, "9:00", "11:00")),
        volunteer(resource, "王", stretch(TUESDAY, "10:30", "12:00")),
    ]
    plan = plan_week([lift], helpers, week=week, context=context, mode="stable")
    assert sum(match.quantity for match in plan.matches) == 2
    assert len({match.window for match in plan.matches}) == 1
    assert plan.verify()


def test_when_one_of_the_two_calls_off_today_another_is_found_or_both_stay_home(
    lift: Any, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    morning = stretch(TUESDAY, "8:00", "10:00")
    live = LivePlan(
        [lift], [volunteer(resource, n, morning) for n in ("张", "李", "王")], week=week, context=context
    )
    first = {match.resource.line_key for match in live.plan().matches}
    assert len(first) == 2
    live.withdraw_resource(min(first))
    second = {match.resource.line_key for match in live.plan().matches}
    assert len(second) == 2
    assert min(first) not in second
    live.withdraw_resource(min(second))
    assert live.plan().matches == ()


def test_both_may_be_worth_more_than_one_of_them_somewhere_else(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, lift: Any, week: Week, context: PlanContext
) -> None:
    """Taken alone the errand is worth more than either half of the lift; the two halves together are worth more."""
    morning = stretch(TUESDAY, "8:00", "10:00")
    helpers = [
        resource("张", "help", morning, categories=("help", "shop"), owner_kind="volunteer"),
        volunteer(resource, "李", morning),
    ]
    errand = need("买菜", "shop", morning, last_helpers=("张",))
    plan = plan_week([lift, errand], helpers, week=week, context=context)
    assert sorted(match.resource.line_key for match in plan.matches) == ["张", "李"]
    assert {match.need.line_key for match in plan.matches} == {"轮椅"}
    assert plan.verify()
    assert all(0 <= other.short_by < 10_000 for match in plan.matches for other in match.alternatives)


def test_a_slot_that_must_take_part_takes_part_or_nobody_comes() -> None:
    problem = Problem(
        demand=(2,),
        edges=(((5, 0), (9, 1), (9, 2)),),
        capacity=(1, 1, 1),
        group_of=(NO_GROUP,) * 3,
        synchronised={0: Synchronised(minutes=60, hours={0: (0, 60), 1: (60, 120), 2: (60, 130)})},
    )
    assert gathered(problem, 0, Residual(problem)) == {1: 1, 2: 1}
    assert gathered(problem, 0, Residual(problem), with_slot=2) == {2: 1, 1: 1}
    assert gathered(problem, 0, Residual(problem), with_slot=0) == {}
