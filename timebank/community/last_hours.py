"""What becomes of the hours of somebody who has died, as the rules of that day say; in the caller's unit of work.

Holds are ended by whoever calls off what was arranged; what is still set aside stays where it is until then.
"""

from __future__ import annotations

from ledger import Leg, Transfer
from timebank.context import Context, fund_account
from timebank.errors import NotEligible
from timebank.policy import AfterDeath
from timebank.store.people import Member


async def settle_last_hours(ctx: Context, member: Member, *, by: str) -> int:
    """Minutes that went to the community fund; 0 where the rules keep them for an heir who asks, or none are left."""
    if ctx.policy_of(member.community).giving.after_death is not AfterDeath.FUND:
        return 0
    return await _move(ctx, member, fund_account(member.community), by=by, reason="estate")


async def hand_to_heir(ctx: Context, member: Member, heir: Member, *, by: str) -> int:
    """Minutes that went to an heir of the same community, where the rules let them.

    Raises:
        NotEligible: the hours of the dead go to the fund here.
    """
    assert member.community == heir.community, "hours stay in their book"
    if ctx.policy_of(member.community).giving.after_death is not AfterDeath.HEIR:
        raise NotEligible()
    return await _move(ctx, member, heir.account, by=by, reason="inherit")


async def _move(ctx: Context, member: Member, account: str, *, by: str, reason: str) -> int:
    book = ctx.book(member.community)
    balance = await book.balance(member.account, lapsed_by=ctx.now())
    minutes = balance.available
    if minutes <= 0:
        return 0
    # The entry that came before makes the key, so that hours that arrive late are settled too.
    await book.post(
        Transfer(
            key=f"{reason}:{member.uid}:{balance.version}", legs=(Leg(member.account, minutes), Leg(account, -minutes)),
            effective_on=ctx.today(), occurred_at=ctx.now(), reason=reason, actor=by,
        ),
        at=ctx.now(),
    )  # fmt: skip
    return minutes
