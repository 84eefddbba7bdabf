"""What the plan knows of the rules: who has saved hours where savers come first, and whom an age keeps out."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger import Transfer
from ledger.values import Leg
from marketplace.ages import AgeFact, AgeSort
from marketplace.values import Week
from tests.timebank.kept_versions import give_rules
from timebank.context import issuing_account, member_account
from timebank.help.planning.gathering import gather
from timebank.store.members import ages

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


async def test_whom_the_rules_keep_out_is_not_proposed(market: Any) -> None:
    ctx, helper = market.ctx, market.uids["volunteer2"]
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), "[earning]\nage_max = 70\n"))
    assert helper in {one.owner for one in (await gather(ctx, "dongqu", WEEK)).resources}
    fact = AgeFact(sort=AgeSort.BORN_ON, value="1950-01-01", said_on=ctx.today(), source="test")
    async with ctx.engine.atomic():
        await ages.add_age(ctx.engine, helper, fact, recorded_by="operator")
    kept = {one.owner for one in (await gather(ctx, "dongqu", WEEK)).resources}
    assert helper not in kept
    assert "hospital" in kept
