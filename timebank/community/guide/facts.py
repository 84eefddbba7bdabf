"""What the checks of the guide are decided by, loaded: a fixed number of queries however large the community is."""

from __future__ import annotations

from datetime import date, timedelta

from marketplace import store as lists
from marketplace.values import Week
from timebank.access import Role
from timebank.community import cards
from timebank.community.guide.checks import FoundingFacts
from timebank.context import Context
from timebank.errors import NotFound
from timebank.policy.versions import VersionState
from timebank.rules.places.areas import paths_above, places_in_charge
from timebank.rules.relationships import Sort
from timebank.store.identity import sessions
from timebank.store.office import founding_counts as counts
from timebank.store.office import opening, rules
from timebank.store.places import areas, communities
from timebank.store.places.areas import Area
from timebank.store.places.communities import Community
from timebank.store.relations import organisations, relationships, rosters

QUESTION_DAYS = 7
PLACES_MAX = 2000


async def load(ctx: Context, community: str) -> FoundingFacts:
    """The facts of one community as they stand now.

    Raises:
        NotFound: no such community.
    """
    found = await communities.community(ctx.engine, community)
    node = await areas.area(ctx.engine, found.area) if found else None
    if found is None or node is None:
        raise NotFound()
    today, engine = ctx.today(), ctx.engine
    workers = {card.uid for card in await rosters.workers_of(engine, community, today)}
    auditors = await _auditors(ctx, node)
    places, vacant = await _in_charge(ctx, community)
    listed = await counts.listed(engine, community)
    return FoundingFacts(
        place_missing=_not_given(found),
        places_in_charge=places,
        vacant=vacant,
        workers=len(await sessions.with_password(engine, workers)),
        auditors=len(auditors - workers),
        neighbours=await counts.neighbours(engine, community, but=workers | auditors),
        old_questions=await counts.old_questions(
            engine, community, ctx.now() - timedelta(days=QUESTION_DAYS)
        ),
        teams_unled=tuple(await counts.teams_without_leader(engine, community, today)),
        units_unreached=await _unreached(ctx, community, today),
        policy_by_two=any(
            one.state is VersionState.APPROVED and one.approved_by != one.entered_by
            for one in await rules.versions(engine, community)
        ),
        hours_opened=await opening.opened(engine, community),
        lists_empty=tuple(name for name, count in listed.items() if not count),
        needs_of_nobody=await counts.needs_of_nobody(engine, community),
        week_planned=await counts.planned_since(engine, community, str(Week.of(node.since_on or today))),
        asking_without=await cards.without(ctx, community),
    )


async def has_auditor(ctx: Context, community: str) -> bool:
    """Whether somebody who is no worker there checks the books of a community."""
    found = await communities.community(ctx.engine, community)
    node = await areas.area(ctx.engine, found.area) if found else None
    if node is None:
        return False
    workers = {card.uid for card in await rosters.workers_of(ctx.engine, community, ctx.today())}
    return bool(await _auditors(ctx, node) - workers)


def _not_given(found: Community) -> tuple[str, ...]:
    given = {"address": found.address, "phone": found.phone, "opens": found.opens}
    return tuple(name for name, text in given.items() if not text.strip())


def _granting(ctx: Context, community: str, role: Role) -> list[str]:
    kinds = ctx.catalogue_of(community).relationships.values()
    return [kind.code for kind in kinds if any(grant.role == role for grant in kind.grants)]


async def _auditors(ctx: Context, node: Area) -> set[str]:
    """Uids of those who check the books of this community or of what stands above it."""
    above = [await areas.area_at(ctx.engine, path) for path in paths_above(node.path)]
    held = await relationships.held_towards_any(
        ctx.engine,
        Sort.AREA,
        [one.code for one in above if one],
        kinds=_granting(ctx, node.community, Role.AUDITOR),
    )
    return {one.holder.code for one in held if one.holds_on(ctx.today()) and one.holder.sort is Sort.MEMBER}


async def _in_charge(ctx: Context, community: str) -> tuple[int, tuple[str, ...]]:
    """(how many places need somebody in charge, names of those that have nobody)."""
    charge = places_in_charge(ctx.catalogue_of(community).relationships)
    places = await areas.areas_of_kinds(ctx.engine, community, sorted(charge), limit=PLACES_MAX)
    open_places = [one for one in places if one.uncared_on is None]
    kinds = sorted({kind for kinds in charge.values() for kind in kinds})
    held = await relationships.held_towards_any(
        ctx.engine, Sort.AREA, [one.code for one in open_places], kinds=kinds
    )
    cared = {one.target.code for one in held if one.holds_on(ctx.today())}
    return len(places), tuple(one.name for one in open_places if one.code not in cared)


async def _unreached(ctx: Context, community: str, today: date) -> tuple[str, ...]:
    """Units with an open line or an agreement that holds, and nobody who speaks for them; one off the record, too."""
    owners = await counts.owners_of_open_lines(ctx.engine, community)
    for one in await lists.agreements(ctx.engine, community):
        if one.first_on <= today <= one.holds_until:
            owners += one.units
    codes = list(dict.fromkeys(owners))
    known = await organisations.organisations_by_code(ctx.engine, codes)
    reached = await counts.reached(ctx.engine, codes, today)
    return tuple(known[code].name if code in known else code for code in codes if code not in reached)
