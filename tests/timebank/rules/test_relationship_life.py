"""Days, places, keys and consequences over the life of one relationship."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.ages import AgeFact, AgeSort
from tests.timebank.rules.relationship_world import (
    HOLDER,
    OTHER,
    SECOND,
    SPEAKER,
    TODAY,
    WORKER,
    around,
    child,
    done,
    kind_of,
    person,
    refused,
    thing,
)
from timebank.catalogue import Heard, RelationshipKind, Scope, Side
from timebank.rules.relationships import (
    SYSTEM,
    Approve,
    Decided,
    DropRenewals,
    End,
    EndReason,
    EndSignIns,
    Facts,
    FreePlace,
    KnownBy,
    Offer,
    Party,
    PlanStale,
    Relationship,
    Renew,
    SayNo,
    SayYes,
    Sort,
    State,
    TakePlace,
    Tell,
    Told,
    Yes,
    decide,
    lapsed,
    refusals,
)

DAY = timedelta(days=1)
LISTED = Offer(uid="r1", by=WORKER, holder_yes=Heard.LIST, target_yes=Heard.LIST)
NAMED = Offer(uid="r1", by=WORKER, holder_yes=Heard.TOLD)


def answer(kind: RelationshipKind, row: Relationship | None, command: object, facts: Facts) -> Decided:
    decided = decide(kind, row, command, facts)  # type: ignore[arg-type]
    assert isinstance(decided, Decided), decided
    return decided


def told(decided: Decided) -> set[tuple[Side, Told]]:
    return {(effect.side, effect.what) for effect in decided.effects if isinstance(effect, Tell)}


# ------------------------------------------------------------------ consents


def test_a_consent_names_who_gave_it_or_who_heard_it() -> None:
    kind, facts = kind_of("proxy"), around(kind_of("proxy"))
    row = done(kind, None, Offer(uid="r1", by=WORKER, scope=("read",), target_yes=Heard.PAPER), facts)
    row = done(kind, row, SayYes(by=HOLDER, side=Side.HOLDER), replace(facts, today=TODAY + DAY))
    assert row.target_yes == Yes(known_by=KnownBy.PAPER, by=WORKER, on=TODAY)
    assert row.holder_yes == Yes(known_by=KnownBy.PAGE, by=HOLDER, on=TODAY + DAY)


def test_who_offers_says_yes_for_their_own_side() -> None:
    kind = kind_of("team_member")
    row = done(kind, None, Offer(uid="r1", by=SPEAKER), around(kind))
    assert row.target_yes == Yes(known_by=KnownBy.PAGE, by=SPEAKER, on=TODAY)
    assert row.missing(kind) == (Side.HOLDER,)


def test_a_leader_joins_their_own_team_at_once() -> None:
    kind = kind_of("team_member")
    facts = replace(around(kind), target=thing("team", speakers=frozenset({HOLDER})))
    assert done(kind, None, Offer(uid="r1", by=HOLDER), facts).state is State.IN_FORCE


def test_a_household_answers_by_one_of_its_adults() -> None:
    kind = kind_of("pair")
    row = done(kind, None, Offer(uid="r1", by=HOLDER), around(kind))
    assert row.missing(kind) == (Side.TARGET,)
    assert done(kind, row, SayYes(by=SPEAKER, side=Side.TARGET), around(kind)).state is State.IN_FORCE


def test_the_scope_stands_in_the_order_of_the_kind() -> None:
    kind = kind_of("proxy")
    row = done(kind, None, Offer(uid="r1", by=WORKER, scope=("notices", "ask", "ask")), around(kind))
    assert row.scope == (Scope.ASK, Scope.NOTICES)


# ------------------------------------------------------------------ days


def test_a_kind_without_a_term_has_no_end() -> None:
    kind = kind_of("leader")
    assert done(kind, None, NAMED, around(kind)).until_on is None


def test_a_term_counts_its_first_and_its_last_day() -> None:
    kind = kind_of("family_doctor")
    row = done(kind, None, LISTED, around(kind))
    assert (row.since_on, row.until_on) == (TODAY, date(2027, 11, 30))


def test_an_offer_without_a_last_day_gets_no_more_than_the_longest_term() -> None:
    kind = kind_of("proxy")
    row = done(kind, None, Offer(uid="r1", by=WORKER, scope=("ask",)), around(kind))
    assert row.until_on == TODAY + timedelta(days=1824)


def test_rights_have_no_past() -> None:
    leader, member_of = kind_of("leader"), kind_of("team_member")
    year_ago = TODAY - timedelta(days=365)
    assert done(leader, None, replace(NAMED, since_on=year_ago), around(leader)).since_on == TODAY
    assert done(member_of, None, replace(LISTED, since_on=year_ago), around(member_of)).since_on == year_ago


def test_a_right_begins_when_the_last_yes_is_there() -> None:
    kind = kind_of("leader")
    row = done(kind, None, Offer(uid="r1", by=WORKER), around(kind))
    later = replace(around(kind), today=TODAY + 5 * DAY)
    assert done(kind, row, SayYes(by=HOLDER, side=Side.HOLDER), later).since_on == TODAY + 5 * DAY


def test_what_begins_later_gives_no_right_before() -> None:
    kind = kind_of("leader")
    row = done(kind, None, replace(NAMED, since_on=TODAY + 3 * DAY), around(kind))
    assert row.state is State.IN_FORCE
    assert [row.holds_on(TODAY + n * DAY) for n in (0, 2, 3, 400)] == [False, False, True, True]


def test_a_guardian_ends_on_the_day_before_the_eighteenth_birthday() -> None:
    kind = kind_of("guardian")
    facts = replace(around(kind), target=child(birthday="2009-03-01"))
    row = done(kind, None, Offer(uid="r1", by=WORKER, scope=("read",), holder_yes=Heard.TOLD), facts)
    assert row.until_on == date(2027, 2, 28)
    assert not row.holds_on(date(2027, 3, 1))
    over = lapsed(kind, row, today=date(2027, 3, 1))
    assert over is not None
    assert over.relationship.end_reason is EndReason.GROWN_UP


def test_a_guardian_of_a_child_whose_birthday_nobody_knows_ends_when_it_may_have_grown_up() -> None:
    kind = kind_of("guardian")
    sixteen = AgeFact(sort=AgeSort.AGE, value="16", said_on=TODAY, source="page")
    facts = replace(around(kind), target=person(OTHER, ages=(sixteen,)))
    row = done(kind, None, Offer(uid="r1", by=WORKER, scope=("read",), holder_yes=Heard.TOLD), facts)
    assert row.until_on == date(2027, 12, 1)
    assert (
        refused(
            kind, None, Offer(uid="r1", by=WORKER, scope=("read",)), replace(facts, today=date(2027, 12, 2))
        )
        is refusals.AgeUnknown
    )


@pytest.mark.parametrize(
    ("since", "until"),
    [pytest.param(-400, -401, id="begun long ago"), pytest.param(0, -1, id="begun today")],
)
def test_of_a_mistake_no_day_counts(since: int, until: int) -> None:
    kind = kind_of("team_member")
    row = done(kind, None, replace(LISTED, since_on=TODAY + since * DAY), around(kind))
    over = done(kind, row, End(by=WORKER, reason="mistake"), around(kind))
    assert over.until_on == TODAY + until * DAY
    assert over.ended_on == TODAY


def test_today_is_the_last_day_of_what_ends() -> None:
    kind = kind_of("team_member")
    row = done(kind, None, replace(LISTED, since_on=TODAY - 9 * DAY), around(kind))
    over = done(kind, row, End(by=HOLDER, reason="resigned"), around(kind))
    assert (over.state, over.until_on, over.end_reason, over.ended_by) == (
        State.OVER, TODAY, EndReason.RESIGNED, HOLDER,
    )  # fmt: skip
    assert not over.holds_on(TODAY)


# ------------------------------------------------------------------ keys and places


def test_an_open_relationship_has_a_key_and_a_closed_one_has_none() -> None:
    kind = kind_of("leader")
    row = done(kind, None, Offer(uid="r1", by=WORKER), around(kind))
    assert (row.open_key, row.seat_key) == ("leader:member=ann:organisation=the-team", None)
    row = done(kind, row, SayYes(by=HOLDER, side=Side.HOLDER), around(kind))
    assert (row.open_key, row.seat_key) == (
        "leader:member=ann:organisation=the-team",
        "leader:organisation=the-team:1",
    )
    row = done(kind, row, End(by=WORKER, reason="replaced"), around(kind))
    assert (row.open_key, row.seat_key) == (None, None)


def test_the_lowest_free_place_is_taken() -> None:
    kind = kind_of("deputy")
    assert done(kind, None, NAMED, replace(around(kind), seats=(("a", 1), ("b", 3)))).seat == 2
    assert done(kind, None, NAMED, around(kind)).seat == 1


def test_places_are_those_of_the_line_and_of_nothing_else() -> None:
    kind = kind_of("post_with_duty")
    full = tuple((f"r{n}", n) for n in range(1, 10))
    assert done(kind, None, NAMED, replace(around(kind, to="grid"), seats=full)).seat == 0
    facts = replace(around(kind, to="line"), seats=full)
    assert refused(kind, None, NAMED, facts) is refusals.PlaceTaken


# ------------------------------------------------------------------ consequences


def test_the_side_that_has_not_answered_is_asked() -> None:
    kind = kind_of("proxy")
    offered = answer(kind, None, Offer(uid="r1", by=OTHER, scope=("ask",)), around(kind))
    assert told(offered) == {(Side.HOLDER, Told.ASKED)}


def test_both_are_told_when_it_begins_is_declined_or_ends() -> None:
    kind = kind_of("leader")
    offered = answer(kind, None, Offer(uid="r1", by=WORKER), around(kind)).relationship
    declined = answer(kind, offered, SayNo(by=HOLDER, side=Side.HOLDER), around(kind))
    begun = answer(kind, offered, SayYes(by=HOLDER, side=Side.HOLDER), around(kind))
    over = answer(kind, begun.relationship, End(by=HOLDER, reason="resigned"), around(kind))
    for decided, what in ((declined, Told.DECLINED), (begun, Told.IN_FORCE), (over, Told.OVER)):
        assert told(decided) == {(Side.HOLDER, what), (Side.TARGET, what)}


def test_a_post_takes_a_place_and_opens_it_again() -> None:
    kind = kind_of("post")
    begun = answer(kind, None, LISTED, around(kind))
    assert TakePlace(line="the-line") in begun.effects
    over = answer(kind, begun.relationship, End(by=HOLDER, reason="resigned"), around(kind))
    assert FreePlace(line="the-line") in over.effects


def test_a_declined_post_was_never_taken() -> None:
    kind = kind_of("post")
    offered = answer(kind, None, Offer(uid="r1", by=HOLDER), around(kind))
    assert not any(isinstance(effect, TakePlace) for effect in offered.effects)
    declined = answer(kind, offered.relationship, SayNo(by=SPEAKER, side=Side.TARGET), around(kind))
    assert not any(isinstance(effect, FreePlace) for effect in declined.effects)


def test_an_adopted_green_is_no_place_of_a_line() -> None:
    kind = kind_of("adopted_green")
    begun = answer(kind, None, LISTED, around(kind, to="green"))
    assert not any(isinstance(effect, TakePlace) for effect in begun.effects)


def test_the_planner_reads_anew_what_it_reads() -> None:
    for code, stale in (("team_member", True), ("council_member", False)):
        begun = answer(kind_of(code), None, LISTED, around(kind_of(code)))
        assert (PlanStale() in begun.effects) is stale


def test_a_worker_who_goes_is_signed_out() -> None:
    kind = kind_of("worker")
    row = done(kind, None, Offer(uid="r1", by=WORKER, holder_yes=Heard.PAPER), around(kind))
    begun = answer(kind, row, Approve(by=SECOND), around(kind))
    over = answer(kind, begun.relationship, End(by=SECOND, reason="no_longer_needed"), around(kind))
    assert EndSignIns(member=HOLDER) in over.effects
    assert EndSignIns(member=HOLDER) not in begun.effects


# ------------------------------------------------------------------ terms


def post_in_force(today: date = TODAY) -> Relationship:
    kind = kind_of("post")
    return done(kind, None, LISTED, replace(around(kind), today=today))


def test_a_term_is_written_down_once_it_has_passed() -> None:
    kind, row = kind_of("post"), post_in_force()
    assert row.until_on == date(2027, 11, 30)
    assert lapsed(kind, row, today=date(2027, 11, 30)) is None
    over = lapsed(kind, row, today=date(2027, 12, 4))
    assert over is not None
    assert (over.relationship.until_on, over.relationship.ended_on) == (date(2027, 11, 30), date(2027, 12, 4))
    assert (over.relationship.end_reason, over.relationship.ended_by) == (EndReason.TERM, SYSTEM)
    assert FreePlace(line="the-line") in over.effects
    assert lapsed(kind, over.relationship, today=date(2028, 1, 1)) is None


def test_an_offer_nobody_answered_comes_to_nothing() -> None:
    kind = kind_of("proxy")
    row = done(kind, None, Offer(uid="r1", by=WORKER, scope=("ask",), until_on=TODAY + DAY), around(kind))
    gone = lapsed(kind, row, today=TODAY + 2 * DAY)
    assert gone is not None
    assert (gone.relationship.state, gone.relationship.end_reason) == (State.DECLINED, EndReason.TERM)


def test_what_has_no_end_never_lapses() -> None:
    kind = kind_of("leader")
    assert lapsed(kind, done(kind, None, NAMED, around(kind)), today=date(2099, 1, 1)) is None


# ------------------------------------------------------------------ renewing


def renewing(day: date, *, seats: tuple[tuple[str, int], ...] = (("r1", 1),)) -> Facts:
    return replace(around(kind_of("post")), today=day, seats=seats, twins=frozenset({"r1"}))


def test_a_renewal_is_offered_beside_what_it_renews() -> None:
    kind, old = kind_of("post"), post_in_force()
    facts = renewing(date(2027, 11, 1))
    new = done(kind, old, Renew(uid="r2", by=HOLDER), facts)
    assert (new.state, new.follows, new.seat) == (State.OFFERED, "r1", 0)
    assert (new.since_on, new.until_on) == (date(2027, 12, 1), date(2028, 11, 29))
    assert new.open_key != old.open_key
    assert new.missing(kind) == (Side.TARGET,)
    assert new.yes_of(Side.HOLDER) == Yes(known_by=KnownBy.PAGE, by=HOLDER, on=date(2027, 11, 1))


def test_a_renewal_takes_over_without_a_day_between_or_a_day_twice() -> None:
    kind, old = kind_of("post"), post_in_force()
    facts = renewing(date(2027, 11, 1))
    new = done(kind, old, Renew(uid="r2", by=HOLDER), facts)
    facts = replace(facts, today=date(2027, 11, 20), twins=frozenset({"r1", "r2"}), followed=old)
    decided = answer(kind, new, SayYes(by=SPEAKER, side=Side.TARGET), facts)
    (ended,) = decided.first
    begun = decided.relationship
    assert (ended.state, ended.end_reason, ended.until_on) == (
        State.OVER,
        EndReason.RENEWED,
        date(2027, 11, 19),
    )
    assert (begun.state, begun.since_on, begun.until_on) == (
        State.IN_FORCE,
        date(2027, 11, 20),
        date(2028, 11, 29),
    )
    assert begun.seat_key == old.seat_key
    assert not any(isinstance(effect, TakePlace) for effect in decided.effects)
    assert begun.open_key == old.open_key


def test_a_renewal_answered_after_the_term_begins_with_the_answer_if_the_place_is_free() -> None:
    kind, old = kind_of("post"), post_in_force()
    new = done(kind, old, Renew(uid="r2", by=HOLDER), renewing(date(2027, 11, 1)))
    over = lapsed(kind, old, today=date(2027, 12, 1))
    assert over is not None
    assert not any(isinstance(effect, DropRenewals) for effect in over.effects)
    facts = replace(
        renewing(date(2027, 12, 5), seats=()), twins=frozenset({"r2"}), followed=over.relationship
    )
    decided = answer(kind, new, SayYes(by=SPEAKER, side=Side.TARGET), facts)
    assert decided.first == ()
    assert decided.relationship.seat == 1
    full = replace(facts, seats=(("r7", 1), ("r8", 2)))
    assert refused(kind, new, SayYes(by=SPEAKER, side=Side.TARGET), full) is refusals.PlaceTaken


def test_a_second_renewal_is_refused() -> None:
    facts = replace(renewing(date(2027, 11, 1)), twins=frozenset({"r1", "r2"}))
    assert refused(kind_of("post"), post_in_force(), Renew(uid="r3", by=HOLDER), facts) is refusals.AlreadySo


def test_what_ends_takes_its_renewal_along() -> None:
    kind = kind_of("post")
    over = answer(kind, post_in_force(), End(by=HOLDER, reason="resigned"), around(kind))
    assert DropRenewals(follows="r1") in over.effects


def test_a_mandate_is_not_renewed_for_longer_than_one_may_be_given() -> None:
    kind = kind_of("proxy")
    offer = Offer(
        uid="r1",
        by=WORKER,
        scope=("ask",),
        holder_yes=Heard.TOLD,
        target_yes=Heard.TOLD,
        until_on=TODAY + 9 * DAY,
    )
    row = done(kind, None, offer, around(kind))
    too_long = Renew(uid="r2", by=WORKER, until_on=TODAY + timedelta(days=10 + 1825))
    assert refused(kind, row, too_long, around(kind)) is refusals.TermTooLong


def test_an_end_of_a_relationship_has_a_code() -> None:
    with pytest.raises(ValueError, match="code"):
        Party(Sort.MEMBER, "")
