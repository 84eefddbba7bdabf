"""Who stands by for what must not fail: from what everybody did, within their budget, on the board and on the evening list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from marketplace import store as lists
from marketplace.planning import History
from marketplace.times import read_when
from marketplace.values import Resource, Week
from timebank.help.matching import flow
from timebank.help.promises.standing_by import in_case, soon_in_case, willing_of
from timebank.rules.parts.attendance import Attendance, Kind, Service, State
from timebank.store.help import services

WEEK = Week.parse("2026-W48")


async def past(town: Any, who: str, *ends: State) -> None:
    for number, state in enumerate(ends):
        begun = town.ctx.now() - timedelta(days=10 + number)
        uid = f"{who}-{number}"
        async with town.ctx.engine.atomic():
            await services.add_service(
                town.ctx,
                Service(uid=uid, community="dongqu", kind=Kind.SHIFT, title="帮忙", starts_at=begun, ends_at=begun + timedelta(hours=1)),
                created_by="test",
            )  # fmt: skip
            await services.add_attendance(
                town.ctx.engine,
                Attendance(uid=uid, service=uid, member=town.uids[who], state=state, signed_up_at=begun),
            )


@pytest.fixture
async def arranged(market: Any) -> Any:
    """The urgent bulb on Wednesday with 钱二, and 李师傅 who could go as well."""
    other = Resource(line_key="li", title="会电工", owner=market.uids["volunteer"], owner_kind="volunteer",
                     categories=("electrical",), when=read_when("周三上午", filed_on=date(2026, 11, 20)))  # fmt: skip
    async with market.ctx.engine.atomic():
        await lists.save_resources(market.ctx.engine, "dongqu", [other], at=market.ctx.now())
    worker = await market.actor("worker")
    chosen = flow.ByHand(
        window=(await flow.plan_week(market.ctx, worker, "dongqu", WEEK))[0].window,
        reason="试",
        resource_key="qian",
    )
    market.service = await flow.decide_by_hand(market.ctx, worker, "bulb", chosen)
    return market


async def test_histories_are_counts_of_what_everybody_did(market: Any) -> None:
    await past(market, "volunteer2", State.POSTED, State.NO_SHOW, State.POSTED, State.CANCELLED)
    proposals = await flow.plan_week(market.ctx, await market.actor("worker"), "dongqu", WEEK)
    bulb = next(one for one in proposals if one.need_key == "bulb")
    await flow.accept_proposal(market.ctx, await market.actor("volunteer2"), bulb.uid)
    blood = next(one for one in proposals if one.need_key == "blood")
    await flow.accept_proposal(market.ctx, await market.actor("worker"), blood.uid)
    willing = await willing_of(market.ctx, "dongqu")
    assert willing.histories[market.uids["volunteer2"]] == History(asked=1, yes=1, promised=3, came=2)
    assert "hospital" not in willing.histories, "what the desk answered for them says nothing of them"


async def test_an_urgent_visit_has_a_stand_by_and_both_pages_say_so(arranged: Any) -> None:
    await past(arranged, "volunteer2", State.NO_SHOW, State.NO_SHOW, State.POSTED)
    await past(arranged, "volunteer", *[State.POSTED] * 6)
    (kept,) = (await in_case(arranged.ctx, "dongqu", WEEK, [arranged.service])).values()
    assert kept.names == ("李师傅",)
    assert kept.percent_alone < kept.percent
    worker = await arranged.client("worker")
    board = await worker.page("/desk/plan?week=2026-W48")
    assert "先留着空" in board.text
    assert f"有人来的把握 {kept.percent_alone}%" in board.text
    [(service, again)] = await soon_in_case(arranged.ctx, "dongqu")
    assert (service.uid, again) == (arranged.service.uid, kept)
    evening = await worker.page("/desk/evening")
    assert "紧急的，备好了人" in evening.text
    english = await worker.page("/desk/evening?lang=en")
    assert "keep the hour free" in english.text


async def test_a_spent_budget_leaves_nobody_and_it_is_said(arranged: Any) -> None:
    asked = [arranged.uids["volunteer"]] * 3
    async with arranged.ctx.engine.atomic():
        await lists.record_asks(
            arranged.ctx.engine, "dongqu", asked, need_key="law", at=arranged.ctx.now() - timedelta(days=1)
        )
    (kept,) = (await in_case(arranged.ctx, "dongqu", WEEK, [arranged.service])).values()
    assert kept.names == ()
    assert not kept.enough
    page = await (await arranged.client("worker")).page("/desk/plan?week=2026-W48")
    assert "没有可以备着的人" in page.text


async def test_what_is_not_urgent_or_is_over_needs_nobody(arranged: Any) -> None:
    arranged.ctx.clock.now += timedelta(days=3)
    assert await in_case(arranged.ctx, "dongqu", WEEK, [arranged.service]) == {}
