"""What has to be known to decide about a relationship; the flow loads it, nothing here reads a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.ages import ADULT_AT, AgeFact, Minority, births_of, minor, reaches
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFacts:
    """One end of a relationship, as it is today.

    Attributes:
        kind: `member`, `household`, `line`, `category`, or the kind of the place or organisation.
        community: whose it is; "" for what stands above communities or belongs to none.
        path: of the place itself, or of the place where the member, household or organisation is; "" when unknown.
        speakers: uids of those who may say yes or no for it: a member for themselves, a minor's guardians, an adult of a
            household, whoever holds a kind that `speaks` for a place or organisation, the owner of a line.
        ages: what is known of a member's age; an age that matters and is not known is asked, never guessed.
        household: uid of the member's household, or the household itself; "" for none.
        places: of a line.
    """

    party: Party
    kind: str
    community: str
    path: str = ""
    life: Life = Life.ACTIVE
    speakers: frozenset[str] = frozenset()
    ages: tuple[AgeFact, ...] = ()
    household: str = ""
    places: int = 0

    def minor(self, day: date) -> Minority:
        """Whether the member is under 18 on that day."""
        return minor(self.ages, day)

    @property
    def may_be_of_age_on(self) -> date | None:
        """The first day on which the member may be of age; None when nothing is known.

        Where only a year or a grade is known it is the earliest of the days that fit: nobody answers for somebody who
        may have grown up already, and the desk asks.
        """
        births = births_of(self.ages)
        return reaches(births.earliest, ADULT_AT) if births else None


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
