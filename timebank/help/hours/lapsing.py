"""Hours that come to an end by the rules: so long after they were earned, or on an account that is long idle.

They go to the community fund, from which anybody in need is helped. `daily` calls `lapse_hours`; twice on a
day is once. Communities without such a rule are not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from ledger import Leg, Transfer
from ledger.values import Layer
from timebank.context import Context, fund_account
from timebank.policy import ExpiryPolicy
from timebank.rules.hours.expiry import Lot, ends_for_idleness, expired
from timebank.store.channels import news
from timebank.store.members import people


@dataclass(slots=True)
class _Account:
    """What an account's entries come to, as far as expiry asks."""

    lots: list[Lot] = field(default_factory=list)
    minutes_out: int = 0
    last_entry_on: date = date.min


async def lapse_hours(ctx: Context, community: str) -> dict[str, int]:
    """uid -> minutes that went to the fund today; each owner is told."""
    policy = ctx.policy_of(community).expiry
    if not (policy.months or policy.idle_months):
        return {}
    book, today = ctx.book(community), ctx.today()
    accounts = await _accounts(ctx, community)
    balances = await book.balances()
    lapsed: dict[str, int] = {}
    for uid, account in (await people.accounts_of(ctx.engine, community)).items():
        balance = balances.get((account, "MIN"))
        if account not in accounts or balance is None:
            continue
        # What is set aside for a service to come is not taken away under it.
        minutes = min(_ended(policy, accounts[account], balance.balance, today), max(0, balance.available))
        if not minutes:
            continue
        async with ctx.engine.atomic():
            posted = await book.post(
                Transfer(
                    key=f"lapse:{today.isoformat()}:{account}", reason="lapse", effective_on=today,
                    legs=(Leg(account, minutes), Leg(fund_account(community), -minutes)),
                ),
                at=ctx.now(),
            )  # fmt: skip
            # Another process may have been faster: its owner is told once.
            if posted.replayed:
                continue
            await news.put(ctx, community=community, member=uid, kind="hours_lapsed", minutes=minutes)
        lapsed[uid] = minutes
    return lapsed


def _ended(policy: ExpiryPolicy, account: _Account, balance: int, today: date) -> int:
    if ends_for_idleness(policy, last_entry_on=account.last_entry_on, on=today):
        return max(0, balance)
    return expired(policy, account.lots, minutes_used=account.minutes_out, on=today)


async def _accounts(ctx: Context, community: str) -> dict[str, _Account]:
    """Every account of the book with what came in and went out, in one reading of the journal."""
    found: dict[str, _Account] = defaultdict(_Account)
    async for entries in ctx.book(community).journal():
        for entry in entries:
            for posting in entry.postings:
                if posting.layer is not Layer.POSTED or posting.commodity != "MIN":
                    continue
                account = found[posting.account]
                account.last_entry_on = max(account.last_entry_on, entry.effective_on)
                if posting.amount < 0:
                    account.lots.append(Lot(on=entry.effective_on, minutes=-posting.amount))
                else:
                    account.minutes_out += posting.amount
    return dict(found)
