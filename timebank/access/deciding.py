"""How the registry is applied: which use case an operation serves, and what somebody sees of an object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from timebank.access.registry import REGISTRY, UseCase
from timebank.access.words import Actor, Facts, Reach, Relation, Role, Sees
from timebank.errors import NotFound


class DeclaredTwice(Exception):
    """Two entries of the registry claim one operation: which of them holds would be a guess."""


def indexed(registry: Iterable[UseCase]) -> Mapping[str, UseCase]:
    """The use case of each name and of each operation.

    Raises:
        DeclaredTwice: a name or an operation stands in two entries.
    """
    found: dict[str, UseCase] = {}
    for case in registry:
        for word in {case.name, *case.operations}:
            if word in found:
                raise DeclaredTwice(word)
            found[word] = case
    return found


_INDEX = indexed(REGISTRY)


def use_case(name: str) -> UseCase:
    """The entry of a use case, by its name or by one of its operations.

    Raises:
        KeyError: the registry has no such entry.
    """
    return _INDEX[name]


def allowed_roles(name: str) -> frozenset[Role]:
    """Roles that have any grant for a use case or operation."""
    return frozenset(use_case(name).grants)


def sees(actor: Actor, name: str, facts: Facts) -> Sees:
    """The widest field set that `actor` gets of an object, or NotFound when no grant applies.

    Unknown and forbidden are the same answer on purpose.

    Args:
        name: of the use case, or of one of its operations.
    """
    best: Sees | None = None
    order = list(Sees)
    case = use_case(name)
    for role, granted in case.grants.items():
        if role not in actor.roles:
            continue
        for grant in granted:
            if not _holds(actor, role, grant.relation, facts, case.scope):
                continue
            if best is None or order.index(grant.sees) > order.index(best):
                best = grant.sees
    if best is None:
        raise NotFound()
    return best


def _holds(actor: Actor, role: Role, relation: Relation, facts: Facts, scope: str) -> bool:
    if relation is Relation.ANY:
        return True
    if relation is Relation.BELOW:
        return any(_is_below(facts, place) for place in actor.reach.get(role, ()))
    if not actor.community or actor.community != facts.community:
        return False
    match relation:
        case Relation.SAME_COMMUNITY:
            return True
        case Relation.OWN:
            return actor.uid in facts.owners
        case Relation.FOR_MEMBER:
            return any(_may_for(actor, owner, scope) for owner in facts.owners)
        case Relation.ASSIGNED:
            return actor.uid in facts.assigned
        case Relation.OWN_TEAM:
            return bool(facts.team) and facts.team in actor.teams
        case Relation.OWN_UNIT:
            return bool(facts.unit) and facts.unit in actor.units


def _may_for(actor: Actor, member: str, scope: str) -> bool:
    return member in actor.mandates and (not scope or scope in actor.mandates[member])


def _is_below(facts: Facts, place: Reach) -> bool:
    if place.community and place.community == facts.community:
        return True
    return bool(facts.path) and facts.path.startswith(place.path)
