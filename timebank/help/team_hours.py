"""Accounts of teams and bodies, for hours that they can only give on."""

from __future__ import annotations

from datetime import date

from ledger import AccountKind, OpenAccount
from timebank.context import Context, team_account
from timebank.rules.parts.attendance import Service


async def open_team_account(ctx: Context, service: Service) -> str:
    """The code of the account of the team that led a service, opened when this is its first hour."""
    assert service.team, "only a team's shift gives hours to a team"
    # As old as the service, so that hours entered late still fit.
    on = service.starts_at.astimezone(ctx.zone).date()
    return await opened_account(ctx, service.community, team_account(service.team), on=on)


async def opened_account(ctx: Context, community: str, account: str, *, on: date) -> str:
    """The account, opened from a day on when it is not there yet."""
    book = ctx.book(community)
    if not await book.has_account(account):
        opening = OpenAccount(
            key=f"open:{account}", code=account, kind=AccountKind.LIABILITY, opened_on=on
        )  # fmt: skip
        await book.post(opening, at=ctx.now())
    return account
