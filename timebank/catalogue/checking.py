"""What must hold between kinds, so that no file can give a right that the code does not mean to give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from timebank.catalogue.faults import (
    ActsTooFar,
    BadCatalogue,
    BadCode,
    CodeInBothTrees,
    ConditionDoesNotFit,
    FoundingOnly,
    GrantDoesNotFit,
    HolderUnasked,
    ListGrants,
    OneBook,
    ParentNotLarger,
    SecondMissing,
    TargetUnasked,
    UnknownGrant,
    UnknownKind,
    WrongValue,
)
from timebank.catalogue.kinds import (
    HOLDERS,
    HOUSEHOLD,
    LINE,
    MEMBER,
    PLAIN_TARGETS,
    TOP,
    AreaKind,
    Books,
    Catalogue,
    GrantedRole,
    Group,
    Heard,
    OrganisationKind,
    RelationshipKind,
    Side,
    StandIn,
    TargetIs,
    Towards,
)

TEAM, UNIT = "team", "unit"
"""The two kinds of organisations that a leader's and a contact's rights are about."""

GRANTS = (
    GrantedRole("leader", "own_team"),
    GrantedRole("unit", "own_unit"),
    GrantedRole("proxy", "for_member"),
    GrantedRole("officer", "below"),
    GrantedRole("overseer", "below"),
    GrantedRole("worker", "below"),
    GrantedRole("auditor", "below"),
)
"""All that a relationship can grant. An eighth is a change of code, with its entries in the access registry."""

FOUNDING_ROLES = frozenset({"worker", "auditor"})
NEVER_BY_STAND_IN = frozenset({"worker", "auditor", "proxy"})


def check(catalogue: Catalogue) -> None:
    """Raise the first `BadCatalogue` there is, places first, then organisations, relationships and titles."""
    _check_trees(catalogue)
    for kind in catalogue.relationships.values():
        _check_words(catalogue, kind)
        _check_consent(kind)
        _check_grants(catalogue, kind)
        _check_conditions(catalogue, kind)
    for titles in catalogue.titles.values():
        if titles.kind not in catalogue.relationships:
            raise UnknownKind(file="relationships", kind=titles.code, key="kind", detail=titles.kind)


def check_registry(catalogue: Catalogue, pairs: Collection[tuple[str, str]]) -> None:
    """At start-up: every grant of a kind is one that the access registry knows.

    Args:
        pairs: (role, relation) for each entry of the registry.

    Raises:
        UnknownGrant: a kind grants what no entry of the registry asks for, so it would be a right to nothing.
    """
    for kind in catalogue.relationships.values():
        for grant in kind.grants:
            if (grant.role, grant.relation) not in pairs:
                raise _bad(UnknownGrant, kind, "grants", f"{grant.role}, {grant.relation}")


def _check_trees(catalogue: Catalogue) -> None:
    _check_parents("areas", catalogue.areas)
    _check_parents("organisations", catalogue.organisations)
    books = [kind.code for kind in catalogue.areas.values() if kind.book]
    if len(books) != 1:
        raise OneBook(file="areas", key="book", detail=", ".join(books))
    for kind in catalogue.organisations.values():
        if kind.code in catalogue.areas:
            raise CodeInBothTrees(file="organisations", kind=kind.code)
        for area in kind.area:
            if area not in catalogue.areas:
                raise UnknownKind(file="organisations", kind=kind.code, key="area", detail=area)
            if kind.community is Books.ONE and catalogue.areas[area].rank < catalogue.book_kind.rank:
                raise ConditionDoesNotFit(file="organisations", kind=kind.code, key="area", detail=area)


def _check_parents(file: str, kinds: Mapping[str, AreaKind] | Mapping[str, OrganisationKind]) -> None:
    for code, kind in kinds.items():
        if code in {*PLAIN_TARGETS, *HOLDERS}:
            raise BadCode(file=file, kind=code)
        for parent in kind.parents:
            if parent == TOP:
                continue
            if parent not in kinds:
                raise UnknownKind(file=file, kind=code, key="parents", detail=parent)
            if kinds[parent].rank >= kind.rank:
                raise ParentNotLarger(file=file, kind=code, key="parents", detail=parent)


def _check_words(catalogue: Catalogue, kind: RelationshipKind) -> None:
    for target in kind.to:
        if target not in {*PLAIN_TARGETS, *catalogue.areas, *catalogue.organisations}:
            raise _bad(UnknownKind, kind, "to", target)
    for needed in kind.needs.kinds if kind.needs else ():
        if needed not in catalogue.relationships:
            raise _bad(UnknownKind, kind, "needs", needed)
        if needed == kind.code:
            raise _bad(ConditionDoesNotFit, kind, "needs", needed)
    if kind.term_max_days and kind.term_days > kind.term_max_days:
        raise _bad(WrongValue, kind, "term_days", f"{kind.term_days} > {kind.term_max_days}")


def _check_consent(kind: RelationshipKind) -> None:
    if Side.HOLDER not in kind.yes and kind.group is not Group.PROOF:
        raise _bad(HolderUnasked, kind, "yes")
    if kind.yes and not kind.heard:
        raise _bad(WrongValue, kind, "heard")
    if kind.founding and not kind.second:
        raise _bad(SecondMissing, kind, "second")
    if kind.founding and kind.offer:
        raise _bad(FoundingOnly, kind, "offer")
    if Side.TARGET in kind.yes and kind.target_is is TargetIs.DIED:
        raise _bad(ConditionDoesNotFit, kind, "yes")


def _check_grants(catalogue: Catalogue, kind: RelationshipKind) -> None:
    for grant in kind.grants:
        if grant not in GRANTS:
            raise _bad(UnknownGrant, kind, "grants", f"{grant.role}, {grant.relation}")
        if kind.holder != (MEMBER,) or not set(kind.to) <= _fitting(catalogue, grant):
            raise _bad(GrantDoesNotFit, kind, "grants", f"{grant.role}, {grant.relation}")
        if grant.role in FOUNDING_ROLES and not kind.founding:
            raise _bad(FoundingOnly, kind, "grants", grant.role)
        if grant.relation == "for_member" and kind.target_is is TargetIs.LIVING:
            _target_asked(kind)
    if kind.grants and Side.HOLDER not in kind.yes:
        raise _bad(HolderUnasked, kind, "yes")
    if kind.grants and Heard.LIST in kind.heard:
        raise _bad(ListGrants, kind, "heard")
    if kind.stand_in is StandIn.ACTS and (
        kind.founding or NEVER_BY_STAND_IN & {grant.role for grant in kind.grants}
    ):
        raise _bad(ActsTooFar, kind, "stand_in")
    if kind.acts:
        if kind.to != (MEMBER,) or kind.holder != (MEMBER,) or kind.grants:
            raise _bad(ConditionDoesNotFit, kind, "scope")
        if Heard.LIST in kind.heard:
            raise _bad(ListGrants, kind, "heard")
        _target_asked(kind)


def _target_asked(kind: RelationshipKind) -> None:
    if Side.TARGET not in kind.yes:
        raise _bad(TargetUnasked, kind, "yes")


def _fitting(catalogue: Catalogue, grant: GrantedRole) -> frozenset[str]:
    match grant.relation:
        case "own_team":
            return frozenset({TEAM})
        case "own_unit":
            return frozenset({UNIT})
        case "for_member":
            return frozenset({MEMBER})
        case _:
            return frozenset({*catalogue.areas, *catalogue.organisations})


def _check_conditions(catalogue: Catalogue, kind: RelationshipKind) -> None:
    people = {MEMBER, HOUSEHOLD}
    judged = (
        ("per_target", kind.per_target is None, {LINE} & set(kind.to)),
        ("open_again", kind.open_again, {LINE} & set(kind.to)),
        ("lives_in", kind.lives_in, _only(kind.to, catalogue.areas)),
        ("lives_in", kind.lives_in, MEMBER in kind.holder),
        ("household_bar", kind.household_bar, MEMBER in kind.holder and _only(kind.to, people)),
        ("adult", kind.adult, MEMBER in kind.holder),
        ("target_is", kind.target_is is not TargetIs.LIVING, _only(kind.to, {MEMBER})),
        ("speaks", kind.speaks, _only(kind.to, {*catalogue.areas, *catalogue.organisations})),
        ("speaks", kind.speaks, kind.holder == (MEMBER,)),
        ("stand_in", kind.stand_in is not StandIn.NONE, MEMBER in kind.holder),
        (
            "needs",
            kind.needs is not None and kind.needs.towards is Towards.ABOVE,
            _only(kind.to, people),
        ),
    )
    for key, asked, fits in judged:
        if asked and not fits:
            raise _bad(ConditionDoesNotFit, kind, key)


def _only(to: Iterable[str], among: Collection[str]) -> bool:
    return set(to) <= set(among)


def _bad(fault: type[BadCatalogue], kind: RelationshipKind, key: str, detail: str = "") -> BadCatalogue:
    return fault(file="relationships", kind=kind.code, key=key, detail=detail)
