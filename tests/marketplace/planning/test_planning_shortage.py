"""缺口报告: which skill, grid and part of the week to recruit for, in minutes of unmet need."""

from __future__ import annotations

from marketplace.planning import PlanContext, plan_json, plan_week
from marketplace.values import Quantity, Question, Unit, Urgency, Week, When
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

TUESDAY = 1


def test_gaps_are_told_by_skill_grid_and_part_of_the_day(
    need: MakeNeed, resource: MakeResource, stretch: Stretch, week: Week, context: PlanContext
) -> None:
    morning, later = stretch(TUESDAY, "8:00", "9:00"), stretch(TUESDAY, "10:00", "11:30")
    evening = stretch(TUESDAY, "18:00", "19:00")
    needs = [
        need("甲", "escort", morning, grid="一网格", category_phrase="陪同就医"),
        need("乙", "escort", later, grid="一网格", category_phrase="陪同就医"),
        need("丙", "escort", later, grid="二网格", category_phrase="陪同就医", urgency=Urgency.URGENT),
        need("丁", "escort", evening, grid="一网格", category_phrase="陪同就医"),
        need("戊", "repair", quantity=Quantity(amount=2, unit=Unit.ITEM)),
    ]
    plan = plan_week(needs, [], week=week, context=context)
    assert [(one.category, one.grid, one.minutes, one.quantity) for one in plan.shortages] == [
        ("escort", "二网格", 90, 1),
        ("escort", "一网格", 150, 2),
        ("repair", "", 30, 2),
        ("escort", "一网格", 60, 1),
    ]
    first, second = plan.shortages[:2]
    assert second.zh == "陪同就医，一网格，周二 8:00–11:30，还缺 2次（约 2.5小时）"
    assert second.en == "escort, 一网格, Tue 8:00–11:30: 2 visits short (about 2.5 h)"
    assert first.gain > second.gain
    said = plan_json(plan, "en")["shortage"]
    assert (said[1]["grid"], said[1]["minutes"], said[2]["window"]) == ("一网格", 150, None)
    assert sum(one.minutes for one in plan.shortages) == sum(one.minutes for one in plan.unserved)


def test_more_helpers_do_not_help_where_a_question_is_open(
    need: MakeNeed, week: Week, context: PlanContext
) -> None:
    asked = need("甲", when=When(phrase="周二或13月", question=Question(code="q", zh="哪天?", en="when?")))
    assert plan_week([asked], [], week=week, context=context).shortages == ()
