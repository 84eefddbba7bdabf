"""Where a community serves savers first, the plan knows who they are; elsewhere it does not ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger import Transfer
from ledger.values import Leg
from marketplace.values import Week
from tests.timebank.kept_versions import give_rules
from timebank.context import issuing_account, member_account
from timebank.help.matching.planning import gather

WEEK = Week.parse("2026-W48")


async def savers(market: Any) -> frozenset[str]:
    return (await gather(market.ctx, "dongqu", WEEK)).context.savers


async def test_savers_come_first_only_where_the_rules_say_so(market: Any) -> None:
    elder = market.uids["elder"]
    legs = (Leg(issuing_account("dongqu"), 60), Leg(member_account(elder), -60))
    await market.ctx.book("dongqu").post(Transfer(key="saved", legs=legs), at=market.ctx.now())
    assert await savers(market) == frozenset()
    await give_rules(market.ctx, "dongqu", (date(2026, 1, 1), "[redeeming]\npriority = true\n"))
    assert await savers(market) == {elder}


async def test_who_has_nothing_saved_waits_like_everybody(market: Any) -> None:
    await give_rules(market.ctx, "dongqu", (date(2026, 1, 1), "[redeeming]\npriority = true\n"))
    assert await savers(market) == frozenset()
