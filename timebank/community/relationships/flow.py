"""What people see of relationships and do about them; each change goes through `timebank.community.relating`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from marketplace.ages import AgeFact, AgeSort
from timebank.access import Actor, Facts, Role, Sees, sees
from timebank.catalogue import Heard, Private, RelationshipKind, Side, TargetIs
from timebank.community import relating
from timebank.community.relating import Surroundings, Wanted
from timebank.community.relationships.naming import names_of
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.relationships import Life, Party, Relationship, Sort, State, member
from timebank.rules.relationships.deciding import RENEWED_WITHIN_DAYS
from timebank.store.members import ages
from timebank.store.oversight import audit
from timebank.store.relations import relationships

PAST_SHOWN = 20
OFFERED_MAX = 2_000
"""So many offers are looked at; whoever has more of them waiting answers these first."""
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One relationship in words, and what the reader may do about it.

    Attributes:
        holder, target: what the two sides are called.
        says: the sides for which the reader may say yes or no by page now.
        missing: the sides that have not said yes yet; unapproved: the second person is still to come.
        holds: in force today.
    """

    one: Relationship
    kind: RelationshipKind
    holder: str
    target: str
    holds: bool
    says: tuple[Side, ...] = ()
    missing: tuple[Side, ...] = ()
    unapproved: bool = False
    may_approve: bool = False
    may_end: bool = False
    may_renew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Somebody's own page: what is asked of them, what they hold, who may do what for them, what is over.

    Attributes:
        mine, towards_me: one page of them; mine_count, towards_count: of all. more_offers: offers that are not shown yet.
    """

    asked: tuple[Shown, ...] = ()
    waiting: tuple[Shown, ...] = ()
    mine: tuple[Shown, ...] = ()
    towards_me: tuple[Shown, ...] = ()
    past: tuple[Shown, ...] = ()
    mine_count: int = 0
    towards_count: int = 0
    more_offers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who stands to one team, unit, place or person, and which kinds can be named there."""

    party: Party
    name: str
    kind: str
    open: tuple[Shown, ...]
    past: tuple[Shown, ...]
    kinds: tuple[RelationshipKind, ...]
    more: int = 0

    @property
    def by_kind(self) -> list[tuple[RelationshipKind, list[Shown]]]:
        """What is open, by kind in the order of the catalogue, offices before rosters."""
        found: dict[str, list[Shown]] = {}
        for one in self.open:
            found.setdefault(one.kind.code, []).append(one)
        return [(some[0].kind, some) for some in found.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The desk's page: what waits, and how many of each kind stand."""

    waiting: tuple[Shown, ...]
    waiting_count: int
    counts: dict[str, int]
    of_kind: tuple[Shown, ...] = ()
    more: bool = False


async def own(ctx: Context, actor: Actor, lang: str, *, mine_at: int = 0, towards_at: int = 0) -> Own:
    """Everything between the person signed in and others, a page of each list."""
    me, today = member(actor.uid), ctx.today()
    sees(actor, "OwnRelationships", Facts(community=actor.community, owners=frozenset({actor.uid})))
    held = await relationships.held_by(ctx.engine, me)
    towards = await relationships.held_towards(ctx.engine, me)
    kinds = ctx.catalogue_of(actor.community).relationships
    spoken = [
        one.target
        for one in held
        if one.holds_on(today) and (kinds[one.kind].speaks or kinds[one.kind].target_is is TargetIs.MINOR)
    ]
    waiting = await relationships.offered_around(ctx.engine, [me, *spoken])
    offers = waiting[:PAGE]
    standing = [one for one in held if one.state is State.IN_FORCE]
    helpers = [one for one in towards if one.state is State.IN_FORCE]
    mine = _page(standing, mine_at)
    to_me = _page(helpers, towards_at)
    past = await relationships.history_at(ctx.engine, me, PAST_SHOWN)
    shown = await _shown(ctx, actor, [*offers, *mine, *to_me], lang)
    old = await _shown(ctx, actor, past, lang, bare=True)
    return Own(
        asked=tuple(shown[one.uid] for one in offers if shown[one.uid].says),
        waiting=tuple(
            shown[one.uid] for one in offers if not shown[one.uid].says and me in (one.holder, one.target)
        ),
        mine=tuple(shown[one.uid] for one in mine),
        towards_me=tuple(shown[one.uid] for one in to_me),
        mine_count=len(standing),
        towards_count=len(helpers),
        more_offers=len(waiting) - len(offers),
        past=tuple(old[one.uid] for one in past),
    )


def _page(every: list[Relationship], at: int) -> list[Relationship]:
    """One page, the last one when it is asked for too far."""
    first = min(at, max(0, len(every) - 1) // PAGE) * PAGE
    return every[first : first + PAGE]


async def overview(
    ctx: Context, actor: Actor, lang: str, *, kind: str = "", at: int = 0, waiting_at: int = 0
) -> Overview:
    """What waits at the desk, and a page of the relationships of one kind."""
    sees(actor, "DeskRelationships", Facts(community=actor.community))
    found = await relationships.offered(ctx.engine, actor.community, limit=OFFERED_MAX)
    waiting = found[waiting_at * PAGE : (waiting_at + 1) * PAGE]
    of_kind = (
        await relationships.page_of_kind(ctx.engine, actor.community, kind, limit=PAGE + 1, offset=at * PAGE)
        if kind
        else []
    )
    shown = await _shown(ctx, actor, [*waiting, *of_kind[:PAGE]], lang)
    if waiting or of_kind:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_relationships", reason=kind)
    return Overview(
        waiting=tuple(shown[one.uid] for one in waiting),
        waiting_count=len(found),
        counts=await relationships.count_by_kind(ctx.engine, actor.community),
        of_kind=tuple(shown[one.uid] for one in of_kind[:PAGE]),
        more=len(of_kind) > PAGE,
    )


async def show(ctx: Context, actor: Actor, uid: str, lang: str, operation: str = "ShowRelationship") -> Shown:
    """One relationship, for its sides and the desk; NotFound for anybody else."""
    one = await _seen(ctx, actor, uid, operation)
    return (await _shown(ctx, actor, [one], lang, bare=not one.is_open))[uid]


async def standing_at(ctx: Context, actor: Actor, party: Party, lang: str, *, at: int = 0) -> Standing:
    """Who stands to a team, a unit, a place or a person.

    Raises:
        NotFound: no such thing, or not this reader's to see.
    """
    found = await relating.around(ctx, actor.community, [party])
    side = found.ends.get(party)
    if side is None:
        raise NotFound()
    team, unit = (party.code if side.kind == one else "" for one in ("team", "unit"))
    scope = sees(
        actor,
        "StandingAt",
        Facts(community=side.community, path=_place(side.path, party), team=team, unit=unit),
    )
    if party.sort is Sort.MEMBER and Role.WORKER not in actor.roles:
        raise NotFound()
    held = await relationships.held_towards(ctx.engine, party)
    if party.sort in (Sort.MEMBER, Sort.ORGANISATION):
        held += await relationships.held_by(ctx.engine, party)
    past = await relationships.history_at(ctx.engine, party, PAST_SHOWN)
    catalogue = ctx.catalogue_of(actor.community)
    visible = [one for one in held if _may_see(catalogue.relationships[one.kind], scope)]
    # Offices before rosters, so that a long roster hides nobody who speaks for it.
    order = list(catalogue.relationships)
    visible.sort(
        key=lambda one: (not catalogue.relationships[one.kind].speaks, order.index(one.kind), one.seat)
    )
    seen_past = [one for one in past if _may_see(catalogue.relationships[one.kind], scope)]
    on_page = visible[at * PAGE : (at + 1) * PAGE]
    shown = await _shown(ctx, actor, on_page, lang)
    old = await _shown(ctx, actor, seen_past, lang, bare=True)
    names = await names_of(ctx, actor.community, [party], lang)
    return Standing(
        party=party,
        name=names.get(party, ""),
        kind=side.kind,
        open=tuple(shown[one.uid] for one in on_page),
        past=tuple(old[one.uid] for one in seen_past),
        kinds=tuple(kind for kind in catalogue.relationships.values() if _can_name(kind, side.kind, actor)),
        more=max(0, len(visible) - (at + 1) * PAGE),
    )


async def offer(
    ctx: Context, actor: Actor, wanted: Wanted, *, named: frozenset[Party] = frozenset(), of_age: bool = False
) -> Relationship:
    """A relationship proposed on a page or by a program.

    Args:
        named: people whom the actor named with their number. Only the desk points at somebody by a uid: whoever else
            could would be shown what they are called.
        of_age: the desk asked the holder, or the holder says so themselves: they are 18 or older.

    Raises:
        NotFound: a side is not there or is another community's; RelationshipRefusal: it cannot stand.
    """
    async with ctx.engine.atomic():
        found = await relating.around(ctx, actor.community, [wanted.holder, wanted.target])
        for party in (wanted.target, wanted.holder):
            if party not in found.ends:
                raise NotFound()
            theirs = found.ends[party].community or actor.community
            sees(actor, "OfferRelationship", Facts(community=theirs))
            other = party.sort in (Sort.MEMBER, Sort.HOUSEHOLD) and party != member(actor.uid)
            if other and party not in named and not actor.has(Role.WORKER):
                raise NotFound()
        may_say = found.staff | {actor.uid} if actor.has(Role.WORKER) else frozenset({wanted.holder.code})
        if of_age and wanted.holder.sort is Sort.MEMBER and actor.uid in may_say:
            said = AgeFact(sort=AgeSort.OF_AGE, said_on=ctx.today(), source="relationship")
            await ages.add_age(ctx.engine, wanted.holder.code, said, recorded_by=actor.uid)
        return await relating.offer(ctx, actor, wanted)


async def answer(
    ctx: Context, actor: Actor, uid: str, *, side: Side, agreed: bool, heard: Heard = Heard.PAGE
) -> Relationship:
    """One side's yes or no; from its own page, or as the desk heard it."""
    async with ctx.engine.atomic():
        await _seen(ctx, actor, uid, "AnswerRelationship")
        say = relating.say_yes if agreed else relating.say_no
        return await say(ctx, actor, uid, side, heard)


async def approve(ctx: Context, actor: Actor, uid: str) -> Relationship:
    """The second person's approval."""
    async with ctx.engine.atomic():
        await _seen(ctx, actor, uid, "ApproveRelationship")
        return await relating.approve(ctx, actor, uid)


async def end(ctx: Context, actor: Actor, uid: str, reason: str) -> Relationship:
    """It ends today, for one of the reasons there are."""
    async with ctx.engine.atomic():
        await _seen(ctx, actor, uid, "EndRelationship")
        return await relating.end(ctx, actor, uid, reason)


async def renew(
    ctx: Context, actor: Actor, uid: str, *, until_on: date | None, heard: Heard | None
) -> Relationship:
    """The offer that goes on from it; with `heard` the desk knows every yes in that way."""
    async with ctx.engine.atomic():
        one = await _seen(ctx, actor, uid, "RenewRelationship")
        asked = ctx.catalogue_of(one.community).relationships[one.kind].yes
        return await relating.renew(
            ctx, actor, uid, until_on=until_on,
            holder_yes=heard if Side.HOLDER in asked else None, target_yes=heard if Side.TARGET in asked else None,
        )  # fmt: skip


async def age_is_asked(ctx: Context, community: str, kind: RelationshipKind, holder: Party) -> bool:
    """Whether the desk has to ask the holder's age before this kind can stand."""
    if not kind.adult or holder.sort is not Sort.MEMBER:
        return False
    return not await ages.ages(ctx.engine, holder.code)


async def _seen(ctx: Context, actor: Actor, uid: str, operation: str) -> Relationship:
    """A relationship that this person may look at; NotFound else."""
    one = await relationships.relationship(ctx.engine, uid)
    if one is None:
        raise NotFound()
    found = await relating.around(ctx, one.community, [one.holder, one.target])
    speaking = found.speakers(one.holder) | found.speakers(one.target)
    owners = speaking | ({one.holder.code} if one.holder.sort is Sort.MEMBER else set())
    sees(actor, operation, Facts(community=one.community, owners=frozenset(owners)))
    return one


async def _shown(
    ctx: Context, actor: Actor, some: Sequence[Relationship], lang: str, *, bare: bool = False
) -> dict[str, Shown]:
    """Relationships in words by uid; with `bare` without asking what the reader may do."""
    if not some:
        return {}
    community = some[0].community
    sides = [party for one in some for party in (one.holder, one.target)]
    names = await names_of(ctx, community, sides, lang)
    kinds = ctx.catalogue_of(community).relationships
    plain = {
        one.uid: Shown(
            one=one,
            kind=kinds[one.kind],
            holder=names.get(one.holder, ""),
            target=names.get(one.target, ""),
            holds=one.holds_on(ctx.today()),
        )
        for one in some
    }
    if bare:
        return plain
    found = await relating.around(ctx, community, sides)
    return {uid: _with_steps(shown, actor, found) for uid, shown in plain.items()}


def _with_steps(shown: Shown, actor: Actor, found: Surroundings) -> Shown:
    """What the reader may do; `decide` has the last word on each."""
    one, kind = shown.one, shown.kind
    staff = actor.uid in found.staff or actor.has(Role.WORKER)
    speaks = {side: actor.uid in found.speakers(one.party(side)) for side in Side}
    offered = one.state is State.OFFERED
    missing = one.missing(kind) if offered else ()
    has_a_say = Side.TARGET in kind.yes or Side.TARGET in kind.offer
    renewable = one.until_on is not None and found.today >= one.until_on - timedelta(days=RENEWED_WITHIN_DAYS)
    may_offer = staff or any(speaks[side] for side in kind.offer)
    people = one.holder.sort is Sort.MEMBER and one.target.sort is Sort.MEMBER
    other = {Side.HOLDER: one.target.code, Side.TARGET: one.holder.code}
    return replace(
        shown,
        missing=missing,
        says=tuple(
            side
            for side in missing
            if speaks[side] and Heard.PAGE in kind.heard and not (people and other[side] == actor.uid)
        ),
        unapproved=offered and kind.second and not one.approved_by,
        may_approve=offered
        and kind.second
        and not one.approved_by
        and staff
        and actor.uid not in (one.offered_by, one.holder.code),
        may_end=one.is_open
        and (
            staff or speaks[Side.HOLDER] or (has_a_say and speaks[Side.TARGET]) or one.offered_by == actor.uid
        ),
        may_renew=one.state is State.IN_FORCE and renewable and may_offer,
    )


def _may_see(kind: RelationshipKind, scope: Sees) -> bool:
    """The desk sees every kind; who leads or speaks there sees what is not the desk's alone."""
    return scope is Sees.PRIVATE_CARD or kind.private is not Private.DESK


def _can_name(kind: RelationshipKind, side: str, actor: Actor) -> bool:
    """Whether the reader can propose a holder for a side of this kind."""
    return side in kind.to and (actor.has(Role.WORKER) or Side.TARGET in kind.offer)


def _place(path: str, party: Party) -> str:
    """Only a place lies below an officer's own; a person or a team is not theirs because it lives there."""
    return path if party.sort is Sort.AREA else ""


def kinds_by_group(ctx: Context, community: str) -> dict[str, list[RelationshipKind]]:
    """All kinds in the order of the catalogue, by the group a page shows them in."""
    found: dict[str, list[RelationshipKind]] = {}
    for kind in ctx.catalogue_of(community).relationships.values():
        found.setdefault(kind.group.value, []).append(kind)
    return found


def kind_to_act_for(ctx: Context, community: str) -> RelationshipKind | None:
    """The kind by which a person lets another act for them, offered from a page of their own."""
    return next(
        (
            kind
            for kind in ctx.catalogue_of(community).relationships.values()
            if any(grant.role == Role.PROXY for grant in kind.grants)
            and Side.TARGET in kind.offer
            and kind.needs is None
        ),
        None,
    )


def kind_to_stand_in(ctx: Context, community: str) -> RelationshipKind | None:
    """The kind by which a person asks another to stand in for them."""
    return next(
        (
            kind
            for kind in ctx.catalogue_of(community).relationships.values()
            if kind.acts and Side.TARGET in kind.offer
        ),
        None,
    )


async def is_of(ctx: Context, actor: Actor, party: Party) -> bool:
    """Whether a side is one of the actor's own community, or stands above it."""
    found = await relating.around(ctx, actor.community, [party])
    side = found.ends.get(party)
    return side is not None and side.community in ("", actor.community) and side.life is not Life.ERASED
