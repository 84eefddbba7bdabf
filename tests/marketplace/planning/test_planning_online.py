"""Suggestions for one need, and the mirror for one unit."""

from __future__ import annotations

from dataclasses import replace

from marketplace.planning import Fixed, suggest, suggest_for
from marketplace.values import Quantity, Unit, Urgency, Week

TUESDAY, SATURDAY = 1, 5


def test_the_best_helpers_for_a_need_come_with_reasons_that_add_up(need, resource, stretch, week, context):
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


def test_a_place_already_promised_is_not_suggested_again(need, resource, stretch, week, context):
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


def test_a_unit_sees_what_it_could_do_most_pressing_first(need, resource, stretch, week, context):
    tuesday, saturday = stretch(TUESDAY, "9:00", "11:00"), stretch(SATURDAY, "9:00", "11:00")
    needs = [
        need("换灯泡", "repair", saturday, urgency=Urgency.URGENT),
        need("修水管", "repair", tuesday),
        need("理发", "haircut", tuesday),
    ]
    unit = [resource("供电", "repair", tuesday, saturday, quantity=Quantity(amount=3, unit=Unit.HELPER))]
    found = suggest_for(unit, needs, weeks=[week, Week(2026, 49)], context=context, k=3)
    assert [one.need.line_key for one in found] == ["换灯泡", "修水管"]
    assert found[0].as_json("zh-CN")["window"]["text"] == "周六 9:00–11:00"


def test_a_suggestion_says_nothing_private(need, resource, stretch, week, context):
    window = stretch(TUESDAY, "9:00", "11:00")
    secret = need("陪诊", "escort", window, contact="CANARY", private_note="CANARY", served="CANARY")
    secret = replace(secret, place=replace(secret.place, building="CANARY", text="CANARY"))
    (one,) = suggest(secret, [resource("甲", "escort", window)], week=week, context=context)
    assert "CANARY" not in str(one.as_json())
