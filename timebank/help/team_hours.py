"""A team's account, for communities where the hours of its shifts are the team's and can only be given on."""

from __future__ import annotations

from ledger import AccountKind, OpenAccount
from timebank.context import Context, team_account
from timebank.rules.attendance import Service


async def open_team_account(ctx: Context, service: Service) -> str:
    """The code of the account of the team that led a service, opened when this is its first hour."""
    assert service.team, "only a team's shift gives hours to a team"
    account = team_account(service.team)
    book = ctx.book(service.community)
    if not await book.has_account(account):
        opening = OpenAccount(
            key=f"open:{account}",
            code=account,
            kind=AccountKind.LIABILITY,
            # As old as the service, so that hours entered late still fit.
            opened_on=service.starts_at.astimezone(ctx.zone).date(),
        )
        await book.post(opening, at=ctx.now())
    return account
