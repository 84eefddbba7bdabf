"""Use cases of telling people: ring, write down what came of it, take it back; read one's own news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from timebank.access import Actor, Facts, sees
from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.news.sheet import Sheet, sheet
from timebank.news.wording import said
from timebank.rules.people.readings import Why
from timebank.rules.telling.news import OF_CARD, ON_SHEET, Call, State, called, taken_back
from timebank.store.channels import news
from timebank.store.channels.news import PAGE, News
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at

UNDO = timedelta(minutes=10)
UNDONE = "undone"


class NotOnSheet(AppRefusal):
    """Somebody else has rung already, or something newer took its place."""

    status, code = 409, "not_on_sheet"
    zh = "这一条已经有人办了，或者有了更新的消息。"
    en = "Somebody has dealt with this already, or something newer took its place."


class TooLateToUndo(AppRefusal):
    """Ten minutes are over, or it was somebody else's word."""

    status, code = 409, "too_late_to_undo"
    zh = "十分钟内、自己按的才能改回。"
    en = "Only what you pressed yourself can be taken back, within ten minutes."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One piece of one's own news, in words; `fresh` when it was never opened before."""

    news: News
    sentence: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNews:
    """One page of them, the newest first."""

    lines: tuple[OwnLine, ...]
    more: bool


async def call_sheet(ctx: Context, actor: Actor, lang: str) -> Sheet:
    """Whom to ring; the numbers on it are private, so looking is written down."""
    sees(actor, "CallSheet", Facts(community=actor.community))
    found = await sheet(ctx, actor.community, lang)
    if found.rows:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_call_list")
            await looked_at(ctx, actor, [row.member for row in found.rows], Why.LIST)
    return found


async def call_made(
    ctx: Context, actor: Actor, uid: str, word: Call, *, read_out: Sequence[str] = ()
) -> State:
    """What came of ringing, or of going there; where the news stands now.

    Args:
        read_out: other news for the same person that belonged to the same call.

    Raises:
        NotFound: no such line here. NotOnSheet: dealt with already.
    """
    now = ctx.now()
    async with ctx.engine.atomic():
        one = await _one(ctx, actor, uid)
        if one.state not in ON_SHEET:
            raise NotOnSheet()
        others = [await news.news(ctx.engine, other) for other in dict.fromkeys(read_out) if other != uid]
        together = [
            one,
            *(other for other in others if other and other.member == one.member and other.state in ON_SHEET),
        ]
        states = []
        for each in together:
            progress = called(each.progress, news_kinds()[each.kind], word, now=now)
            await news.say(ctx.engine, each, progress, outcome=word.value, by=actor.uid, now=now)
            states.append(progress.state)
        await audit.note(ctx, actor, "call_made", object=uid)
    return State.VISIT if State.VISIT in states else states[0]


async def call_undone(ctx: Context, actor: Actor, uid: str) -> None:
    """The last word about a call taken back by whoever said it, within ten minutes, for all that was read out in it."""
    now = ctx.now()
    async with ctx.engine.atomic():
        one = await _one(ctx, actor, uid)
        last = await news.last_word(ctx.engine, uid)
        if last is None or last.by != actor.uid or last.at < now - UNDO or last.outcome == UNDONE:
            raise TooLateToUndo()
        for each in await news.said_at(ctx.engine, one.member, actor.uid, last.at):
            progress = taken_back(each.progress, now=now)
            await news.say(ctx.engine, each, progress, outcome=UNDONE, by=actor.uid, now=now)
        await audit.note(ctx, actor, "call_undone", object=uid)


async def own_news(ctx: Context, actor: Actor, lang: str, *, page: int) -> OwnNews:
    """One's own news; opened by oneself, it is told."""
    found = await news.news_of(ctx.engine, actor.uid, page=page)
    names = await people.names(ctx.engine, sorted({one.matter_of for one in found if one.matter_of}))
    shown = found[:PAGE]
    fresh = [one.uid for one in shown if one.told_at is None and one.kind not in OF_CARD]
    if fresh and not actor.acting_for:
        async with ctx.engine.atomic():
            await news.read_by(ctx.engine, actor.uid, fresh, now=ctx.now())
    return OwnNews(
        lines=tuple(
            OwnLine(
                news=one, fresh=one.told_at is None,
                sentence=said(one, lang, ctx.zone, matter_of=names.get(one.matter_of, "")),
            )
            for one in shown
        ),
        more=len(found) > PAGE,
    )  # fmt: skip


async def _one(ctx: Context, actor: Actor, uid: str) -> News:
    one = await news.news(ctx.engine, uid)
    if one is None:
        raise NotFound()
    sees(actor, "CallMade", Facts(community=one.community))
    return one
