"""The words of the access registry: roles, relations, field sets, who is asking, and how an object relates to people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a community; one person may be several."""

    PUBLIC = "public"
    ELDER = "elder"
    PROXY = "proxy"
    VOLUNTEER = "volunteer"
    LEADER = "leader"
    UNIT = "unit"
    WORKER = "worker"
    AUDITOR = "auditor"


class Relation(StrEnum):
    """How the person must stand to the object."""

    ANY = "any"
    SAME_COMMUNITY = "same_community"
    OWN = "own"
    FOR_ELDER = "for_elder"
    ASSIGNED = "assigned"
    OWN_TEAM = "own_team"
    OWN_UNIT = "own_unit"


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
class Actor:
    """Who is asking, as the session says.

    Attributes:
        uid: the person signed in; "" for nobody.
        acting_for: uid of the elder a proxy or a worker acts for in this session; "" otherwise.
        roles: every role held, PUBLIC always among them.
        teams: codes of teams led; units: codes of units spoken for; unit_names: their names on the lists.
        mandates: uids of elders with a mandate in force for this person.
        level: `full`, or `card` for a printed card that may only check in and confirm.
        minor: under 18.
    """

    uid: str = ""
    community: str = ""
    name: str = ""
    acting_for: str = ""
    acting_for_name: str = ""
    roles: frozenset[Role] = frozenset({Role.PUBLIC})
    teams: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    unit_names: frozenset[str] = frozenset()
    mandates: frozenset[str] = frozenset()
    level: str = "full"
    minor: bool = False
    lang: str = ""
    size: str = ""

    @property
    def subject(self) -> str:
        """Whose affairs are being handled: the elder acted for, else the person."""
        return self.acting_for or self.uid

    def has(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))


NOBODY = Actor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How an object relates to people; the flow that loads it fills this in.

    Attributes:
        community: whose object it is.
        owners: uids of the people it belongs to (the elder of a need, the earner of an attendance).
        assigned: uids of volunteers accepted for it, while the private card is open to them.
        team, unit: code of the team or unit it belongs to.
    """

    community: str
    owners: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    team: str = ""
    unit: str = ""
