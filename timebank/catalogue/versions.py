"""A community's own version of the catalogue, judged against the shipped one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from timebank.catalogue.checking import check
from timebank.catalogue.faults import BadCatalogue, FoundingTouched, KindInUse
from timebank.catalogue.kinds import AreaKind, Catalogue, OrganisationKind
from timebank.catalogue.loading import Texts, load


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """What a community has of each kind today.

    Attributes:
        areas, organisations: codes of kinds that some place or organisation is of.
        relationships: for each kind with an open relationship, the (holder, target) sorts among them, such as
            (`member`, `building`).
        parents: for each kind of place or organisation in use, the kinds its nodes stand under, "" for the top.
        lived_in: codes of kinds of places where somebody has an address.
        homes: for each kind of organisation in use, the kinds of places its organisations belong to.
    """

    areas: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    relationships: Mapping[str, Collection[tuple[str, str]]] = field(default_factory=dict)
    parents: Mapping[str, Collection[str]] = field(default_factory=dict)
    lived_in: frozenset[str] = frozenset()
    homes: Mapping[str, Collection[str]] = field(default_factory=dict)


def own_version(
    texts: Texts, *, shipped: Catalogue, in_use: InUse, current: Catalogue | None = None
) -> Catalogue:
    """The community's catalogue: its own kinds, and the shipped founding kinds, which it cannot leave out.

    Args:
        texts: the community's three files; a file it did not replace is given as shipped.
        current: the version that holds today, None for the shipped one.

    Raises:
        BadCatalogue: a file that does not hold together.
        FoundingTouched: a founding kind that is not exactly the shipped one, or the node with the book renamed.
        KindInUse: a kind is dropped, no longer admits what stands in the community today, or would give what stands
            more than its people agreed to.
    """
    own = _with_founding(load(texts), shipped)
    check(own)
    if own.book_kind.code != shipped.book_kind.code:
        raise FoundingTouched(file="areas", kind=own.book_kind.code, key="book")
    _check_nodes("areas", own.areas, in_use.areas, in_use)
    _check_nodes("organisations", own.organisations, in_use.organisations, in_use)
    for code in sorted(in_use.lived_in):
        if code not in own.areas or not own.areas[code].lives:
            raise _used("areas", code, "lives")
    for code, homes in in_use.homes.items():
        for home in homes:
            if code not in own.organisations or home not in own.organisations[code].area:
                raise _used("organisations", code, "area", home)
    for code, sorts in in_use.relationships.items():
        _check_open(own, current or shipped, code, sorts)
    return own


def _check_open(own: Catalogue, current: Catalogue, code: str, sorts: Collection[tuple[str, str]]) -> None:
    kind = own.relationships.get(code)
    if kind is None:
        raise _used("relationships", code)
    for holder, target in sorts:
        if holder not in kind.holder:
            raise _used("relationships", code, "holder", holder)
        if target not in kind.to:
            raise _used("relationships", code, "to", target)
    # What stands was agreed to under today's version, some of it by a list alone: it may not come to mean more.
    before = current.relationships.get(code)
    if before is None or not set(kind.grants) <= set(before.grants):
        raise _used("relationships", code, "grants")
    if kind.acts and not before.acts:
        raise _used("relationships", code, "scope")
    if kind.speaks and not before.speaks:
        raise _used("relationships", code, "speaks")


def _with_founding(own: Catalogue, shipped: Catalogue) -> Catalogue:
    founding = {code: kind for code, kind in shipped.relationships.items() if kind.founding}
    for code, kind in own.relationships.items():
        if (kind.founding or code in founding) and founding.get(code) != kind:
            raise FoundingTouched(file="relationships", kind=code)
    return replace(own, relationships=MappingProxyType({**founding, **own.relationships}))


def _check_nodes(
    file: str,
    kinds: Mapping[str, AreaKind] | Mapping[str, OrganisationKind],
    used: frozenset[str],
    in_use: InUse,
) -> None:
    for code in sorted(used):
        if code not in kinds:
            raise _used(file, code)
        for parent in in_use.parents.get(code, ()):
            if parent not in kinds[code].parents:
                raise _used(file, code, "parents", parent)


def _used(file: str, kind: str, key: str = "", detail: str = "") -> BadCatalogue:
    return KindInUse(file=file, kind=kind, key=key, detail=detail)
