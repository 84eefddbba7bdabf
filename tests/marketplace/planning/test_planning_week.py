"""A week planned from hand-made lists: quantities, rooms, promises, reasons and what is left over."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from marketplace.errors import LineTwice, NotWholeNumber, PointsTooMany
from marketplace.planning import Fixed, Objective, PlanContext, plan_json, plan_week
from marketplace.values import Per, Quantity, Unit, Urgency, Week
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY, THURSDAY, SATURDAY = 1, 3, 5


def test_sixty_people_meet_six_places_and_fifty_four_are_told(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    clinic = need(
        "量血压", "health", stretch(TUESDAY, "9:00", "11:00"), quantity=Quantity(amount=60, unit=Unit.PERSON)
    )
    hospital = resource(
        "医院",
        "health",
        stretch(TUESDAY, "9:00", "11:00"),
        quantity=Quantity(amount=6, unit=Unit.PERSON, per=Per.OCCASION),
    )
    plan = plan_week([clinic], [hospital], week=week, context=context)
    (match,) = plan.matches
    assert (match.quantity, match.unit) == (6, Unit.PERSON)
    (left,) = plan.unserved
    assert (left.quantity, left.why.code) == (54, "shortage")
    assert left.why.zh == "合适的资源只够 6人，还差 54人"
    assert plan.shortages[0].minutes == 54 * 30
    assert plan.certificate.gap == 0
    assert plan.verify()


def test_a_choir_gets_the_music_room_on_both_evenings(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    choir = need(
        "合唱队",
        "venue",
        stretch(TUESDAY, "19:00", "20:30"),
        stretch(THURSDAY, "19:00", "20:30"),
        quantity=Quantity(amount=30, unit=Unit.SEAT),
    )
    room = resource(
        "音乐教室",
        "venue",
        stretch(TUESDAY, "19:00", "21:00"),
        stretch(THURSDAY, "19:00", "21:00"),
        kind="place",
        quantity=Quantity(amount=40, unit=Unit.SEAT),
    )
    plan = plan_week([choir], [room], week=week, context=context)
    assert [match.quantity for match in plan.matches] == [30, 30]
    assert [reason.zh for reason in plan.matches[0].reasons] == [
        "一般需求",
        "等了 7 天",
        "会做这件事",
        "无偿",
        "时间正合适：周二 19:00–20:30",
    ]
    assert plan.unserved == ()
    assert plan.verify()


def test_a_room_too_small_is_refused_with_its_seats(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    choir = need(
        "合唱队", "venue", stretch(TUESDAY, "19:00", "20:30"), quantity=Quantity(amount=30, unit=Unit.SEAT)
    )
    room = resource(
        "小房间",
        "venue",
        stretch(TUESDAY, "19:00", "21:00"),
        kind="place",
        quantity=Quantity(amount=12, unit=Unit.SEAT),
    )
    (left,) = plan_week([choir], [room], week=week, context=context).unserved
    assert left.why.code == "no_candidate:seats"
    assert left.why.zh == "最接近的是小房间，但只坐得下 12 人，需要 30 人"


@pytest.mark.parametrize(
    ("hours", "matched"),
    [
        ((("9:00", "11:00"), ("11:00", "13:00")), 2),  # one after the other
        ((("9:00", "11:00"), ("10:00", "12:00")), 1),  # both at ten
        ((("9:00", "10:30"), ("10:00", "11:30"), ("11:00", "12:30")), 2),  # a chain: the first and the last
    ],
)
def test_a_room_is_never_booked_twice_at_one_hour(
    need: MakeNeed,
    resource: MakeResource,
    stretch: Stretch,
    week: Week,
    context: PlanContext,
    hours: Any,
    matched: int,
) -> None:
    groups = [
        need(f"团体{i}", "venue", stretch(SATURDAY, *one), quantity=Quantity(amount=20, unit=Unit.SEAT))
        for i, one in enumerate(hours)
    ]
    hall = resource(
        "多功能厅",
        "venue",
        stretch(SATURDAY, "9:00", "20:30"),
        kind="place",
        quantity=Quantity(amount=120, unit=Unit.SEAT),
    )
    plan = plan_week(groups, [hall], week=week, context=context)
    assert len(plan.matches) == matched
    assert plan.certificate.gap == 0
    assert plan.verify()


def test_an_urgent_need_takes_the_only_helper_and_the_other_is_told_its_price(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    calm, urgent = need("买菜", "help", window), need("陪诊", "help", window, urgency=Urgency.URGENT)
    plan = plan_week([calm, urgent], [resource("红马甲", "help", window)], week=week, context=context)
    assert [match.need.line_key for match in plan.matches] == ["陪诊"]
    (left,) = plan.unserved
    assert left.why.code == "outranked"
    dearer = replace(Objective(), normal=Objective().normal + left.short_by)
    again = plan_week(
        [calm, urgent], [resource("红马甲", "help", window)], week=week, context=context, objective=dearer
    )
    assert [match.need.line_key for match in again.matches] == ["买菜"]


def test_help_already_promised_is_shown_and_never_moved(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    needs = [need("买菜", "help", window), need("陪诊", "help", window, urgency=Urgency.URGENT)]
    promise = Fixed(need_key="买菜", resource_key="红马甲", window=window)
    plan = plan_week(needs, [resource("红马甲", "help", window)], week=week, context=context, fixed=[promise])
    assert [(match.need.line_key, match.source) for match in plan.matches] == [("买菜", "fixed")]
    assert [one.need.line_key for one in plan.unserved] == ["陪诊"]
    assert plan.verify()


def test_an_unsplittable_team_comes_whole_or_not_at_all(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "8:30", "11:30")
    job = need(
        "清理楼道",
        "clean",
        window,
        quantity=Quantity(amount=8, unit=Unit.HELPER, helpers=8, minutes_each=120),
        splittable=False,
    )
    teams = [
        resource(f"队{n}", "clean", window, quantity=Quantity(amount=n, unit=Unit.HELPER), owner_kind="team")
        for n in (5, 6, 9)
    ]
    (match,) = plan_week([job], teams, week=week, context=context).matches
    assert (match.resource.line_key, match.quantity) == ("队9", 8)
    small = plan_week([job], teams[:2], week=week, context=context)
    assert small.matches == ()
    assert small.certificate.gap == 0


def test_two_whole_jobs_that_cannot_share_a_team_are_chosen_exactly(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "8:30", "11:30")
    team = resource("队", "clean", window, quantity=Quantity(amount=10, unit=Unit.HELPER), owner_kind="team")
    jobs = [
        need(
            f"活{n}",
            "clean",
            window,
            quantity=Quantity(amount=n, unit=Unit.HELPER, helpers=n),
            splittable=False,
        )
        for n in (4, 6, 7)
    ]
    plan = plan_week(jobs, [team], week=week, context=context)
    assert sorted(match.quantity for match in plan.matches) == [4, 6]
    assert plan.certificate.gap == 0
    assert plan.verify()


def test_the_order_of_the_lists_never_matters(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    needs = [need(f"需求{i}", "help", window) for i in range(6)]
    resources = [resource(f"资源{i}", "help", window) for i in range(4)]
    plan = plan_week(needs, resources, week=week, context=context)
    again = plan_week(needs[::-1], resources[::-1], week=week, context=context)
    assert plan_json(plan) == plan_json(again)


def test_a_plan_altered_afterwards_does_not_verify(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    plan = plan_week(
        [need("买菜", "help", window)], [resource("红马甲", "help", window)], week=week, context=context
    )
    assert plan.verify()
    assert not replace(plan, units={}).verify()
    dearer = replace(plan.certificate, dual=plan.certificate.dual + 1)
    assert not replace(plan, certificate=dearer).verify()


def test_the_json_form_says_all_in_both_languages_and_nothing_private(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    secret = need("买菜", "help", window, contact="CANARY", private_note="CANARY")
    secret = replace(secret, place=replace(secret.place, text="CANARY", building="CANARY"))
    plan = plan_week([secret], [resource("红马甲", "help", window)], week=week, context=context)
    said = plan_json(plan, "en")
    assert "CANARY" not in json.dumps(said, ensure_ascii=False)
    assert said["certificate"] == {
        "primal": plan.certificate.primal,
        "dual": plan.certificate.primal,
        "gap": 0,
        "verified": True,
    }
    (match,) = said["matches"]
    assert (
        sum(reason["points"] for reason in match["reasons"])
        == match["value"]
        == said["certificate"]["primal"]
    )
    assert all(reason["zh"] and reason["en"] for reason in match["reasons"])


def test_the_same_key_twice_is_refused(
    need: MakeNeed, resource: MakeResource, week: Week, context: PlanContext
) -> None:
    with pytest.raises(LineTwice, match="share the key 一"):
        plan_week([need("一"), need("一")], [], week=week, context=context)


@pytest.mark.parametrize("bad", [1.0, True, "3", None])
def test_points_that_are_not_whole_numbers_are_refused(bad: Any) -> None:
    with pytest.raises(NotWholeNumber):
        Objective(near=bad)


@pytest.mark.parametrize(
    "absurd", [{"urgent": 10**19}, {"avoid": -(10**13)}, {"visit_steps": ((1, 10**19),)}]
)
def test_points_that_no_sum_could_hold_are_refused(absurd: Any) -> None:
    with pytest.raises(PointsTooMany, match="is at most 1000000000000"):
        Objective(**absurd)


def test_the_largest_points_are_still_planned_exactly(
    need: MakeNeed, resource: MakeResource, week: Week, context: PlanContext
) -> None:
    most = 10**12
    plan = plan_week(
        [need("一")],
        [resource("甲")],
        week=week,
        context=context,
        objective=Objective(low=most, normal=most, urgent=most),
    )
    assert plan.matches[0].value > most
    assert plan.verify()
