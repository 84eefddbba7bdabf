"""What follows when a relationship comes into force."""

from __future__ import annotations

from timebank.catalogue import RelationshipKind, Side
from timebank.rules.relationships.effects import Effect, PlanStale, TakePlace, Tell, Told
from timebank.rules.relationships.values import Relationship, Sort


def begun(kind: RelationshipKind, relationship: Relationship) -> tuple[Effect, ...]:
    """Both sides are told, the planner reads anew, a place of the line is taken."""
    effects: list[Effect] = [Tell(uid=relationship.uid, side=side, what=Told.IN_FORCE) for side in Side]
    if kind.planner:
        effects.append(PlanStale())
    if kind.open_again and relationship.target.sort is Sort.LINE:
        effects.append(TakePlace(line=relationship.target.code))
    return tuple(effects)
