"""Carrying news: lease, hand over outside of any unit of work, settle; by the server and by `timebank tick`, any number at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.news.wording import said
from timebank.ports import Letter
from timebank.rules.news import Outcome, State, Way, after
from timebank.store import communities, news, people, phones
from timebank.store.news import News

AT_ONCE = 20
ROUNDS_MAX = 500
OFFICE_ZH, OFFICE_EN = "社区时间银行", "Time bank"


@dataclass(slots=True, kw_only=True)
class Carried:
    """What one round came to: messages that were taken, that failed or were refused, and news that came too late."""

    taken: int = 0
    failed: int = 0
    too_late: int = 0


async def carry(ctx: Context, *, only: Sequence[str] | None = None) -> Carried:
    """Everything that is due now; what cannot be carried goes on to the next way, in the end to the call sheet.

    Args:
        only: codes of the communities whose news it is; None for all.
    """
    done = Carried(too_late=await news.too_late(ctx.engine, now=ctx.now()))
    for _round in range(ROUNDS_MAX):
        leased = await news.lease(ctx.engine, now=ctx.now(), limit=AT_ONCE, only=only)
        if not leased:
            break
        for outcome in await asyncio.gather(*(_carry_one(ctx, one, cut) for one, cut in leased)):
            if outcome is Outcome.TAKEN:
                done.taken += 1
            else:
                done.failed += 1
    return done


async def _carry_one(ctx: Context, one: News, cut: bool) -> Outcome:
    """Hand one over and write down what came of it.

    Args:
        cut: an earlier attempt ended without a word, so it may have been taken.
    """
    kind, zone = news_kinds()[one.kind], ctx.zone
    one = replace(one, ways=await _ways(ctx, one))
    outcome = Outcome.UNSURE if cut else None
    progress = one.progress
    if cut:
        progress = after(Outcome.UNSURE, kind, progress, now=ctx.now(), zone=zone, jitter=0)
    if not cut or (progress.ways[:1] == one.ways[:1] and progress.state is State.DUE):
        letter = await _letter(ctx, one)
        carrier = ctx.carriers.get(one.ways[0])
        outcome = Outcome.REFUSED if letter is None or carrier is None else await carrier.hand_over(letter)
        progress = after(outcome, kind, one.progress, now=ctx.now(), zone=zone, jitter=_jitter(one))
    assert outcome is not None, "a cut lease is unsure, any other was handed over"
    await news.settle(ctx.engine, one, progress, outcome=outcome.value, now=ctx.now())
    return outcome


async def _ways(ctx: Context, one: News) -> tuple[Way, ...]:
    """The ways this person chose, before the first attempt; later what is left of them."""
    if one.tries > 1:
        return one.ways
    chosen = tuple(
        Way(word) for word in (await news.reach_of(ctx.engine, one.member)).ways.split(",") if word
    )
    return tuple(way for way in chosen if way in ctx.ways) or one.ways


async def _letter(ctx: Context, one: News) -> Letter | None:
    """The message for the way it goes now; None when the person has no address for it."""
    to = await _address(ctx, one.member, one.ways[0])
    member = await people.member(ctx.engine, one.member)
    if not to or member is None or member.life.value != "active":
        return None
    lang = member.lang or "zh-CN"
    whose = (await people.names(ctx.engine, [one.matter_of])).get(one.matter_of, "") if one.matter_of else ""
    home = await communities.community(ctx.engine, one.community)
    signed = home.called(lang) if home else (OFFICE_EN if lang == "en" else OFFICE_ZH)
    text = said(one, lang, ctx.zone, matter_of=whose)
    return Letter(uid=one.uid, to=to, subject=text[:60], text=text, signed=signed)


async def _address(ctx: Context, member: str, way: Way) -> str:
    if way is Way.MAIL:
        return (await news.reach_of(ctx.engine, member)).mail
    if way is Way.SMS:
        own = [one for one in await phones.phones(ctx.engine, member) if not one.whose]
        return next((one.number for one in own if one.value.mobile), "")
    return ""


def _jitter(one: News) -> float:
    """0.8 to 1.2, by the notice itself: the same each time, and different for many that failed together."""
    return 0.8 + (sum(one.uid.encode()) % 41) / 100
