"""Who stands on either side of a claim: whose the line is, who may answer for it, and for whom one may claim."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace import store as lists
from marketplace.claims import Claim, Side
from marketplace.public_words import public_title
from marketplace.values import Need, Resource
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import NotAllowed, NotFound
from timebank.help.owners import facts_of_owner
from timebank.store.relations import organisations, owners, rosters
from timebank.store.relations.owners import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedLine:
    """The claimed line with how it relates to people."""

    line: Need | Resource
    facts: Facts

    def title(self, lang: str) -> str:
        """What everybody may read of it: of a need the kind of help, the grid and the time."""
        return public_title(self.line, lang) if isinstance(self.line, Need) else self.line.title


ME = "me"


async def may_claim_as(ctx: Context, actor: Actor, side: str) -> list[tuple[str, str]]:
    """For whom this person may claim a line of this side, first the likeliest; empty when for nobody.

    (value, name): "me" with the name of whom they act for, "office", "team:<code>" and "unit:<code>".
    """
    if not actor.has(Role.MEMBER):
        return []
    known = await organisations.organisations_by_code(ctx.engine, [*actor.teams, *actor.units])
    units = [(f"unit:{code}", known[code].name) for code in sorted(actor.units) if code in known]
    if side == Side.NEED.value:
        if actor.acting_for:
            return []
        teams = [(f"team:{code}", known[code].name) for code in sorted(actor.teams) if code in known]
        bodies = [*teams, *units]
        return [(ME, ""), *bodies] if actor.gives or not bodies else [*bodies, (ME, "")]
    me = (ME, actor.acting_for_name)
    if actor.acting_for:
        return [me]
    office = [(OFFICE, "")] if actor.has(Role.WORKER) else []
    return [*office, *units, me]


async def line_of(ctx: Context, community: str, side: Side, key: str) -> OwnedLine:
    found: Need | Resource | None
    if side is Side.NEED:
        found = await lists.need(ctx.engine, community, key)
    else:
        found = await lists.resource(ctx.engine, community, key)
    if found is None:
        raise NotFound()
    return OwnedLine(line=found, facts=await facts_of(ctx, community, found))


async def facts_of(ctx: Context, community: str, line: Need | Resource) -> Facts:
    """Whose the line is: a person's, a team's, a unit's, or nobody's but the community's."""
    return await facts_of_owner(ctx, community, line.owner)


async def facts_of_claimant(ctx: Context, community: str, claim: Claim) -> Facts:
    return await facts_of_owner(ctx, community, claim.claimant)


async def loaded(ctx: Context, actor: Actor, uid: str) -> tuple[Claim, OwnedLine]:
    claim = await lists.claim(ctx.engine, actor.community, uid) if actor.community else None
    if claim is None:
        raise NotFound()
    return claim, await line_of(ctx, actor.community, claim.side, claim.line_key)


def may(actor: Actor, operation: str, facts: Facts) -> bool:
    try:
        sees(actor, operation, facts)
    except NotFound:
        return False
    return True


def answering(actor: Actor, operation: str, claim: Claim, line: OwnedLine) -> None:
    """Only the owner's side answers, and never the person who claimed."""
    sees(actor, operation, line.facts)
    if claim.claimant == actor.uid:
        raise NotFound()


def is_mine(actor: Actor, claim: Claim, facts: Facts) -> bool:
    if claim.claimant == OFFICE:
        return actor.has(Role.WORKER)
    return (
        claim.claimant in {actor.uid, actor.subject} - {""}
        or (bool(facts.team) and facts.team in actor.teams)
        or (bool(facts.unit) and facts.unit in actor.units)
    )


def either_side(actor: Actor, claim: Claim, line: OwnedLine, claimant: Facts) -> None:
    if not is_mine(actor, claim, claimant):
        sees(actor, "ReleaseClaim", line.facts)


async def claimant_for(ctx: Context, actor: Actor, side: str, as_whom: str) -> str:
    """Who claims, as it is written on the claim; NotAllowed when this person may not claim for them."""
    allowed = await may_claim_as(ctx, actor, side)
    if not allowed:
        raise NotAllowed()
    chosen = as_whom or allowed[0][0]
    if chosen not in dict(allowed):
        raise NotAllowed()
    if chosen == ME:
        return actor.uid if side == Side.NEED.value else actor.subject
    return OFFICE if chosen == OFFICE else chosen.partition(":")[2]


async def own_need(ctx: Context, actor: Actor, key: str) -> Need:
    """The need a resource is claimed for: one's own, one's elder's, one's unit's, or any of the desk's."""
    need = await lists.need(ctx.engine, actor.community, key)
    if need is None:
        raise NotFound()
    own = need.owner and (need.owner == actor.subject or need.owner in actor.units)
    if not own and not actor.has(Role.WORKER):
        raise NotFound()
    return need


async def answerers(ctx: Context, line: OwnedLine) -> list[str]:
    """Uids of the people who may answer for the line, the desk left out: it sees every claim."""
    facts = line.facts
    found = list(facts.owners)
    if facts.team:
        found += await rosters.leaders_of(ctx.engine, facts.team, ctx.today())
    elif facts.unit:
        found += [card.uid for card in await rosters.contacts_of(ctx.engine, facts.unit, ctx.today())]
    return sorted(set(found))


async def called(ctx: Context, community: str, claimant: str) -> str:
    """What the claimant is called; "" for the office, whose name the page knows."""
    if claimant == OFFICE:
        return ""
    named = await owners.names_of_owners(ctx.engine, community, [claimant])
    return named.get(claimant, claimant)
