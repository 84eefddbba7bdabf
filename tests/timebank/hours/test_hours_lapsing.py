"""Hours that come to an end by the rules go to the fund, once, and never what is set aside for a service."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.timebank.kept_versions import give_rules
from timebank.context import fund_account
from timebank.help.hours.lapsing import lapse_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLY = date(2026, 1, 1)


async def fund(scene: Any) -> int:
    return int((await scene.ctx.book("dongqu").balance(fund_account("dongqu"))).balance)


async def test_without_a_rule_hours_last(scene: Any) -> None:
    await scene.give("volunteer", 100)
    scene.ctx.clock.now = datetime(2046, 1, 1, tzinfo=SHANGHAI)
    assert await lapse_hours(scene.ctx, "dongqu") == {}


async def test_the_oldest_hours_go_to_the_fund_when_their_time_is_over(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (EARLY, "[expiry]\nmonths = 36\n"))
    uid = scene.town.uids["volunteer"]
    await scene.give("volunteer", 100)
    scene.ctx.clock.now = datetime(2027, 11, 24, 9, tzinfo=SHANGHAI)
    await scene.give("volunteer", 50)
    scene.ctx.clock.now = datetime(2029, 11, 23, 9, tzinfo=SHANGHAI)
    assert await lapse_hours(scene.ctx, "dongqu") == {}
    scene.ctx.clock.now = datetime(2029, 11, 24, 9, tzinfo=SHANGHAI)
    assert await lapse_hours(scene.ctx, "dongqu") == {uid: 100}
    assert await lapse_hours(scene.ctx, "dongqu") == {}
    assert (await scene.balance("volunteer"), await fund(scene)) == (50, 100)
    scene.ctx.clock.now = datetime(2030, 11, 24, 9, tzinfo=SHANGHAI)
    assert await lapse_hours(scene.ctx, "dongqu") == {uid: 50}
    assert await scene.ctx.book("dongqu").verify() == []


async def test_what_is_set_aside_stays(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (EARLY, "[expiry]\nmonths = 1\n"))
    await scene.give("elder", 100)
    scene.ctx.clock.now = datetime(2026, 12, 24, 9, tzinfo=SHANGHAI)
    await scene.visit(held=60)
    assert await lapse_hours(scene.ctx, "dongqu") == {scene.town.uids["elder"]: 40}
    assert await scene.balance("elder") == 60


async def test_an_idle_account_ends_and_one_that_moves_does_not(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (EARLY, "[expiry]\nidle_months = 24\n"))
    await scene.give("volunteer", 100)
    await scene.give("volunteer2", 30)
    scene.ctx.clock.now = datetime(2028, 6, 1, 9, tzinfo=SHANGHAI)
    await scene.give("volunteer2", 31)
    scene.ctx.clock.now = datetime(2028, 11, 24, 9, tzinfo=SHANGHAI)
    assert await lapse_hours(scene.ctx, "dongqu") == {scene.town.uids["volunteer"]: 100}
