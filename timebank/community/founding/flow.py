"""Founding a community: its row, its grids, its book and the accounts that fund care."""

from __future__ import annotations

from ledger import AccountKind, OpenAccount
from timebank.context import Context, fund_account, issuing_account
from timebank.policy import reading
from timebank.policy.versions import founding
from timebank.rules.relationships import OPERATOR
from timebank.store import areas, communities
from timebank.store import rules as stored_rules
from timebank.store.communities import Community


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
    today = ctx.today()
    rules = ctx.policies.default
    node = await areas.add_area(
        ctx.engine, code=code, kind=ctx.catalogue_of(code).book_kind.code, name=name, parent=None, community=code,
        since_on=today,
    )  # fmt: skip
    await communities.add_community(
        ctx.engine,
        Community(code=code, area=code, name=name, name_en=name_en, phone=phone, address=address),
    )
    for number, grid in enumerate(grids, start=1):
        await areas.add_area(
            ctx.engine,
            code=f"{code}-{number}",
            kind="grid",
            name=grid,
            parent=node,
            community=code,
            since_on=today,
        )
    await stored_rules.add_version(
        ctx.engine, founding(community=code, text=reading.written(rules), on=today, by=OPERATOR, at=ctx.now())
    )
    await ctx.policies.fresh(code)
    book = ctx.book(code)
    await book.create(commodities=("MIN", "PTS"))
    now = ctx.now()
    accounts = (
        (issuing_account(code), AccountKind.EQUITY, -rules.credit.reserve_minutes),
        (fund_account(code), AccountKind.LIABILITY, 0),
    )
    for account, kind, floor in accounts:
        opening = OpenAccount(
            key=f"open:{account}", code=account, kind=kind, commodity="MIN", floor=floor, opened_on=today
        )
        await book.post(opening, at=now)
