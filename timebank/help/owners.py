"""Whose a line is, as the access registry asks it: a person, a team, a unit, or the community's own desk."""

from __future__ import annotations

from timebank.access import Facts
from timebank.context import Context
from timebank.store.relations import organisations, rosters
from timebank.store.relations.organisations import TEAM, Organisation
from timebank.store.relations.owners import OFFICE


async def body_of(ctx: Context, community: str, owner: str) -> Organisation | None:
    """The organisation that an owner is; None for a person, the office, and whatever stands elsewhere."""
    if not owner or owner == OFFICE:
        return None
    body = await organisations.organisation(ctx.engine, owner)
    return body if body is not None and body.community in ("", community) else None


async def facts_of_owner(ctx: Context, community: str, owner: str) -> Facts:
    """How what an owner has relates to people: to the owner itself, the team's leaders, whoever speaks for the unit."""
    body = await body_of(ctx, community, owner)
    if body is None:
        return Facts(community=community, owners=frozenset({owner} - {"", OFFICE}))
    if body.kind == TEAM:
        return Facts(community=community, team=body.code)
    return Facts(community=community, unit=body.code)


async def people_of(ctx: Context, community: str, owner: str) -> list[str]:
    """Uids behind an owner: the member, a team's leader, a unit's contacts; nobody for the office."""
    facts = await facts_of_owner(ctx, community, owner)
    if facts.team:
        return [lead] if (lead := await rosters.lead_of(ctx.engine, facts.team, ctx.today())) else []
    if facts.unit:
        return [card.uid for card in await rosters.contacts_of(ctx.engine, facts.unit, ctx.today())]
    return sorted(facts.owners)
