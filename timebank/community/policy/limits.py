"""The bounds of accounts follow the rules of the day: how far the community and its members may go below zero.

A rule says a bound from its first day on; the book is told by an entry of its own. `daily` calls
`apply_limits`; twice is once, and a bound that an account is already beyond waits until it is earned back.
"""

from __future__ import annotations

from timebank.context import Context, issuing_account
from timebank.rules.hours.payment import floor_change
from timebank.store.members import people


async def apply_limits(ctx: Context, community: str) -> tuple[int, int]:
    """(accounts with a new bound, accounts that are still beyond it)."""
    async with ctx.engine.atomic():
        await ctx.policies.fresh(community)
        policy, book = ctx.policy_of(community), ctx.book(community)
        wanted = {issuing_account(community): policy.credit.reserve_minutes}
        owners = await people.accounts_of(ctx.engine, community)
        wanted |= dict.fromkeys(owners.values(), policy.redeeming.overdraft_minutes)
        held = await book.balances()
        done = waiting = 0
        for account, below_zero in wanted.items():
            balance = held.get((account, "MIN"))
            if balance is None or balance.floor == -below_zero:
                continue
            if balance.available < -below_zero:
                waiting += 1
                continue
            await book.post(
                floor_change(account, below_zero, before=balance.floor, on=ctx.today()), at=ctx.now()
            )
            done += 1
    return done, waiting
