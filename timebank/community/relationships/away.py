"""Leaving for some days: duties and their news go to the stand-in, and the planner looks for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from timebank.access import Actor, Facts, sees
from timebank.catalogue import StandIn
from timebank.community.relationships.naming import names_of
from timebank.context import Context
from timebank.errors import BadField, NotFound, TooLate
from timebank.rules.relationships import Absence, Relationship, State
from timebank.rules.relationships import member as party
from timebank.store import absences, audit, parties, relationships
from timebank.store.absences import Away

DAYS_MAX = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInShown:
    """Somebody who stands in, or was asked to."""

    one: Relationship
    name: str
    in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayShown:
    """The absences of one member that are not over, who stands in, and which duties there are."""

    member: str
    name: str
    away: tuple[Away, ...]
    stand_ins: tuple[StandInShown, ...]
    duties: tuple[tuple[str, str], ...]


async def shown(ctx: Context, actor: Actor, member: str, lang: str) -> AwayShown:
    """For the member themselves or the desk; NotFound for anybody else."""
    community = await _community_of(ctx, actor, member)
    catalogue, today = ctx.catalogue_of(community), ctx.today()
    standing = await relationships.held_towards(
        ctx.engine, party(member), kinds=tuple(sorted(catalogue.standing_in))
    )
    held = [
        one
        for one in await relationships.held_by(ctx.engine, party(member))
        if one.holds_on(today) and catalogue.relationships[one.kind].stand_in is not StandIn.NONE
    ]
    sides = [party(member), *(one.holder for one in standing), *(one.target for one in held)]
    names = await names_of(ctx, community, sides, lang)
    return AwayShown(
        member=member,
        name=names.get(party(member), ""),
        away=tuple(await absences.absences_of(ctx.engine, member, today)),
        stand_ins=tuple(
            StandInShown(one=one, name=names.get(one.holder, ""), in_force=one.state is State.IN_FORCE)
            for one in standing
        ),
        duties=tuple((one.kind, names.get(one.target, "")) for one in held),
    )


async def go_away(ctx: Context, actor: Actor, *, member: str, from_on: date, to_on: date | None) -> None:
    """Keep the days; no reason is asked for.

    Raises:
        NotFound: not this person's to say; BadField: the days do not fit; TooLate: the first day has passed.
    """
    async with ctx.engine.atomic():
        await _community_of(ctx, actor, member)
        if from_on < ctx.today():
            raise TooLate("从今天起的日子才能登记。", "Only days from today on can be written down.")
        if to_on is not None and to_on < from_on:
            raise BadField("回来前一天不能早于出发那天。", "The last day is before the first.", field="to_on")
        if (to_on or from_on) > ctx.today() + timedelta(days=DAYS_MAX):
            raise BadField("太远了，请到时候再登记。", "Too far away; please say it later.", field="from_on")
        known = await absences.absences_of(ctx.engine, member, ctx.today())
        if any(_overlap(one, from_on, to_on) for one in known):
            raise BadField("这几天已经登记过了。", "These days are written down already.", field="from_on")
        await absences.add_absence(ctx.engine, Absence(member=member, from_on=from_on, to_on=to_on))
        await audit.note(ctx, actor, "away", object=member)


async def come_back(ctx: Context, actor: Actor, number: int) -> str:
    """They are here again from today, or do not leave after all; the member's uid.

    Raises:
        NotFound: no such absence, or not this person's to end.
    """
    async with ctx.engine.atomic():
        one = await absences.absence(ctx.engine, number)
        if one is None:
            raise NotFound()
        await _community_of(ctx, actor, one.member)
        await absences.end_absence(ctx.engine, one, ctx.today() - timedelta(days=1))
        await audit.note(ctx, actor, "back", object=one.member)
    return one.member


async def _community_of(ctx: Context, actor: Actor, member: str) -> str:
    ends = await parties.members(ctx.engine, [member])
    if member not in ends:
        raise NotFound()
    community = ends[member].community
    sees(actor, "Away", Facts(community=community, owners=frozenset({member})))
    return community


def _overlap(one: Away, first: date, last: date | None) -> bool:
    return (last is None or one.from_on <= last) and (one.to_on is None or first <= one.to_on)
