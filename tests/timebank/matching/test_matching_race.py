"""Many people at once, on SQLite and on PostgreSQL: what is promised once is promised once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from marketplace.errors import MarketplaceRefusal
from marketplace.values import Week, Window
from timebank.errors import AppRefusal
from timebank.help.matching import flow
from timebank.store.help import services

WEEK = Week.parse("2026-W48")


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


async def refusals(*work: Any) -> list[Exception]:
    answers = await asyncio.gather(*work, return_exceptions=True)
    refused = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, AppRefusal | MarketplaceRefusal) for one in refused), refused
    return refused


async def test_twenty_say_yes_to_one_proposal_and_one_service_comes_of_it(market: Any) -> None:
    actor = await market.actor("worker")
    proposals = {one.need_key: one for one in await flow.plan_week(market.ctx, actor, "dongqu", WEEK)}
    uid = proposals["bulb"].uid
    refused = await refusals(*(flow.accept_proposal(market.ctx, actor, uid) for _ in range(20)))
    assert len(refused) == 19
    assert len(await services.services(market.ctx.engine, "dongqu")) == 1


async def test_a_yes_and_a_choice_by_hand_at_once_send_one_helper(market: Any) -> None:
    actor = await market.actor("worker")
    proposals = {one.need_key: one for one in await flow.plan_week(market.ctx, actor, "dongqu", WEEK)}
    window: Window = proposals["bulb"].window
    by_hand = [
        flow.ByHand(window=window, reason="老邻居", member=market.uids[who])
        for who in ("volunteer", "volunteer2")
    ]
    refused = await refusals(
        flow.accept_proposal(market.ctx, actor, proposals["bulb"].uid),
        *(flow.decide_by_hand(market.ctx, actor, "bulb", choice) for choice in by_hand * 3),
    )
    assert len(refused) == 6
    (service,) = await services.services(market.ctx.engine, "dongqu")
    assert len(await services.attendances(market.ctx.engine, service.uid)) == 1
