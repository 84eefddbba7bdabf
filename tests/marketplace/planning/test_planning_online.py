"""Suggestions for one need, and the mirror for one unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from marketplace.errors import NotWholeNumber
from marketplace.planning import (
    AskBudget,
    Asks,
    Fixed,
    PlanContext,
    look_for,
    stand_ins,
    suggest,
    suggest_for,
    suggestion_json,
)
from marketplace.values import Quantity, Unit, Urgency, Week, When
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY, SATURDAY = 1, 5


def test_the_best_helpers_for_a_need_come_with_reasons_that_add_up(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    asks = need("陪诊", "escort", window, grid="二网格", last_helpers=("丙",))
    offers = [
        resource("甲", "escort", window),
        resource("乙", "escort", window, reach_grids=("二网格",)),
        resource("丙", "escort", window),
        resource("丁", "haircut", window),
    ]
    found = suggest(asks, offers, week=week, context=context)
    assert [one.resource.line_key for one in found] == ["丙", "乙", "甲"]
    assert "上次也是他们来的" in [reason.zh for reason in found[0].reasons]
    assert "同在二网格" in [reason.zh for reason in found[1].reasons]
    assert all(sum(reason.points for reason in one.reasons) == one.value for one in found)


def test_a_place_already_promised_is_not_suggested_again(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    gone = Fixed(need_key="别的需求", resource_key="甲", window=window)
    found = suggest(
        need("陪诊", "escort", window), [resource("甲", "escort", window)], week=week, context=context
    )
    assert len(found) == 1
    found = suggest(
        need("陪诊", "escort", window),
        [resource("甲", "escort", window)],
        week=week,
        context=context,
        fixed=[gone],
    )
    assert found == ()


def test_a_unit_sees_what_it_could_do_most_pressing_first(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    tuesday, saturday = stretch(TUESDAY, "9:00", "11:00"), stretch(SATURDAY, "9:00", "11:00")
    needs = [
        need("换灯泡", "repair", saturday, urgency=Urgency.URGENT),
        need("修水管", "repair", tuesday),
        need("理发", "haircut", tuesday),
    ]
    unit = [resource("供电", "repair", tuesday, saturday, quantity=Quantity(amount=3, unit=Unit.HELPER))]
    found = suggest_for(unit, needs, weeks=[week, Week(2026, 49)], context=context, k=3)
    assert [one.need.line_key for one in found] == ["换灯泡", "修水管"]
    assert suggestion_json(found[0], "zh-CN")["window"]["text"] == "周六 9:00–11:00"


def test_a_suggestion_says_nothing_private(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    secret = need("陪诊", "escort", window, contact="CANARY", private_note="CANARY", served="CANARY")
    secret = replace(secret, place=replace(secret.place, building="CANARY", text="CANARY"))
    (one,) = suggest(secret, [resource("甲", "escort", window)], week=week, context=context)
    assert "CANARY" not in str(suggestion_json(one))


def test_one_day_answers_what_could_i_do_this_tuesday(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    tuesday, saturday = stretch(TUESDAY, "9:00", "11:00"), stretch(SATURDAY, "9:00", "11:00")
    needs = [need("换灯泡", "repair", saturday, urgency=Urgency.URGENT), need("修水管", "repair", tuesday)]
    mine = resource("甲", "repair", tuesday, saturday, owner_kind="volunteer")
    day = tuesday.starts_at.date()
    assert [one.need.line_key for one in suggest_for(mine, needs, weeks=[week], context=context, on=day)] == [
        "修水管"
    ]


# ---------------------------------------------------------------------- how often people are asked


def asked(context: PlanContext, *days_ago: float) -> tuple[datetime, ...]:
    return tuple(context.now - timedelta(days=days) for days in days_ago)


@pytest.fixture
def volunteers(resource: MakeResource, stretch: Stretch) -> Any:
    window = stretch(TUESDAY, "9:00", "11:00")
    return [resource(name, "escort", window, owner_kind="volunteer") for name in ("乙", "甲")]


@pytest.mark.parametrize(
    ("days_ago", "order", "said"),
    [
        ((), ["乙", "甲"], None),
        ((29, 28), ["甲", "乙"], (-60, "30 天内问过 2 次")),
        ((30, 31), ["乙", "甲"], None),
        ((5, 3), ["甲", "乙"], (-120, "30 天内问过 2 次，只能再问 1 次")),
        ((5, 3, 1), ["甲"], "7 天内问过 3 次、30 天内 3 次，让人歇一歇"),
        ((8, 9, 10, 11, 12, 13, 14, 15), ["甲"], "7 天内问过 0 次、30 天内 8 次，让人歇一歇"),
    ],
)
def test_who_was_asked_often_sinks_and_is_then_left_in_peace(
    need: MakeNeed,
    volunteers: Any,
    stretch: Stretch,
    week: Week,
    context: PlanContext,
    days_ago: int,
    order: Any,
    said: Any,
) -> None:
    asks = Asks(at={"乙": asked(context, *days_ago)})  # type: ignore[misc]
    found = look_for(
        need("陪诊", "escort", stretch(TUESDAY, "9:00", "11:00")),
        volunteers,
        week=week,
        context=context,
        asks=asks,
    )
    assert [one.resource.line_key for one in found.suggestions] == order
    assert all(sum(reason.points for reason in one.reasons) == one.value for one in found.suggestions)
    told = {
        one.resource.line_key: [(why.points, why.zh) for why in one.reasons if why.code == "asked"]
        for one in found.suggestions
    }
    left_in_peace = [(resource.line_key, why.zh) for resource, why in found.passed_over]
    if isinstance(said, str):
        assert left_in_peace == [("乙", said)]
    else:
        assert told["乙"] == ([said] if said else [])
        assert left_in_peace == []


def test_everybody_may_say_how_often_they_want_to_be_asked(
    need: MakeNeed, volunteers: Any, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    asks = Asks(at={"乙": asked(context, 1)}, own={"乙": AskBudget(per_week=1)})
    asking = need("陪诊", "escort", stretch(TUESDAY, "9:00", "11:00"))
    found = suggest(asking, volunteers, week=week, context=context, asks=asks)
    assert [one.resource.line_key for one in found] == ["甲"]
    generous = Asks(at={"乙": asked(context, 1, 2, 3, 4)}, own={"乙": AskBudget(per_week=9, per_month=20)})
    assert len(suggest(asking, volunteers, week=week, context=context, asks=generous)) == 2


def test_a_unit_has_a_desk_and_no_budget(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    asks = Asks(at={"医院": asked(context, *range(1, 7))})
    (one,) = suggest(
        need("陪诊", "escort", window), [resource("医院", "escort", window)], week=week, context=context, asks=asks
    )  # fmt: skip
    assert "asked" not in [why.code for why in one.reasons]


@pytest.mark.parametrize("wrong", [{"per_week": -1}, {"per_month": 1.5}, {"low": True}])
def test_a_budget_is_whole_numbers(wrong: Any) -> None:
    with pytest.raises(NotWholeNumber):
        AskBudget(**wrong)


# ---------------------------------------------------------------------- who could step in


def test_stand_ins_for_a_visit_called_off_today(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    today = replace(context, now=window.starts_at - timedelta(hours=1))
    asks = need("陪诊", "escort", window, last_helpers=("丙",))
    people = [
        resource("甲", "escort", window, owner_kind="volunteer"),
        resource("乙", "escort", window, owner_kind="volunteer"),
        resource("丙", "escort", window, owner_kind="volunteer"),
        resource("丁", "escort", window, when=When(windows=(window,), notice_days=1)),
        resource("戊", "haircut", window),
        resource("己", "escort", window, owner_kind="volunteer"),
    ]
    fixed = [
        Fixed(need_key="陪诊", resource_key="甲", window=window),
        Fixed(need_key="别的", resource_key="乙", window=window),
    ]
    asked_enough = Asks(at={"己": asked(today, 1, 2, 3)})
    found = stand_ins(
        asks, people, window=window, without="甲", context=today, fixed=fixed, asks=asked_enough
    )
    assert [one.resource.line_key for one in found.suggestions] == ["丙"]
    assert "上次也是他们来的" in [why.zh for why in found.suggestions[0].reasons]
    assert found.suggestions[0].window == window
    assert {resource.line_key: why.code for resource, why in found.passed_over} == {
        "己": "asked_enough",
        "丁": "notice",
        "乙": "promised",
    }


def test_other_helpers_of_the_same_visit_stay_and_only_the_gap_is_filled(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    window = stretch(TUESDAY, "9:00", "11:00")
    asks = need("清扫", "clean", window, quantity=Quantity(unit=Unit.HELPER, amount=3, helpers=3))
    people = [resource(name, "clean", window, owner_kind="volunteer") for name in "甲乙丙丁"]
    fixed = [Fixed(need_key="清扫", resource_key=name, window=window) for name in "甲乙丙"]
    found = stand_ins(asks, people, window=window, without="甲", context=context, fixed=fixed)
    assert [(one.resource.line_key, one.quantity) for one in found.suggestions] == [("丁", 1)]
    assert found.suggestions[0].minutes == 120


@pytest.mark.parametrize(
    ("quantity", "missing"),
    [
        (Quantity(amount=90, unit=Unit.MINUTE), (1, Unit.VISIT)),
        (Quantity(amount=40, unit=Unit.PERSON), (2, Unit.PERSON)),
    ],
)
def test_a_stand_in_takes_over_what_is_missing(
    need: MakeNeed,
    resource: MakeResource,
    stretch: Stretch,
    week: Week,
    context: PlanContext,
    quantity: Any,
    missing: Any,
) -> None:
    window = stretch(TUESDAY, "9:00", "10:30")
    doctor = resource("医院", "clinic", window, quantity=Quantity(amount=2, unit=Unit.PERSON))
    helper = resource("乙", "clinic", window)
    asks = need("坐诊", "clinic", window, quantity=quantity)
    offers = [doctor] if quantity.unit is Unit.PERSON else [helper]
    found = stand_ins(asks, offers, window=window, without="甲", quantity=2, context=context)
    assert (found.suggestions[0].quantity, found.suggestions[0].unit) == missing
