"""What the card on the fridge can do: ask, want to be rung, say that nobody need come; and nothing is read.

A card may lie anywhere, so nothing that it says counts before her own telephone has said yes or the desk has reached her:
what it asks for is written down and kept off the list, and what it calls off still comes. At the door it is a place and
never a word: a helper who is signed in arrives by it, in their own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from marketplace import store as lists
from timebank.access import Actor
from timebank.community.identity.flow import open_card
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.help.requests import flow as requests
from timebank.help.requests.asking import Moment, asked_time, tile
from timebank.help.requests.intake import Asked
from timebank.help.services import flow as services
from timebank.rules.parts.arrival import arrival_code
from timebank.rules.parts.attendance import Attendance, Service, State
from timebank.store.channels import news
from timebank.store.help import lines
from timebank.store.help import services as stored
from timebank.store.identity import sessions
from timebank.store.oversight import audit

A_DAY_MAX = 3
OTHER_ZH, OTHER_EN = "别的事,请社区问清楚", "something else, to be asked about"

__all__ = [
    "CardOver",
    "EnoughForToday",
    "Holder",
    "arrive",
    "ask",
    "call",
    "close",
    "holder",
    "need_not_come",
    "open_card",
]


class EnoughForToday(AppRefusal):
    """A card asks three times a day and wants to be rung three times, so that a lost one floods nobody."""

    status, code = 429, "card_enough"
    zh = "今天用这张卡登记过三次了，再有事请打电话。"
    en = "This card has been used three times today; please ring the office."


class CardOver(AppRefusal):
    """The five minutes are over, or the card was revoked meanwhile."""

    status, code = 401, "card_over"
    zh = "时间到了，请再照一次卡。"
    en = "The five minutes are over; please scan the card again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose card it is, for five minutes.

    Attributes:
        hand: uid of whoever is signed in on this telephone, "" for nobody: the neighbour who lent it.
    """

    actor: Actor
    hand: str = ""


async def holder(ctx: Context, token: str, *, hand: str = "") -> Holder:
    """Whose card opened this.

    Raises:
        CardOver: nobody's, or not any more.
    """
    now = ctx.now().astimezone(ctx.zone)
    found = await sessions.find_session(ctx.engine, ctx.catalogue_of, token, now, level=sessions.CARD)
    if found is None:
        raise CardOver()
    return Holder(actor=found.actor, hand=hand if hand != found.actor.uid else "")


async def ask(ctx: Context, card: Holder, *, what: str, moment: Moment) -> None:
    """Something asked for by its picture; it goes on the list when she has said yes.

    Asking for the same again on one day changes nothing, and the card is not told so.

    Raises:
        EnoughForToday; NotFound: no such picture; BadField: the time is over; NotEligible.
    """
    chosen, actor = tile(what), card.actor
    async with ctx.engine.atomic():
        await _allowed(ctx, card, "card_asked")
        policy = ctx.policy_of(actor.community).requests
        when = asked_time(moment, now=ctx.now(), zone=ctx.zone, policy=policy)
        title = chosen.title or OTHER_ZH
        if await _asked_today(ctx, actor, title):
            return
        asked = Asked(
            title=title, categories=(chosen.category,) if chosen.category else (), when=when, channel="card"
        )
        need = await requests.open_request(ctx, actor, asked, elder=actor.uid)
        await lists.close_line(ctx.engine, actor.community, "need", need.line_key, at=ctx.now())
        await _noted(ctx, card, "card_asked")
        await news.put(
            ctx, community=actor.community, member=actor.uid, kind="card_asked", need=need.line_key, by=card.hand,
            zh=f"{title},{when.said_zh}", en=f"{_english(what)}, {when.said_en}",
        )  # fmt: skip


async def call(ctx: Context, card: Holder) -> None:
    """She wants to be rung.

    Raises:
        EnoughForToday.
    """
    async with ctx.engine.atomic():
        await _allowed(ctx, card, "card_call")
        await requests.ask_for_call(ctx, card.actor)
        await _noted(ctx, card, "card_call")


async def need_not_come(ctx: Context, card: Holder) -> None:
    """Nobody need come, says the card: kept until she has said so herself; whoever is to come comes.

    Raises:
        EnoughForToday.
    """
    actor = card.actor
    async with ctx.engine.atomic():
        await _allowed(ctx, card, "card_call")
        if not await news.waits(ctx.engine, actor.community, actor.uid, "off_parked"):
            await news.put(ctx, community=actor.community, member=actor.uid, kind="off_parked", by=card.hand)
        await _noted(ctx, card, "card_call")


async def visit_here(ctx: Context, card: Holder, helper: Actor) -> tuple[Attendance, Service] | None:
    """The part of today at this door that somebody signed in here is to arrive at; None for none."""
    if not helper.uid or helper.community != card.actor.community:
        return None
    today = ctx.today()
    for part, service in await stored.attendances_of(ctx.engine, helper.uid, states=(State.SIGNED_UP,)):
        here = service.recipient == card.actor.uid
        if here and service.starts_at.astimezone(ctx.zone).date() == today:
            return part, service
    return None


async def arrive(ctx: Context, card: Holder, helper: Actor) -> Attendance:
    """A helper stands at the door: their own arrival, with the place proved by the card.

    Raises:
        NotFound: nothing for them here today; what `check_in` raises.
    """
    found = await visit_here(ctx, card, helper)
    if found is None:
        raise NotFound()
    part, service = found
    return await services.check_in(ctx, helper, part.uid, code=arrival_code(ctx.settings, service.uid))


async def close(ctx: Context, token: str) -> None:
    """The neighbour has their telephone back."""
    async with ctx.engine.atomic():
        await sessions.close_session(ctx.engine, token)


async def _allowed(ctx: Context, card: Holder, action: str) -> None:
    since = datetime.combine(ctx.today(), time(0), tzinfo=ctx.zone)
    if await audit.counted(ctx.engine, card.actor.uid, action, since=since) >= A_DAY_MAX:
        raise EnoughForToday()


async def _noted(ctx: Context, card: Holder, action: str) -> None:
    await audit.note(ctx, card.actor, action, object=card.actor.uid, reason=card.hand)


async def _asked_today(ctx: Context, actor: Actor, title: str) -> bool:
    today: date = ctx.today()
    found = await lines.filed_by(ctx.engine, actor.community, actor.uid)
    return any(
        one.need.title == title
        and (one.is_open or (one.need.channel == "card" and one.need.filed_on == today))
        for one in found
    )


def _english(what: str) -> str:
    return {
        "shopping": "shopping", "doctor": "company to the doctor", "repair": "a repair", "meal": "a meal",
        "talk": "company", "other": OTHER_EN,
    }[what]  # fmt: skip
