"""Leaving for some days: which duties there are and who stands in; the days themselves are kept with the person."""

from __future__ import annotations

from dataclasses import dataclass

from timebank.access import Actor, Facts, sees
from timebank.catalogue import StandIn
from timebank.community.relationships.naming import names_of
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.relationships import Absence, Relationship, State
from timebank.rules.relationships import member as party
from timebank.store import absences, parties, relationships


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
    away: tuple[Absence, ...]
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
        away=tuple(await absences.absences(ctx.engine, member, since=today)),
        stand_ins=tuple(
            StandInShown(one=one, name=names.get(one.holder, ""), in_force=one.state is State.IN_FORCE)
            for one in standing
        ),
        duties=tuple((one.kind, names.get(one.target, "")) for one in held),
    )


async def _community_of(ctx: Context, actor: Actor, member: str) -> str:
    ends = await parties.members(ctx.engine, [member])
    if member not in ends:
        raise NotFound()
    community = ends[member].community
    sees(actor, "StandIns", Facts(community=community, owners=frozenset({member})))
    return community
