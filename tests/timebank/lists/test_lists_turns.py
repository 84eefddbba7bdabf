"""轮值 on the pages: the desk plans half a year, units swap, what was missed is owed and seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace import store as lists
from marketplace.errors import TurnStage, UnknownTurn
from marketplace.rota import Step, TurnState
from marketplace.values import Activity
from tests.timebank.settling import unit
from timebank.errors import NotFound
from timebank.help.lists import turns

HOSPITAL, SCHOOL = "hospital", "school"


@pytest.fixture
async def council(town: Any) -> Any:
    """An activity on the list, led by the school, and two partner units."""
    meeting = Activity(line_key="council", title="共建联席会", lead="实验小学")
    async with town.ctx.engine.atomic():
        await lists.save_activities(town.ctx.engine, "dongqu", [meeting], at=town.ctx.now())
        await unit(town.ctx, "dongqu", SCHOOL, "实验小学")
    return town


async def units_in_turn(town: Any) -> list[str]:
    return [one.unit for one in await lists.turns(town.ctx.engine, "dongqu", activity_key="council")]


async def test_the_desk_plans_half_a_year_beginning_with_the_unit_on_the_list(council: Any) -> None:
    worker = await council.client("worker")
    assert "还没有排" in (await worker.page("/lists/activities/council")).text
    page = await worker.submit("/rota/council", {})
    assert "往后半年都有单位牵头" in page.text
    assert "2026年11月 · 实验小学" in page.text
    assert await units_in_turn(council) == [SCHOOL, HOSPITAL] * 3
    again = await worker.submit("/rota/council", {})
    assert "已经排满了" in again.text
    english = await worker.page("/lists/activities/council?lang=en")
    assert "November 2026" in english.text
    visitor = await (await council.client("volunteer")).page("/lists/activities/council")
    assert "2026年12月" in visitor.text
    assert "记一笔" not in visitor.text


async def test_a_unit_asks_to_swap_and_the_other_agrees(council: Any) -> None:
    await turns.plan(council.ctx, await council.actor("worker"), "council")
    unit = await council.client("unit")
    home = await unit.page("/unit")
    assert "想换一换" in home.text
    asked = await unit.submit(
        "/rota/council/2026-12",
        {"step": "ask_swap", "other": "2027-01", "reason": "迎检", "next": "/unit"},
    )
    assert "问过了" in asked.text
    assert "在问能不能换到2027年1月" in asked.text
    await turns.take(council.ctx, await council.actor("worker"), "council", "2026-12", Step.AGREE_SWAP)
    assert await units_in_turn(council) == [SCHOOL, SCHOOL, HOSPITAL, HOSPITAL, SCHOOL, HOSPITAL]


async def test_a_unit_sees_what_others_ask_of_it_and_answers(council: Any) -> None:
    worker = await council.actor("worker")
    await turns.plan(council.ctx, worker, "council")
    await turns.take(council.ctx, worker, "council", "2026-11", Step.ASK_SWAP, other="2026-12", reason="期末")
    unit = await council.client("unit")
    home = await unit.page("/unit")
    assert "实验小学想用2026年11月换我们的2026年12月" in home.text
    assert "期末" in home.text
    press = "/rota/council/2026-11"
    done = await unit.submit(press, {"step": "decline_swap", "next": "/unit"})
    assert "谢绝了" in done.text
    await turns.take(council.ctx, worker, "council", "2026-11", Step.ASK_SWAP, other="2026-12")
    await turns.take(council.ctx, worker, "council", "2026-11", Step.TAKE_BACK)
    found = await lists.turns(council.ctx.engine, "dongqu", activity_key="council")
    assert {one.state for one in found} == {TurnState.AHEAD}


async def test_what_was_missed_or_covered_is_seen_and_owed(council: Any) -> None:
    worker = await council.client("worker")
    await worker.submit("/rota/council", {})
    press = "/rota/council/"
    assert "没人牵头" in (await worker.submit(press + "2026-11", {"step": "miss"})).text
    page = await worker.submit(press + "2026-12", {"step": "cover", "other": SCHOOL})
    assert "由实验小学代班" in page.text
    page = await worker.submit(press + "2027-01", {"step": "hold"})
    assert "已完成" in page.text
    council.ctx.clock.now += timedelta(days=160)
    planned = await turns.plan(council.ctx, await council.actor("worker"), "council")
    assert [(one.unit, one.makes_up) for one in planned][:3] == [
        (SCHOOL, "2026-11"),
        (HOSPITAL, "2026-12"),
        (SCHOOL, ""),
    ]
    rows = await turns.of_activity(council.ctx, "dongqu", "council", "zh-CN")
    assert [row.makes_up_month for row in rows if row.makes_up_month] == ["2026年11月", "2026年12月"]


async def test_nobody_decides_for_another_unit_nor_for_the_desk(council: Any) -> None:
    await turns.plan(council.ctx, await council.actor("worker"), "council")
    unit, volunteer = await council.actor("unit"), await council.actor("volunteer")
    for actor, period, step in (
        (unit, "2026-11", Step.ASK_SWAP),
        (unit, "2026-12", Step.HOLD),
        (volunteer, "2026-12", Step.ASK_SWAP),
        (unit, "2099-01", Step.ASK_SWAP),
    ):
        with pytest.raises(NotFound):
            await turns.take(council.ctx, actor, "council", period, step, other="2027-01")
    with pytest.raises(NotFound):
        await turns.plan(council.ctx, unit, "council")
    worker = await council.actor("worker")
    with pytest.raises(NotFound):
        await turns.plan(council.ctx, worker, "nothing")
    with pytest.raises(UnknownTurn):
        await turns.take(council.ctx, worker, "council", "2026-12", Step.ASK_SWAP, other="2099-01")
    await turns.take(council.ctx, worker, "council", "2026-12", Step.HOLD)
    with pytest.raises(TurnStage):
        await turns.take(council.ctx, worker, "council", "2026-12", Step.MISS)
    press = await (await council.client("worker")).submit("/rota/council/2026-12", {"step": "hold"})
    assert press.status_code == 409
    assert "2026-12 的轮值现在是“已完成”，不能记为完成" in press.text


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [("2026-12", "2026年12月", "December 2026"), ("", "", ""), ("2026-13", "2026-13", "2026-13"), ("第3周", "第3周", "第3周")],
)  # fmt: skip
def test_months_are_said_in_words(period: str, zh: str, en: str) -> None:
    assert (turns.month_said(period, "zh-CN"), turns.month_said(period, "en")) == (zh, en)


async def test_the_months_that_the_list_itself_gives_away_stay_with_their_unit(council: Any) -> None:
    meeting = Activity(
        line_key="patrol",
        title="联席会",
        lead="区第二人民医院",
        rota="12月轮值:实验小学;1月轮值：没有签的单位",
    )
    await lists.save_activities(council.ctx.engine, "dongqu", [meeting], at=council.ctx.now())
    planned = await turns.plan(council.ctx, await council.actor("worker"), "patrol")
    assert [one.unit for one in planned][:3] == [HOSPITAL, SCHOOL, HOSPITAL]
    assert turns.written_turns("12月份轮值:甲", ["2026-11"]) == []
    assert turns.written_turns("1月轮值:甲,2月轮值:乙", ["2027-01", "2027-02"]) == [
        ("2027-01", "甲"),
        ("2027-02", "乙"),
    ]
