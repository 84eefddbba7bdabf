"""A planned week follows what happens, seconds later: what was proposed stays the same proposal, what is agreed never moves."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from marketplace import store as lists
from marketplace.times import read_when
from marketplace.values import Urgency, Week
from timebank.community.calling_off import call_off
from timebank.community.plan_stale import mark_plan_stale
from timebank.daily import do_what_is_due
from timebank.help.matching import flow
from timebank.help.planning.following import follow_plans
from timebank.help.requests import flow as requests
from timebank.help.requests.intake import Asked
from timebank.rules.parts.attendance import Off
from timebank.store.help import services

WEEK = Week.parse("2026-W48")
FILED_ON = date(2026, 11, 20)


async def proposed(town: Any) -> dict[str, lists.Proposal]:
    found = await lists.proposals(town.ctx.engine, "dongqu", WEEK, stages=("proposed",))
    return {one.need_key: one for one in found}


async def planned(town: Any) -> dict[str, lists.Proposal]:
    await flow.plan_week(town.ctx, await town.actor("worker"), "dongqu", WEEK)
    return await proposed(town)


async def test_what_is_proposed_as_before_stays_the_same_proposal(market: Any) -> None:
    first = await planned(market)
    market.ctx.clock.now += timedelta(minutes=1)
    again = await planned(market)
    assert {key: one.uid for key, one in again.items()} == {key: one.uid for key, one in first.items()}
    latest = await lists.latest_plan(market.ctx.engine, "dongqu", WEEK)
    assert latest is not None
    assert {one.plan_uid for one in again.values()} == {latest["uid"]}
    volunteer = await market.client("volunteer2")
    done = await volunteer.submit(f"/desk/proposals/{first['bulb'].uid}/accept")
    assert "约好了" in done.text, "a yes on a page opened before counts"


async def test_without_a_plan_or_without_a_change_nothing_is_planned(market: Any) -> None:
    async with market.ctx.engine.atomic():
        await mark_plan_stale(market.ctx, "dongqu")
    assert await follow_plans(market.ctx) == 0, "nobody has planned yet"
    market.ctx.clock.now += timedelta(minutes=1)
    await planned(market)
    assert await follow_plans(market.ctx) == 0


async def test_an_urgent_new_need_is_proposed_in_place_and_nobody_agreed_moves(market: Any) -> None:
    first = await planned(market)
    agreed = await flow.accept_proposal(market.ctx, await market.actor("worker"), first["bulb"].uid)
    asked = Asked(
        title="断电了", when=read_when("2026-11-25 上午", filed_on=FILED_ON), categories=("electrical",),
        urgency=Urgency.URGENT, channel="phone",
    )  # fmt: skip
    need = await requests.open_request(
        market.ctx, await market.actor("worker"), asked, elder=market.uids["elder"]
    )
    assert await follow_plans(market.ctx) == 1
    now = await proposed(market)
    assert need.line_key in now
    assert {key: one.uid for key, one in now.items() if key in first} == {
        key: one.uid for key, one in first.items() if key != "bulb"
    }
    kept = await services.service(market.ctx.engine, agreed.uid)
    assert kept is not None
    assert (kept.starts_at, kept.ends_at) == (agreed.starts_at, agreed.ends_at)
    assert now[need.line_key].window.overlap(first["bulb"].window) is None
    stranger = await lists.planned_at(market.ctx.engine, "nanqu", WEEK)
    assert stranger == ""


async def test_a_visit_that_is_called_off_is_proposed_anew(market: Any) -> None:
    first = await planned(market)
    actor = await market.actor("worker")
    agreed = await flow.accept_proposal(market.ctx, actor, first["bulb"].uid)
    assert "bulb" not in await proposed(market)
    async with market.ctx.engine.atomic():
        await call_off(market.ctx, actor, agreed, reason="换一位", off=Off.RELEASED)
    await do_what_is_due(market.ctx)
    assert "bulb" in await proposed(market)
    log = await market.ctx.engine.fetch("SELECT reason FROM tb_audit WHERE action = 'follow_plan'", [])
    assert log == [{"reason": "2026-W48"}]


async def test_lists_that_change_meanwhile_are_left_for_the_next_round(market: Any, monkeypatch: Any) -> None:
    await planned(market)
    async with market.ctx.engine.atomic():
        await mark_plan_stale(market.ctx, "dongqu")
    to_thread = asyncio.to_thread

    async def meanwhile(work: Any) -> Any:
        plan = await to_thread(work)
        await lists.close_line(market.ctx.engine, "dongqu", "need", "bulb", at=market.ctx.now())
        return plan

    monkeypatch.setattr("timebank.help.planning.following.asyncio.to_thread", meanwhile)
    assert await follow_plans(market.ctx) == 0
    monkeypatch.undo()
    assert await follow_plans(market.ctx) == 1
    assert "bulb" not in await proposed(market)


async def test_what_happens_while_a_week_is_planned_is_followed_in_the_next_round(
    market: Any, monkeypatch: Any
) -> None:
    await planned(market)
    async with market.ctx.engine.atomic():
        await mark_plan_stale(market.ctx, "dongqu")
    to_thread = asyncio.to_thread

    async def meanwhile(work: Any) -> Any:
        plan = await to_thread(work)
        market.ctx.clock.now += timedelta(seconds=3)
        async with market.ctx.engine.atomic():
            await mark_plan_stale(market.ctx, "dongqu")
        market.ctx.clock.now += timedelta(seconds=3)
        return plan

    market.ctx.clock.now += timedelta(seconds=1)
    monkeypatch.setattr("timebank.help.planning.following.asyncio.to_thread", meanwhile)
    assert await follow_plans(market.ctx) == 1
    monkeypatch.undo()
    assert await follow_plans(market.ctx) == 1
    assert await follow_plans(market.ctx) == 0
