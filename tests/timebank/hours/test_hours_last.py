"""The hours of the dead go to the fund, or to an heir who asks, as the rules say; hours that arrive late too."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.timebank.kept_versions import give_rules
from timebank.community.last_hours import hand_to_heir, settle_last_hours
from timebank.context import fund_account
from timebank.errors import NotEligible
from timebank.store import people

EARLY = date(2026, 1, 1)


async def member(scene: Any, who: str) -> Any:
    return await people.member(scene.ctx.engine, scene.town.uids[who])


async def test_hours_go_to_the_fund_once_and_late_ones_too(scene: Any) -> None:
    elder = await member(scene, "elder")
    await scene.give("elder", 90)
    assert await settle_last_hours(scene.ctx, elder, by="W1") == 90
    assert await settle_last_hours(scene.ctx, elder, by="W1") == 0
    await scene.give("elder", 30)
    assert await settle_last_hours(scene.ctx, elder, by="W1") == 30
    fund = await scene.ctx.book("dongqu").balance(fund_account("dongqu"))
    assert (fund.balance, await scene.balance("elder")) == (120, 0)
    with pytest.raises(NotEligible):
        await hand_to_heir(scene.ctx, elder, await member(scene, "proxy"), by="W1")


async def test_where_heirs_may_ask_the_hours_wait_for_them(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (EARLY, "[giving]\nafter_death = 'heir'\n"))
    elder = await member(scene, "elder")
    await scene.give("elder", 90)
    assert await settle_last_hours(scene.ctx, elder, by="W1") == 0
    assert await hand_to_heir(scene.ctx, elder, await member(scene, "proxy"), by="W1") == 90
    assert (await scene.balance("elder"), await scene.balance("proxy")) == (0, 90)


async def test_what_is_set_aside_is_left_alone(scene: Any) -> None:
    await scene.give("elder", 90)
    await scene.visit(held=60)
    assert await settle_last_hours(scene.ctx, await member(scene, "elder"), by="W1") == 30
