"""Everything around some pairs of sides, loaded with a handful of queries however many pairs there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from marketplace import store as lists
from marketplace.ages import AgeFact, Minority, minor
from marketplace.values import Need
from timebank.catalogue import Catalogue, RelationshipKind, TargetIs
from timebank.catalogue.kinds import CATEGORY, HOUSEHOLD, LINE, MEMBER
from timebank.context import Context
from timebank.rules.relationships import (
    Facts,
    Held,
    Life,
    Party,
    Relationship,
    SideFacts,
    Sort,
    State,
    speakers,
)
from timebank.store.members import ages
from timebank.store.relations import parties, relationships
from timebank.store.relations.parties import PlacedEnd

WORKER = "worker"
"""The role of the desk: whoever holds a kind that grants it and can sign in is staff."""


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """What is known around the sides asked for; it learns of every relationship that is written meanwhile.

    Attributes:
        ends: each side as it is today, without its speakers; a side that is not there is left out.
        open: the open relationships that one of the sides holds, and those towards it that say who speaks for it or are
            counted there, by uid.
        paths: of the places that open relationships are towards, by code.
        adults: uids of the adults of each household.
        line_owners: who speaks for a line: a member, an organisation or the community's own node.
    """

    today: date
    community: str
    node: PlacedEnd
    catalogue: Catalogue
    ends: dict[Party, SideFacts]
    staff: frozenset[str]
    open: dict[str, Relationship] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    adults: dict[str, frozenset[str]] = field(default_factory=dict)
    line_owners: dict[str, Party] = field(default_factory=dict)
    _at: dict[Party, list[str]] = field(default_factory=dict)

    def learn(self, one: Relationship) -> None:
        """Written just now: what is decided next counts with it."""
        if not one.is_open:
            self.open.pop(one.uid, None)
            return
        if one.uid not in self.open:
            for party in (one.holder, one.target):
                self._at.setdefault(party, []).append(one.uid)
        self.open[one.uid] = one

    def at(self, party: Party) -> list[Relationship]:
        """Open relationships with this side at either end."""
        return [self.open[uid] for uid in self._at.get(party, ()) if uid in self.open]

    def knows(self, party: Party) -> bool:
        return party in self.ends

    def side(self, party: Party) -> SideFacts:
        """One side with whoever speaks for it."""
        return replace(self.ends[party], speakers=self.speakers(party))

    def speakers(self, party: Party) -> frozenset[str]:
        """Uids of those who may say yes and no for a side today."""
        if party.sort is Sort.LINE:
            return (
                self.speakers(self.line_owners[party.code]) if party.code in self.line_owners else frozenset()
            )
        towards = [one for one in self.at(party) if one.target == party]
        return speakers(self.catalogue, towards, party=party, today=self.today, adults=self.adults)

    def facts(
        self, kind: RelationshipKind, holder: Party, target: Party, *, followed: Relationship | None = None
    ) -> Facts:
        """What has to be known to decide about one relationship of this kind."""
        held = [one for one in self.at(holder) if one.holder == holder]
        towards = [one for one in self.at(target) if one.target == target and one.kind == kind.code]
        return Facts(
            today=self.today,
            community=self.community,
            community_path=self.node.path,
            holder=self.side(holder),
            target=self.side(target),
            staff=self.staff,
            seats=tuple((one.uid, one.seat) for one in towards if one.state is State.IN_FORCE),
            held=tuple(
                Held(uid=one.uid, kind=one.kind, target=one.target, path=self._path(one.target))
                for one in held
                if one.holds_on(self.today)
            ),
            twins=frozenset(one.uid for one in held if one.kind == kind.code and one.target == target),
            followed=followed,
        )

    def _path(self, party: Party) -> str:
        return self.paths.get(party.code, "") if party.sort is Sort.AREA else ""


async def around(ctx: Context, community: str, sides: Iterable[Party]) -> Surroundings:
    """What stands around these sides today, for changes in one community."""
    node = await parties.community_node(ctx.engine, community)
    assert node is not None, "a relationship belongs to a community"
    catalogue, today = ctx.catalogue_of(community), ctx.today()
    asked = list(dict.fromkeys(sides))
    needs = await _needs(ctx, community, asked)
    owners = {key: await _owner_of(ctx, node, need) for key, need in needs.items()}
    wanted = parties.by_sort([*asked, *owners.values(), *([Party(Sort.AREA, node.code)] if owners else [])])
    staffing = [
        kind.code
        for kind in catalogue.relationships.values()
        if any(grant.role == WORKER for grant in kind.grants)
    ]
    found = Surroundings(
        today=today,
        community=community,
        node=node,
        catalogue=catalogue,
        ends={},
        staff=await parties.staff_who_can_sign_in(ctx.engine, node.code, staffing, today),
        line_owners=owners,
    )
    await _load_people(ctx, found, wanted)
    await _load_places(ctx, found, wanted)
    for key, need in needs.items():
        party = Party(Sort.LINE, key)
        found.ends[party] = SideFacts(
            party=party, kind=LINE, community=community, path=node.path, places=need.places
        )
    for code in wanted.get(Sort.CATEGORY, ()):
        party = Party(Sort.CATEGORY, code)
        found.ends[party] = SideFacts(party=party, kind=CATEGORY, community="")
    standing = await relationships.open_around(
        ctx.engine, _standing(asked, owners.values()), towards=_read_from_the_other_side(catalogue)
    )
    for one in standing:
        found.learn(one)
    placed = {one.target.code for one in found.open.values() if one.target.sort is Sort.AREA}
    found.paths = {code: end.path for code, end in (await parties.areas(ctx.engine, placed)).items()}
    return found


def _read_from_the_other_side(catalogue: Catalogue) -> list[str]:
    """Kinds that say who speaks for a side, or whose number at a side is counted."""
    return sorted(
        kind.code
        for kind in catalogue.relationships.values()
        if kind.speaks or kind.per_target != 0 or kind.target_is is TargetIs.MINOR
    )


def _standing(asked: Iterable[Party], owners: Iterable[Party]) -> list[Party]:
    """The sides whose relationships count; everything that is known of one category is nobody's concern."""
    return [one for one in (*asked, *owners) if one.sort is not Sort.CATEGORY]


async def _load_people(ctx: Context, found: Surroundings, wanted: Mapping[Sort, list[str]]) -> None:
    members = await parties.members(ctx.engine, wanted.get(Sort.MEMBER, ()))
    houses = await parties.households(ctx.engine, wanted.get(Sort.HOUSEHOLD, ()))
    living = await parties.members_of_households(ctx.engine, houses)
    known = await ages.ages_of(ctx.engine, [*members, *(one.uid for one in living)])
    for uid, one in members.items():
        party = Party(Sort.MEMBER, uid)
        found.ends[party] = SideFacts(
            party=party, kind=MEMBER, community=one.community, path=one.path, life=one.life,
            ages=tuple(known.get(uid, ())), household=one.household,
        )  # fmt: skip
    for code, house in houses.items():
        party = Party(Sort.HOUSEHOLD, code)
        found.ends[party] = SideFacts(
            party=party, kind=HOUSEHOLD, community=house.community, path=house.path, household=code
        )
        found.adults[code] = frozenset(
            one.uid
            for one in living
            if one.household == code and not _a_child(known.get(one.uid, ()), found.today)
        )


async def _load_places(ctx: Context, found: Surroundings, wanted: Mapping[Sort, list[str]]) -> None:
    bodies = await parties.organisations(ctx.engine, wanted.get(Sort.ORGANISATION, ()))
    places = await parties.areas(ctx.engine, wanted.get(Sort.AREA, ()))
    for sort, ends in ((Sort.ORGANISATION, bodies), (Sort.AREA, places)):
        for code, end in ends.items():
            party = Party(sort, code)
            closed = end.until_on is not None and end.until_on < found.today
            found.ends[party] = SideFacts(
                party=party, kind=end.kind, community=end.community, path=end.path,
                life=Life.CLOSED if closed else Life.ACTIVE,
            )  # fmt: skip


async def _needs(ctx: Context, community: str, asked: Iterable[Party]) -> dict[str, Need]:
    found = {}
    for party in asked:
        if party.sort is Sort.LINE:
            need = await lists.need(ctx.engine, community, party.code)
            if need is not None:
                found[party.code] = need
    return found


async def _owner_of(ctx: Context, node: PlacedEnd, need: Need) -> Party:
    """Who says yes for a line: its owner, or the community's own desk."""
    if need.owner in await parties.members(ctx.engine, [need.owner]):
        return Party(Sort.MEMBER, need.owner)
    if need.owner in await parties.organisations(ctx.engine, [need.owner]):
        return Party(Sort.ORGANISATION, need.owner)
    return Party(Sort.AREA, node.code)


def _a_child(facts: Iterable[AgeFact], today: date) -> bool:
    return minor(tuple(facts), today) is Minority.YES
