"""What a volunteer could do these days: fitting, with reasons, and nothing that somebody else was asked for or promised."""

from __future__ import annotations

from typing import Any

from marketplace.values import Week
from timebank.help.matching import flow
from timebank.help.matching.near import near_me
from timebank.store.help import lines

WEEK = Week.parse("2026-W48")


async def test_a_need_that_fits_is_offered_with_its_reasons_and_taken_from_the_page(market: Any) -> None:
    [one] = await near_me(market.ctx, await market.actor("volunteer2"), "zh-CN")
    assert one["need"]["key"] == "bulb"
    assert sum(reason["points"] for reason in one["reasons"]) == one["value"]
    client = await market.client("volunteer2")
    page = await client.page("/proposals")
    assert "您能帮的" in page.text
    assert "CANARY" not in page.text
    assert market.uids["elder"] not in page.text
    window = one["window"]
    done = await client.submit(
        "/claims",
        {
            "side": "need", "key": "bulb", "as_whom": "me", "with_key": "qian",
            "window": f"{window['starts_at']}/{window['ends_at']}",
        },
    )  # fmt: skip
    assert done.status_code == 200
    elder = await market.client("elder")
    assert "愿意来" in (await elder.page("/elder")).text, "she is asked for her yes"


async def test_what_is_proposed_to_somebody_or_promised_is_not_offered_to_others(market: Any) -> None:
    proposals = await flow.plan_week(market.ctx, await market.actor("worker"), "dongqu", WEEK)
    bulb = next(one for one in proposals if one.need_key == "bulb")
    assert await near_me(market.ctx, await market.actor("volunteer2"), "zh-CN") == ()
    await flow.accept_proposal(market.ctx, await market.actor("worker"), bulb.uid)
    assert await near_me(market.ctx, await market.actor("volunteer2"), "zh-CN") == ()


async def test_who_offers_nothing_is_offered_nothing_and_nobody_their_own_need(market: Any) -> None:
    assert await near_me(market.ctx, await market.actor("volunteer"), "zh-CN") == ()
    assert await near_me(market.ctx, await market.actor("elder"), "zh-CN") == ()
    assert len(await lines.filed_by(market.ctx.engine, "dongqu", market.uids["elder"])) == 2
