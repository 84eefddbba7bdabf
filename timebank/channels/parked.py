"""What a card said and she has not said yet: settled by her own telephone or by the desk that reached her."""

from __future__ import annotations

from datetime import timedelta

from marketplace import store as lists
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.on_the_way import coming
from timebank.news.telling import flow as telling
from timebank.rules.telling.news import CARD_ASKED, CARD_OFF, OF_CARD, Call
from timebank.store.channels import news
from timebank.store.identity import sessions
from timebank.store.oversight import audit

ASKED, OFF, PARKED = CARD_ASKED, CARD_OFF, OF_CARD
RINGS_AFTER = timedelta(hours=2)


async def answered_at_desk(ctx: Context, actor: Actor, uid: str, *, hers: bool) -> str:
    """The desk reached her: what the card asked for goes on the list, or the card ends.

    Returns:
        Her uid, for going on to what she wants called off; "" when nothing is left to do.

    Raises:
        NotFound: no such line on the call sheet of this desk. NotOnSheet: dealt with already.
    """
    async with ctx.engine.atomic():
        one = await news.news(ctx.engine, uid)
        if one is None or one.kind not in PARKED or one.matter_of:
            raise NotFound()
        sees(actor, "AnswerForCard", Facts(community=one.community))
        await telling.call_made(ctx, actor, uid, Call.REACHED)
        await settle(ctx, actor, one, hers=hers)
    return one.member if hers and one.kind == OFF else ""


async def answered_by_herself(ctx: Context, actor: Actor, uid: str, *, hers: bool) -> str:
    """Her own page says whether it was her who used the card; which of the two questions it was.

    Raises:
        NotFound: no such question to the actor, or it is answered already.
    """
    async with ctx.engine.atomic():
        one = await news.news(ctx.engine, uid)
        if one is None or one.kind not in PARKED or one.matter_of:
            raise NotFound()
        sees(actor, "AnswerOwnCard", Facts(community=one.community, owners=frozenset({one.member})))
        if one.told_at is not None:
            raise NotFound()
        await news.read_by(ctx.engine, one.member, [uid], now=ctx.now())
        await settle(ctx, actor, one, hers=hers)
    return one.kind


async def settle(ctx: Context, actor: Actor, one: news.News, *, hers: bool) -> None:
    """Her own word about what her card said, in the caller's unit of work. What was called off is the caller's to do."""
    if not hers:
        await sessions.end_card(ctx.engine, one.member)
        await audit.note(ctx, actor, "revoke_card", object=one.member)
    if one.kind == ASKED:
        if hers:
            await lists.reopen_line(ctx.engine, one.community, "need", one.about, at=ctx.now())
        elif not await coming(ctx, one.community, one.about):
            await lists.end_line(ctx.engine, one.community, "need", one.about, on=ctx.today(), at=ctx.now())
        await audit.note(ctx, actor, "card_hers" if hers else "card_not_hers", object=one.about)


async def ring_who_did_not_answer(ctx: Context) -> int:
    """Questions that went out as text messages and were not answered: a person rings. How many those are."""
    async with ctx.engine.atomic():
        return await news.ring_instead(ctx.engine, PARKED, before=ctx.now() - RINGS_AFTER)
