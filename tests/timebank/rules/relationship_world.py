"""A community with one of everything a relationship can be towards, and the people who may speak for it."""

from __future__ import annotations

from datetime import date

from marketplace.ages import AgeFact, AgeSort
from timebank.catalogue import Catalogue, RelationshipKind, TargetIs, shipped
from timebank.catalogue.kinds import CATEGORY, HOUSEHOLD, LINE, MEMBER
from timebank.rules.relationships import (
    Command,
    Decided,
    Facts,
    Held,
    Life,
    Party,
    Relationship,
    RelationshipRefusal,
    SideFacts,
    Sort,
    decide,
    member,
)

TODAY = date(2026, 12, 1)
COMMUNITY, NODE = "dongqu", "1/2/"
BUILDING, ENTRANCE = "1/2/3/4/", "1/2/3/4/5/"
CATALOGUE: Catalogue = shipped()

# People: `ann` holds, `ben` is the other side; `wu` and `xu` work at the desk; `lin` speaks for what ben is not.
HOLDER, OTHER, WORKER, SECOND, SPEAKER, STRANGER = "ann", "ben", "wu", "xu", "lin", "zoe"
STAFF = frozenset({WORKER, SECOND})
BORN_1960 = AgeFact(sort=AgeSort.BORN_YEAR, value="1960", said_on=TODAY, source="list")


def kind_of(code: str) -> RelationshipKind:
    return CATALOGUE.relationships[code]


def person(
    uid: str,
    *,
    path: str = ENTRANCE,
    household: str = "",
    ages: tuple[AgeFact, ...] = (BORN_1960,),
    life: Life = Life.ACTIVE,
    community: str = COMMUNITY,
    guardian: str = "",
) -> SideFacts:
    return SideFacts(
        party=member(uid),
        kind=MEMBER,
        community=community,
        path=path,
        life=life,
        speakers=frozenset({uid, guardian} - {""}),
        ages=ages,
        household=household or f"home-of-{uid}",
    )


def born(day: str) -> tuple[AgeFact, ...]:
    return (AgeFact(sort=AgeSort.BORN_ON, value=day, said_on=TODAY, source="page"),)


def child(uid: str = OTHER, *, birthday: str = "2012-05-01", guardian: str = "") -> SideFacts:
    return person(uid, ages=born(birthday), guardian=guardian)


def thing(
    kind: str, *, speakers: frozenset[str] = frozenset({SPEAKER}), path: str = "", code: str = ""
) -> SideFacts:
    """A place, an organisation, a household, a line or a category of that kind."""
    plain = {HOUSEHOLD: Sort.HOUSEHOLD, LINE: Sort.LINE, CATEGORY: Sort.CATEGORY}
    sort = plain.get(kind, Sort.AREA if kind in CATALOGUE.areas else Sort.ORGANISATION)
    above = kind in {"city", "district", "street"}
    return SideFacts(
        party=Party(sort, code or f"the-{kind}"),
        kind=kind,
        community="" if above or kind == CATEGORY else COMMUNITY,
        path=path or ("1/" if above else NODE),
        speakers=frozenset() if kind == CATEGORY else speakers,
        household=f"the-{kind}" if kind == HOUSEHOLD else "",
        places=2 if kind == LINE else 0,
    )


def organisation(uid: str = "the-firm", *, speakers: frozenset[str] = frozenset({HOLDER})) -> SideFacts:
    """An organisation as the holder; ann speaks for it."""
    return SideFacts(
        party=Party(Sort.ORGANISATION, uid), kind="unit", community=COMMUNITY, path=NODE, speakers=speakers
    )


def holder_of(kind: RelationshipKind) -> SideFacts:
    return person(HOLDER) if MEMBER in kind.holder else organisation()


def target_of(kind: RelationshipKind, to: str = "") -> SideFacts:
    to = to or kind.to[0]
    if to != MEMBER:
        return thing(to)
    if kind.target_is is TargetIs.MINOR:
        return child()
    return person(OTHER, life=Life.DIED if kind.target_is is TargetIs.DIED else Life.ACTIVE)


def held_for(kind: RelationshipKind) -> tuple[Held, ...]:
    """What the holder must have already for this kind."""
    if kind.needs is None:
        return ()
    return (Held(uid="r-held", kind=kind.needs.kinds[0], target=Party(Sort.AREA, "b4"), path=BUILDING),)


def around(kind: RelationshipKind, *, to: str = "") -> Facts:
    """Facts in which nothing stands in the way of this kind."""
    return Facts(
        today=TODAY,
        community=COMMUNITY,
        community_path=NODE,
        holder=holder_of(kind),
        target=target_of(kind, to),
        staff=STAFF,
        held=held_for(kind),
    )


def done(
    kind: RelationshipKind, relationship: Relationship | None, command: Command, facts: Facts
) -> Relationship:
    """The relationship after a command that must succeed."""
    answer = decide(kind, relationship, command, facts)
    assert isinstance(answer, Decided), answer
    return answer.relationship


def refused(
    kind: RelationshipKind, relationship: Relationship | None, command: Command, facts: Facts
) -> type[RelationshipRefusal]:
    """Why a command that must fail does."""
    answer = decide(kind, relationship, command, facts)
    assert isinstance(answer, RelationshipRefusal), answer
    return type(answer)
