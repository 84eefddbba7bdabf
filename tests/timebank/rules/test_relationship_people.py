"""Moving house, dying, and two records that turn out to be one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from tests.timebank.rules.relationship_world import CATALOGUE, COMMUNITY, SECOND, STAFF, TODAY, WORKER
from timebank.catalogue import Scope
from timebank.rules.relationships import (
    AFTER_DEATH,
    OPERATOR,
    Consequence,
    DeathReport,
    EndReason,
    EndSignIns,
    FreePlace,
    Joined,
    KnownBy,
    Life,
    Party,
    PlanStale,
    Record,
    Relationship,
    RelationshipRefusal,
    Sort,
    State,
    TakePlace,
    Yes,
    after_moving,
    all_ended,
    confirm_death,
    join,
    member,
    refusals,
    report_death,
    take_back_death,
)

DAY = timedelta(days=1)
BUILDING, NEXT_DOOR = Party(Sort.AREA, "b4"), Party(Sort.AREA, "b9")
TEAM, LINE = Party(Sort.ORGANISATION, "team-1"), Party(Sort.LINE, "n-1")
PATHS = {"b4": "1/2/3/4/", "b9": "1/2/3/9/"}


def row(uid: str, kind: str, holder: str, target: Party, **more: Any) -> Relationship:
    given: dict[str, Any] = {
        "community": COMMUNITY,
        "since_on": TODAY - 99 * DAY,
        "state": State.IN_FORCE,
        "offered_by": WORKER,
        "holder_yes": Yes(known_by=KnownBy.TOLD, by=WORKER, on=TODAY - 99 * DAY),
        **more,
    }
    return Relationship(uid=uid, kind=kind, holder=member(holder), target=target, **given)


def uids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"new-{next(numbers)}"


# ------------------------------------------------------------------ moving


def asked(path: str, *rows: Relationship) -> list[str]:
    return [
        one.relationship.uid for one in after_moving(CATALOGUE, rows, uid="ann", path=path, place_paths=PATHS)
    ]


def test_moving_next_door_asks_about_the_building_and_nothing_else() -> None:
    rows = (row("head", "building_head", "ann", BUILDING), row("lead", "leader", "ann", TEAM))
    assert asked("1/2/3/9/", *rows) == ["head"]
    assert asked("1/2/3/4/7/", *rows) == []


def test_moving_to_an_unknown_door_asks() -> None:
    assert asked("", row("head", "building_head", "ann", BUILDING)) == ["head"]


def test_who_acts_for_her_by_an_office_above_her_old_door_is_asked_about() -> None:
    rows = (
        row("office", "building_head", "ben", BUILDING),
        row("mandate", "neighbour_proxy", "ben", member("ann"), scope=(Scope.ASK,)),
    )
    assert asked("1/2/3/9/", *rows) == ["mandate"]
    assert asked("1/2/3/4/7/", *rows) == []
    assert asked("1/2/3/9/", *rows, row("more", "entrance_head", "ben", NEXT_DOOR)) == []


def test_an_office_that_somebody_else_holds_does_not_count() -> None:
    rows = (
        row("office", "building_head", "cat", BUILDING),
        row("mandate", "neighbour_proxy", "ben", member("ann"), scope=(Scope.ASK,)),
    )
    assert asked("1/2/3/4/7/", *rows) == ["mandate"]


def test_what_is_only_on_offer_is_judged_when_it_begins() -> None:
    assert asked("1/2/3/9/", row("head", "building_head", "ann", BUILDING, state=State.OFFERED)) == []


def test_who_leaves_the_community_leaves_everything_there() -> None:
    rows = (
        row("lead", "leader", "ann", TEAM),
        row("mandate", "proxy", "ben", member("ann")),
        row("asked", "team_member", "ann", Party(Sort.ORGANISATION, "team-2"), state=State.OFFERED),
        row("past", "deputy", "ann", TEAM, state=State.OVER, end_reason=EndReason.RESIGNED),
        row("other", "leader", "ben", TEAM),
    )
    decided = all_ended(
        CATALOGUE, rows, party=member("ann"), reason=EndReason.MOVED, by=WORKER, on=TODAY, staff=STAFF
    )
    assert [
        (one.relationship.uid, one.relationship.state, one.relationship.end_reason) for one in decided
    ] == [
        ("lead", State.OVER, EndReason.MOVED),
        ("mandate", State.OVER, EndReason.MOVED),
        ("asked", State.DECLINED, EndReason.MOVED),
    ]


def test_the_last_worker_cannot_leave() -> None:
    rows = (row("w", "worker", "ann", Party(Sort.AREA, COMMUNITY)),)
    with pytest.raises(refusals.LastWorker):
        all_ended(
            CATALOGUE,
            rows,
            party=member("ann"),
            reason=EndReason.MOVED,
            by=OPERATOR,
            on=TODAY,
            staff=frozenset({"ann"}),
        )
    assert all_ended(
        CATALOGUE,
        rows,
        party=member("ann"),
        reason=EndReason.MOVED,
        by=WORKER,
        on=TODAY,
        staff=frozenset({"ann", WORKER}),
    )


# ------------------------------------------------------------------ dying


def reported(**more: Any) -> DeathReport:
    given: dict[str, Any] = {
        "uid": "ann", "life": Life.ACTIVE, "died_on": TODAY - 3 * DAY, "by": WORKER, "staff": STAFF, "today": TODAY, **more,
    }  # fmt: skip
    return report_death(**given)


LIFE = (
    row("lead", "leader", "ann", TEAM, seat=1),
    row("mandate", "proxy", "ben", member("ann"), until_on=date(2027, 5, 1)),
    row("post", "post", "ann", LINE, seat=1, until_on=date(2027, 5, 1)),
    row("asked", "proxy", "cat", member("ann"), state=State.OFFERED),
)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"by": "ben"}, refusals.NotStaff),
        ({"life": Life.DIED}, refusals.AlreadyDead),
        ({"life": Life.JOINED}, refusals.TargetGone),
        ({"life": Life.ERASED}, refusals.TargetGone),
        ({"died_on": TODAY + DAY}, refusals.DayNotYet),
    ],
)
def test_a_report_that_cannot_be_is_refused(more: dict[str, Any], refusal: type[RelationshipRefusal]) -> None:
    assert reported(life=Life.LEFT).died_on == TODAY - 3 * DAY
    with pytest.raises(refusal):
        reported(**more)


@pytest.mark.parametrize(
    ("by", "staff", "life", "refusal"),
    [
        pytest.param(WORKER, STAFF, Life.ACTIVE, refusals.SecondPerson, id="who entered it"),
        pytest.param("ann", STAFF | {"ann"}, Life.ACTIVE, refusals.SecondPerson, id="the person"),
        pytest.param("ben", STAFF, Life.ACTIVE, refusals.NotStaff, id="a resident"),
        pytest.param(
            OPERATOR, STAFF, Life.ACTIVE, refusals.SecondPerson, id="the operator where there are two"
        ),
        pytest.param(SECOND, STAFF, Life.DIED, refusals.AlreadyDead, id="confirmed before"),
    ],
)
def test_a_death_takes_two_people(
    by: str, staff: frozenset[str], life: Life, refusal: type[RelationshipRefusal]
) -> None:
    with pytest.raises(refusal):
        confirm_death(
            reported(), catalogue=CATALOGUE, relationships=LIFE, life=life, by=by, staff=staff, today=TODAY
        )


def test_a_death_ends_what_stands_and_says_what_follows() -> None:
    passing = confirm_death(
        reported(),
        catalogue=CATALOGUE,
        relationships=LIFE,
        life=Life.ACTIVE,
        by=SECOND,
        staff=STAFF,
        today=TODAY,
    )
    assert [(one.relationship.uid, one.relationship.state) for one in passing.ended] == [
        ("lead", State.OVER), ("mandate", State.OVER), ("post", State.OVER), ("asked", State.DECLINED),
    ]  # fmt: skip
    assert {one.relationship.end_reason for one in passing.ended} == {EndReason.DIED}
    assert FreePlace(line="n-1") in passing.ended[2].effects
    assert passing.consequences == AFTER_DEATH
    assert passing.consequences.index(Consequence.VOID_HOLDS) < passing.consequences.index(
        Consequence.SETTLE_HOURS
    )


def test_a_dead_worker_is_followed_by_somebody_first() -> None:
    rows = (row("w", "worker", "ann", Party(Sort.AREA, COMMUNITY)),)
    alone = frozenset({"ann"})
    report = reported(by=OPERATOR, staff=alone)
    with pytest.raises(refusals.LastWorker):
        confirm_death(
            report,
            catalogue=CATALOGUE,
            relationships=rows,
            life=Life.ACTIVE,
            by=OPERATOR,
            staff=alone,
            today=TODAY,
        )


def taken_back(**more: Any) -> Any:
    passing = confirm_death(
        reported(),
        catalogue=CATALOGUE,
        relationships=LIFE,
        life=Life.ACTIVE,
        by=SECOND,
        staff=STAFF,
        today=TODAY,
    )
    given: dict[str, Any] = {
        "uid": "ann",
        "life": Life.DIED,
        "catalogue": CATALOGUE,
        "relationships": [one.relationship for one in passing.ended],
        "until": {one.uid: one.until_on for one in LIFE},
        "keys_in_use": frozenset(),
        "gone": frozenset(),
        "by": WORKER,
        "second": SECOND,
        "staff": STAFF,
        "today": TODAY + 2 * DAY,
        "new_uid": uids(),
        **more,
    }
    return take_back_death(**given)


def test_a_death_by_mistake_is_undone_by_new_rows() -> None:
    back = taken_back()
    assert [(one.follows, one.state, one.since_on, one.until_on, one.seat) for one in back.begun] == [
        ("lead", State.IN_FORCE, TODAY + 2 * DAY, None, 1),
        ("mandate", State.IN_FORCE, TODAY + 2 * DAY, date(2027, 5, 1), 0),
        ("post", State.IN_FORCE, TODAY + 2 * DAY, date(2027, 5, 1), 1),
    ]
    assert {one.uid for one in back.begun} == {"new-1", "new-2", "new-3"}
    assert back.lost == ()
    assert TakePlace(line="n-1") in {effect for one in back.again for effect in one.effects}


@pytest.mark.parametrize(
    ("more", "lost"),
    [
        pytest.param({"keys_in_use": {"leader:organisation=team-1:1"}}, ["lead"], id="somebody leads now"),
        pytest.param(
            {"keys_in_use": {"proxy:member=ben:member=ann"}}, ["mandate"], id="offered anew already"
        ),
        pytest.param({"gone": {member("ben")}}, ["mandate"], id="the proxy has died"),
        pytest.param({"today": date(2027, 5, 2)}, ["mandate", "post"], id="the terms have passed"),
        pytest.param(
            {"until": {"lead": None}}, ["mandate", "post"], id="nobody knows how long it was to last"
        ),
    ],
)
def test_what_cannot_come_back_is_named(more: dict[str, Any], lost: list[str]) -> None:
    assert [one.uid for one in taken_back(**more).lost] == lost


def test_taking_back_takes_two_people_and_a_death() -> None:
    for more, refusal in (
        ({"second": WORKER}, refusals.SecondPerson),
        ({"by": "ben"}, refusals.NotStaff),
        ({"life": Life.ACTIVE}, refusals.NotDead),
    ):
        with pytest.raises(refusal):
            taken_back(**more)


# ------------------------------------------------------------------ joining

KEPT, GONE = Record(uid="ann", community=COMMUNITY), Record(uid="an2", community=COMMUNITY)


def joined(*rows: Relationship, **more: Any) -> Joined:
    given: dict[str, Any] = {
        "kept": KEPT, "gone": GONE, "catalogue": CATALOGUE, "relationships": rows, "by": WORKER, "second": SECOND,
        "staff": STAFF, "today": TODAY, "new_uid": uids(), **more,
    }  # fmt: skip
    return join(**given)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        pytest.param({"gone": KEPT}, refusals.Oneself, id="with oneself"),
        pytest.param(
            {"gone": replace(GONE, community="xihu")}, refusals.OtherCommunity, id="across communities"
        ),
        pytest.param({"gone": replace(GONE, joined_to="zoe")}, refusals.AlreadyJoined, id="joined before"),
        pytest.param({"kept": replace(KEPT, joined_to="zoe")}, refusals.AlreadyJoined, id="a chain"),
        pytest.param(
            {"gone": replace(GONE, life=Life.JOINED)}, refusals.AlreadyJoined, id="joined by its life"
        ),
        pytest.param({"kept": replace(KEPT, life=Life.LEFT)}, refusals.HolderLeft, id="kept one left"),
        pytest.param({"kept": replace(KEPT, life=Life.DIED)}, refusals.HolderDied, id="kept one died"),
        pytest.param({"gone": replace(GONE, life=Life.DIED)}, refusals.TargetDied, id="other one died"),
        pytest.param({"gone": replace(GONE, life=Life.ERASED)}, refusals.TargetGone, id="other one erased"),
        pytest.param({"second": WORKER}, refusals.SecondPerson, id="by one alone"),
        pytest.param(
            {"second": "ann", "staff": STAFF | {"ann"}}, refusals.SecondPerson, id="approved by the person"
        ),
        pytest.param(
            {"by": "ann", "staff": STAFF | {"ann"}}, refusals.SecondPerson, id="entered by the person"
        ),
        pytest.param({"by": "ben"}, refusals.NotStaff, id="by a resident"),
    ],
)
def test_records_that_cannot_be_joined_are_refused(
    more: dict[str, Any], refusal: type[RelationshipRefusal]
) -> None:
    with pytest.raises(refusal):
        joined(**more)


def test_somebody_who_had_left_and_came_back_is_one_again() -> None:
    assert joined(gone=replace(GONE, life=Life.LEFT)).begun == ()


def test_everything_open_begins_anew_for_the_record_kept() -> None:
    rows = (
        row("lead", "leader", "an2", TEAM, seat=1, until_on=date(2027, 5, 1)),
        row("mandate", "proxy", "ben", member("an2"), scope=(Scope.ASK,)),
        row("asked", "team_member", "an2", TEAM, state=State.OFFERED),
        row("past", "deputy", "an2", TEAM, state=State.OVER, end_reason=EndReason.RESIGNED),
    )
    done = joined(*rows)
    assert [(one.uid, one.state, one.end_reason) for one in done.ended] == [
        ("lead", State.OVER, EndReason.JOINED),
        ("mandate", State.OVER, EndReason.JOINED),
        ("asked", State.DECLINED, EndReason.JOINED),
    ]
    assert [(one.kind, one.holder.code, one.target.code, one.state, one.follows) for one in done.begun] == [
        ("leader", "ann", "team-1", State.IN_FORCE, "lead"),
        ("proxy", "ben", "ann", State.IN_FORCE, "mandate"),
        ("team_member", "ann", "team-1", State.OFFERED, ""),
    ]
    lead = done.begun[0]
    assert (lead.since_on, lead.until_on, lead.seat, lead.holder_yes) == (
        TODAY,
        date(2027, 5, 1),
        1,
        rows[0].holder_yes,
    )


def test_the_same_on_both_records_stands_once() -> None:
    rows = (row("a", "team_member", "ann", TEAM), row("b", "team_member", "an2", TEAM))
    done = joined(*rows)
    assert [one.uid for one in done.ended] == ["b"]
    assert done.begun == ()


def test_what_is_in_force_goes_before_the_same_on_offer() -> None:
    rows = (row("a", "team_member", "ann", TEAM, state=State.OFFERED), row("b", "team_member", "an2", TEAM))
    done = joined(*rows)
    assert [(one.uid, one.state) for one in done.ended] == [("b", State.OVER), ("a", State.DECLINED)]
    assert [(one.state, one.follows) for one in done.begun] == [(State.IN_FORCE, "b")]


def test_an_offer_of_what_stands_comes_to_nothing() -> None:
    rows = (row("a", "team_member", "ann", TEAM), row("b", "team_member", "an2", TEAM, state=State.OFFERED))
    done = joined(*rows)
    assert [(one.uid, one.state) for one in done.ended] == [("b", State.DECLINED)]
    assert done.begun == ()


def test_what_stood_between_the_two_ends() -> None:
    done = joined(row("a", "proxy", "ann", member("an2")), row("b", "stand_in", "an2", member("ann")))
    assert [one.uid for one in done.ended] == ["a", "b"]
    assert done.begun == ()


def test_a_renewal_goes_on_from_what_it_would_renew() -> None:
    rows = (
        row("again", "post", "an2", LINE, state=State.OFFERED, follows="old"),
        row("old", "post", "an2", LINE, seat=2),
    )
    done = joined(*rows)
    in_force, offered = done.begun
    assert (in_force.follows, in_force.state, in_force.seat) == ("old", State.IN_FORCE, 2)
    assert (offered.follows, offered.state) == (in_force.uid, State.OFFERED)
    assert len({one.open_key for one in done.begun}) == 2


def test_a_renewal_of_what_both_have_follows_the_one_that_stays() -> None:
    rows = (
        row("old", "post", "an2", LINE, seat=2),
        row("again", "post", "an2", LINE, state=State.OFFERED, follows="old"),
        row("mine", "post", "ann", LINE, seat=1),
    )
    (offered,) = joined(*rows).begun
    assert offered.follows == "mine"


def test_a_place_that_goes_on_stays_taken_and_one_that_was_double_is_free() -> None:
    going_on = joined(row("p", "post", "an2", LINE, seat=1))
    assert FreePlace(line="n-1") not in going_on.effects
    double = joined(row("p", "post", "an2", LINE, seat=1), row("q", "post", "ann", LINE, seat=2))
    assert FreePlace(line="n-1") in double.effects


def test_the_planner_reads_anew_and_a_workers_old_sign_ins_end() -> None:
    staffed = row("w", "worker", "an2", Party(Sort.AREA, COMMUNITY))
    done = joined(staffed, row("t", "team_member", "an2", TEAM))
    assert set(done.effects) == {PlanStale(), EndSignIns(member="an2")}


def test_the_only_worker_who_can_sign_in_is_not_joined_away() -> None:
    staffed = row("w", "worker", "an2", Party(Sort.AREA, COMMUNITY))
    with pytest.raises(refusals.LastWorker):
        joined(staffed, by=OPERATOR, second=OPERATOR, staff=frozenset({"an2"}))


def test_no_key_of_the_database_is_used_twice_after_joining() -> None:
    rows = (
        row("a", "team_member", "ann", TEAM, state=State.OFFERED),
        row("b", "team_member", "an2", TEAM),
        row("c", "leader", "an2", TEAM, seat=1),
        row("d", "proxy", "ben", member("an2")),
        row("e", "proxy", "ben", member("ann")),
        row("f", "kin", "an2", member("ann"), state=State.OFFERED),
    )
    done = joined(*rows)
    closed = {one.uid for one in done.ended}
    after = [*(one for one in rows if one.uid not in closed), *done.begun]
    for keys in ([one.open_key for one in after], [one.seat_key for one in after if one.seat_key]):
        assert len(set(keys)) == len(keys)
