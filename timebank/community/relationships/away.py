"""Leaving for some days, and coming back: which days, which duties there are, and who stands in for them.

Nothing is handed over by hand: while somebody is away, whoever stands in holds what their duties grant (`store.identity.actors`)
and hears what concerns them (`community.telling`); on the day they are back both end by the dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from timebank.access import Actor, Facts, sees
from timebank.catalogue import StandIn
from timebank.community.relationships.naming import names_of
from timebank.context import Context
from timebank.errors import BadField, NotFound
from timebank.rules.relationships import Absence, Relationship, State
from timebank.rules.relationships import member as party
from timebank.rules.relationships.conditions import HOLDER_GONE
from timebank.store.channels import news
from timebank.store.oversight import audit
from timebank.store.relations import absences, parties, relationships
from timebank.store.relations.parties import MemberEnd

DUTIES_SHOWN = 20
"""Duties named on the page; a family doctor has two thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInShown:
    """Somebody who stands in, or was asked to."""

    one: Relationship
    name: str
    in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayShown:
    """The absences of one member that are not over, who stands in, and which duties there are; `more` are left out."""

    member: str
    name: str
    away: tuple[Absence, ...]
    stand_ins: tuple[StandInShown, ...]
    duties: tuple[tuple[str, str], ...]
    more: int = 0


async def shown(ctx: Context, actor: Actor, member: str, lang: str) -> AwayShown:
    """For the member themselves or the desk; NotFound for anybody else."""
    community = (await _whose(ctx, actor, member, "Absences")).community
    catalogue, today = ctx.catalogue_of(community), ctx.today()
    standing = await relationships.held_towards(
        ctx.engine, party(member), kinds=tuple(sorted(catalogue.standing_in))
    )
    held = [
        one
        for one in await relationships.held_by(ctx.engine, party(member))
        if one.holds_on(today) and catalogue.relationships[one.kind].stand_in is not StandIn.NONE
    ]
    kept, held = len(held), held[:DUTIES_SHOWN]
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
        more=kept - len(held),
    )


async def go_away(ctx: Context, actor: Actor, member: str, *, from_on: date, to_on: date | None) -> Absence:
    """Days on which they cannot come, or a pause without an end; the plan sends nobody then, and proposals wait.

    Raises:
        NotFound; HolderLeft, HolderDied: they take part no more.
        BadField: the last day before the first, or days that are past or on record.
    """
    if to_on is not None and to_on < from_on:
        raise BadField("结束那天在开始之前。", "The last day lies before the first.", field="to_on")
    if (to_on or from_on) < ctx.today():
        raise BadField("这几天已经过去了。", "Those days are past.", field="from_on")
    async with ctx.engine.atomic():
        one = await _whose(ctx, actor, member, "GoAway")
        gone = HOLDER_GONE.get(one.life)
        if gone is not None:
            raise gone()
        absence = Absence(member=member, from_on=from_on, to_on=to_on)
        if not await absences.add_absence(ctx.engine, absence):
            raise BadField("这一天起已经记过了。", "An absence from that day is on record.", field="from_on")
        # No reason and no day in the log: it would be a health fact.
        await audit.note(ctx, actor, "go_away", object=member)
        await news.put(
            ctx, community=one.community, member=member, kind="away_recorded", pressed_by=actor.uid
        )
    return absence


async def come_back(ctx: Context, actor: Actor, member: str, *, from_on: date) -> None:
    """The absence that began on a day ended yesterday; one that has not begun is taken back.

    Raises:
        NotFound: no such member, or no absence from that day that still lasts.
    """
    async with ctx.engine.atomic():
        await _whose(ctx, actor, member, "ComeBack")
        known = await absences.absences(ctx.engine, member, since=ctx.today())
        if not any(one.from_on == from_on for one in known):
            raise NotFound()
        yesterday = ctx.today() - timedelta(days=1)
        await absences.end_absence(ctx.engine, member, from_on, to_on=yesterday)
        await audit.note(ctx, actor, "come_back", object=member)


async def _whose(ctx: Context, actor: Actor, member: str, operation: str) -> MemberEnd:
    """The member as an end of relationships; NotFound for anybody whom this person may not do this for."""
    one = (await parties.members(ctx.engine, [member])).get(member)
    if one is None:
        raise NotFound()
    sees(actor, operation, Facts(community=one.community, owners=frozenset({member})))
    return one
