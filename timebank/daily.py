"""What comes due without anybody asking: terms that end, bounds of new rules, hours that nobody disputed, hours that lapse.

The server does it when it starts and every hour, `timebank tick` once from a timer of the machine. Each part may run late,
twice, or in two processes at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import LedgerRefusal
from ledger.store.engine import EngineError
from timebank.channels.greeting import greet
from timebank.channels.parked import ring_who_did_not_answer
from timebank.community.policy.limits import apply_limits
from timebank.community.relating import lapse_relationships
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.help.hours.lapsing import lapse_hours
from timebank.help.services.lapsing import confirm_lapsed
from timebank.help.services.reminding import remind
from timebank.news.carrying import Carried, carry
from timebank.store import communities

EVERY_S = 3600
CARRY_EVERY_S = 15
log = logging.getLogger("timebank.errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one round came to.

    Attributes:
        relationships_over: terms written down as over.
        bounds_changed: accounts that may go less or further below zero than before.
        parts_confirmed: services confirmed because nobody disputed them for as long as the rules wait.
        accounts_lapsed: accounts some of whose hours went to the community fund.
        services_reminded: services of tomorrow whose people were reminded.
        news: what carriers took, and what came too late.
        held_up: code of a community -> code of the refusal of its book; it is tried again next time.
    """

    relationships_over: int
    bounds_changed: int
    parts_confirmed: int
    accounts_lapsed: int
    services_reminded: int
    news: Carried
    held_up: dict[str, str]


async def do_what_is_due(ctx: Context, only: Sequence[str] | None = None) -> Done:
    """One round over every community; one whose book refuses does not hold up the others.

    Args:
        only: codes of the communities that this round is for; None for all.
    """
    codes = [one.code for one in await communities.communities(ctx.engine)] if only is None else only
    over = await lapse_relationships(ctx, codes)
    await ring_who_did_not_answer(ctx)
    bounds = confirmed = lapsed = reminded = 0
    held_up: dict[str, str] = {}
    for code in codes:
        reminded += await remind(ctx, code)
        await greet(ctx, code)
        try:
            bounds += (await apply_limits(ctx, code))[0]
            confirmed += len(await confirm_lapsed(ctx, code))
            lapsed += len(await lapse_hours(ctx, code))
        except LedgerRefusal as refusal:
            held_up[code] = refusal.code
    return Done(
        relationships_over=over, bounds_changed=bounds, parts_confirmed=confirmed, accounts_lapsed=lapsed,
        services_reminded=reminded, news=await carry(ctx, only=only), held_up=held_up,
    )  # fmt: skip


async def every_hour(ctx: Context, *, every_s: float = EVERY_S) -> None:
    """Rounds until the server stops; one that fails is written down, and the next one tries again."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await do_what_is_due(ctx)
        except (AppRefusal, LedgerRefusal, EngineError):
            log.exception("what is due could not be done")


async def carry_on(ctx: Context, *, every_s: float = CARRY_EVERY_S) -> None:
    """Carry news until the server stops; what fails is written down, and the next round tries again."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await carry(ctx)
        except EngineError:
            log.exception("news could not be carried")
