"""What follows from a decision, as values; the flow carries each out in the same unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from timebank.catalogue import Side
from timebank.rules.relationships.values import Relationship


class Told(StrEnum):
    """What somebody is told about a relationship."""

    ASKED = "asked"
    IN_FORCE = "in_force"
    DECLINED = "declined"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Tell whoever speaks for one side of relationship `uid`."""

    uid: str
    side: Side
    what: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStale:
    """The planner read something that has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePlace:
    """A place of the line is taken; with the last one the line closes."""

    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreePlace:
    """A place of the line is open again."""

    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSignIns:
    """Every sign-in of this member ends now."""

    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRenewals:
    """Open offers that follow this relationship are taken back: what they would renew is gone."""

    follows: str


Effect = Tell | PlanStale | TakePlace | FreePlace | EndSignIns | DropRenewals


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a command does.

    Attributes:
        relationship: as it is now, to be written.
        first: other rows that this decision changes, to be written before it: the one that a renewal takes over from.
    """

    relationship: Relationship
    effects: tuple[Effect, ...] = ()
    first: tuple[Relationship, ...] = ()
