"""A person decides against the plan: the cost is exact, the rules broken are named, and nothing goes unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.errors import OverrideTooLate, OverrideWithoutReason, UnknownLine
from marketplace.planning import Fixed, PlanContext, Told, override, plan_week, weigh, what_if
from marketplace.planning.problem.context import Promise
from marketplace.planning.problem.travel import TravelTimes
from marketplace.values import Quantity, Unit, Urgency, Week, When, Window
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY, WEDNESDAY = 1, 2


@pytest.fixture
def window(stretch: Stretch) -> Any:
    return stretch(TUESDAY, "9:00", "11:00")


@pytest.fixture
def planned(week: Week, context: PlanContext) -> Any:
    def plan(needs: Any, resources: Any, **more: Any) -> Any:
        around = replace(context, **more.pop("around", {}))
        return plan_week(needs, resources, week=week, context=around, **more)

    return plan


def choose(need_key: str, resource_key: str, window: Window, quantity: Any = 1) -> Fixed:
    return Fixed(need_key=need_key, resource_key=resource_key, window=window, quantity=quantity)


# ---------------------------------------------------------------------- what a choice costs


def test_another_helper_costs_what_the_plan_gave_for_them(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window
) -> None:
    plan = planned(
        [need("陪诊", "help", window, last_helpers=("甲",))],
        [resource("甲", "help", window), resource("乙", "help", window, free=False)],
    )
    weighed = weigh(plan, choose("陪诊", "乙", window))
    assert (weighed.cost, weighed.broken, weighed.instead_of) == (250, (), ("甲",))
    assert weigh(plan, choose("陪诊", "甲", window)).cost == 0


def test_the_cost_counts_everybody_the_choice_pushes_aside(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window
) -> None:
    needs = [need("急", "help", window, urgency=Urgency.URGENT), need("缓", "help", window)]
    plan = planned(needs, [resource("甲", "help", window)])
    weighed = weigh(plan, choose("缓", "甲", window))
    assert weighed.cost == plan.objective.urgent - plan.objective.normal
    assert weighed.instead_of == ()


def test_a_further_visit_of_the_week_is_part_of_the_price(
    planned: Any, need: MakeNeed, resource: MakeResource, stretch: Stretch, window: Window
) -> None:
    days = [stretch(day, "9:00", "10:00") for day in range(2)]
    needs = [need(f"需求{i}", "help", day) for i, day in enumerate(days)]
    helpers = [resource(name, "help", *days, owner_kind="volunteer") for name in ("甲", "乙")]
    plan = planned(needs, helpers, fixed=[choose("需求0", "甲", days[0])])
    assert weigh(plan, choose("需求1", "甲", days[1])).cost == plan.objective.visit_steps[1][1]


def test_a_room_for_many_and_several_units_are_counted_as_they_are(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window
) -> None:
    choir = need("合唱", "hall", window, quantity=Quantity(amount=30, unit=Unit.SEAT))
    hall = resource("礼堂", "hall", window, kind="place", quantity=Quantity(amount=60, unit=Unit.SEAT))
    plan = planned([choir], [hall])
    assert weigh(plan, choose("合唱", "礼堂", window, 30)).cost == 0
    many = need("体检", "clinic", window, quantity=Quantity(amount=6, unit=Unit.PERSON))
    clinic = resource("医院", "clinic", window, quantity=Quantity(amount=9, unit=Unit.PERSON))
    plan = planned([many], [clinic])
    assert weigh(plan, choose("体检", "医院", window, 6)).cost == 0
    assert weigh(plan, choose("体检", "医院", window, 9)).cost == 0


def test_going_against_a_rule_names_every_rule_and_may_gain_points(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window
) -> None:
    asks = need("换药", "nurse", window, requires=frozenset({"护理证"}), language="方言")
    plan = planned([asks], [resource("甲", "nurse", window)])
    weighed = weigh(plan, choose("换药", "甲", window))
    assert [why.code for why in weighed.broken] == ["certificate", "language"]
    assert weighed.cost < 0
    other = planned([asks], [resource("甲", "haircut", window)])
    broken = weigh(other, choose("换药", "甲", window)).broken
    assert [why.code for why in broken] == ["category", "certificate", "language"]


def test_an_hour_nobody_stated_is_a_rule_too(
    planned: Any, need: MakeNeed, resource: MakeResource, stretch: Stretch, window: Window
) -> None:
    plan = planned([need("陪诊", "help", window)], [resource("甲", "help", window)])
    evening = stretch(TUESDAY, "18:00", "19:00")
    assert [why.code for why in weigh(plan, choose("陪诊", "甲", evening)).broken] == ["time"]
    far = planned(
        [need("陪诊", "help", window)], [resource("甲", "help", stretch(WEDNESDAY, "9:00", "11:00"))]
    )
    assert [why.code for why in weigh(far, choose("陪诊", "甲", window)).broken] == ["time"]


def test_random_choices_never_cost_less_than_nothing_when_no_rule_is_broken(
    planned: Any, need: MakeNeed, resource: MakeResource, stretch: Stretch
) -> None:
    days = [stretch(day, f"{9 + day}:00", f"{11 + day}:00") for day in range(3)]
    needs = [
        need(f"N{i}", "help", days[i % 3], urgency=list(Urgency)[i % 3], last_helpers=(f"R{i % 4}",))
        for i in range(7)
    ]
    helpers = [
        resource(
            f"R{i}", "help", *days[: 1 + i % 3], owner_kind="volunteer", load_minutes=60 * i, free=i != 2
        )
        for i in range(5)
    ]
    plan = planned(needs, helpers)
    chosen = {(match.need.line_key, match.resource.line_key) for match in plan.matches}
    for one in needs:
        for helper in helpers:
            weighed = weigh(plan, choose(one.line_key, helper.line_key, one.when.windows[0]))
            if not weighed.broken:
                assert weighed.cost >= 0
                assert (one.line_key, helper.line_key) not in chosen or weighed.cost == 0


# ---------------------------------------------------------------------- the record


def test_an_override_is_recorded_with_its_cost_in_both_languages(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window, context: PlanContext
) -> None:
    plan = planned(
        [need("陪诊", "help", window, last_helpers=("甲",))],
        [resource("甲", "help", window), resource("乙", "help", window)],
    )
    made = override(
        plan, choose("陪诊", "乙", window), uid="O1", by="W1", at=context.now, reason="家属要求换人"
    )
    assert (made.cost, made.instead_of, made.reason, made.week) == (200, ("甲",), "家属要求换人", "2026-W48")
    assert made.sentence("zh-CN") == "比计划少 200 分"
    assert made.sentence("en") == "200 points less than the plan"
    assert replace(made, cost=0).sentence() == "和计划一样好"
    assert replace(made, cost=0, broken=("language",)).sentence("en") == "as good as the plan, against 1 rule"
    assert replace(made, cost=-5, broken=("a", "b")).sentence("zh") == "比计划多 5 分，不合 2 条规则"
    assert replace(made, cost=-5).sentence("en") == "5 points more than the plan"


def test_an_override_needs_a_reason_an_hour_to_come_and_known_lines(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window, context: PlanContext
) -> None:
    plan = planned([need("陪诊", "help", window)], [resource("甲", "help", window)])
    given: dict[str, Any] = {"uid": "O1", "by": "W1", "at": context.now, "reason": "熟人"}
    for refusal, choice, more in (
        (OverrideWithoutReason, choose("陪诊", "甲", window), {"reason": " "}),
        (OverrideTooLate, choose("陪诊", "甲", window), {"at": window.ends_at}),
        (UnknownLine, choose("没有", "甲", window), {}),
        (UnknownLine, choose("陪诊", "没有", window), {}),
    ):
        with pytest.raises(refusal) as caught:
            override(plan, choice, **{**given, **more})
        assert all("{" not in caught.value.sentence(lang) for lang in ("zh", "en"))


# ---------------------------------------------------------------------- what would have changed the choice


def codes(told: Any) -> list[str]:
    return [change.code for change in told.changes]


def test_what_would_have_made_it_them_is_told_and_true(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window
) -> None:
    asks = need("陪诊", "help", window, last_helpers=("甲",))
    plan = planned(
        [asks], [resource("甲", "help", window), resource("乙", "help", window, free=False, load_minutes=600)]
    )
    told = what_if(plan, need_key="陪诊", resource_key="乙")
    assert (told.cost, told.chosen, told.broken) == (300, False, ())
    assert codes(told) == []

    close = planned([asks], [resource("甲", "help", window), resource("乙", "help", window)])
    told = what_if(close, need_key="陪诊", resource_key="乙")
    assert told.cost == 200
    # With the same history the two would tie, and 乙 stands first; being asked for would fall short.
    assert codes(told) == ["continuity"]

    lone = planned(
        [replace(asks, last_helpers=())],
        [resource("乙", "help", window, free=False), resource("甲", "help", window)],
    )
    told = what_if(lone, need_key="陪诊", resource_key="乙")
    assert told.cost == 50
    assert codes(told) == ["continuity", "wished", "free"]
    assert told.changes[0].zh == "如果上次来的也是他们，就会选他们"
    assert told.changes[0].en == "would be chosen if they had come last time"
    again = planned(
        [replace(asks, last_helpers=("乙",))],
        [resource("乙", "help", window, free=False), resource("甲", "help", window)],
    )
    assert again.matches[0].resource.line_key == "乙"


@pytest.mark.parametrize(
    ("differs", "around", "code"),
    [
        ({"load_minutes": 600}, {}, "load"),
        ({"free": False, "load_minutes": 60}, {}, "free"),
        ({"categories": ("care",)}, {"parents": {"help": "care"}}, "skill"),
        ({"categories": ("other", "haircut")}, {}, "skill"),
        ({}, {"avoid": frozenset({("陪诊", "乙")})}, "avoid"),
        ({}, {"travel_times": TravelTimes(spots={"陪诊": "三", "乙": "一", "甲": "二"}, minutes={("一", "三"): 30, ("二", "三"): 5})}, "walk"),
    ],
)  # fmt: skip
def test_each_condition_is_found_where_it_alone_decides(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window, differs: Any, around: Any, code: str
) -> None:
    asks = need("陪诊", "help", window, categories=("help", "haircut"))
    plan = planned(
        [asks],
        [
            replace(resource("乙", "help", window), **differs),
            resource("甲", "help", window, load_minutes=60),
        ],
        around=around,
    )
    assert plan.matches[0].resource.line_key == "甲"
    assert code in codes(what_if(plan, need_key="陪诊", resource_key="乙"))


@pytest.mark.parametrize(
    ("asks_for", "differs", "around", "code"),
    [
        ({"requires": frozenset({"护理证"})}, {}, {}, "certificate"),
        (
            {"requires": frozenset({"护理证"})},
            {"certificates": frozenset({"护理证"})},
            {"certificates_until": "past"},
            "certificate_valid",
        ),
        ({"language": "方言"}, {}, {}, "language"),
        ({"grid": "二网格"}, {"reach_grids": ("三网格",)}, {}, "reach"),
        ({}, {"when": "notice"}, {}, "notice"),
        ({}, {"away": "tuesday"}, {}, "blackout"),
        ({}, {"rest_days": 1}, {"promised": "monday"}, "rest"),
        ({}, {"walk_minutes_max": 9}, {}, "walk"),
        ({}, {"radius_m": 9}, {}, "radius"),
    ],
)
def test_one_rule_in_the_way_is_told_with_what_would_lift_it(
    planned: Any,
    need: MakeNeed,
    resource: MakeResource,
    stretch: Stretch,
    window: Window,
    asks_for: Any,
    differs: Any,
    around: Any,
    code: str,
) -> None:
    day = window.starts_at.date()
    if differs.get("when"):
        differs = {"when": When(windows=(window,), notice_days=30)}
    if differs.get("away"):
        differs = {"away": ((day, day),)}
    if around.get("certificates_until"):
        around = {"certificates_until": {("乙", "护理证"): day - timedelta(days=1)}}
    if around.get("promised"):
        around = {"promised": {"乙": (Promise(window=stretch(0, "9:00", "10:00")),)}}
    plan = planned(
        [need("陪诊", "help", window, **asks_for)],
        [replace(resource("乙", "help", window), **differs)],
        around=around,
    )
    assert plan.matches == ()
    told = what_if(plan, need_key="陪诊", resource_key="乙")
    assert [why.code for why in told.broken] == [code]
    assert codes(told) == [code]


def test_rules_that_protect_people_and_two_rules_at_once_are_not_wished_away(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window
) -> None:
    plan = planned(
        [need("搬", "help", window, heavy=True, language="方言")],
        [resource("乙", "help", window, minor=True), resource("甲", "help", window, light_work_only=True, languages=frozenset({"方言"}))],
    )  # fmt: skip
    assert codes(what_if(plan, need_key="搬", resource_key="乙")) == []
    assert codes(what_if(plan, need_key="搬", resource_key="甲")) == []


def test_who_was_chosen_is_said_to_be_chosen(
    planned: Any, need: MakeNeed, resource: MakeResource, window: Window
) -> None:
    plan = planned([need("陪诊", "help", window)], [resource("甲", "help", window)])
    told = what_if(plan, need_key="陪诊", resource_key="甲")
    assert (told.chosen, told.cost, told.changes) == (True, 0, ())


def test_without_a_common_hour_the_hours_are_what_is_told(
    planned: Any, need: MakeNeed, resource: MakeResource, stretch: Stretch, window: Window
) -> None:
    plan = planned(
        [need("陪诊", "help", window)], [resource("甲", "help", stretch(WEDNESDAY, "9:00", "11:00"))]
    )
    told = what_if(plan, need_key="陪诊", resource_key="甲")
    assert (told.window, told.cost, [why.code for why in told.broken]) == (None, None, ["time"])
    with pytest.raises(UnknownLine):
        what_if(plan, need_key="没有", resource_key="甲")


def test_choosing_what_was_told_costs_nothing_and_another_costs_the_change(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    hour = stretch(1, "9:00", "10:00")
    asks = need("探望", "help", hour)
    helpers = [resource("甲", "help", hour), resource("乙", "help", hour)]
    told = {"探望": (Told(resource_key="乙", window=hour),)}
    plan = plan_week([asks], helpers, week=week, context=replace(context, told=told))
    assert [match.resource.line_key for match in plan.matches] == ["乙"]
    as_told = Fixed(need_key="探望", resource_key="乙", window=hour)
    assert weigh(plan, as_told).cost == 0
    assert weigh(plan, replace(as_told, resource_key="甲")).cost == plan.objective.told
