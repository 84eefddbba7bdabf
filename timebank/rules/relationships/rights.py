"""What somebody may do today, computed from relationships in force and from who is away: nothing else grants a right.

The database answers the same question with one query per actor; this is what that query has to agree with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from timebank.catalogue import Catalogue, GrantedRole, Scope, StandIn, TargetIs
from timebank.rules.relationships.values import Party, Relationship, Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Somebody is away: first and last day, both included; no last day for a pause. No reason is kept."""

    member: str
    from_on: date
    to_on: date | None = None

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on < self.from_on:
            raise ValueError("an absence ends after it begins")

    def covers(self, day: date) -> bool:
        """Away on that day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A role somebody has, and towards what.

    Attributes:
        target: the team, unit, person, place or organisation it is about; for `below` a place's path or the path of the
            organisation's place decides.
        scope: what may be done for a person; empty where the kind has no words.
        through: uid of the relationship that grants it.
        instead_of: uid of the absent person whose duty it is; "" for one's own.
    """

    grant: GrantedRole
    target: Party
    scope: tuple[Scope, ...]
    through: str
    instead_of: str = ""


def away_on(absences: Iterable[Absence], day: date) -> frozenset[str]:
    """Uids of everybody who is away on that day; the planner sees none of them."""
    return frozenset(absence.member for absence in absences if absence.covers(day))


def rights(
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    absences: Iterable[Absence],
    *,
    member: str,
    today: date,
) -> tuple[Right, ...]:
    """All that `member` may do today: their own, then those of absent people they stand in for.

    A stand-in's own duties go no further: whoever stands in for a stand-in gets the duties of that person alone, and
    never a worker's, an auditor's or a mandate, whose kinds no catalogue lets a stand-in act in.
    """
    holds = [one for one in relationships if one.holds_on(today)]
    own = [right for one in holds if one.holder.code == member for right in _granted(catalogue, one)]
    away = away_on(absences, today)
    for stand_in in holds:
        if stand_in.holder.code != member or stand_in.target.code not in away:
            continue
        if not catalogue.relationships[stand_in.kind].acts or Scope.ACTS not in stand_in.scope:
            continue
        for one in holds:
            acts = catalogue.relationships[one.kind].stand_in is StandIn.ACTS
            if acts and one.holder == stand_in.target:
                own.extend(_granted(catalogue, one, instead_of=stand_in.target.code))
    return tuple(own)


def _granted(catalogue: Catalogue, relationship: Relationship, instead_of: str = "") -> list[Right]:
    return [
        Right(
            grant=grant,
            target=relationship.target,
            scope=relationship.scope,
            through=relationship.uid,
            instead_of=instead_of,
        )
        for grant in catalogue.relationships[relationship.kind].grants
    ]


def told_for(
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    absences: Iterable[Absence],
    *,
    relationship: Relationship,
    today: date,
) -> tuple[str, ...]:
    """Who is told what concerns the duty `relationship`: its holder, or while they are away those who stand in.

    Where nobody who is here stands in, the holder is told all the same, so no news is lost.
    """
    holder = relationship.holder
    away = away_on(absences, today)
    if holder.sort is not Sort.MEMBER or holder.code not in away:
        return (holder.code,)
    if catalogue.relationships[relationship.kind].stand_in is StandIn.NONE:
        return (holder.code,)
    instead = {
        one.holder.code
        for one in relationships
        if one.holds_on(today)
        and one.target == holder
        and catalogue.relationships[one.kind].acts
        and one.holder.code not in away
    }
    return tuple(sorted(instead)) or (holder.code,)


def speakers(
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    *,
    party: Party,
    today: date,
    adults: Mapping[str, frozenset[str]] | None = None,
) -> frozenset[str]:
    """Uids of those who may say yes or no for one end of a relationship.

    A member speaks for themselves, and a minor's guardians with them; for a household any adult of it; for a place or an
    organisation whoever holds a kind with `speaks` there. The owner of a line is another library's knowledge.

    Args:
        adults: for each household the uids of its adults.
    """
    if party.sort is Sort.HOUSEHOLD:
        return (adults or {}).get(party.code, frozenset())
    found = {party.code} if party.sort is Sort.MEMBER else set[str]()
    for one in relationships:
        if one.target != party or not one.holds_on(today):
            continue
        kind = catalogue.relationships[one.kind]
        if kind.speaks or kind.target_is is TargetIs.MINOR:
            found.add(one.holder.code)
    return frozenset(found)
