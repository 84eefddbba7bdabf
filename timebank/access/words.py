"""The words of the access registry: roles, relations, field sets, who is asking, and how an object relates to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a community; one person may be several.

    Everybody on record is a MEMBER, who may ask for help and give it; every other role comes from a relationship.
    """

    PUBLIC = "public"
    MEMBER = "member"
    PROXY = "proxy"
    LEADER = "leader"
    UNIT = "unit"
    OFFICER = "officer"
    OVERSEER = "overseer"
    WORKER = "worker"
    AUDITOR = "auditor"


OFFICES = frozenset({Role.WORKER, Role.AUDITOR})
"""What nobody is without a password: whoever works at the desk or checks the books."""


class Relation(StrEnum):
    """How the person must stand to the object."""

    ANY = "any"
    SAME_COMMUNITY = "same_community"
    OWN = "own"
    FOR_MEMBER = "for_member"
    ASSIGNED = "assigned"
    OWN_TEAM = "own_team"
    OWN_UNIT = "own_unit"
    BELOW = "below"


class Sees(StrEnum):
    """Which fields of the object they get, least first."""

    NOTHING = "nothing"
    TOTALS = "totals"
    PUBLIC_CARD = "public_card"
    ROSTER = "roster"
    BOOKS = "books"
    PRIVATE_CARD = "private_card"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role's right to an operation."""

    relation: Relation
    sees: Sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A place from which somebody looks down: its path, and the code of the community whose own node it is, else ""."""

    path: str
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking, as the session says.

    Attributes:
        uid: the person signed in; "" for nobody.
        acting_for: uid of the member a proxy or a worker acts for in this session; "" otherwise.
        roles: every role held, PUBLIC always among them.
        via: uid of the way by which they came in; "" for one that nobody else ever had in their hands.
        teams: codes of teams led; units: codes of units spoken for.
        mandates: uid of everybody this person may act for, and the words that say in what.
        reach: for each role that looks down from a place, those places.
        asks, gives: whether they said that they ask for help, and that they give it; anybody may do either.
    """

    uid: str = ""
    community: str = ""
    name: str = ""
    acting_for: str = ""
    acting_for_name: str = ""
    roles: frozenset[Role] = frozenset({Role.PUBLIC})
    teams: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    mandates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reach: Mapping[Role, tuple[Reach, ...]] = field(default_factory=dict)
    asks: bool = False
    gives: bool = False
    via: str = ""
    lang: str = ""
    size: str = ""

    @property
    def subject(self) -> str:
        """Whose affairs are being handled: the member acted for, else the person."""
        return self.acting_for or self.uid

    def has(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))


NOBODY = Actor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How an object relates to people; the flow that loads it fills this in.

    Attributes:
        community: whose object it is.
        path: of the place it is about; "" when it is the community's as a whole.
        owners: uids of the people it belongs to (who asks for a need, the earner of an attendance).
        assigned: uids of helpers accepted for it, while the private card is open to them.
        team, unit: code of the team or unit it belongs to.
    """

    community: str
    path: str = ""
    owners: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    team: str = ""
    unit: str = ""
