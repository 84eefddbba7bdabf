"""A text message that came in: read, done when exactly one open thing fits, else asked back by letters, else a person rings.

It presses what the pages press, in the name of whose number it is; it signs nobody in and tells no balance. Every deed is
answered, and "不对" within ten minutes takes it back where that can be done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from ledger.errors import LedgerRefusal
from marketplace.errors import MarketplaceRefusal
from marketplace.phones import read_phone
from timebank.access import Actor
from timebank.channels import deeds
from timebank.channels.deeds import Deed
from timebank.context import Context
from timebank.errors import AppRefusal, TryLater
from timebank.rules.parts.hands import TEXTS
from timebank.rules.telling.phone_words import SMS_LENGTH_MAX, Act, Said, read_sms
from timebank.store.channels import news, texts
from timebank.store.channels.texts import Text
from timebank.store.identity.actors import actor_of
from timebank.store.members import reach as reaches
from timebank.store.places import communities

AN_HOUR_MAX = 30
"""Messages of one number that are read in an hour; a loop between two machines ends there."""
UNDO, QUESTION = timedelta(minutes=10), timedelta(hours=48)
SHOWN_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a message was read as, and what was done."""

    act: str
    deed: str


async def take(ctx: Context, *, gateway_id: str, sender: str, words: str) -> Taken:
    """Read one message and do what it says; the same message again changes nothing and gets the same answer.

    Raises:
        TryLater: this number sent more in an hour than anybody types.
    """
    phone = read_phone(sender)
    number = phone.number or sender[:40]
    if (known := await texts.text_of(ctx.engine, gateway_id)) is not None:
        return Taken(act=known.act, deed=known.deed)
    if await texts.counted(ctx.engine, number, since=ctx.now() - timedelta(hours=1)) >= AN_HOUR_MAX:
        raise TryLater(3600)
    whose = await texts.members_of(ctx.engine, phone)
    said = read_sms(words)
    member, community = whose[0] if len(whose) == 1 else ("", await _office(ctx, whose))
    text = Text(
        uid=ctx.ids.uid("X"), gateway_id=gateway_id, sender=number, member=member, community=community,
        words=words[:SMS_LENGTH_MAX], act=said.act.value, came_at=ctx.now(),
    )  # fmt: skip
    if not member:
        return await _kept(ctx, text, lambda: _of_nobody(ctx, text, said, whose))
    # Anybody at the desk could have written the number that it came from.
    actor = replace(await actor_of(ctx.engine, ctx.catalogue_of, member, ctx.today()), via=TEXTS)
    try:
        return await _kept(ctx, text, lambda: _of_member(ctx, actor, text, said))
    except (AppRefusal, LedgerRefusal, MarketplaceRefusal):
        # What a rule refuses is a person's to sort out; nothing of it was kept.
        return await _kept(ctx, text, lambda: deeds.to_desk(ctx, actor, text.words))


async def _kept(ctx: Context, text: Text, do: Callable[[], Awaitable[Deed]]) -> Taken:
    """The message, its deed and the answer in one unit of work: all of it or, for the gateway to try again, nothing."""
    async with ctx.engine.atomic():
        if not await texts.add_text(ctx.engine, text):
            return Taken(act=text.act, deed="")
        deed = await do()
        if deed.zh and text.member:
            # "好，…。不对马上回“不对”": what was done, read back.
            await news.put(
                ctx, community=text.community, member=text.member, kind=deed.answer, zh=deed.zh, en=deed.en
            )
        await texts.done(ctx.engine, text.uid, deed=deed.code, about=deed.about, choices=deed.choices)
    return Taken(act=text.act, deed=deed.code)


async def _of_member(ctx: Context, actor: Actor, text: Text, said: Said) -> Deed:
    """What one known person's message does."""
    before = await texts.lately(ctx.engine, actor.uid, since=ctx.now() - QUESTION)
    before = [one for one in before if one.uid != text.uid]
    if (letter := _letter(text.words)) is not None and before and letter < len(before[0].offered):
        return await deeds.chosen(ctx, actor, before[0].offered[letter])
    match said.act:
        case Act.URGENT:
            return await deeds.danger(ctx, actor, text.words)
        case Act.ASK | Act.ASK_MANY:
            return await deeds.ask(ctx, actor, said, text.words)
        case Act.AGAIN:
            repeated = next((one for one in before if one.deed == "already"), None)
            if repeated is None:
                return await deeds.to_desk(ctx, actor, text.words)
            return await deeds.ask(ctx, actor, read_sms(repeated.words), repeated.words, again=True)
        case Act.CALL_ME:
            return await deeds.call_me(
                ctx, actor, text.words, more=bool(said.rest and said.rest != text.words)
            )
        case Act.OFF:
            return await deeds.off(ctx, actor, said, text.words)
        case Act.NO:
            last = before[0] if before else None
            if last is not None and last.deed and last.undone_at is None and last.came_at >= ctx.now() - UNDO:
                return await deeds.take_back(ctx, actor, last, text.words)
            return await deeds.answer(ctx, actor, said, text.words, since=ctx.now() - QUESTION)
        case Act.YES | Act.NOT_ME:
            return await deeds.answer(ctx, actor, said, text.words, since=ctx.now() - QUESTION)
        case Act.CANNOT | Act.ARRIVED | Act.LEFT | Act.SURE | Act.ON_WAY | Act.NOT_WENT | Act.SWAP:
            return await deeds.helper(ctx, actor, said, text.words)
        case Act.CAME | Act.NOT_CAME | Act.TIME_WRONG:
            return await deeds.helped(ctx, actor, said, text.words)
        case Act.STOP | Act.START:
            ways = "call" if said.act is Act.STOP else ""
            kept = await reaches.reach_of(ctx.engine, actor.uid)
            await reaches.save_reach(ctx.engine, replace(kept, ways=ways), by=actor.uid, now=ctx.now())
            return Deed(code=said.act.value)
        case Act.BALANCE | Act.CODE_SENT | Act.START_HELP:
            return await deeds.told(ctx, actor, said.act)
        case Act.THANKS:
            return Deed(code="thanks")
        case Act.WENT:
            # That somebody went says neither from when nor until when: the desk writes it.
            return await deeds.to_desk(ctx, actor, text.words, kind="text_said")
        case _:
            return await deeds.to_desk(ctx, actor, text.words)


async def _of_nobody(ctx: Context, text: Text, said: Said, whose: list[tuple[str, str]]) -> Deed:
    """A number that nobody here gave, or that several share: a person rings it."""
    if not text.community:
        return Deed(code="nobody")
    kind = "text_shared" if whose else "text_unknown"
    if said.act is Act.URGENT:
        kind = "text_danger"
    shown = f"{text.sender} “{text.words[:SHOWN_MAX]}”"
    member = whose[0][0] if whose else ""
    await news.put(ctx, community=text.community, member=member, kind=kind, zh=shown, en=shown, text=text.uid)
    return Deed(code="desk")


async def _office(ctx: Context, whose: list[tuple[str, str]]) -> str:
    """Whose desk hears of a message of nobody in particular."""
    if whose:
        return whose[0][1]
    every = await communities.communities(ctx.engine)
    return every[0].code if every else ""


def _letter(words: str) -> int | None:
    word = words.strip(" .。)）").casefold()
    return ord(word) - ord("a") if len(word) == 1 and "a" <= word <= "h" else None
