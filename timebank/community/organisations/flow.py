"""What the desk sees of organisations: the list, and one of them with its people, its lines and its turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace import store as lists
from marketplace.agreements import Agreement
from marketplace.rota import RotaTurn, TurnState
from marketplace.values import Need, Resource
from timebank.access import Actor, Facts, sees
from timebank.catalogue import Catalogue, Heard, OrganisationKind, RelationshipKind
from timebank.catalogue.kinds import MEMBER, TOP
from timebank.community import relating
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.relationships import Relationship, Sort, State
from timebank.store.help import lines
from timebank.store.members import people
from timebank.store.places import areas
from timebank.store.relations import organisations, parties, relationships
from timebank.store.relations.organisations import Organisation

PAGE = 50
ROSTER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One organisation on the list: who leads or speaks for it, and how many belong to it.

    Attributes:
        heads: names of those who speak for it, by office in the order of the catalogue.
        people: how many stand on its roster; None where its kind has none.
    """

    organisation: Organisation
    area: str
    heads: tuple[str, ...]
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of the list; `all` counts every page."""

    rows: tuple[Row, ...]
    all: int
    at: int

    @property
    def more(self) -> bool:
        return (self.at + 1) * PAGE < self.all


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Somebody who holds an office there or stands on the roster."""

    one: Relationship
    name: str
    number: str

    @property
    def offered(self) -> bool:
        return self.one.state is State.OFFERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office of the organisation's kind, who holds it, and whether another may."""

    kind: RelationshipKind
    holders: tuple[Holding, ...]

    @property
    def open(self) -> bool:
        return not self.kind.per_target or len(self.holders) < self.kind.per_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One page of who belongs to it; `kind` is None where its kind keeps no roster."""

    kind: RelationshipKind | None = None
    people: tuple[Holding, ...] = ()
    all: int = 0
    at: int = 0

    @property
    def more(self) -> bool:
        return (self.at + 1) * ROSTER_PAGE < self.all


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What an organisation put on the lists and promised: open lines, turns ahead, agreements that hold."""

    resources: tuple[Resource, ...]
    needs: tuple[Need, ...]
    turns: tuple[RotaTurn, ...]
    agreements: tuple[Agreement, ...]
    titles: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One organisation with everything that hangs on it.

    Attributes:
        names: other ways the lists call it. parent: the organisation above. below: those directly under it.
    """

    organisation: Organisation
    kind: OrganisationKind
    names: tuple[str, ...]
    area: str
    parent: Organisation | None
    below: tuple[Organisation, ...]
    offices: tuple[Office, ...]
    roster: Roster
    promised: Promised

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(one.name for office in self.offices for one in office.holders if not one.offered)


def roster_kind(catalogue: Catalogue, kind: str) -> RelationshipKind | None:
    """The kind by which people belong to an organisation of this kind: no office, and a list may say so."""
    if not catalogue.organisations[kind].roster:
        return None
    return next(
        (one for one in _held_there(catalogue, kind) if not one.speaks and Heard.LIST in one.heard), None
    )


def offices_of(catalogue: Catalogue, kind: str) -> tuple[RelationshipKind, ...]:
    """The kinds by which people lead or speak for an organisation of this kind."""
    return tuple(one for one in _held_there(catalogue, kind) if one.speaks)


def _held_there(catalogue: Catalogue, kind: str) -> list[RelationshipKind]:
    return [one for one in catalogue.relationships.values() if kind in one.to and MEMBER in one.holder]


async def listed(
    ctx: Context, actor: Actor, kinds: Sequence[str] = (), *, q: str = "", ended: bool = False, at: int = 0
) -> Listed:
    """A page of the community's organisations of these kinds, of every kind when none is named."""
    sees(actor, "Organisations", Facts(community=actor.community))
    found, count = await organisations.page_of(
        ctx.engine, actor.community, kinds, q=q, ended=ended, limit=PAGE, offset=at * PAGE
    )
    catalogue = ctx.catalogue_of(actor.community)
    codes = [one.code for one in found]
    speaking = {kind.code for one in found for kind in offices_of(catalogue, one.kind)}
    held = await relationships.held_towards_any(
        ctx.engine, Sort.ORGANISATION, codes, kinds=sorted(speaking) or ("",)
    )
    held = [one for one in held if one.holds_on(ctx.today())]
    order = list(catalogue.relationships)
    held.sort(key=lambda one: (order.index(one.kind), one.seat))
    names = await parties.names_of_members(ctx.engine, [one.holder.code for one in held])
    counts = await relationships.count_towards(ctx.engine, Sort.ORGANISATION, codes)
    places = await parties.names_of_areas(ctx.engine, [one.area for one in found])
    rows = []
    for one in found:
        belongs = roster_kind(catalogue, one.kind)
        heads = [names.get(each.holder.code, "") for each in held if each.target.code == one.code]
        rows.append(
            Row(
                organisation=one,
                area=places.get(one.area, "") if one.area != actor.community else "",
                heads=tuple(dict.fromkeys(filter(None, heads))),
                people=counts.get((one.code, belongs.code), 0) if belongs else None,
            )
        )
    return Listed(rows=tuple(rows), all=count, at=at)


async def loaded(ctx: Context, actor: Actor, code: str, operation: str) -> Organisation:
    """One organisation of the reader's community; NotFound for anybody else."""
    one = await organisations.organisation(ctx.engine, code)
    if one is None:
        raise NotFound()
    sees(actor, operation, Facts(community=one.community))
    return one


async def show(ctx: Context, actor: Actor, code: str, *, at: int = 0) -> Shown:
    """One organisation: what it is, who leads and belongs to it, what it put on the lists.

    Args:
        at: which page of its roster.
    """
    one = await loaded(ctx, actor, code, "ShowOrganisation")
    catalogue = ctx.catalogue_of(one.community)
    below = await organisations.organisations_below(ctx.engine, one.path)
    place = await areas.area(ctx.engine, one.area) if one.area else None
    names = await organisations.names_of(ctx.engine, code)
    return Shown(
        organisation=one,
        kind=catalogue.organisations[one.kind],
        names=tuple(name for name in names if name != one.name),
        area=place.name if place else "",
        parent=await organisations.organisation(ctx.engine, one.parent) if one.parent else None,
        below=tuple(each for each in below if each.parent == code),
        offices=await _offices(ctx, catalogue, one),
        roster=await _roster(ctx, catalogue, one, at),
        promised=await promised(ctx, one),
    )


async def _offices(ctx: Context, catalogue: Catalogue, one: Organisation) -> tuple[Office, ...]:
    kinds = offices_of(catalogue, one.kind)
    party = relating.organisation(one.code)
    held = (
        await relationships.held_towards(ctx.engine, party, kinds=[kind.code for kind in kinds])
        if kinds
        else []
    )
    named = await _named(ctx, held)
    return tuple(
        Office(kind=kind, holders=tuple(each for each in named if each.one.kind == kind.code))
        for kind in kinds
    )


async def _roster(ctx: Context, catalogue: Catalogue, one: Organisation, at: int) -> Roster:
    kind = roster_kind(catalogue, one.kind)
    if kind is None:
        return Roster()
    party = relating.organisation(one.code)
    page = await relationships.page_towards(
        ctx.engine, party, kind.code, limit=ROSTER_PAGE, offset=at * ROSTER_PAGE
    )
    counts = await relationships.count_towards(ctx.engine, Sort.ORGANISATION, [one.code])
    return Roster(kind=kind, people=await _named(ctx, page), all=counts.get((one.code, kind.code), 0), at=at)


async def _named(ctx: Context, held: Sequence[Relationship]) -> tuple[Holding, ...]:
    cards = await people.cards(ctx.engine, [one.holder.code for one in held])
    return tuple(
        Holding(
            one=one,
            name=cards[one.holder.code].says if one.holder.code in cards else "",
            number=cards[one.holder.code].number if one.holder.code in cards else "",
        )
        for one in held
    )


async def promised(ctx: Context, one: Organisation) -> Promised:
    """What it has on the lists today, whose turn it is ahead, and the agreements it signed that hold."""
    community = one.community
    filed = await lines.filed_by(ctx.engine, community, one.code, open_only=True)
    ahead = [
        turn
        for turn in await lists.turns(ctx.engine, community, unit=one.code)
        if turn.state in (TurnState.AHEAD, TurnState.ASKED)
    ]
    activities = await lists.activities(ctx.engine, community) if ahead else ()
    return Promised(
        resources=await lists.resources(ctx.engine, community, owner=one.code),
        needs=tuple(line.need for line in filed),
        turns=tuple(ahead),
        agreements=tuple(
            each
            for each in await lists.agreements(ctx.engine, community)
            if one.code in each.units and each.in_force(ctx.today())
        ),
        titles={each.line_key: each.title for each in activities},
    )


async def parents_for(
    ctx: Context, actor: Actor, kind: str, *, but: Organisation | None = None
) -> list[Organisation]:
    """The organisations under which one of this kind may stand; `but` and what is below it left out."""
    allowed = set(ctx.catalogue_of(actor.community).organisations[kind].parents) - {TOP}
    found = [
        *await organisations.organisations_above(ctx.engine),
        *await organisations.organisations(ctx.engine, actor.community),
    ]
    return [
        one
        for one in found
        if one.kind in allowed and not (but and (one.code == but.code or one.path.startswith(but.path)))
    ]


async def areas_for(ctx: Context, actor: Actor, kind: str) -> list[tuple[str, str]]:
    """(code, name) of the places of the community where one of this kind may be at home, the community first."""
    allowed = ctx.catalogue_of(actor.community).organisations[kind].area
    return [
        (one.code, one.name) for one in await areas.areas(ctx.engine, actor.community) if one.kind in allowed
    ]
