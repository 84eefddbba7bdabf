"""The second person: who may agree to what another has entered."""

from __future__ import annotations

from collections.abc import Set

from timebank.catalogue import RelationshipKind
from timebank.rules.relationships import refusals as no
from timebank.rules.relationships.values import OPERATOR, Relationship

WORKER = "worker"
"""The role without which nobody can run a community."""


def judge_second(by: str, *, staff: Set[str], concerned: Set[str]) -> None:
    """Nothing when `by` may be the second person.

    Args:
        staff: workers of the community who can sign in.
        concerned: who entered it and whom it is about.

    Raises:
        NotStaff: not a worker of the community.
        SecondPerson: one of those concerned; or the machine's operator, who stands in for a second person only where
            there is none.
    """
    if by == OPERATOR:
        if staff - concerned:
            raise no.SecondPerson()
        return
    if by not in staff:
        raise no.NotStaff()
    if by in concerned:
        raise no.SecondPerson()


def judge_first(by: str, *, staff: Set[str]) -> None:
    """Nothing when `by` may enter it; raises NotStaff else."""
    if by != OPERATOR and by not in staff:
        raise no.NotStaff()


def judge_last_worker(kind: RelationshipKind, relationship: Relationship, *, staff: Set[str]) -> None:
    """Raise LastWorker when, without this one, nobody who can sign in would be left to run the community."""
    staffs = kind.founding and any(grant.role == WORKER for grant in kind.grants)
    if staffs and staff == {relationship.holder.code}:
        raise no.LastWorker()
