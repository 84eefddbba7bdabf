"""The office's own lists, from the files to the plan of the week of 23 November 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from marketplace.lists import ListKind, read_file
from marketplace.planning import Plan, PlanContext, plan_json, plan_week, suggest_for
from marketplace.values import SHANGHAI, Need, Resource, Week

LISTS = Path(__file__).parents[3] / "examples" / "data" / "lists"
CONTEXT = PlanContext(now=datetime(2026, 11, 18, 18, 0, tzinfo=SHANGHAI))
WEEK = Week.parse("2026-W48")


@pytest.fixture(scope="module")
def lists() -> tuple[list[Need], list[Resource]]:
    needs: list[Need] = []
    resources: list[Resource] = []
    for name in ("东区社区四张清单.xlsx", "区人民银行营业部-资源.csv"):
        for report in read_file(LISTS / name, filed_on=date(2026, 11, 18)).reports():
            if report.kind is ListKind.NEEDS:
                needs.extend(value for value in report.values if isinstance(value, Need))
            if report.kind is ListKind.RESOURCES:
                resources.extend(value for value in report.values if isinstance(value, Resource))
    return needs, resources


@pytest.fixture(scope="module")
def plan(lists: Any) -> Plan:
    return plan_week(*lists, week=WEEK, context=CONTEXT)


def pairs(plan: Plan) -> set[tuple[str, str]]:
    return {(match.need.title[:6], match.resource.owner) for match in plan.matches}


def test_the_plan_is_proven_best_and_checks_from_the_lists(plan: Any) -> None:
    assert plan.certificate.gap == 0
    assert plan.verify()


def test_the_blood_pressure_morning_meets_the_hospitals_six_places(plan: Any) -> None:
    (match,) = [one for one in plan.matches if one.need.title.startswith("老年人量血压")]
    assert (match.resource.owner, match.quantity) == ("区第二人民医院", 6)
    assert match.reasons[-1].zh == "时间正合适：周二 9:00–11:00"
    (left,) = [one for one in plan.unserved if one.need is match.need]
    assert (left.quantity, left.why.code, left.gain > 0) == (54, "shortage", True)


def test_the_choir_gets_the_music_room_on_both_evenings(plan: Any) -> None:
    rooms = [one for one in plan.matches if "合唱队" in one.need.title]
    assert [one.resource.owner for one in rooms] == ["实验小学", "实验小学"]
    assert [one.window.starts_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") for one in rooms] == [
        "11-24 19:00",
        "11-26 19:00",
    ]
    assert {one.quantity for one in rooms} == {30}


@pytest.mark.parametrize(
    ("title", "owner"),
    [
        ("卫生间灯坏了", "供电公司营业部"),
        ("清理楼道堆物", "周二红马甲服务队"),
        ("午饭送到家,", "惠民餐饮"),
        ("陪去市一院复", "客运公司"),
        ("想要一副老花", "爱心眼镜店"),
        ("轮椅刹车坏了", "家电维修部"),
        ("重阳慰问演出", "物业公司"),
        ("孩子放学后没", "实验小学"),
        ("不会用手机挂", "大学生志愿服务队"),
    ],
)
def test_a_need_meets_who_offers_just_that(plan: Any, title: str, owner: str) -> None:
    assert any(one.startswith(title.rstrip(",")[:5]) and who == owner for one, who in pairs(plan))


def test_every_need_is_matched_or_told_why_not_or_comes_later(plan: Any, lists: Any) -> None:
    needs, _ = lists
    met = {one.need.line_key for one in plan.matches}
    told = {one.need.line_key for one in plan.unserved}
    later = {one.line_key for one in plan.later}
    assert met | told | later == {one.line_key for one in needs}
    assert not later & (met | told)
    assert all(one.why.zh and one.why.en for one in plan.unserved)


def test_reasons_of_every_match_add_up(plan: Any) -> None:
    for match in plan.matches:
        assert sum(reason.points for reason in match.reasons) == match.value
    assert sum(match.value for match in plan.matches) == plan.certificate.primal


def test_lists_in_another_order_give_the_same_plan(plan: Any, lists: Any) -> None:
    needs, resources = lists
    again = plan_week(needs[::-1], resources[::-1], week=WEEK, context=CONTEXT)
    assert plan_json(again, "en") == plan_json(plan, "en")


def test_no_private_cell_reaches_the_json(lists: Any) -> None:
    needs, resources = lists
    marked = [
        replace(
            one,
            contact="CANARY",
            private_note="CANARY",
            served="CANARY",
            place=replace(one.place, text="CANARY", building="CANARY"),
        )
        for one in needs
    ]
    assert "CANARY" not in str(plan_json(plan_week(marked, resources, week=WEEK, context=CONTEXT)))


def test_the_power_company_sees_what_it_could_do_this_month(lists: Any) -> None:
    needs, resources = lists
    own = [one for one in resources if one.owner == "供电公司营业部"]
    (found, *_) = suggest_for(own, needs, weeks=[WEEK, Week(2026, 49)], context=CONTEXT)
    assert found.need.title.startswith("卫生间灯坏了")


def test_more_places_at_the_clinic_serve_more_people(plan: Any, lists: Any) -> None:
    needs, resources = lists
    more = [
        replace(one, quantity=replace(one.quantity, amount=40)) if "血压" in one.title else one
        for one in resources
    ]
    again = plan_week(needs, more, week=WEEK, context=CONTEXT)
    assert again.certificate.primal > plan.certificate.primal
    assert any(one.quantity == 40 for one in again.matches)
