"""How a relationship ends, whoever or whatever ends it, and what follows from that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from timebank.catalogue import RelationshipKind, Side, TargetIs
from timebank.rules.relationships.effects import (
    Decided,
    DropRenewals,
    Effect,
    EndSignIns,
    FreePlace,
    PlanStale,
    Tell,
    Told,
)
from timebank.rules.relationships.values import SYSTEM, EndReason, Relationship, Sort, State

DAY = timedelta(days=1)


def ended(
    kind: RelationshipKind, relationship: Relationship, *, reason: EndReason, by: str, on: date
) -> Decided:
    """An offer is declined; what is in force is over, `on` being its last day.

    A mistake ends on the day before the first, so that no day counts. A last day that has passed stays as it was.
    """
    assert relationship.is_open
    if relationship.state is State.OFFERED:
        declined = replace(relationship, state=State.DECLINED, end_reason=reason, ended_on=on, ended_by=by)
        return Decided(relationship=declined, effects=_tell_both(declined, Told.DECLINED))

    last_on = relationship.since_on - DAY if reason is EndReason.MISTAKE else on
    if relationship.until_on is not None:
        last_on = min(last_on, relationship.until_on)
    over = replace(
        relationship, state=State.OVER, until_on=last_on, end_reason=reason, ended_on=on, ended_by=by
    )
    return Decided(relationship=over, effects=_tell_both(over, Told.OVER) + _undone(kind, over))


def ended_as_renewed(relationship: Relationship, *, on: date, by: str) -> Relationship:
    """The one a renewal takes over from: its last day is the day before `on`, so no day has two."""
    return replace(
        relationship,
        state=State.OVER,
        until_on=on - DAY,
        end_reason=EndReason.RENEWED,
        ended_on=on,
        ended_by=by,
    )


def lapsed(kind: RelationshipKind, relationship: Relationship, *, today: date) -> Decided | None:
    """The end of a term written down, None while there is nothing to write.

    Rights have stopped by the date already; this tells both sides and opens the post. An offer whose last day passed
    unanswered comes to nothing.
    """
    if not relationship.is_open or relationship.until_on is None or relationship.until_on >= today:
        return None
    grown = kind.target_is is TargetIs.MINOR
    reason = EndReason.GROWN_UP if grown else EndReason.TERM
    return ended(kind, relationship, reason=reason, by=SYSTEM, on=today)


def _tell_both(relationship: Relationship, what: Told) -> tuple[Effect, ...]:
    return tuple(Tell(uid=relationship.uid, side=side, what=what) for side in Side)


def _undone(kind: RelationshipKind, relationship: Relationship) -> tuple[Effect, ...]:
    effects: list[Effect] = []
    if kind.planner:
        effects.append(PlanStale())
    if kind.open_again and relationship.target.sort is Sort.LINE:
        effects.append(FreePlace(line=relationship.target.code))
    if kind.founding and relationship.holder.sort is Sort.MEMBER:
        effects.append(EndSignIns(member=relationship.holder.code))
    # After its term a renewal that still waits for a yes simply begins later; after any other end nothing is to renew.
    if relationship.end_reason is not EndReason.TERM:
        effects.append(DropRenewals(follows=relationship.uid))
    return tuple(effects)
