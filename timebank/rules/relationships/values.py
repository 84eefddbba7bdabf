"""A relationship and its parts: who stands to whom, of which kind, since when, until when, with whose yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from timebank.catalogue import Heard, RelationshipKind, Scope, Side

OPERATOR = "operator"
"""Who acts when a command of the machine's operator does; no member's uid looks like it."""
SYSTEM = "system"
"""Who acts when a term ends or a flow that two people decided ends what hangs on it."""


class Sort(StrEnum):
    """What can stand at an end of a relationship; each sort has a column of its own in the database."""

    MEMBER = "member"
    HOUSEHOLD = "household"
    ORGANISATION = "organisation"
    AREA = "area"
    LINE = "line"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a relationship: a sort, and the uid or code by which its own table knows it."""

    sort: Sort
    code: str

    def __post_init__(self) -> None:
        if not self.code:
            raise ValueError("an end of a relationship has a code")

    @property
    def key(self) -> str:
        """One text for both, such as `member=m3f2`."""
        return f"{self.sort}={self.code}"


def member(uid: str) -> Party:
    """The end that is a person."""
    return Party(Sort.MEMBER, uid)


class State(StrEnum):
    """Where a relationship is; a declined or ended one never changes again."""

    OFFERED = "offered"
    IN_FORCE = "in_force"
    DECLINED = "declined"
    OVER = "over"


OPEN = frozenset({State.OFFERED, State.IN_FORCE})


class KnownBy(StrEnum):
    """How a yes is known; `moved` stands on rows that were carried over and are not judged again."""

    PAGE = Heard.PAGE.value
    TOLD = Heard.TOLD.value
    PAPER = Heard.PAPER.value
    LIST = Heard.LIST.value
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """One side's consent.

    Attributes:
        by: who said it by page; for the other ways, who heard it, holds the paper or brought the list.
    """

    known_by: KnownBy
    by: str
    on: date


class EndReason(StrEnum):
    """Why a relationship ended or an offer came to nothing."""

    RESIGNED = "resigned"
    OTHER_SIDE = "other_side"
    REPLACED = "replaced"
    NO_LONGER_NEEDED = "no_longer_needed"
    MISTAKE = "mistake"
    # The rest are consequences: no page offers them.
    DECLINED = "declined"
    TERM = "term"
    GROWN_UP = "grown_up"
    RENEWED = "renewed"
    MOVED = "moved"
    DIED = "died"
    JOINED = "joined"
    CLOSED = "closed"
    ERASED = "erased"


REASONS_TO_CHOOSE = (
    EndReason.RESIGNED,
    EndReason.OTHER_SIDE,
    EndReason.REPLACED,
    EndReason.NO_LONGER_NEEDED,
    EndReason.MISTAKE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One row of `tb_relationship`.

    Attributes:
        since_on, until_on: first and last day, both included; None for no end.
        seat: its number among the places of its target, from 1 on; 0 where places are not counted, and for a row that
            was carried over beyond the number allowed.
        scope: what the holder may do for the other, in the order of the kind; empty where the kind has no words.
        offered_by, approved_by, ended_by: uids, or `operator` or `system`; "" for not yet.
        follows: uid of the relationship this one goes on from: it is renewed, begun anew after joining two records, or
            restored after a mistake.
        note: the free word of the offer; it may name people and is erasable.
    """

    uid: str
    community: str
    kind: str
    holder: Party
    target: Party
    since_on: date
    until_on: date | None = None
    state: State = State.OFFERED
    seat: int = 0
    scope: tuple[Scope, ...] = ()
    offered_by: str
    holder_yes: Yes | None = None
    target_yes: Yes | None = None
    approved_by: str = ""
    end_reason: EndReason | None = None
    ended_on: date | None = None
    ended_by: str = ""
    follows: str = ""
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Offered or in force."""
        return self.state in OPEN

    def holds_on(self, day: date) -> bool:
        """In force on that day: rights stop by the date, whether or not anybody has written down the end."""
        return (
            self.state is State.IN_FORCE
            and self.since_on <= day
            and (self.until_on is None or day <= self.until_on)
        )

    @property
    def open_key(self) -> str | None:
        """Unique in the database while open, so the same twice is refused there, too; None once it is closed.

        A renewal that is still offered stands beside what it renews under a key of its own.
        """
        if not self.is_open:
            return None
        again = ":again" if self.state is State.OFFERED and self.follows else ""
        return f"{self.kind}:{self.holder.key}:{self.target.key}{again}"

    @property
    def seat_key(self) -> str | None:
        """Unique in the database while in force, so a second holder of one seat is refused there, too."""
        if self.state is not State.IN_FORCE or not self.seat:
            return None
        return f"{self.kind}:{self.target.key}:{self.seat}"

    def yes_of(self, side: Side) -> Yes | None:
        """What is known of one side's consent."""
        return self.holder_yes if side is Side.HOLDER else self.target_yes

    def party(self, side: Side) -> Party:
        """One end."""
        return self.holder if side is Side.HOLDER else self.target

    def missing(self, kind: RelationshipKind) -> tuple[Side, ...]:
        """The sides whose yes the kind asks for and nobody has yet."""
        return tuple(side for side in Side if side in kind.yes and self.yes_of(side) is None)

    def complete(self, kind: RelationshipKind) -> bool:
        """Every yes is there, and the second person's approval where the kind asks for one."""
        return not self.missing(kind) and (bool(self.approved_by) or not kind.second)


def open_ones(relationships: Iterable[Relationship], party: Party) -> tuple[Relationship, ...]:
    """Those offered or in force with `party` at either end, in the order given."""
    return tuple(one for one in relationships if one.is_open and party in (one.holder, one.target))
