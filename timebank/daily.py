"""What comes due without anybody asking: terms that end, bounds of new rules, hours that lapse.

The server does it when it starts and every hour, `timebank tick` once from a timer of the machine. Each part may run late,
twice, or in two processes at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import LedgerRefusal
from timebank.adapters import erased
from timebank.channels.greeting import greet
from timebank.channels.parked import ring_who_did_not_answer
from timebank.community import throttling
from timebank.community.keeping import forget_ways_in, forget_what_is_over
from timebank.community.policy.limits import apply_limits
from timebank.community.relating import lapse_relationships
from timebank.context import Context
from timebank.help.hours.lapsing import lapse_hours
from timebank.help.hours.publishing import publish_what_is_due
from timebank.help.lists.claiming import expire as expire_claims
from timebank.help.planning.following import follow_plans
from timebank.help.posting.resting import post_due
from timebank.help.services.keeping.reminding import remind
from timebank.help.services.keeping.waiting import asked_after, give_up
from timebank.news.carrying import Carried, carry
from timebank.news.letters import write_letters
from timebank.office.radar.watching import watch
from timebank.rules.telling.feeds import BACK
from timebank.store import personal, settings
from timebank.store.channels import feeds, forms, outbox
from timebank.store.places import communities

EVERY_S = 3600
CARRY_EVERY_S = 15
# No calendar shows what lies further back.
SHOWN_BACK = 2 * BACK
COMPACTED = "compacted_after_erasing"
"""Setting: how many had been erased when the files were last written anew."""
log = logging.getLogger("timebank.errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one round came to.

    Attributes:
        relationships_over: terms written down as over.
        bounds_changed: accounts that may go less or further below zero than before.
        claims_expired: claims that nobody answered in time, whose claimants were told.
        accounts_lapsed: accounts some of whose hours went to the community fund.
        months_published: months whose log, book and attendance were published, because they are over or were closed.
        services_reminded: services of tomorrow whose people were reminded.
        parts_posted: decided parts whose rest was over.
        asked_after: parts that are late, silent or never signed out, both sides of which were asked.
        given_up: parts that ended without a word, and count as never found out.
        flags: patterns in hours that are new to the radar.
        letters_due: weekly letters to families that are due these days.
        forms_erased: pages and forms that were kept for somebody and not wanted in time.
        news: what carriers took, and what came too late.
        words_erased: rows whose words were kept no longer, by the community's own rules.
        ways_over: sign-ins and codes that had run out.
        news_erased: news whose words were erased, ninety days after it was handed over.
        erased: people whose details were erased since the last round; the files hold nothing of them any more.
        held_up: code of a community -> code of the refusal of its book; it is tried again next time.
    """

    relationships_over: int
    bounds_changed: int
    claims_expired: int
    accounts_lapsed: int
    months_published: int
    services_reminded: int
    parts_posted: int
    asked_after: int
    given_up: int
    flags: int
    letters_due: int
    forms_erased: int
    news: Carried
    news_erased: int
    words_erased: int
    ways_over: int
    erased: int
    held_up: dict[str, str]


async def do_what_is_due(ctx: Context, only: Sequence[str] | None = None) -> Done:
    """One round over every community; one whose book refuses does not hold up the others.

    Args:
        only: codes of the communities that this round is for; None for all.
    """
    codes = [one.code for one in await communities.communities(ctx.engine)] if only is None else only
    over = await lapse_relationships(ctx, codes)
    await ring_who_did_not_answer(ctx)
    bounds = expired = lapsed = published = reminded = posted = asked = lost = flags = letters = words = 0
    held_up: dict[str, str] = {}
    for code in codes:
        reminded += await remind(ctx, code)
        await greet(ctx, code)
        posted += len(await post_due(ctx, community=code))
        asked += await asked_after(ctx, code)
        lost += await give_up(ctx, code)
        flags += await watch(ctx, code)
        expired += await expire_claims(ctx, code)
        letters += await write_letters(ctx, code)
        words += await forget_what_is_over(ctx, code)
        try:
            bounds += (await apply_limits(ctx, code))[0]
            lapsed += len(await lapse_hours(ctx, code))
            published += await publish_what_is_due(ctx, code)
        except LedgerRefusal as refusal:
            held_up[code] = refusal.code
    await follow_plans(ctx)
    return Done(
        relationships_over=over, bounds_changed=bounds, claims_expired=expired, accounts_lapsed=lapsed, months_published=published,
        services_reminded=reminded, parts_posted=posted, asked_after=asked, given_up=lost, flags=flags, letters_due=letters,
        forms_erased=await forms.erase_old(ctx),
        news=await carry(ctx, only=only), news_erased=await _forget_old(ctx), words_erased=words,
        ways_over=await forget_ways_in(ctx), erased=await _nothing_left(ctx), held_up=held_up,
    )  # fmt: skip


async def _forget_old(ctx: Context) -> int:
    """What is kept of news, of calendars and of tries no longer than it is needed."""
    async with ctx.engine.atomic():
        await feeds.forget_entries(ctx.engine, before=ctx.now() - SHOWN_BACK)
        await throttling.forget_old(ctx)
        return await outbox.forget(ctx.engine, now=ctx.now())


async def _nothing_left(ctx: Context) -> int:
    """After an erasure: its id on the list beside the database, and the files written anew without what was deleted."""
    gone = await personal.erased_uids(ctx.engine)
    new = erased.add(erased.list_of(ctx.settings), gone)
    if str(len(gone)) != await settings.setting(ctx.engine, COMPACTED, "0"):
        await ctx.engine.compact()
        await settings.set_setting(ctx.engine, COMPACTED, str(len(gone)))
    return new


async def every_hour(ctx: Context, *, every_s: float = EVERY_S) -> None:
    """Rounds until the server stops; one that fails is written down, and the next one tries again."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await do_what_is_due(ctx)
        except Exception:
            # Whatever it was: a round that ended for good would leave what is due undone until somebody starts the server anew.
            log.exception("what is due could not be done")


async def carry_on(ctx: Context, *, every_s: float = CARRY_EVERY_S) -> None:
    """Carry news, ask about what is late, post what has rested, let plans follow; a round that fails is tried again."""
    while True:
        await asyncio.sleep(every_s)
        try:
            for one in await communities.communities(ctx.engine):
                await asked_after(ctx, one.code)
            await post_due(ctx)
            await follow_plans(ctx)
            await carry(ctx)
        except Exception:
            # As above: nobody would be told anything any more.
            log.exception("what is due in these seconds could not be done")
