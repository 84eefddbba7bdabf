"""Telling somebody of a duty: while they are away, whoever stands in for them is told instead."""

from __future__ import annotations

from timebank.catalogue import StandIn
from timebank.context import Context
from timebank.rules.relationships import member as party
from timebank.rules.relationships import told_for
from timebank.store.channels import news
from timebank.store.relations import absences, relationships


async def tell_duty(
    ctx: Context, *, community: str, member: str, kind: str, by: str = "", **known: str | int
) -> None:
    """Leave a notice that concerns a duty of `member`, in the caller's unit of work.

    What concerns a person alone (their own hours, help for themselves) goes by `news.put`: it waits for their return.

    Args:
        by: uid of who did what is told; they know it, also when they stand in.
    """
    for uid in await told_of_duties(ctx, community, member):
        instead = {} if uid == member else {"instead_of": member}
        await news.put(ctx, community=community, member=uid, kind=kind, pressed_by=by, **known, **instead)


async def told_of_duties(ctx: Context, community: str, member: str) -> tuple[str, ...]:
    """Who hears what concerns the duties of `member` today: they themselves, or who stands in while they are away."""
    today, catalogue = ctx.today(), ctx.catalogue_of(community)
    if not await absences.away_among(ctx.engine, [member], today):
        return (member,)
    held = [one for one in await relationships.held_by(ctx.engine, party(member)) if one.holds_on(today)]
    duties = [one for one in held if catalogue.relationships[one.kind].stand_in is not StandIn.NONE]
    if not duties:
        return (member,)
    standing = await relationships.held_towards(
        ctx.engine, party(member), kinds=tuple(sorted(catalogue.standing_in))
    )
    away = await absences.away_among(ctx.engine, [member, *(one.holder.code for one in standing)], today)
    return told_for(catalogue, standing, away, relationship=duties[0], today=today)
