"""What somebody may do today, and who acts and is told while they are away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.timebank.rules.relationship_world import CATALOGUE, COMMUNITY, TODAY
from timebank.catalogue import GrantedRole, Scope
from timebank.rules.relationships import (
    Absence,
    Party,
    Relationship,
    Sort,
    State,
    away_on,
    member,
    rights,
    speakers,
    told_for,
)

DAY = timedelta(days=1)
TEAM = Party(Sort.ORGANISATION, "team-1")
GRID = Party(Sort.AREA, "dongqu-1")
LEADER, OFFICER = GrantedRole("leader", "own_team"), GrantedRole("officer", "below")
AWAY = Absence(member="ann", from_on=TODAY - DAY, to_on=TODAY + DAY)


def row(
    kind: str, holder: str, target: Party, *, scope: tuple[Scope, ...] = (), uid: str = ""
) -> Relationship:
    return Relationship(
        uid=uid or f"{kind}-{holder}",
        community=COMMUNITY,
        kind=kind,
        holder=member(holder),
        target=target,
        since_on=TODAY - 9 * DAY,
        state=State.IN_FORCE,
        scope=scope,
        offered_by="wu",
    )


def standing_in(holder: str, for_whom: str, *scope: Scope) -> Relationship:
    return row("stand_in", holder, member(for_whom), scope=scope or (Scope.NOTICES, Scope.ACTS))


ROWS = (
    row("leader", "ann", TEAM),
    row("grid_head", "ann", GRID),
    row("worker", "ann", Party(Sort.AREA, COMMUNITY)),
    row("proxy", "ann", member("old"), scope=(Scope.ASK,)),
    row("building_head", "ann", Party(Sort.AREA, "b4")),
)


def roles(rows: tuple[Relationship, ...], uid: str, *absences: Absence, today: date = TODAY) -> set[str]:
    return {right.grant.role for right in rights(CATALOGUE, rows, absences, member=uid, today=today)}


def test_rights_come_from_relationships_in_force_and_nothing_else() -> None:
    assert roles(ROWS, "ann") == {"leader", "officer", "worker", "proxy"}
    assert roles(ROWS, "ben") == set()
    assert roles((), "ann") == set()


@pytest.mark.parametrize("state", [State.OFFERED, State.DECLINED, State.OVER])
def test_what_is_not_in_force_grants_nothing(state: State) -> None:
    assert roles((replace(ROWS[0], state=state),), "ann") == set()


def test_rights_stop_by_the_date_even_if_nobody_writes_it_down() -> None:
    rows = (replace(ROWS[0], until_on=TODAY),)
    assert roles(rows, "ann", today=TODAY) == {"leader"}
    assert roles(rows, "ann", today=TODAY + DAY) == set()
    assert roles(rows, "ann", today=TODAY - 10 * DAY) == set()


def test_a_right_says_towards_what_and_through_what() -> None:
    (right,) = rights(CATALOGUE, ROWS[3:4], (), member="ann", today=TODAY)
    assert (right.grant, right.target, right.scope) == (
        GrantedRole("proxy", "for_member"),
        member("old"),
        (Scope.ASK,),
    )
    assert (right.through, right.instead_of) == ("proxy-ann", "")


def test_a_stand_in_acts_while_the_other_is_away() -> None:
    rows = (*ROWS, standing_in("ben", "ann"))
    assert roles(rows, "ben") == set()
    given = rights(CATALOGUE, rows, [AWAY], member="ben", today=TODAY)
    assert [(right.grant, right.target, right.instead_of) for right in given] == [
        (LEADER, TEAM, "ann"), (OFFICER, GRID, "ann"),
    ]  # fmt: skip
    assert roles(rows, "ann", AWAY) == roles(ROWS, "ann")


def test_a_stand_in_never_becomes_a_worker_or_somebodys_proxy() -> None:
    assert not {"worker", "proxy", "auditor"} & roles((*ROWS, standing_in("ben", "ann")), "ben", AWAY)


@pytest.mark.parametrize(
    ("today", "acts"),
    [(TODAY - 2 * DAY, False), (TODAY - DAY, True), (TODAY + DAY, True), (TODAY + 2 * DAY, False)],
)
def test_a_stand_in_acts_on_the_days_away_and_no_other(today: date, acts: bool) -> None:
    assert ("leader" in roles((*ROWS, standing_in("ben", "ann")), "ben", AWAY, today=today)) is acts


def test_a_stand_in_for_notices_does_not_act() -> None:
    assert roles((*ROWS, standing_in("ben", "ann", Scope.NOTICES)), "ben", AWAY) == set()


def test_a_stand_in_of_a_stand_in_gets_the_duties_of_one_person_only() -> None:
    rows = (*ROWS, standing_in("ben", "ann"), standing_in("cat", "ben"), row("deputy", "ben", TEAM))
    both = (AWAY, Absence(member="ben", from_on=TODAY))
    given = rights(CATALOGUE, rows, both, member="cat", today=TODAY)
    assert [(right.grant.role, right.instead_of) for right in given] == [("leader", "ben")]


def test_a_stand_in_that_is_over_does_not_act() -> None:
    ended = replace(standing_in("ben", "ann"), until_on=TODAY - DAY)
    assert roles((*ROWS, ended), "ben", AWAY) == set()


def test_a_pause_has_no_last_day_and_an_absence_does_not_end_before_it_begins() -> None:
    pause = Absence(member="ann", from_on=TODAY)
    assert away_on([pause], TODAY + 400 * DAY) == {"ann"}
    assert away_on([pause], TODAY - DAY) == frozenset()
    with pytest.raises(ValueError, match="ends after"):
        Absence(member="ann", from_on=TODAY, to_on=TODAY - DAY)


# ------------------------------------------------------------------ news


def told(about: Relationship, rows: tuple[Relationship, ...], *absences: Absence) -> tuple[str, ...]:
    return told_for(CATALOGUE, rows, absences, relationship=about, today=TODAY)


def test_the_holder_is_told_and_while_away_the_stand_in() -> None:
    rows = (*ROWS, standing_in("ben", "ann", Scope.NOTICES))
    assert told(ROWS[0], rows) == ("ann",)
    assert told(ROWS[0], rows, AWAY) == ("ben",)


def test_a_workers_news_goes_to_the_stand_in_though_the_right_does_not() -> None:
    assert told(ROWS[2], (*ROWS, standing_in("ben", "ann")), AWAY) == ("ben",)


def test_a_proxys_news_stays_with_the_proxy() -> None:
    assert told(ROWS[3], (*ROWS, standing_in("ben", "ann")), AWAY) == ("ann",)


def test_no_news_is_lost_where_nobody_stands_in() -> None:
    rows = (*ROWS, standing_in("ben", "ann"))
    assert told(ROWS[0], ROWS, AWAY) == ("ann",)
    assert told(ROWS[0], rows, AWAY, Absence(member="ben", from_on=TODAY)) == ("ann",)


def test_two_stand_ins_are_both_told() -> None:
    rows = (*ROWS, standing_in("cat", "ann"), standing_in("ben", "ann"))
    assert told(ROWS[0], rows, AWAY) == ("ben", "cat")


def test_what_an_organisation_holds_is_told_to_the_organisation() -> None:
    firm = replace(
        row("lead_unit", "x", Party(Sort.AREA, COMMUNITY)), holder=Party(Sort.ORGANISATION, "firm")
    )
    assert told(firm, (firm,), AWAY) == ("firm",)


# ------------------------------------------------------------------ speakers


def test_who_speaks_for_a_team_a_person_a_child_and_a_household() -> None:
    rows = (
        *ROWS,
        row("deputy", "ben", TEAM),
        row("team_member", "cat", TEAM),
        row("guardian", "ma", member("kid")),
    )

    def speak(party: Party) -> frozenset[str]:
        return speakers(CATALOGUE, rows, party=party, today=TODAY, adults={"h1": frozenset({"ann", "old"})})

    assert speak(TEAM) == {"ann", "ben"}
    assert speak(member("old")) == {"old"}
    assert speak(member("kid")) == {"kid", "ma"}
    assert speak(Party(Sort.HOUSEHOLD, "h1")) == {"ann", "old"}
    assert speak(Party(Sort.HOUSEHOLD, "h2")) == frozenset()
    assert speak(Party(Sort.AREA, COMMUNITY)) == {"ann"}
    assert speak(Party(Sort.CATEGORY, "care")) == frozenset()
