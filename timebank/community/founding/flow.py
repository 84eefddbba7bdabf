"""Founding a community: its row, its grids, its book and the accounts that fund care."""

from __future__ import annotations

from ledger import AccountKind, OpenAccount
from timebank.context import Context, fund_account, issuing_account


async def found_community(
    ctx: Context,
    *,
    code: str,
    name: str,
    name_en: str = "",
    phone: str = "",
    address: str = "",
    grids: tuple[str, ...] = (),
) -> None:
    """Create a community that can take members and post hours; once only, in the caller's unit of work.

    Args:
        code: lower-case letters and digits; part of account codes for ever.
        grids: names of its grids, coded `<code>-1`, `<code>-2`, ... in this order.
    """
    if not (code.isascii() and code.isalnum() and code == code.lower()):
        raise ValueError("a community's code is made of lower-case letters and digits")
    await ctx.engine.execute(
        "INSERT INTO tb_community (code, name, name_en, phone, address) VALUES (?, ?, ?, ?, ?)",
        [code, name, name_en, phone, address],
    )
    for number, grid in enumerate(grids, start=1):
        await ctx.engine.execute(
            "INSERT INTO tb_area (code, community, kind, name, parent) VALUES (?, ?, 'grid', ?, ?)",
            [f"{code}-{number}", code, grid, code],
        )
    book = ctx.book(code)
    await book.create(commodities=("MIN", "PTS"))
    now, today = ctx.now(), ctx.today()
    accounts = (
        (issuing_account(code), AccountKind.EQUITY, -ctx.policy.credit.reserve_minutes),
        (fund_account(code), AccountKind.LIABILITY, 0),
    )
    for account, kind, floor in accounts:
        opening = OpenAccount(
            key=f"open:{account}", code=account, kind=kind, commodity="MIN", floor=floor, opened_on=today
        )
        await book.post(opening, at=now)
