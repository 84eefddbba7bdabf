"""Use cases of news that people carry or wait for: slips of paper, files to upload, receipts, and what nobody could be told."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from timebank.access import Actor, Facts, sees
from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.news.wording import said
from timebank.rules.telling.news import State, Way, carried, next_way
from timebank.store.channels import news, outbox
from timebank.store.channels.news import News
from timebank.store.members import people, reach
from timebank.store.oversight import audit

MISSED_SHOWN = 60


class WrongGateway(AppRefusal):
    """A receipt without the token that the gateway and this installation share."""

    status, code = 403, "wrong_gateway"
    zh = "回执里没有本站和网关约定的口令。"
    en = "The receipt lacks the token that this installation and its gateway share."


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedLine:
    """News that nobody could be told; `looked_by` is the name of whoever of the desk has seen it."""

    news: News
    name: str
    sentence: str
    looked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What the desk has not looked at, and what it has."""

    fresh: tuple[MissedLine, ...]
    seen: tuple[MissedLine, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One person's slip: what it says, who brings it when.

    Attributes:
        helper: name of whoever visits next; printed: it is on paper, and nobody has said that it arrived.
    """

    member: str
    name: str
    visit_at: datetime | None
    helper: str
    sentences: tuple[str, ...]
    uids: tuple[str, ...]
    printed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCarry:
    """The slips of paper, and the messages in files that wait for somebody to upload them."""

    slips: tuple[Slip, ...]
    filed: int
    filed_since: datetime | None
    filed_last: str


async def missed(ctx: Context, actor: Actor, lang: str) -> Missed:
    """What nobody could be told in time; it stays until somebody has looked."""
    sees(actor, "MissedNews", Facts(community=actor.community))
    fresh = await outbox.missed(ctx.engine, actor.community, looked=False, limit=MISSED_SHOWN)
    seen = await outbox.missed(ctx.engine, actor.community, looked=True, limit=MISSED_SHOWN)
    names = await _names(ctx, [*fresh, *seen])
    async with ctx.engine.atomic():
        await audit.note(ctx, actor, "read_missed_news")

    def line(one: News) -> MissedLine:
        return MissedLine(
            news=one, name=names.get(one.member, ""), looked_by=names.get(one.looked_by, ""),
            sentence=said(one, lang, ctx.zone, matter_of=names.get(one.matter_of, "")),
        )  # fmt: skip

    return Missed(
        fresh=tuple(line(one) for one in fresh),
        seen=tuple(line(one) for one in seen),
        waiting=await outbox.count_missed(ctx.engine, actor.community),
    )


async def look_at(ctx: Context, actor: Actor, uids: Sequence[str]) -> int:
    """Somebody has seen these; who and when is kept with each. How many were new."""
    async with ctx.engine.atomic():
        for uid in uids:
            await _known(ctx, actor, "MissedNews", uid)
        done = await outbox.look_at(ctx.engine, actor.community, uids, by=actor.uid, now=ctx.now())
        await audit.note(ctx, actor, "look_at_missed_news")
    return done


async def to_carry(ctx: Context, actor: Actor, lang: str) -> ToCarry:
    """Slips to print and to bring, and messages to upload."""
    sees(actor, "Slips", Facts(community=actor.community))
    waiting = await outbox.slips(ctx.engine, actor.community)
    filed = await outbox.filed(ctx.engine, actor.community)
    names = await _names(ctx, waiting)
    slips = []
    for member, printed in dict.fromkeys((one.member, one.state is State.CARRIED) for one in waiting):
        own = [one for one in waiting if one.member == member and (one.state is State.CARRIED) is printed]
        visit = await reach.next_visit(ctx.engine, member, now=ctx.now())
        slips.append(
            Slip(
                member=member, name=names.get(member, ""), visit_at=visit.starts_at if visit else None,
                helper=(await people.names(ctx.engine, [visit.helper])).get(visit.helper, "") if visit else "",
                sentences=tuple(
                    said(one, lang, ctx.zone, matter_of=names.get(one.matter_of, "")) for one in own
                ),
                uids=tuple(one.uid for one in own), printed=printed,
            )
        )  # fmt: skip
    async with ctx.engine.atomic():
        await audit.note(ctx, actor, "read_slips")
    return ToCarry(
        slips=tuple(slips), filed=len(filed), filed_since=filed[0].made_at if filed else None,
        filed_last=filed[-1].uid if filed else "",
    )  # fmt: skip


async def slips_said(ctx: Context, actor: Actor, uids: Sequence[str], word: str) -> int:
    """Slips printed, in the hands of whom they are for, or not; how many that was true of."""
    now, done = ctx.now(), 0
    async with ctx.engine.atomic():
        for uid in dict.fromkeys(uids):
            one = await _known(ctx, actor, "Slips", uid)
            if one.ways[:1] != (Way.SLIP,) or one.told_at is not None:
                continue
            done += await _slip_said(ctx, actor, one, word, now)
        await audit.note(ctx, actor, f"slips_{word}")
    return done


async def _slip_said(ctx: Context, actor: Actor, one: News, word: str, now: datetime) -> int:
    kind = news_kinds()[one.kind]
    if word == "printed" and one.state is State.SLIP:
        progress = carried(one.progress, kind, now=now)
        await outbox.hand_over(ctx.engine, one, progress, outcome=word, by=actor.uid, now=now, way=Way.SLIP)
        return 1
    if one.state not in (State.SLIP, State.CARRIED):
        return 0
    if word == "given":
        progress = replace(one.progress, state=State.TOLD, ask_at=None)
    elif word == "not_given" and one.state is State.CARRIED:
        progress = next_way(one.progress, kind, now=now, zone=ctx.zone)
    else:
        return 0
    await news.say(ctx.engine, one, progress, outcome=word, by=actor.uid, now=now, way=Way.SLIP)
    return 1


async def uploaded(ctx: Context, actor: Actor, last: str) -> int:
    """The office says that the files up to this message were uploaded: they are handed over now. How many they were."""
    now, done = ctx.now(), 0
    async with ctx.engine.atomic():
        await _known(ctx, actor, "Slips", last)
        filed = await outbox.filed(ctx.engine, actor.community)
        until = next((number for number, one in enumerate(filed, start=1) if one.uid == last), 0)
        for one in filed[:until]:
            progress = carried(one.progress, news_kinds()[one.kind], now=now)
            await outbox.hand_over(
                ctx.engine, one, progress, outcome="uploaded", by=actor.uid, now=now, way=Way.SMS
            )
            done += 1
        await audit.note(ctx, actor, "texts_uploaded")
    return done


async def receipt(ctx: Context, authorization: str, uid: str, status: str) -> bool:
    """A gateway says that a telephone has a message, or never will; False when that was no message of ours.

    Raises:
        WrongGateway: not the token that was agreed.
    """
    token = ctx.settings.sms_token
    if not token or not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise WrongGateway()
    now = ctx.now()
    if status == "delivered":
        async with ctx.engine.atomic():
            return await outbox.received(ctx.engine, uid, now=now)
    one = await news.news(ctx.engine, uid)
    if one is None or one.carried_at is None:
        return False
    if one.state is State.CARRIED and one.ways[:1] == (Way.SMS,):
        progress = next_way(one.progress, news_kinds()[one.kind], now=now, zone=ctx.zone)
        await outbox.move_on(ctx.engine, one, progress, outcome="failed", now=now)
    return True


async def _known(ctx: Context, actor: Actor, use_case: str, uid: str) -> News:
    one = await news.news(ctx.engine, uid)
    if one is None:
        raise NotFound()
    sees(actor, use_case, Facts(community=one.community))
    return one


async def _names(ctx: Context, some: Sequence[News]) -> dict[str, str]:
    uids = {uid for one in some for uid in (one.member, one.matter_of, one.looked_by) if uid}
    return await people.names(ctx.engine, sorted(uids))
