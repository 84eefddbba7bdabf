"""Who stands on either side of a claim: whose the line is, who may answer for it, and for whom one may claim."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace import store as lists
from marketplace.claims import Claim, Side
from marketplace.values import Need, Resource
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import NotAllowed, NotFound
from timebank.store import members

OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedLine:
    """The claimed line with how it relates to people."""

    line: Need | Resource
    facts: Facts

    @property
    def title(self) -> str:
        return self.line.title


def identities(actor: Actor, teams: dict[str, str], units: dict[str, str]) -> list[tuple[str, str]]:
    """(value, name) of everybody this person may claim a need for: themselves, their teams, their units."""
    found: list[tuple[str, str]] = []
    if actor.has(Role.VOLUNTEER):
        found.append(("me", ""))
    found += [(f"team:{code}", teams[code]) for code in sorted(actor.teams) if code in teams]
    found += [(f"unit:{code}", units[code]) for code in sorted(actor.units) if code in units]
    return found


async def may_claim_as(ctx: Context, actor: Actor, side: str) -> list[tuple[str, str]]:
    """For whom this person may claim a line of this side, first the likeliest; empty when for nobody."""
    teams = {row["code"]: row["name"] for row in await members.teams(ctx.engine, actor.community)}
    units = {row["code"]: row["name"] for row in await members.units(ctx.engine, actor.community)}
    if side == Side.NEED.value:
        return identities(actor, teams, units)
    found: list[tuple[str, str]] = []
    if actor.acting_for or actor.has(Role.ELDER):
        found.append(("me", actor.acting_for_name))
    if actor.has(Role.WORKER):
        found.append((OFFICE, ""))
    return found + [(f"unit:{code}", units[code]) for code in sorted(actor.units) if code in units]


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
    if isinstance(line, Need):
        if line.source == "unit":
            return Facts(community=community, unit=line.owner)
        return Facts(community=community, owners=frozenset({line.owner} - {""}))
    if line.owner_kind == "volunteer":
        return Facts(community=community, owners=frozenset({line.owner}))
    team = await members.team_by_name(ctx.engine, community, line.owner)
    return Facts(community=community, team=team["code"] if team else "", unit=line.owner)


async def facts_of_claimant(ctx: Context, community: str, claim: Claim) -> Facts:
    team = await members.team_by_name(ctx.engine, community, claim.claimant)
    return Facts(
        community=community,
        owners=frozenset({claim.claimant}),
        team=team["code"] if team else "",
        unit=claim.claimant,
    )


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
        or claim.claimant in actor.unit_names
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
    names = dict(allowed)
    if chosen not in names:
        raise NotAllowed()
    if chosen == "me":
        return actor.uid if side == Side.NEED.value else actor.subject
    return OFFICE if chosen == OFFICE else names[chosen]


async def own_need(ctx: Context, actor: Actor, key: str) -> Need:
    """The need a resource is claimed for: one's own, one's elder's, one's unit's, or any of the desk's."""
    need = await lists.need(ctx.engine, actor.community, key)
    if need is None:
        raise NotFound()
    own = need.owner and (need.owner == actor.subject or need.owner in actor.unit_names)
    if not own and not actor.has(Role.WORKER):
        raise NotFound()
    return need


async def answerers(ctx: Context, line: OwnedLine) -> list[str]:
    """Uids of the people who may answer for the line, the desk left out: it sees every claim."""
    facts = line.facts
    found = list(facts.owners)
    if facts.team:
        team = await members.team(ctx.engine, facts.team)
        found += [uid for uid in (team["leader"], team["deputy"]) if uid] if team else []
    elif facts.unit:
        found += await people_of(ctx, facts.community, facts.unit)
    return sorted(set(found))


async def people_of(ctx: Context, community: str, claimant: str) -> list[str]:
    """Uids behind a claimant: the member, a team's leader, a unit's contacts."""
    if await members.member(ctx.engine, claimant):
        return [claimant]
    if team := await members.team_by_name(ctx.engine, community, claimant):
        return [team["leader"]] if team["leader"] else []
    unit = await members.unit_by_name(ctx.engine, community, claimant)
    if unit is None:
        return []
    rows = await ctx.engine.fetch(
        "SELECT member FROM tb_unit_contact WHERE unit = ? ORDER BY member", [unit["code"]]
    )
    return [row["member"] for row in rows]


async def called(ctx: Context, community: str, claimant: str) -> str:
    """What the claimant is called; "" for the office, whose name the page knows."""
    if claimant == OFFICE:
        return ""
    named = await members.names(ctx.engine, [claimant])
    return named.get(claimant, claimant)
