"""Every kind in every state under every command by everybody: none is in force without each yes and the second person."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.timebank.rules.relationship_world import (
    CATALOGUE,
    HOLDER,
    OTHER,
    SECOND,
    SPEAKER,
    STAFF,
    STRANGER,
    TODAY,
    WORKER,
    around,
)
from timebank.catalogue import Heard, RelationshipKind, Side
from timebank.rules.relationships import (
    OPERATOR,
    REASONS_TO_CHOOSE,
    SYSTEM,
    Approve,
    Command,
    End,
    Facts,
    KnownBy,
    Offer,
    Relationship,
    RelationshipRefusal,
    Renew,
    SayNo,
    SayYes,
    Sort,
    State,
    decide,
)

PEOPLE = (HOLDER, OTHER, WORKER, SECOND, SPEAKER, STRANGER, OPERATOR, SYSTEM)
STAFFED = (STAFF, frozenset({WORKER}), frozenset({HOLDER, WORKER}), frozenset[str]())


def offers(by: str, kind: RelationshipKind) -> Iterator[Command]:
    for holder_yes in (None, *Heard):
        for target_yes in (None, *Heard):
            yield Offer(uid="r1", by=by, scope=kind.scope, holder_yes=holder_yes, target_yes=target_yes)


def steps(by: str, kind: RelationshipKind) -> Iterator[Command]:
    yield Offer(uid="r2", by=by, scope=kind.scope)
    for side in Side:
        for heard in Heard:
            yield SayYes(by=by, side=side, heard=heard)
        yield SayNo(by=by, side=side)
    yield Approve(by=by)
    for reason in (REASONS_TO_CHOOSE[0], REASONS_TO_CHOOSE[-1], "no such reason"):
        yield End(by=by, reason=reason)
    yield Renew(uid="r2", by=by)


def states_of(row: Relationship | None) -> str:
    return "none" if row is None else row.state


def allowed(kind: RelationshipKind, row: Relationship, facts: Facts) -> bool:
    """Whether `row` may be in force: the rule written a second time, in other words."""
    for side in kind.yes:
        yes = row.holder_yes if side is Side.HOLDER else row.target_yes
        if yes is None or str(yes.known_by) not in {str(heard) for heard in kind.heard}:
            return False
        own = facts.holder if side is Side.HOLDER else facts.target
        other = facts.target if side is Side.HOLDER else facts.holder
        if yes.known_by is KnownBy.PAGE:
            people = own.party.sort is other.party.sort is Sort.MEMBER
            if yes.by not in own.speakers or (people and yes.by == other.party.code):
                return False
            continue
        if yes.known_by is not KnownBy.LIST and yes.by in {*own.speakers, other.party.code}:
            return False
        if yes.by not in {*facts.staff, OPERATOR}:
            return False
    if not kind.second:
        return True
    others = facts.staff - {row.offered_by, HOLDER}
    if row.approved_by == OPERATOR:
        return not others
    return row.approved_by in others


@pytest.mark.parametrize("code", CATALOGUE.relationships)
def test_none_is_in_force_without_every_yes_and_the_second_person(code: str) -> None:
    kind = CATALOGUE.relationships[code]
    for to in kind.to:
        for staff in STAFFED if kind.second else STAFFED[:1]:
            facts = replace(around(kind, to=to), staff=staff)
            reached = walked(kind, facts)
            in_force = [row for row in reached if row.state is State.IN_FORCE]
            assert in_force, (to, staff)
            for row in in_force:
                assert allowed(kind, row, facts), row


def walked(kind: RelationshipKind, facts: Facts) -> list[Relationship]:
    """Every relationship that some sequence of commands by anybody reaches.

    Walked on from are all that are on offer and one in force: what ends it does not look at who agreed to it.
    """
    reached: dict[Relationship, None] = {}
    waiting: deque[Relationship | None] = deque([None])
    ended = False
    while waiting:
        row = waiting.popleft()
        around_row = facts if row is None else replace(facts, twins=frozenset({row.uid}))
        for command in (one for by in PEOPLE for one in (steps if row else offers)(by, kind)):
            answer = decide(kind, row, command, around_row)
            if isinstance(answer, RelationshipRefusal):
                continue
            after = answer.relationship
            check_step(kind, row, after)
            if after in reached:
                continue
            reached[after] = None
            if after.uid == "r1" and (
                after.state is State.OFFERED or (after.state is State.IN_FORCE and not ended)
            ):
                ended = ended or after.state is State.IN_FORCE
                waiting.append(after)
    return [row for row in reached if row.uid == "r1"]


def check_step(kind: RelationshipKind, before: Relationship | None, after: Relationship) -> None:
    """A step goes forward only, and the keys of the database say the same as the state."""
    onward = {
        "none": {State.OFFERED, State.IN_FORCE},
        State.OFFERED: {State.OFFERED, State.IN_FORCE, State.DECLINED},
        State.IN_FORCE: {State.OVER, State.OFFERED, State.IN_FORCE},
    }
    assert after.state in onward[states_of(before)]
    assert (after.open_key is not None) == (after.state in {State.OFFERED, State.IN_FORCE})
    assert (after.end_reason is None) == after.is_open
    if after.seat_key is not None:
        assert after.state is State.IN_FORCE
        assert kind.per_target != 0
    if after.until_on is not None and after.is_open:
        assert after.since_on <= after.until_on
    if kind.grants and after.is_open:
        assert after.since_on >= TODAY


@pytest.mark.parametrize("code", ["worker", "proxy", "post", "certificate", "pair"])
def test_no_row_changes_once_it_is_closed(code: str) -> None:
    kind = CATALOGUE.relationships[code]
    facts = around(kind)
    closed = [row for row in walked(kind, facts) if not row.is_open]
    assert {row.state for row in closed} == ({State.OVER, State.DECLINED} if kind.yes else {State.OVER})
    for row in closed:
        for command in steps(WORKER, kind):
            answer = decide(kind, row, command, facts)
            assert isinstance(answer, RelationshipRefusal)
            assert answer.code == ("already_over" if row.state is State.OVER else "already_declined")
