"""Each feasibility rule twice: it bites, and it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from marketplace.planning import Fixed, Objective, plan_week
from marketplace.planning.problem.context import Pledge, Promise
from marketplace.planning.problem.rules import refusals
from marketplace.planning.problem.slots import supply_of
from marketplace.planning.problem.tasks import tasks_of
from marketplace.planning.problem.travel import TravelTimes
from marketplace.values import Demand, Per, Quantity, Unit, Urgency, Week, When

WEEK = Week.parse("2026-W48")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, SATURDAY, SUNDAY = 0, 1, 2, 3, 5, 6


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
        return left.why.code.removeprefix("no_candidate:"), left.why.zh.removeprefix("最接近的是甲，但")

    return judge


@pytest.mark.parametrize(
    ("asks", "gives", "code", "sentence"),
    [
        ({"owner": "甲"}, {}, "own_line", "是自己提的需求"),
        ({"place": "二网格"}, {"reach_grids": ("三网格",)}, "reach", "服务范围不到二网格"),
        ({"requires": frozenset({"护理证"})}, {}, "certificate", "没有所需证书：护理证"),
        ({"language": "方言"}, {"languages": frozenset({"英语"})}, "language", "不会说方言"),
        ({"gender": "女"}, {"gender": "男"}, "gender", "对方希望由同性别的人来"),
        ({}, {"minor": True}, "minor", "未成年人不单独上门"),
        ({"heavy": True}, {"light_work_only": True}, "heavy_work", "不做重活"),
        (
            {"quantity": Quantity(minutes_each=120)},
            {"minutes_per_week_max": 90},
            "own_limits",
            "每周最多 1.5小时，这件事要 2小时",
        ),
        (
            {"quantity": Quantity(amount=3, unit=Unit.MEAL)},
            {"kind": "equipment", "quantity": Quantity(amount=4, unit=Unit.TRIP)},
            "unit",
            "数量单位对不上",
        ),
        (
            {"quantity": Quantity(amount=30, unit=Unit.SEAT)},
            {"kind": "place", "quantity": Quantity(amount=20, unit=Unit.SEAT)},
            "seats",
            "只坐得下 20 人，需要 30 人",
        ),
        (
            {"quantity": Quantity(amount=3, unit=Unit.PERSON), "splittable": False},
            {"quantity": Quantity(amount=2, unit=Unit.HELPER)},
            "capacity",
            "一次要 3人，只有 2",
        ),
        (
            {"quantity": Quantity(unit=Unit.HELPER, helpers=2), "splittable": False},
            {},
            "team",
            "要 2 人一起来，对方只有 1 人",
        ),
        ({}, {"declines": ("help",)}, "services", "已说明不接这类事"),
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
        (
            {"quantity": Quantity(amount=20, unit=Unit.SEAT)},
            {"kind": "place", "quantity": Quantity(amount=20, unit=Unit.SEAT)},
        ),
        (
            {"quantity": Quantity(amount=3, unit=Unit.PERSON), "splittable": False},
            {"quantity": Quantity(amount=3, unit=Unit.HELPER)},
        ),
        (
            {"quantity": Quantity(unit=Unit.HELPER, helpers=2), "splittable": False},
            {"quantity": Quantity(amount=2, unit=Unit.HELPER)},
        ),
        ({}, {"declines": ("haircut",)}),
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
    assert why({}, {"when": other}) == ("time", "时间对不上：对方周三 9:00–11:00")


def test_an_overlap_shorter_than_the_visit_is_not_enough(why, stretch):
    late = {"when": When(windows=(stretch(TUESDAY, "10:30", "12:00"),))}
    assert why({"quantity": Quantity(minutes_each=60)}, late)[0] == "time"
    assert why({"quantity": Quantity(minutes_each=30)}, late) is None


def test_notice_counts_from_the_day_the_need_stood_on_the_list(why, stretch):
    window = stretch(TUESDAY, "9:00", "11:00")
    assert why({}, {"when": When(windows=(window,), notice_days=9)}) == (
        "notice",
        "要提前 9 天预约，来不及了",
    )
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
        "探望",
        "care",
        when=When(windows=(stretch(TUESDAY, "9:00", "11:00"),), demand=Demand(times=1, per=Per.HALF_MONTH)),
    )
    offer = resource("甲", "care", stretch(TUESDAY, "9:00", "11:00"))
    for last_on, matched in ((date(2026, 11, 20), 0), (date(2026, 11, 10), 1)):
        circumstances = replace(context, served_days={"探望": (last_on,)})
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
    assert {one.why.code for one in plan.unserved} == {"limits"}
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


# ---------------------------------------------------------------------- what a helper chose


def test_a_narrower_kind_of_what_was_declined_is_declined_too(why):
    lines = ({"categories": ("care.bath",)}, {"categories": ("care",), "declines": ("care.bath",)})
    assert why(*lines, parents={"care.bath": "care"})[0] == "services"
    wider = ({"categories": ("care",)}, {"categories": ("care",), "declines": ("care.bath",)})
    assert why(*wider, parents={"care.bath": "care"}) is None


def test_a_helper_serves_the_groups_they_chose_and_nobody_learns_whose_need_it_is(why):
    chose = {"serves": ("pupil",)}
    code, sentence = why({}, chose, clients={"需求": ("living_alone",)})
    assert (code, sentence) == ("clients", "选定的服务对象不同")
    assert why({}, chose, clients={"需求": ("pupil",)}) is None
    assert why({}, {"serves": ("elder",)}, clients={"需求": ("living_alone",)}) is None
    assert why({}, chose) is None


# ---------------------------------------------------------------------- how far


def spots(**more) -> dict[str, TravelTimes]:
    return {"travel_times": TravelTimes(spots={"需求": "八号楼", "甲": "三号楼"}, **more)}


def test_help_in_the_own_building_only(why):
    assert why({}, {"same_building": True}, **spots()) == ("same_building", "只帮同一栋楼")
    neighbours = TravelTimes(spots={"需求": "八号楼", "甲": "八号楼"})
    assert why({}, {"same_building": True}, travel_times=neighbours) is None
    assert why({}, {"same_building": True})[1] == "只帮同一栋楼，还不知道是不是同一栋"
    assert why({}, {}, **spots()) is None


@pytest.mark.parametrize(("minutes", "said"), [(15, None), (16, "只走 15 分钟以内，这里要走 16 分钟")])
def test_the_fifteen_minute_circle(why, minutes, said):
    told = why({}, {"walk_minutes_max": 15}, **spots(minutes={("三号楼", "八号楼"): minutes}))
    assert told == (None if said is None else ("walk", said))


def test_a_way_nobody_knows_is_not_guessed(why):
    assert why({}, {"walk_minutes_max": 15}) == ("walk", "只走 15 分钟以内，还不知道要走多久")
    assert why({}, {"radius_m": 800}) == ("radius", "只去 800 米以内，还不知道有多远")


@pytest.mark.parametrize(("north", "said"), [(400, None), (401, "只去 500 米以内，这里约 600 米")])
def test_a_radius_counts_whole_metres(why, north, said):
    told = why({}, {"radius_m": 500}, **spots(positions={"三号楼": (0, 0), "八号楼": (300, north)}))
    assert told == (None if said is None else ("radius", said))


# ---------------------------------------------------------------------- days, pauses and the way between two visits


def test_days_away_are_kept(why):
    day = date(2026, 11, 24)
    assert why({}, {"away": ((day, day),)}) == ("blackout", "11月24日不在")
    assert why({}, {"away": ((date(2026, 11, 20), day),)}) == ("blackout", "11月20日到11月24日不在")
    assert why({}, {"away": ((date(2026, 11, 25), date(2026, 12, 1)),)}) is None


@pytest.mark.parametrize(
    ("pledge", "said"),
    [
        (Pledge(first_on=date(2026, 1, 1), last_on=date(2026, 12, 31), left=1), None),
        (Pledge(first_on=date(2026, 1, 1), last_on=date(2026, 12, 31), left=0), "共建协议约定的量已经用完"),
        (
            Pledge(first_on=date(2026, 12, 1), last_on=date(2026, 12, 31), left=9),
            "共建协议的期限是 2026-12-01 到 2026-12-31",
        ),
    ],
)
def test_a_pledged_line_keeps_to_its_agreement(why, pledge, said):
    assert why({}, {}, pledges={"甲": pledge}) == (None if said is None else ("pledge", said))


def test_no_more_is_planned_than_an_agreement_still_pledges(week, context, need, resource, stretch):
    days = [stretch(day, "9:00", "11:00") for day in range(4)]
    needs = [need(f"需求{i}", "help", day) for i, day in enumerate(days)]
    left = Pledge(first_on=date(2026, 1, 1), last_on=date(2026, 12, 31), left=3)
    plan = plan_week(
        needs, [resource("甲", "help", *days)], week=week, context=replace(context, pledges={"甲": left})
    )
    assert len(plan.matches) == 3


@pytest.mark.parametrize(
    ("weekday", "days", "said"),
    [(MONDAY, 1, "帮一天要歇 1 天"), (MONDAY, 0, None), (SUNDAY, 1, None), (THURSDAY, 2, "帮一天要歇 2 天")],
)
def test_a_helper_rests_after_a_day_of_help(why, stretch, weekday, days, said):
    given = {"甲": (Promise(window=stretch(weekday, "9:00", "10:00")),)}
    told = why({}, {"rest_days": days}, promised=given)
    assert told == (None if said is None else ("rest", said))


def test_a_helper_rests_between_two_visits_of_a_day(why, stretch):
    given = {"甲": (Promise(window=stretch(TUESDAY, "8:00", "8:45")),)}
    assert why({}, {"rest_minutes": 30}, promised=given) == ("rest", "两次之间要歇 30 分钟")
    assert why({}, {"rest_minutes": 15}, promised=given) is None
    short = {"quantity": Quantity(minutes_each=60)}
    assert why(short, {"rest_minutes": 30}, promised=given) is None


def test_the_plan_itself_leaves_the_days_and_pauses_of_rest(week, context, need, resource, stretch):
    days = [stretch(day, "9:00", "10:00") for day in range(5)]
    needs = [need(f"需求{i}", "help", day) for i, day in enumerate(days)]
    plan = plan_week(needs, [resource("甲", "help", *days, rest_days=1)], week=week, context=context)
    assert [match.need.line_key for match in plan.matches] == ["需求0", "需求2", "需求4"]
    assert plan.certificate.gap == 0

    hours = [stretch(TUESDAY, "9:00", "10:00"), stretch(TUESDAY, "10:20", "11:20")]
    needs = [need(f"需求{i}", "help", hour) for i, hour in enumerate(hours)]
    for pause, served in ((20, 2), (21, 1)):
        offer = resource("甲", "help", *hours, rest_minutes=pause)
        assert len(plan_week(needs, [offer], week=week, context=context).matches) == served


def test_one_helper_needs_the_way_from_one_visit_to_the_next(week, context, need, resource, stretch):
    far = {("一网格", "二网格"): 20}
    before = need("早", "help", stretch(TUESDAY, "11:00", "12:00"), grid="一网格")
    after = need("晚", "help", stretch(TUESDAY, "12:00", "13:00"), grid="二网格")
    later = need("晚", "help", stretch(TUESDAY, "12:20", "13:20"), grid="二网格")
    helper = resource("甲", "help", stretch(TUESDAY, "8:00", "18:00"))

    def served(*needs, **more) -> int:
        plan = plan_week(needs, [helper], week=week, context=replace(context, **more))
        assert plan.certificate.gap == 0
        return len(plan.matches)

    assert served(before, after) == 2
    assert served(before, after, travel_times=TravelTimes(minutes=far)) == 1
    assert served(before, later, travel_times=TravelTimes(minutes=far)) == 2
    assert served(after, travel_times=TravelTimes(minutes=far)) == 1
    near = replace(after, place=before.place)
    assert served(before, near, travel_times=TravelTimes(minutes=far)) == 2


def test_who_is_promised_elsewhere_at_that_time_is_not_asked(why, stretch):
    given = {"甲": (Promise(window=stretch(TUESDAY, "9:30", "10:30")),)}
    assert why({}, {}, promised=given) == ("promised", "这段时间已答应别人")
    assert why({"quantity": Quantity(minutes_each=30)}, {}, promised=given) is None
    assert why({"quantity": Quantity(minutes_each=31)}, {}, promised=given)[0] == "promised"
    assert why({}, {"quantity": Quantity(amount=2, unit=Unit.HELPER)}, promised=given) is None


def test_who_is_promised_elsewhere_just_before_cannot_be_here_in_time(why, stretch, need):
    given = {"甲": (Promise(window=stretch(TUESDAY, "8:00", "9:00"), spot="一网格"),)}
    asks = {"place": need("x", grid="二网格").place}
    near, far = ({("一网格", "二网格"): minutes} for minutes in (0, 10))
    assert why(asks, {}, promised=given, travel_times=TravelTimes(minutes=far)) == (
        "travel",
        "前后已答应别人，路上要 10 分钟，赶不过来",
    )
    assert why(asks, {}, promised=given, travel_times=TravelTimes(minutes=near)) is None
    assert why(asks, {}, promised=given) is None
    several = {"quantity": Quantity(amount=3, unit=Unit.HELPER)}
    assert why(asks, several, promised=given, travel_times=TravelTimes(minutes=far)) is None


def test_a_promise_among_the_lists_counts_with_its_place(week, context, need, resource, stretch):
    first = need("早", "help", stretch(TUESDAY, "11:00", "12:00"), grid="一网格")
    second = need("晚", "help", stretch(TUESDAY, "12:00", "13:00"), grid="二网格")
    helper = resource("甲", "help", stretch(TUESDAY, "8:00", "18:00"))
    said_yes = Fixed(need_key="早", resource_key="甲", window=stretch(TUESDAY, "11:00", "12:00"))
    plan = plan_week(
        [first, second],
        [helper],
        week=week,
        fixed=[said_yes],
        context=replace(context, travel_times=TravelTimes(minutes={("一网格", "二网格"): 20})),
    )
    assert plan.unserved[0].why.code == "no_candidate:travel"


# ---------------------------------------------------------------------- better apart, better together


@pytest.mark.parametrize(
    ("circumstances", "chosen", "reason"),
    [
        ({}, "乙", None),
        ({"avoid": frozenset({("需求", "乙")})}, "甲", None),
        ({"wishes": frozenset({("需求", "甲")})}, "甲", "点名要过对方"),
        ({"travel_times": TravelTimes(spots={"需求": "三", "甲": "二", "乙": "一"}, minutes={("一", "三"): 9, ("二", "三"): 8})},
         "甲", "走过去 8 分钟"),
    ],
)  # fmt: skip
def test_what_is_better_is_chosen_and_what_is_worse_still_possible(
    week, context, need, resource, stretch, circumstances, chosen, reason
):
    window = stretch(TUESDAY, "9:00", "11:00")
    asks, offers = need("需求", "help", window), [resource(name, "help", window) for name in "甲乙"]
    around = replace(context, **circumstances)
    (match,) = plan_week([asks], offers, week=week, context=around).matches
    assert match.resource.line_key == chosen
    assert reason is None or reason in [one.zh for one in match.reasons]
    assert len(plan_week([asks], [offers[0]], week=week, context=around).matches) == 1


def test_who_had_no_help_and_what_was_promised_in_return_come_first(week, context, need, resource, stretch):
    window = stretch(TUESDAY, "9:00", "11:00")
    needs = [need(key, "help", window, owner=f"M{key}") for key in "子丑"]
    for around, first in (
        ({"received": {"M丑": 120, "M子": 0}}, "子"),
        ({"received": {"M丑": 120}}, "丑"),
        ({"in_return": frozenset({"子"})}, "子"),
        ({"savers": frozenset({"M子"})}, "子"),
        ({"savers": frozenset({"M丑"}), "received": {"M子": 0}, "in_return": frozenset({"子"})}, "丑"),
    ):
        plan = plan_week(
            needs, [resource("甲", "help", window)], week=week, context=replace(context, **around)
        )
        assert plan.matches[0].need.line_key == first


def test_a_savers_place_in_the_queue_is_behind_every_more_urgent_need(week, context, need, resource, stretch):
    window = stretch(TUESDAY, "9:00", "11:00")
    needs = [
        need("子", "help", window, owner="M子"),
        need("丑", "help", window, owner="M丑", urgency=Urgency.URGENT),
    ]
    around = replace(context, savers=frozenset({"M子"}))
    (match,) = plan_week(needs, [resource("甲", "help", window)], week=week, context=around).matches
    assert match.need.line_key == "丑"


def test_an_urgent_need_is_never_given_up_for_ordinary_ones(week, context, need, resource, stretch):
    day = [stretch(TUESDAY, f"{hour}:00", f"{hour + 1}:00") for hour in range(8, 20)]
    meetings = [
        need(f"会{i}", "hall", hour, quantity=Quantity(amount=9, unit=Unit.SEAT))
        for i, hour in enumerate(day)
    ]
    long = need(
        "安置", "hall", stretch(TUESDAY, "8:00", "20:00"),
        quantity=Quantity(amount=9, unit=Unit.SEAT), urgency=Urgency.URGENT,
    )  # fmt: skip
    hall = resource(
        "礼堂",
        "hall",
        stretch(TUESDAY, "8:00", "20:00"),
        kind="place",
        quantity=Quantity(amount=50, unit=Unit.SEAT),
    )
    plan = plan_week([*meetings, long], [hall], week=week, context=context)
    assert [match.need.line_key for match in plan.matches] == ["安置"]


def test_every_refusal_speaks_both_languages_and_all_of_them_can_be_asked_for(
    context, need, resource, stretch
):
    window = stretch(TUESDAY, "9:00", "11:00")
    asks = need("需求", "help", window, language="方言", heavy=True)
    offer = resource(
        "甲", "help", window, light_work_only=True, away=((date(2026, 11, 24), date(2026, 11, 24)),)
    )
    pairs = [(task, slot) for task in tasks_of(asks, WEEK, context)
             for slot in supply_of(offer, WEEK, context, Objective()).slots]  # fmt: skip
    found = refusals(asks, offer, context, pairs)
    assert [why.code for why in found] == ["language", "heavy_work", "blackout"]
    assert found[-1].en == "is away on 2026-11-24"
    wednesday = need("需求", "help", stretch(WEDNESDAY, "9:00", "11:00"))
    (slot,) = supply_of(offer, WEEK, context, Objective()).slots
    (task,) = tasks_of(wednesday, WEEK, context)
    assert [why.code for why in refusals(wednesday, offer, context, [(task, slot)])] == ["time"]
    assert refusals(wednesday, offer, context) == ()
