"""Fifty cases of an office's year: what is asked, around whom, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.timebank.rules.relationship_world import (
    BUILDING,
    HOLDER,
    OTHER,
    SECOND,
    SPEAKER,
    STRANGER,
    TODAY,
    WORKER,
    around,
    child,
    done,
    kind_of,
    organisation,
    person,
    refused,
    thing,
)
from timebank.catalogue import Heard, Side
from timebank.rules.relationships import (
    OPERATOR,
    Approve,
    Command,
    End,
    Facts,
    Held,
    Life,
    Offer,
    Party,
    RelationshipRefusal,
    Renew,
    SayNo,
    SayYes,
    Sort,
    State,
    member,
    refusals,
)

DAY = timedelta(days=1)
OFFERED, IN_FORCE, DECLINED, OVER = State
BY_DESK = Offer(uid="r1", by=WORKER, holder_yes=Heard.TOLD)
HOLDER_SAYS_YES = SayYes(by=HOLDER, side=Side.HOLDER)
OTHER_SAYS_YES = SayYes(by=OTHER, side=Side.TARGET)


def mandate(**more: Any) -> Offer:
    return replace(Offer(uid="r1", by=WORKER, scope=("ask", "confirm")), **more)


@dataclass(frozen=True)
class Case:
    """Commands one after another; all but the last succeed, and the last comes to what is expected.

    Attributes:
        facts: what is other than in a world where nothing stands in the way.
        later: what is other still when the last command comes.
    """

    remark: str
    kind: str
    commands: tuple[Command, ...]
    expected: State | type[RelationshipRefusal]
    facts: dict[str, Any]
    later: dict[str, Any]


def case(
    remark: str,
    kind: str,
    *commands: Command,
    to: State | type[RelationshipRefusal],
    later: dict[str, Any] | None = None,
    **facts: Any,
) -> Case:
    return Case(remark, kind, commands, to, facts, later or {})


CASES = [
    # --- who must agree
    case("the desk names a leader who has said so", "leader", BY_DESK, to=IN_FORCE),
    case("nobody is named leader unasked", "leader", Offer(uid="r1", by=WORKER), to=OFFERED),
    case("the leader says yes by page", "leader", Offer(uid="r1", by=WORKER), HOLDER_SAYS_YES, to=IN_FORCE),
    case("the leader says no", "leader", Offer(uid="r1", by=WORKER), SayNo(by=HOLDER, side=Side.HOLDER), to=DECLINED),
    case("somebody else says the leader's yes", "leader", Offer(uid="r1", by=WORKER), SayYes(by=STRANGER, side=Side.HOLDER), to=refusals.NotTheirsToSay),
    case("the team says a yes nobody asked for", "leader", Offer(uid="r1", by=WORKER), SayYes(by=SPEAKER, side=Side.TARGET), to=refusals.NotTheirsToSay),
    case("a yes twice", "proxy", mandate(), HOLDER_SAYS_YES, HOLDER_SAYS_YES, to=refusals.AlreadySo),
    case("a proxy needs the elder's own yes", "proxy", mandate(), HOLDER_SAYS_YES, to=OFFERED),
    case("a proxy with both", "proxy", mandate(), HOLDER_SAYS_YES, OTHER_SAYS_YES, to=IN_FORCE),
    case("the proxy says the elder's yes", "proxy", mandate(), HOLDER_SAYS_YES, SayYes(by=HOLDER, side=Side.TARGET), to=refusals.NotTheirsToSay),
    case("a guardian says the child's yes to their own mandate", "proxy", mandate(), HOLDER_SAYS_YES, SayYes(by=HOLDER, side=Side.TARGET), to=refusals.NotTheirsToSay, target=child(guardian=HOLDER)),
    case("the elder told the desk", "proxy", mandate(holder_yes=Heard.TOLD, target_yes=Heard.TOLD), to=IN_FORCE),
    case("a stranger heard it", "proxy", mandate(), SayYes(by=STRANGER, side=Side.TARGET, heard=Heard.TOLD), to=refusals.NotStaff),
    case("a worker writes down her own yes", "grid_head", BY_DESK, to=refusals.OwnYesByPage, holder=person(WORKER)),
    case("a worker says her own yes by page", "grid_head", Offer(uid="r1", by=WORKER), to=IN_FORCE, holder=person(WORKER)),
    case("a worker holds a paper of her own", "auditor", Offer(uid="r1", by=WORKER, holder_yes=Heard.PAPER), to=refusals.OwnYesByPage, holder=person(WORKER)),
    case("a list names a team's members", "team_member", Offer(uid="r1", by=WORKER, holder_yes=Heard.LIST, target_yes=Heard.LIST), to=IN_FORCE),
    case("a list names no leader", "leader", Offer(uid="r1", by=WORKER, holder_yes=Heard.LIST), to=refusals.YesNotThisWay),
    case("a worker is not made by word of mouth", "worker", BY_DESK, to=refusals.YesNotThisWay),
    case("a worker writes down that the elder wants her", "proxy", mandate(target_yes=Heard.TOLD), to=refusals.NotTheirsToSay, holder=person(WORKER)),
    case("another worker writes it down", "proxy", mandate(by=SECOND, target_yes=Heard.TOLD), SayYes(by=WORKER, side=Side.HOLDER), to=IN_FORCE, holder=person(WORKER)),
    case("a list in which a worker stands herself", "team_member", Offer(uid="r1", by=WORKER, holder_yes=Heard.LIST, target_yes=Heard.LIST), to=IN_FORCE, holder=person(WORKER)),
    # --- who may propose it
    case("the elder proposes her daughter", "proxy", mandate(by=OTHER), to=OFFERED),
    case("the daughter says yes to that", "proxy", mandate(by=OTHER), HOLDER_SAYS_YES, to=IN_FORCE),
    case("the daughter cannot propose herself", "proxy", mandate(by=HOLDER), to=refusals.MayNotOffer),
    case("a volunteer asks to join a team", "team_member", Offer(uid="r1", by=HOLDER), to=OFFERED),
    case("the leader takes him in", "team_member", Offer(uid="r1", by=HOLDER), SayYes(by=SPEAKER, side=Side.TARGET), to=IN_FORCE),
    case("nobody makes himself a grid officer", "grid_worker", Offer(uid="r1", by=HOLDER), to=refusals.MayNotOffer),
    # --- two members of staff
    case("a second worker waits for approval", "worker", Offer(uid="r1", by=WORKER, holder_yes=Heard.PAPER), to=OFFERED),
    case("approved by another", "worker", Offer(uid="r1", by=WORKER, holder_yes=Heard.PAPER), Approve(by=SECOND), to=IN_FORCE),
    case("approved by who entered it", "worker", Offer(uid="r1", by=WORKER, holder_yes=Heard.PAPER), Approve(by=WORKER), to=refusals.SecondPerson),
    case("approved by who holds it", "auditor", Offer(uid="r1", by=WORKER), Approve(by=SECOND), to=refusals.SecondPerson, holder=person(SECOND)),
    case("approved by a resident", "worker", Offer(uid="r1", by=WORKER), Approve(by=STRANGER), to=refusals.NotStaff),
    case("the operator where there are two", "worker", Offer(uid="r1", by=WORKER), Approve(by=OPERATOR), to=refusals.SecondPerson),
    case("the operator where there is one", "worker", Offer(uid="r1", by=WORKER, holder_yes=Heard.PAPER), Approve(by=OPERATOR), to=IN_FORCE, staff=frozenset({WORKER})),
    case("the first worker of all", "worker", Offer(uid="r1", by=OPERATOR, holder_yes=Heard.PAPER), Approve(by=OPERATOR), to=IN_FORCE, staff=frozenset()),
    case("approved before the yes", "worker", Offer(uid="r1", by=WORKER), Approve(by=SECOND), HOLDER_SAYS_YES, to=IN_FORCE),
    case("approved twice", "worker", Offer(uid="r1", by=WORKER), Approve(by=SECOND), Approve(by=SECOND), to=refusals.AlreadySo),
    case("an approval nobody asked for", "leader", Offer(uid="r1", by=WORKER), Approve(by=SECOND), to=refusals.NoSecondNeeded),
    # --- who they are
    case("an organisation leads no team", "leader", BY_DESK, to=refusals.HolderKind, holder=organisation()),
    case("a leader of a unit", "leader", BY_DESK, to=refusals.TargetKind, target=thing("unit")),
    case("a proxy for oneself", "proxy", mandate(), to=refusals.Oneself, target=person(HOLDER)),
    case("a proxy from another community", "proxy", mandate(), to=refusals.OtherCommunity, holder=person(HOLDER, community="xihu")),
    case("the head of another community's grid", "grid_head", BY_DESK, to=refusals.OtherCommunity, target=replace(thing("grid"), community="xihu")),
    case("an auditor of a street that is not above", "auditor", Offer(uid="r1", by=WORKER), to=refusals.OtherCommunity, target=thing("street", path="1/7/")),
    case("an auditor of the street above", "auditor", Offer(uid="r1", by=WORKER), to=OFFERED, target=thing("street")),
    case("a holder who moved away", "leader", BY_DESK, to=refusals.HolderLeft, holder=person(HOLDER, life=Life.LEFT)),
    case("a holder who died", "leader", BY_DESK, to=refusals.HolderDied, holder=person(HOLDER, life=Life.DIED)),
    case("a holder whose record was joined", "leader", BY_DESK, to=refusals.HolderGone, holder=person(HOLDER, life=Life.JOINED)),
    case("a firm that has closed", "lead_unit", Offer(uid="r1", by=WORKER), to=refusals.HolderClosed, holder=replace(organisation(), life=Life.CLOSED)),
    case("an elder who moved away", "proxy", mandate(), to=refusals.TargetLeft, target=person(OTHER, life=Life.LEFT)),
    case("an elder who died", "proxy", mandate(), to=refusals.TargetDied, target=person(OTHER, life=Life.DIED)),
    case("an elder who was erased", "proxy", mandate(), to=refusals.TargetGone, target=person(OTHER, life=Life.ERASED)),
    case("a team that was closed", "leader", BY_DESK, to=refusals.TargetClosed, target=replace(thing("team"), life=Life.CLOSED)),
    case("an heir of the living", "heir_reader", mandate(scope=("read",)), to=refusals.TargetLives, target=person(OTHER)),
    case("an heir reads after a death", "heir_reader", mandate(scope=("read",), holder_yes=Heard.PAPER), Approve(by=SECOND), to=IN_FORCE),
    case("a guardian of a grown-up", "guardian", mandate(), to=refusals.TargetAdult, target=person(OTHER)),
    case("a guardian of nobody knows", "guardian", mandate(), to=refusals.AgeUnknown, target=person(OTHER, ages=())),
    case("a guardian of a child", "guardian", mandate(holder_yes=Heard.TOLD), to=IN_FORCE),
    case("a leader of sixteen", "leader", BY_DESK, to=refusals.UnderAge, holder=child(HOLDER)),
    case("a leader of unknown age", "leader", BY_DESK, to=refusals.AgeUnknown, holder=person(HOLDER, ages=())),
    case("a building head who lives there", "building_head", BY_DESK, to=IN_FORCE, target=thing("building", path=BUILDING)),
    case("a building head who lives next door", "building_head", BY_DESK, to=refusals.LivesElsewhere, target=thing("building", path="1/2/3/44/")),
    case("a building head whose door nobody knows", "building_head", BY_DESK, to=refusals.LivesElsewhere, holder=person(HOLDER, path=""), target=thing("building", path=BUILDING)),
    case("a building that stands nowhere yet", "building_head", BY_DESK, to=refusals.LivesElsewhere, target=replace(thing("building"), path="")),
    case("a pair inside one household", "pair", Offer(uid="r1", by=WORKER), to=refusals.OneHousehold, holder=person(HOLDER, household="the-household")),
    case("two people whose households nobody knows", "neighbour_proxy", mandate(), to=OFFERED, holder=replace(person(HOLDER), household=""), target=replace(person(OTHER), household="")),
    case("a neighbour without an office", "neighbour_proxy", mandate(), to=refusals.NeedsKind, held=()),
    case("a neighbour with an office elsewhere", "neighbour_proxy", mandate(), to=refusals.NeedsKind, held=(Held(uid="h", kind="building_head", target=Party(Sort.AREA, "b9"), path="1/2/3/9/"),)),
    case("a neighbour with an office above the door", "neighbour_proxy", mandate(holder_yes=Heard.TOLD, target_yes=Heard.PAPER), to=IN_FORCE),
    # --- how many
    case("the same twice", "leader", BY_DESK, to=refusals.AlreadySo, twins=frozenset({"r0"})),
    case("offered again while it stands", "leader", BY_DESK, BY_DESK, to=refusals.AlreadySo),
    case("two leaders", "leader", BY_DESK, to=refusals.PlaceTaken, seats=(("r0", 1),)),
    case("a third deputy", "deputy", BY_DESK, to=IN_FORCE, seats=(("r8", 1), ("r9", 3))),
    case("a fourth deputy", "deputy", BY_DESK, to=refusals.PlaceTaken, seats=(("r7", 2), ("r8", 1), ("r9", 3))),
    case("a place that was carried over without a number counts", "leader", BY_DESK, to=refusals.PlaceTaken, seats=(("r0", 0),)),
    case("the place is gone before the yes", "leader", Offer(uid="r1", by=WORKER), HOLDER_SAYS_YES, to=refusals.PlaceTaken, later={"seats": (("r0", 1),)}),
    case("the holder moves away before the yes", "leader", Offer(uid="r1", by=WORKER), HOLDER_SAYS_YES, to=refusals.HolderLeft, later={"holder": person(HOLDER, life=Life.LEFT)}),
    case("a post with places left", "post", Offer(uid="r1", by=HOLDER), SayYes(by=SPEAKER, side=Side.TARGET), to=IN_FORCE, seats=(("r0", 1),)),
    case("a post without", "post", Offer(uid="r1", by=HOLDER), to=refusals.PlaceTaken, seats=(("r0", 1), ("r9", 2))),
    case("the doctor's two thousandth", "family_doctor", Offer(uid="r1", by=WORKER), to=OFFERED, held=tuple(Held(uid=f"h{n}", kind="family_doctor", target=member(f"m{n}")) for n in range(1999))),
    case("the doctor's next", "family_doctor", Offer(uid="r1", by=WORKER), to=refusals.HolderHasEnough, held=tuple(Held(uid=f"h{n}", kind="family_doctor", target=member(f"m{n}")) for n in range(2000))),
    # --- what and how long
    case("a proxy for nothing", "proxy", mandate(scope=()), to=refusals.ScopeMissing),
    case("a neighbour who would read", "neighbour_proxy", mandate(scope=("ask", "read")), to=refusals.ScopeUnknown),
    case("the last day before the first", "leader", replace(BY_DESK, since_on=TODAY + 2 * DAY, until_on=TODAY + DAY), to=refusals.EndsBeforeItBegins),
    case("a mandate that has run out already", "proxy", mandate(since_on=TODAY - 9 * DAY, until_on=TODAY - DAY), to=refusals.EndsBeforeItBegins),
    case("a pair of last year", "pair", Offer(uid="r1", by=WORKER, since_on=TODAY - 9 * DAY, until_on=TODAY - DAY), to=refusals.EndsBeforeItBegins),
    case("a certificate of old is recorded", "certificate", Offer(uid="r1", by=WORKER, since_on=date(2020, 1, 1), until_on=date(2021, 1, 1)), to=IN_FORCE),
    case("from the end of time", "proxy", mandate(since_on=date.max), to=refusals.DayOutOfRange),
    case("from the beginning of time", "team_member", Offer(uid="r1", by=WORKER, since_on=date.min), to=refusals.DayOutOfRange),
    case("until the end of time", "leader", replace(BY_DESK, until_on=date.max), to=refusals.DayOutOfRange),
    case("a mandate for six years", "proxy", mandate(until_on=TODAY + timedelta(days=1825)), to=refusals.TermTooLong),
    case("a mandate for five", "proxy", mandate(until_on=TODAY + timedelta(days=1824)), to=OFFERED),
    case("the offer ran out before the yes", "proxy", mandate(until_on=TODAY + DAY, holder_yes=Heard.TOLD), OTHER_SAYS_YES, to=refusals.EndsBeforeItBegins, later={"today": TODAY + 2 * DAY}),
    # --- how it ends
    case("the leader resigns", "leader", BY_DESK, End(by=HOLDER, reason="resigned"), to=OVER),
    case("the elder takes the mandate back", "proxy", mandate(holder_yes=Heard.TOLD, target_yes=Heard.TOLD), End(by=OTHER, reason="other_side"), to=OVER),
    case("a child ends no guardian", "guardian", mandate(holder_yes=Heard.TOLD), End(by=OTHER, reason="other_side"), to=refusals.NotTheirsToSay),
    case("a deputy ends no leader", "leader", BY_DESK, End(by=SPEAKER, reason="other_side"), to=refusals.NotTheirsToSay),
    case("a deputy refuses no leader", "leader", Offer(uid="r1", by=WORKER), SayNo(by=SPEAKER, side=Side.TARGET), to=refusals.NotTheirsToSay),
    case("a team ends a deputy", "deputy", BY_DESK, End(by=SPEAKER, reason="other_side"), to=OVER),
    case("a team refuses a member", "team_member", Offer(uid="r1", by=HOLDER), SayNo(by=SPEAKER, side=Side.TARGET), to=DECLINED),
    case("a no that somebody else heard", "leader", Offer(uid="r1", by=WORKER), SayNo(by=STRANGER, side=Side.HOLDER, heard=Heard.TOLD), to=refusals.NotStaff),
    case("a no that the desk heard", "leader", Offer(uid="r1", by=WORKER), SayNo(by=SECOND, side=Side.HOLDER, heard=Heard.TOLD), to=DECLINED),
    case("a stranger ends nothing", "leader", BY_DESK, End(by=STRANGER, reason="resigned"), to=refusals.NotTheirsToSay),
    case("the offer is taken back", "leader", Offer(uid="r1", by=WORKER), End(by=WORKER, reason="mistake"), to=DECLINED),
    case("for no known reason", "leader", BY_DESK, End(by=WORKER, reason="tired of him"), to=refusals.ReasonUnknown),
    case("for a reason that only happens", "leader", BY_DESK, End(by=WORKER, reason="died"), to=refusals.ReasonUnknown),
    case("ended twice", "leader", BY_DESK, End(by=HOLDER, reason="resigned"), End(by=HOLDER, reason="resigned"), to=refusals.AlreadyOver),
    case("a yes after a no", "leader", Offer(uid="r1", by=WORKER), SayNo(by=HOLDER, side=Side.HOLDER), HOLDER_SAYS_YES, to=refusals.AlreadyDeclined),
    case("a no to what stands", "leader", BY_DESK, SayNo(by=HOLDER, side=Side.HOLDER), to=refusals.NotOffered),
    case("an approval of what stands", "leader", BY_DESK, Approve(by=SECOND), to=refusals.NotOffered),
    case("the last worker cannot go", "worker", Offer(uid="r1", by=OPERATOR, holder_yes=Heard.PAPER), Approve(by=OPERATOR), End(by=HOLDER, reason="resigned"), to=refusals.LastWorker, staff=frozenset(), later={"staff": frozenset({HOLDER})}),
    case("one of two can", "worker", Offer(uid="r1", by=OPERATOR, holder_yes=Heard.PAPER), Approve(by=OPERATOR), End(by=HOLDER, reason="resigned"), to=OVER, staff=frozenset(), later={"staff": frozenset({HOLDER, WORKER})}),
    case("what has run out is over, written down or not", "family_doctor", Offer(uid="r1", by=WORKER, holder_yes=Heard.LIST, target_yes=Heard.LIST), End(by=HOLDER, reason="resigned"), to=refusals.AlreadyOver, later={"today": TODAY + timedelta(days=365)}),
    # --- renewing
    case("renewed in its last sixty days", "post", Offer(uid="r1", by=WORKER, holder_yes=Heard.LIST, target_yes=Heard.LIST), Renew(uid="r2", by=WORKER), to=OFFERED, later={"today": TODAY + timedelta(days=304)}),
    case("not sooner", "post", Offer(uid="r1", by=WORKER, holder_yes=Heard.LIST, target_yes=Heard.LIST), Renew(uid="r2", by=WORKER), to=refusals.TooEarly, later={"today": TODAY + timedelta(days=303)}),
    case("what has no end needs none", "leader", BY_DESK, Renew(uid="r2", by=WORKER), to=refusals.NoEndToRenew),
    case("what is not in force cannot be", "post", Offer(uid="r1", by=WORKER), Renew(uid="r2", by=WORKER), to=refusals.NotInForce),
]  # fmt: skip


def facts_of(one: Case) -> Facts:
    return replace(around(kind_of(one.kind)), **one.facts)


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.remark)
def test_a_case_comes_to_what_it_should(one: Case) -> None:
    kind, facts = kind_of(one.kind), facts_of(one)
    row = None
    for command in one.commands[:-1]:
        row = done(kind, row, command, facts)
    last, facts = one.commands[-1], replace(facts, **one.later)
    if isinstance(one.expected, State):
        assert done(kind, row, last, facts).state is one.expected
    else:
        assert refused(kind, row, last, facts) is one.expected


def test_every_refusal_of_a_relationship_is_among_the_cases() -> None:
    causes = {
        one
        for one in vars(refusals).values()
        if isinstance(one, type) and issubclass(one, RelationshipRefusal) and "code" in vars(one)
    }
    of_people = {refusals.AlreadyJoined, refusals.AlreadyDead, refusals.NotDead, refusals.DayNotYet}
    of_hands = {refusals.SameHand}
    assert causes - of_people - of_hands - {RelationshipRefusal} == {
        one.expected for one in CASES if not isinstance(one.expected, State)
    }


def test_every_refusal_has_its_own_code_and_sentences() -> None:
    causes = [
        one
        for one in vars(refusals).values()
        if isinstance(one, type) and issubclass(one, RelationshipRefusal) and "code" in vars(one)
    ]
    for texts in ({one.code for one in causes}, {one.zh for one in causes}, {one.en for one in causes}):
        assert len(texts) == len(causes)
    assert all(one.en.isascii() and not one.zh.isascii() for one in causes)
    assert {one.status for one in causes} <= {403, 409, 422}
