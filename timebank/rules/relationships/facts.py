"""What has to be known to decide about a relationship; the flow loads it, nothing here reads a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from timebank.catalogue import Side
from timebank.rules.relationships.values import OPERATOR, Party, Relationship


class Life(StrEnum):
    """Where a member, an organisation or a place is; `closed` is said of the latter two only."""

    ACTIVE = "active"
    LEFT = "left"
    DIED = "died"
    JOINED = "joined"
    ERASED = "erased"
    CLOSED = "closed"


class Answer(StrEnum):
    """Yes, no, or nobody knows yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFacts:
    """One end of a relationship, as it is today.

    Attributes:
        kind: `member`, `household`, `line`, `category`, or the kind of the place or organisation.
        community: whose it is; "" for what stands above communities or belongs to none.
        path: of the place itself, or of the place where the member, household or organisation is; "" when unknown.
        speakers: uids of those who may say yes or no for it: a member for themselves, a minor's guardians, an adult of a
            household, whoever holds a kind that `speaks` for a place or organisation, the owner of a line.
        of_age: a member's; `unknown` is asked, never guessed.
        of_age_on: for a minor, the day from which they are surely of age; None when nobody knows.
        household: uid of the member's household, or the household itself; "" for none.
        places: of a line.
    """

    party: Party
    kind: str
    community: str
    path: str = ""
    life: Life = Life.ACTIVE
    speakers: frozenset[str] = frozenset()
    of_age: Answer = Answer.UNKNOWN
    of_age_on: date | None = None
    household: str = ""
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A relationship that the holder has in force: for what a kind needs, and for how many one may hold.

    Attributes:
        path: of the place it is towards, "" when it is towards something else.
    """

    uid: str
    kind: str
    target: Party
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything around one relationship on one day.

    Attributes:
        community: whose relationship it is; community_path: path of its node.
        staff: uids of members who hold a worker's right there in force and can sign in.
        seats: (uid, seat) of each relationship of this kind in force towards this target, seat 0 for one without.
        held: what the holder has in force, of every kind.
        twins: uids of the open relationships of the same kind between the same two; for a renewal those that follow it
            are among them.
        followed: the one that the offer in question renews, None when it renews nothing.
    """

    today: date
    community: str
    community_path: str
    holder: SideFacts
    target: SideFacts
    staff: frozenset[str]
    seats: tuple[tuple[str, int], ...] = ()
    held: tuple[Held, ...] = ()
    twins: frozenset[str] = frozenset()
    followed: Relationship | None = None

    def side(self, side: Side) -> SideFacts:
        """One end."""
        return self.holder if side is Side.HOLDER else self.target

    def is_staff(self, uid: str) -> bool:
        """A worker of the community, or the machine's operator."""
        return uid == OPERATOR or uid in self.staff
