"""How somebody wants to be told: the way tried first, their own hours, and no text messages where they said stop."""

from __future__ import annotations

from dataclasses import replace

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.rules.telling.news import QUIET_FROM, QUIET_UNTIL, Way
from timebank.store.members import people, reach
from timebank.store.members.reach import ReachOf
from timebank.store.oversight import audit

FIRST = (Way.SMS, Way.MAIL)


class NoWay(AppRefusal):
    """Mail was chosen without an address, or an address that is none."""

    status, code = 422, "mail_address"
    zh = "要用电子邮件，请写一个邮箱地址。"
    en = "To be told by e-mail, please give a mail address."


class NoHours(AppRefusal):
    """Hours that are none, or wider than the office's own."""

    status, code = 422, "reach_hours"
    zh = "请在早上8点到晚上9点之间，选先后两个钟点。"
    en = "Please choose two hours between 8:00 and 21:00, the earlier one first."


async def reach_of(ctx: Context, actor: Actor, member: str) -> ReachOf:
    """How somebody wants to be told, for themselves and the desk."""
    await _may(ctx, actor, member)
    return await reach.reach_of(ctx.engine, member)


async def save_reach(
    ctx: Context,
    actor: Actor,
    member: str,
    *,
    way: str,
    mail: str,
    from_hour: int = 0,
    until_hour: int = 0,
    texts: bool = True,
) -> None:
    """The way somebody chose first; the others follow when it fails.

    Args:
        texts: False stops text messages; calls go on.

    Raises:
        NoWay: mail without an address. NoHours: hours that are none.
    """
    mail = mail.strip()
    if (way == Way.MAIL.value or mail) and ("@" not in mail[1:-1] or any(sign.isspace() for sign in mail)):
        raise NoWay()
    opens, closes = from_hour or QUIET_UNTIL.hour, until_hour or QUIET_FROM.hour
    if not QUIET_UNTIL.hour <= opens < closes <= QUIET_FROM.hour:
        raise NoHours()
    async with ctx.engine.atomic():
        await _may(ctx, actor, member)
        before = await reach.reach_of(ctx.engine, member)
        wants = replace(
            before, ways=_in_order(way), mail=mail, from_hour=from_hour, until_hour=until_hour,
            stopped_at=None if texts else before.stopped_at or ctx.now(),
        )  # fmt: skip
        await reach.save_reach(ctx.engine, wants, by=actor.uid, now=ctx.now())
        await audit.note(ctx, actor, "save_reach", object=member)


def _in_order(way: str) -> str:
    """The way chosen and what is tried after it; who asked for a voice or for paper gets nothing else."""
    if way in ("", Way.CALL.value, Way.SLIP.value):
        return way
    return ",".join([way, *(one.value for one in FIRST if one.value != way)])


async def _may(ctx: Context, actor: Actor, member: str) -> None:
    row = await people.member(ctx.engine, member)
    if row is None:
        raise NotFound()
    sees(actor, "Reach", Facts(community=row.community, owners=frozenset({member})))
