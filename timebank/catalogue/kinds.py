"""What a kind of place, organisation or relationship says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MEMBER, ORGANISATION = "member", "organisation"
HOUSEHOLD, LINE, CATEGORY = "household", "line", "category"

HOLDERS = (MEMBER, ORGANISATION)
PLAIN_TARGETS = (MEMBER, HOUSEHOLD, LINE, CATEGORY)
"""What a relationship may point to besides the kinds of places and organisations."""

TOP = ""
"""Stands in `parents` for: may stand without a parent."""


class Side(StrEnum):
    """The two ends of a relationship: who holds it, and whom or what it is towards."""

    HOLDER = "holder"
    TARGET = "target"


class Heard(StrEnum):
    """How a yes is known."""

    PAGE = "page"
    TOLD = "told"
    PAPER = "paper"
    LIST = "list"


class Group(StrEnum):
    """Where a page shows the kind."""

    OFFICE = "office"
    TEAM = "team"
    UNIT = "unit"
    PLACE = "place"
    PERSON = "person"
    PAIR = "pair"
    POST = "post"
    PROOF = "proof"


class Scope(StrEnum):
    """What somebody may do for another, chosen when it is offered."""

    ASK = "ask"
    CALL_OFF = "call_off"
    CONFIRM = "confirm"
    READ = "read"
    HOURS = "hours"
    NOTICES = "notices"
    ACTS = "acts"


class StandIn(StrEnum):
    """What a stand-in takes over while the holder is away."""

    ACTS = "acts"
    NOTICES = "notices"
    NONE = "none"


class TargetIs(StrEnum):
    """Which people a relationship may be towards."""

    LIVING = "living"
    MINOR = "minor"
    DIED = "died"


class Towards(StrEnum):
    """Where a needed relationship must point: to the same target, or to a place in which the target lives."""

    SAME = "same"
    ABOVE = "above"


class Private(StrEnum):
    """Who may see that it exists: everybody, its own side and the desk, or the desk alone."""

    PUBLIC = "public"
    ROSTER = "roster"
    DESK = "desk"


class Books(StrEnum):
    """How an organisation stands to communities: it belongs to exactly one, or may stand above several."""

    ONE = "one"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class GrantedRole:
    """A role of the access registry, and how its holder must stand to an object."""

    role: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaKind:
    """A kind of place.

    Attributes:
        parents: kinds it may stand under; `TOP` among them when it may stand at the top.
        rank: larger places first; a parent's rank is smaller than its child's, so no circle can be made.
        lives: a member's or a household's address may be put here.
        book: this node owns a book, a policy, an address and a public page; exactly one kind does.
    """

    code: str
    zh: str
    en: str
    rank: int
    parents: tuple[str, ...]
    lives: bool = False
    book: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationKind:
    """A kind of organisation.

    Attributes:
        parents, rank: as for places.
        area: kinds of places it may belong to; rights below a place reach it through that place.
        community: belongs to exactly one community, or may stand above communities.
        signs: may sign agreements and offer lines of the resources list in its own name.
        roster: has members and leads shifts.
        place: has an address and opening hours of its own.
        words: subkinds offered when one is entered; free text is allowed, too.
    """

    code: str
    zh: str
    en: str
    rank: int
    parents: tuple[str, ...]
    area: tuple[str, ...]
    community: Books
    signs: bool = False
    roster: bool = False
    place: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The holder must have one of `kinds` in force `towards` the same target, or a place in which the target lives."""

    kinds: tuple[str, ...]
    towards: Towards


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationshipKind:
    """A kind of relationship.

    Attributes:
        holder: `member`, `organisation` or both.
        to: `member`, `household`, `line`, `category`, or any kind of place or organisation.
        yes: whose consent makes it stand.
        grants: what the holder may do while it is in force; nothing else grants anything.
        heard: how a yes may be known.
        offer: who may propose it besides the desk.
        second: entered by one member of staff, approved by another.
        founding: shipped kinds only; also set when a community is founded and by the operator's command.
        term_days: how long unless the offer says otherwise, 0 for no end; term_max_days: the longest allowed, 0 for any.
        per_target: how many may be in force towards one target, 0 for any number; None: the places of the line.
        per_holder: how many of this kind one holder may have, 0 for any number.
        needs: what the holder must have already; None for nothing.
        lives_in: the holder must live below the target.
        household_bar: holder and target may not be of one household.
        adult: the holder must be of age.
        speaks: the holder gives the target's yes and no.
        scope: words the offer may choose from; it must choose one where there are any.
        stand_in: what a stand-in takes over while the holder is away.
        open_again: ending it opens the line again.
        planner: the planner reads it.
        detail: what the free word of the offer means, "" for none.
    """

    code: str
    zh: str
    en: str
    group: Group
    holder: tuple[str, ...]
    to: tuple[str, ...]
    yes: frozenset[Side]
    grants: tuple[GrantedRole, ...] = ()
    heard: frozenset[Heard] = frozenset({Heard.PAGE, Heard.TOLD, Heard.PAPER})
    offer: frozenset[Side] = frozenset()
    second: bool = False
    founding: bool = False
    term_days: int = 0
    term_max_days: int = 0
    per_target: int | None = 0
    per_holder: int = 0
    needs: Needs | None = None
    lives_in: bool = False
    household_bar: bool = False
    adult: bool = False
    target_is: TargetIs = TargetIs.LIVING
    speaks: bool = False
    scope: tuple[Scope, ...] = ()
    stand_in: StandIn = StandIn.NONE
    open_again: bool = False
    planner: bool = False
    detail: str = ""
    private: Private = Private.ROSTER

    @property
    def acts(self) -> bool:
        """Whether its holders may act in the duties of the person it is towards."""
        return Scope.ACTS in self.scope

    @property
    def takes_news(self) -> bool:
        """Whether its holders are told what concerns the duties of an absent person."""
        return self.acts and Scope.NOTICES in self.scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """A class of titles that posts of one kind may bear; they grant nothing and may be any words."""

    code: str
    zh: str
    en: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All kinds that hold together, by code, in the order of the files."""

    areas: Mapping[str, AreaKind]
    organisations: Mapping[str, OrganisationKind]
    relationships: Mapping[str, RelationshipKind]
    titles: Mapping[str, Titles]

    @property
    def book_kind(self) -> AreaKind:
        """The one kind of place that owns a book."""
        return next(kind for kind in self.areas.values() if kind.book)

    @property
    def granting(self) -> frozenset[str]:
        """Codes of the kinds that grant something; only these need reading when somebody's rights are asked for."""
        return frozenset(kind.code for kind in self.relationships.values() if kind.grants)

    @property
    def standing_in(self) -> frozenset[str]:
        """Codes of the kinds by which somebody stands in for an absent person."""
        return frozenset(kind.code for kind in self.relationships.values() if kind.acts)

    @property
    def speaking(self) -> frozenset[str]:
        """Codes of the kinds whose holders speak for what they are towards."""
        return frozenset(kind.code for kind in self.relationships.values() if kind.speaks)
