"""Reserve and overdraft of a new rule reach the book on its first day, through the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger import Transfer
from ledger.values import Leg
from tests.timebank.kept_versions import give_rules
from tests.timebank.settling import settle
from timebank.community.policy.limits import apply_limits
from timebank.context import issuing_account, member_account
from timebank.daily import do_what_is_due

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLY, START = date(2026, 1, 1), date(2026, 12, 15)
NEW = "[credit]\nreserve_minutes = 1000\n[redeeming]\noverdraft_minutes = 600\n"


async def floor_of(town: Any, account: str) -> int | None:
    floor: int | None = (await town.ctx.book("dongqu").balance(account)).floor
    return floor


async def test_a_new_reserve_and_overdraft_reach_the_book_on_the_first_day(town: Any) -> None:
    ctx, issuer = town.ctx, issuing_account("dongqu")
    elder = member_account(town.uids["elder"])
    await give_rules(ctx, "dongqu", (EARLY, "[credit]\nreserve_minutes = 600000\n"), (START, NEW))
    assert await apply_limits(ctx, "dongqu") == (0, 0)
    assert (await floor_of(town, issuer), await floor_of(town, elder)) == (-600_000, 0)

    ctx.clock.now = datetime(2026, 12, 15, 0, 5, tzinfo=SHANGHAI)
    changed, waiting = await apply_limits(ctx, "dongqu")
    assert changed > 5
    assert waiting == 0
    assert (await floor_of(town, issuer), await floor_of(town, elder)) == (-1_000, -600)
    assert await apply_limits(ctx, "dongqu") == (0, 0)
    assert await ctx.book("dongqu").verify() == []
    other = await ctx.book("nanqu").balance(issuing_account("nanqu"))
    assert other.floor == -600_000


async def test_a_reserve_that_is_used_up_waits_until_it_is_earned_back(town: Any) -> None:
    ctx, issuer = town.ctx, issuing_account("dongqu")
    elder = member_account(town.uids["elder"])
    book = ctx.book("dongqu")
    await book.post(Transfer(key="opening", legs=(Leg(issuer, 5_000), Leg(elder, -5_000))), at=ctx.now())
    await give_rules(ctx, "dongqu", (EARLY, "[credit]\nreserve_minutes = 1000\n"))
    assert await apply_limits(ctx, "dongqu") == (0, 1)
    await book.post(Transfer(key="back", legs=(Leg(elder, 4_500), Leg(issuer, -4_500))), at=ctx.now())
    assert await apply_limits(ctx, "dongqu") == (1, 0)
    assert await floor_of(town, issuer) == -1_000


async def test_somebody_new_may_go_as_far_below_zero_as_the_rules_say_and_gets_first_hours(town: Any) -> None:
    ctx = town.ctx
    await give_rules(
        ctx, "dongqu", (EARLY, "[redeeming]\noverdraft_minutes = 600\n[grant]\nfirst_minutes = 180\n")
    )
    async with ctx.engine.atomic():
        uid = await settle(ctx, "dongqu", "新来的")
    balance = await ctx.book("dongqu").balance(member_account(uid))
    assert (balance.balance, balance.floor) == (180, -600)


async def test_first_hours_for_some_are_not_given_to_everybody(town: Any) -> None:
    ctx = town.ctx
    await give_rules(ctx, "dongqu", (EARLY, "[grant]\nfirst_minutes = 120\nfirst_to = 'oriented'\n"))
    async with ctx.engine.atomic():
        uid = await settle(ctx, "dongqu", "新来的")
    assert (await ctx.book("dongqu").balance(member_account(uid))).balance == 0


async def test_every_community_is_looked_at(town: Any) -> None:
    ctx = town.ctx
    for code in ("dongqu", "nanqu"):
        await give_rules(ctx, code, (EARLY, "[credit]\nreserve_minutes = 7000\n"))
    await do_what_is_due(ctx)
    for code in ("dongqu", "nanqu"):
        assert (await ctx.book(code).balance(issuing_account(code))).floor == -7_000
