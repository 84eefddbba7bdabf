"""Each feasibility rule twice: it bites, and it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from marketplace.planning import plan_week
from marketplace.values import Quantity, Unit, When

TUESDAY, WEDNESDAY, SATURDAY = 1, 2, 5


@pytest.fixture
def why(week, context, stretch, need, resource):
    """The code and the sentence of why one resource does not serve one need; None when it does."""

    def judge(asks=None, gives=None, **circumstances) -> tuple[str, str] | None:
        window = stretch(TUESDAY, "9:00", "11:00")
        one = replace(need("需求", "help", window), **(asks or {}))
        other = replace(resource("甲", "help", window), **(gives or {}))
        plan = plan_week([one], [other], week=week, context=replace(context, **circumstances))
        if plan.matches:
            return None
        (left,) = plan.unserved
        return left.why.code.removeprefix("no_candidate:"), left.why.zh.removeprefix("最接近的是甲,但")

    return judge


@pytest.mark.parametrize(
    ("asks", "gives", "code", "sentence"),
    [
        ({"owner": "甲"}, {}, "own_line", "是自己提的需求"),
        ({"place": "二网格"}, {"reach_grids": ("三网格",)}, "reach", "服务范围不到二网格"),
        ({"requires": frozenset({"护理证"})}, {}, "certificate", "没有所需证书:护理证"),
        ({"language": "方言"}, {"languages": frozenset({"英语"})}, "language", "不会说方言"),
        ({"gender": "女"}, {"gender": "男"}, "gender", "对方希望由同性别的人来"),
        ({}, {"minor": True}, "minor", "未成年人不单独上门"),
        ({"heavy": True}, {"light_work_only": True}, "heavy_work", "不做重活"),
        (
            {"quantity": Quantity(minutes_each=120)},
            {"minutes_per_week_max": 90},
            "own_limits",
            "每周最多 1.5小时,这件事要 2小时",
        ),
        (
            {"quantity": Quantity(amount=3, unit=Unit.MEAL)},
            {"kind": "equipment", "quantity": Quantity(amount=4, unit=Unit.TRIP)},
            "unit",
            "数量单位对不上",
        ),
    ],
)
def test_a_rule_that_bites_says_why(why, need, asks, gives, code, sentence):
    if "place" in asks:
        asks = {"place": replace(need("x").place, grid=asks["place"])}
    assert why(asks, gives) == (code, sentence)


@pytest.mark.parametrize(
    ("asks", "gives"),
    [
        ({"owner": "乙"}, {}),
        ({"place": "二网格"}, {"reach_grids": ("二网格", "三网格")}),
        ({"place": "二网格"}, {}),  # no reach stated means everywhere
        ({"requires": frozenset({"护理证"})}, {"certificates": frozenset({"护理证", "急救证"})}),
        ({"language": "方言"}, {"languages": frozenset({"方言"})}),
        ({"gender": "女"}, {"gender": "女"}),
        ({"source": "community"}, {"minor": True}),
        ({"heavy": True}, {}),
        ({"quantity": Quantity(minutes_each=90)}, {"minutes_per_week_max": 90}),
    ],
)
def test_a_rule_that_is_content_lets_them_meet(why, need, asks, gives):
    if "place" in asks:
        asks = {"place": replace(need("x").place, grid=asks["place"])}
    assert why(asks, gives) is None


def test_other_kinds_of_help_do_not_come_near(why):
    assert why({}, {"categories": ("haircut",)})[0] == "no_candidate"


def test_a_wider_category_fits_with_fewer_points(why, week, context, need, resource, stretch):
    assert (
        why({"categories": ("care.visit",)}, {"categories": ("care",)}, parents={"care.visit": "care"})
        is None
    )
    window = stretch(TUESDAY, "9:00", "11:00")
    plan = plan_week(
        [need("需求", "care.visit", window)],
        [resource("甲", "care", window), resource("乙", "care.visit", window)],
        week=week,
        context=replace(context, parents={"care.visit": "care"}),
    )
    assert plan.matches[0].resource.line_key == "乙"
    assert plan.matches[0].alternatives[0].short_by == 90


def test_siblings_are_no_kin(why):
    parents = {"care.visit": "care", "care.meal": "care"}
    assert why({"categories": ("care.visit",)}, {"categories": ("care.meal",)}, parents=parents) is not None


def test_hours_that_do_not_meet_are_told(why, stretch):
    other = When(windows=(stretch(WEDNESDAY, "9:00", "11:00"),))
    assert why({}, {"when": other}) == ("time", "时间对不上:对方周三 9:00–11:00")


def test_an_overlap_shorter_than_the_visit_is_not_enough(why, stretch):
    late = {"when": When(windows=(stretch(TUESDAY, "10:30", "12:00"),))}
    assert why({"quantity": Quantity(minutes_each=60)}, late)[0] == "time"
    assert why({"quantity": Quantity(minutes_each=30)}, late) is None


def test_notice_counts_from_the_day_the_need_stood_on_the_list(why, stretch):
    window = stretch(TUESDAY, "9:00", "11:00")
    assert why({}, {"when": When(windows=(window,), notice_days=9)}) == ("notice", "要提前 9 天预约,来不及了")
    assert why({}, {"when": When(windows=(window,), notice_days=8)}) is None
    assert (
        why({"filed_on": date(2026, 11, 17)}, {"when": When(windows=(window,), notice_days=8)})[0] == "notice"
    )


def test_a_certificate_must_be_valid_on_the_day(why):
    lines = ({"requires": frozenset({"护理证"})}, {"certificates": frozenset({"护理证"})})
    assert why(*lines, certificates_until={("甲", "护理证"): date(2026, 11, 24)}) is None
    code, sentence = why(*lines, certificates_until={("甲", "护理证"): date(2026, 11, 23)})
    assert (code, sentence) == ("certificate_valid", "护理证 到 11月23日 已过期")


def test_a_conflict_keeps_two_apart(why):
    assert why({}, {}, conflicts=frozenset({("需求", "甲")}))[0] == "conflict"
    assert why({}, {}, conflicts=frozenset({("需求", "乙")})) is None


def test_a_pair_served_lately_waits_until_it_is_due(week, context, need, resource, stretch):
    fortnightly = need(
        "探望", "care", when=When(windows=(stretch(TUESDAY, "9:00", "11:00"),), times=1, period_days=15)
    )
    offer = resource("甲", "care", stretch(TUESDAY, "9:00", "11:00"))
    for last_on, matched in ((date(2026, 11, 20), 0), (date(2026, 11, 10), 1)):
        circumstances = replace(context, served_on={"探望": last_on})
        plan = plan_week([fortnightly], [offer], week=week, context=circumstances)
        assert len(plan.matches) == matched
        assert len(plan.later) == 1 - matched


def test_a_volunteers_weekly_cap_is_kept(week, context, need, resource, stretch):
    needs = [
        need(f"需求{day}", "help", stretch(day, "9:00", "10:00"), quantity=Quantity(minutes_each=60))
        for day in range(5)
    ]
    everyday = [stretch(day, "8:00", "12:00") for day in range(5)]
    volunteer = resource("甲", "help", *everyday, owner_kind="volunteer", minutes_per_week_max=150)
    plan = plan_week(needs, [volunteer], week=week, context=context)
    assert sum(match.minutes for match in plan.matches) == 120
    assert {one.why.code for one in plan.unserved} == {"outranked"}
    assert plan.verify()


def test_work_spreads_before_it_piles_up(week, context, need, resource, stretch):
    needs = [need(f"需求{day}", "help", stretch(day, "9:00", "10:00")) for day in range(4)]
    days = [stretch(day, "8:00", "12:00") for day in range(4)]
    helpers = [resource(name, "help", *days, owner_kind="volunteer") for name in ("甲", "乙")]
    plan = plan_week(needs, helpers, week=week, context=context)
    visits = [match.resource.line_key for match in plan.matches]
    assert visits.count("甲") == visits.count("乙") == 2
    assert sum(match.value for match in plan.matches) == plan.certificate.primal


def test_a_helper_who_came_last_time_comes_again(week, context, need, resource, stretch):
    window = stretch(SATURDAY, "9:00", "11:00")
    helpers = [resource(name, "help", window, owner_kind="volunteer") for name in "甲乙丙丁"]
    plan = plan_week(
        [need("需求", "help", window, last_helpers=("丙",))], helpers, week=week, context=context
    )
    assert plan.matches[0].resource.line_key == "丙"


def test_a_question_still_open_is_put_before_a_person(week, context, need, resource):
    from marketplace.values import Question

    asked = need(
        "需求", when=When(phrase="周二或13月", question=Question(code="month", zh="哪天?", en="when?"))
    )
    (left,) = plan_week([asked], [resource("甲")], week=week, context=context).unserved
    assert (left.why.code, left.why.zh) == ("question", "时间还要先问清楚")
