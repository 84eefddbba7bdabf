"""Use cases of telling people: ring, write down what came of it, take it back; read one's own news; choose the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from timebank.access import Actor, Facts, sees
from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.news.sheet import Sheet, sheet
from timebank.news.wording import said
from timebank.rules.news import ON_SHEET, Call, State, Way, called, taken_back
from timebank.store import audit, news, people
from timebank.store.news import PAGE, News, ReachOf

UNDO = timedelta(minutes=10)


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


class NoWay(AppRefusal):
    """Mail was chosen without an address, or an address that is none."""

    status, code = 422, "mail_address"
    zh = "要用电子邮件，请写一个邮箱地址。"
    en = "To be told by e-mail, please give a mail address."


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
    return found


async def call_made(ctx: Context, actor: Actor, uid: str, word: Call) -> State:
    """What came of ringing, or of going there; where the news stands now.

    Raises:
        NotFound: no such line here. NotOnSheet: dealt with already.
    """
    async with ctx.engine.atomic():
        one = await _one(ctx, actor, uid)
        if one.state not in ON_SHEET:
            raise NotOnSheet()
        progress = called(one.progress, news_kinds()[one.kind], word, now=ctx.now())
        await news.say(ctx.engine, one, progress, outcome=word.value, by=actor.uid, now=ctx.now())
        await audit.note(ctx, actor, "call_made", object=uid)
    return progress.state


async def call_undone(ctx: Context, actor: Actor, uid: str) -> None:
    """The last word about a line taken back by whoever said it, within ten minutes."""
    async with ctx.engine.atomic():
        one = await _one(ctx, actor, uid)
        last = await news.last_word(ctx.engine, uid)
        if last is None or last.by != actor.uid or last.at < ctx.now() - UNDO:
            raise TooLateToUndo()
        await news.say(
            ctx.engine,
            one,
            taken_back(one.progress, now=ctx.now()),
            outcome="undone",
            by=actor.uid,
            now=ctx.now(),
        )
        await audit.note(ctx, actor, "call_undone", object=uid)


async def own_news(ctx: Context, actor: Actor, lang: str, *, page: int) -> OwnNews:
    """One's own news; opened by oneself, it is told."""
    found = await news.news_of(ctx.engine, actor.uid, page=page)
    names = await people.names(ctx.engine, sorted({one.matter_of for one in found if one.matter_of}))
    shown = found[:PAGE]
    fresh = [one.uid for one in shown if one.told_at is None]
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


async def reach(ctx: Context, actor: Actor, member: str) -> ReachOf:
    """How somebody wants to be told, for themselves and the desk."""
    await _may(ctx, actor, member)
    return await news.reach_of(ctx.engine, member)


async def save_reach(ctx: Context, actor: Actor, member: str, *, way: str, mail: str) -> None:
    """The way somebody chose first; the others follow when it fails.

    Raises:
        NoWay: mail without an address.
    """
    mail = mail.strip()
    if (way == Way.MAIL.value or mail) and ("@" not in mail[1:-1] or any(sign.isspace() for sign in mail)):
        raise NoWay()
    ways = (
        ",".join([way, *(one.value for one in Way if one.value != way and one is not Way.CALL)])
        if way
        else ""
    )
    if way == Way.CALL.value:
        ways = way
    async with ctx.engine.atomic():
        await _may(ctx, actor, member)
        await news.save_reach(
            ctx.engine, ReachOf(member=member, ways=ways, mail=mail), by=actor.uid, now=ctx.now()
        )
        await audit.note(ctx, actor, "save_reach", object=member)


async def _may(ctx: Context, actor: Actor, member: str) -> None:
    row = await people.member(ctx.engine, member)
    if row is None:
        raise NotFound()
    sees(actor, "Reach", Facts(community=row.community, owners=frozenset({member})))


async def _one(ctx: Context, actor: Actor, uid: str) -> News:
    one = await news.news(ctx.engine, uid)
    if one is None:
        raise NotFound()
    sees(actor, "CallMade", Facts(community=one.community))
    return one
