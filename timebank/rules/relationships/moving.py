"""Moving house: inside the community some duties become a question; leaving it ends them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from timebank.catalogue import Catalogue, Towards
from timebank.rules.relationships.effects import Decided
from timebank.rules.relationships.ending import ended
from timebank.rules.relationships.seconding import judge_last_worker
from timebank.rules.relationships.values import (
    EndReason,
    Party,
    Relationship,
    Sort,
    State,
    member,
    open_ones,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOrKeep:
    """A question for the desk: `relationship` no longer fits where the person lives; end it or keep it."""

    relationship: Relationship


def after_moving(
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    *,
    uid: str,
    path: str,
    place_paths: Mapping[str, str],
) -> tuple[EndOrKeep, ...]:
    """The questions that arise when member `uid` now lives at `path`, in the order of the relationships.

    Asked are duties whose holder must live there, and whoever may act for the member because of an office above the
    member's old door.

    Args:
        relationships: the member's own, and those that the holders acting for the member have in force.
        place_paths: path of each place among their targets, by code.
    """
    related = [one for one in relationships if one.state is State.IN_FORCE]
    asked = []
    for one in related:
        kind = catalogue.relationships[one.kind]
        if one.holder == member(uid) and kind.lives_in and one.target.sort is Sort.AREA:
            fits = path.startswith(place_paths[one.target.code])
        elif one.target == member(uid) and kind.needs and kind.needs.towards is Towards.ABOVE:
            fits = any(
                other.kind in kind.needs.kinds
                and other.holder == one.holder
                and other.target.sort is Sort.AREA
                and path.startswith(place_paths[other.target.code])
                for other in related
            )
        else:
            continue
        if not fits:
            asked.append(EndOrKeep(relationship=one))
    return tuple(asked)


def all_ended(
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    *,
    party: Party,
    reason: EndReason,
    by: str,
    on: date,
    staff: Set[str],
) -> tuple[Decided, ...]:
    """Everything open at either end of `party` comes to its end: it left, died, was erased, or was closed.

    Args:
        staff: workers of the community who can sign in.

    Raises:
        LastWorker: nobody who can sign in would be left.
    """
    decided = []
    for one in open_ones(relationships, party):
        kind = catalogue.relationships[one.kind]
        if one.state is State.IN_FORCE and one.holder == party:
            judge_last_worker(kind, one, staff=staff)
        decided.append(ended(kind, one, reason=reason, by=by, on=on))
    return tuple(decided)
