"""Carrying news: lease, hand over outside of any unit of work, settle; by the server and by `timebank tick`, any number at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.news import letters
from timebank.news.wording import said, signed_for
from timebank.ports import Letter
from timebank.rules.relationships import Life
from timebank.rules.telling.news import Outcome, Progress, State, Way, after, carried, next_way, on_slip
from timebank.store.channels import outbox
from timebank.store.channels.news import News
from timebank.store.members import people, phones, reach
from timebank.store.members.people import Member
from timebank.store.places import communities

AT_ONCE = 20
ROUNDS_MAX = 500
# How long one waits for the message that tells both of two people with one telephone.
WAIT_FOR_OTHER = timedelta(minutes=1)
log = logging.getLogger("timebank.errors")
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
    now = ctx.now()
    done = Carried(too_late=await outbox.too_late(ctx.engine, now=now))
    await _move_on(ctx)
    for _round in range(ROUNDS_MAX):
        leased = await outbox.lease(ctx.engine, now=ctx.now(), limit=AT_ONCE, only=only)
        if not leased:
            break
        work = (_carry_one(ctx, one, cut) for one, cut in leased)
        for outcome in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(outcome, BaseException):
                # One that goes wrong in a way nobody foresaw holds up no other; its lease runs out, and it is tried again.
                log.error("one piece of news could not be carried", exc_info=outcome)
                done.failed += 1
            elif outcome in (Outcome.TAKEN, Outcome.FILED):
                done.taken += 1
            elif outcome is not None:
                done.failed += 1
    return done


async def _move_on(ctx: Context) -> None:
    """A question that nobody answered goes to the telephone; a slip that nobody printed waits for the next visit."""
    now = ctx.now()
    for one in await outbox.come_due(ctx.engine, now=now):
        kind, progress = news_kinds()[one.kind], one.progress
        if one.state is State.SLIP:
            visit_at = await reach.next_visit_at(ctx.engine, one.member, now=now)
            progress = on_slip(progress, kind, visit_at=visit_at)
        else:
            progress = next_way(progress, kind, now=now, zone=ctx.zone)
        await outbox.move_on(ctx.engine, one, progress, outcome="unanswered", now=now)


async def _carry_one(ctx: Context, one: News, cut: bool) -> Outcome | None:
    """Hand one over and write down what came of it; None where nothing had to go out.

    Args:
        cut: an earlier attempt ended without a word, so it may have been taken.
    """
    member = await people.member(ctx.engine, one.member)
    if member is None or member.life in (Life.DIED, Life.ERASED, Life.JOINED):
        return await _settle(ctx, one, replace(one.progress, state=State.OVERTAKEN), None, "gone")
    kind, zone = news_kinds()[one.kind], ctx.zone
    awake = (await reach.reach_of(ctx.engine, one.member)).awake
    outcome = Outcome.UNSURE if cut else None
    progress = one.progress
    if cut:
        progress = after(Outcome.UNSURE, kind, progress, now=ctx.now(), zone=zone, jitter=0, awake=awake)
    if cut and not (progress.ways[:1] == one.ways[:1] and progress.state is State.DUE):
        return await _settle(ctx, one, progress, Outcome.UNSURE, "unsure")
    shared = await _shared(ctx, one) if one.ways[0] is Way.SMS else ()
    if shared and shared[0].uid != one.uid and not cut:
        await _with_other(ctx, one, shared[0])
        return None
    letter = await _letter(ctx, one, member, shared)
    carrier = ctx.carriers.get(one.ways[0])
    outcome = Outcome.REFUSED if letter is None or carrier is None else await carrier.hand_over(letter)
    progress = after(outcome, kind, one.progress, now=ctx.now(), zone=zone, jitter=_jitter(one), awake=awake)
    return await _settle(ctx, one, progress, outcome, outcome.value)


async def _settle(
    ctx: Context, one: News, progress: Progress, outcome: Outcome | None, word: str
) -> Outcome | None:
    await outbox.settle(ctx.engine, one, progress, outcome=word, now=ctx.now())
    return outcome


async def _shared(ctx: Context, one: News) -> tuple[News, ...]:
    """The same news for people who share this one's telephone, itself among them, the first one written at the front.

    One of them goes out for all of them. What went by another way, or waits for a voice, is a message of its own.
    """
    together = [
        other
        for other in await outbox.same_for_others(ctx.engine, one)
        if other.uid == one.uid
        or (other.ways[:1] == (Way.SMS,) and other.state in (State.DUE, State.CARRYING, State.CARRIED))
    ]
    if len(together) <= 1:
        return ()
    numbers = {other.member: await reach.mobile_of(ctx.engine, other.member) for other in together}
    mine = numbers[one.member]
    found = tuple(other for other in together if mine and numbers[other.member] == mine)
    return found if len(found) > 1 else ()


async def _with_other(ctx: Context, one: News, first: News) -> None:
    """It is told by the message of somebody who shares the telephone; while that one is on its way, it waits."""
    now = ctx.now()
    if first.state is State.CARRIED:
        progress = carried(one.progress, news_kinds()[one.kind], now=now)
        await _settle(ctx, one, progress, None, "joined")
    else:
        waiting = replace(one.progress, state=State.DUE, tries=one.tries - 1, next_at=now + WAIT_FOR_OTHER)
        await _settle(ctx, one, waiting, None, "waits")


async def _letter(ctx: Context, one: News, member: Member, shared: Sequence[News] = ()) -> Letter | None:
    """The message for the way it goes now; None when the person has no address for it."""
    to = await _address(ctx, one.member, one.ways[0])
    if not to:
        return None
    lang = member.lang or "zh-CN"
    whose = await _named(ctx, one, to, shared)
    home = await communities.community(ctx.engine, one.community)
    signed = home.called(lang) if home else (OFFICE_EN if lang == "en" else OFFICE_ZH)
    text = said(one, lang, ctx.zone, matter_of=whose if one.matter_of else "")
    if whose and not one.matter_of:
        text = signed_for(whose, lang, text)
    subject = text[:60]
    if one.kind == letters.KIND and one.ways[0] is Way.MAIL:
        text = await _whole_letter(ctx, one, lang) or text
    return Letter(uid=one.uid, to=to, subject=subject, text=text, signed=signed)


async def _whole_letter(ctx: Context, one: News, lang: str) -> str:
    """A mail has room for the letter itself, as far as its reader may still read it."""
    scope = await letters.scope_of(ctx, one.member, one.matter_of)
    until_on = date.fromisoformat(str(one.known["week"]))
    letter = (
        await letters.letter_of(ctx, one.matter_of, until_on=until_on, scope=scope, lang=lang)
        if scope
        else None
    )
    return letters.in_words(letter, lang) if letter else ""


async def _named(ctx: Context, one: News, to: str, shared: Sequence[News]) -> str:
    """Whom the message names: whose affair it is, or for whom of those who share the telephone; "" for nobody."""
    together = [other.matter_of or other.member for other in shared]
    if not together and one.matter_of:
        together = [one.matter_of]
    if not together and one.ways[0] is Way.SMS:
        others = await phones.cards_by_number(ctx.engine, one.community, to, own=True)
        together = [one.member] if len(others) > 1 else []
    names = await people.names(ctx.engine, sorted(set(together)))
    return " / ".join(names[uid] for uid in dict.fromkeys(together) if names.get(uid))


async def _address(ctx: Context, member: str, way: Way) -> str:
    if way is Way.MAIL:
        return (await reach.reach_of(ctx.engine, member)).mail
    return await reach.mobile_of(ctx.engine, member) if way is Way.SMS else ""


def _jitter(one: News) -> float:
    """0.8 to 1.2, by the notice itself: the same each time, and different for many that failed together."""
    return 0.8 + (sum(one.uid.encode()) % 41) / 100
