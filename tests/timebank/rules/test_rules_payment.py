"""What the book is told: every leg sums to zero, nobody is left owing, and the same day asks for the same keys."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger import SettleHold, Transfer, VoidHold
from timebank.policy import GrantPolicy, Policy
from timebank.rules.hours.credit import Credit, Cut, GoesTo
from timebank.rules.hours.payment import (
    Paid,
    Stamp,
    first_hours,
    floor_change,
    payment,
    posting_key,
    rest_key,
)

STAMP = Stamp(
    effective_on=date(2026, 12, 1), occurred_at=datetime(2026, 12, 1, 10, tzinfo=UTC), actor="W1", meta={"service": "S1"}
)  # fmt: skip


def paid(credit: Credit, *, held: int = 0) -> tuple[Paid, ...]:
    return payment(
        key="k", credit=credit, earner="earner", issuer="issuer", fund="fund", team="team",
        hold="H1" if held else "", minutes_held=held, stamp=STAMP,
    )  # fmt: skip


def legs(command: Paid) -> dict[str, int]:
    assert isinstance(command, Transfer)
    return {leg[0]: leg[1] for leg in command.legs}


def cut(minutes: int, goes_to: GoesTo) -> Cut:
    return Cut(rule="r", minutes=-minutes, zh="规则", en="rule", counts=False, goes_to=goes_to)


def test_the_institution_pays_what_is_credited() -> None:
    (command,) = paid(Credit(minutes_served=60, minutes_credited=60))
    assert legs(command) == {"issuer": 60, "earner": -60}
    assert command.key == "k"
    assert command.effective_on == STAMP.effective_on


def test_nothing_is_posted_for_nothing() -> None:
    assert paid(Credit(minutes_served=5, minutes_credited=0)) == ()


@pytest.mark.parametrize(
    ("credited", "held", "settled", "rest"),
    [(60, 60, 60, 0), (60, 90, 60, 0), (90, 60, 60, 30)],
)
def test_a_hold_is_settled_first_and_the_institution_pays_the_rest(
    credited: int, held: int, settled: int, rest: int
) -> None:
    commands = paid(Credit(minutes_served=credited, minutes_credited=credited), held=held)
    first = commands[0]
    assert isinstance(first, SettleHold)
    assert (first.amount, first.payee, first.key) == (settled, "earner", "k")
    assert [legs(one) for one in commands[1:]] == ([{"issuer": rest, "earner": -rest}] if rest else [])
    assert all(one.key == rest_key("k") for one in commands[1:])


def test_a_hold_for_which_nothing_is_credited_goes_back() -> None:
    (command,) = paid(Credit(minutes_served=5, minutes_credited=0), held=60)
    assert isinstance(command, VoidHold)


def test_what_is_above_the_store_goes_to_the_fund() -> None:
    credit = Credit(minutes_served=60, minutes_credited=20, cuts=(cut(40, GoesTo.FUND),))
    assert legs(paid(credit)[0]) == {"issuer": 60, "earner": -20, "fund": -40}


def test_a_teams_hours_go_to_the_team() -> None:
    credit = Credit(minutes_served=60, minutes_credited=0, cuts=(cut(60, GoesTo.TEAM),))
    (command,) = paid(credit)
    assert legs(command) == {"issuer": 60, "team": -60}
    assert command.key == "k"


def test_what_goes_nowhere_is_not_posted() -> None:
    credit = Credit(minutes_served=60, minutes_credited=20, cuts=(cut(40, GoesTo.NOBODY),))
    assert legs(paid(credit)[0]) == {"issuer": 20, "earner": -20}


def test_a_part_that_was_reversed_is_posted_under_another_key() -> None:
    assert posting_key("A1") == "attendance:A1"
    assert posting_key("A1", "T9") == "attendance:A1:T9"


def test_first_hours_are_given_once_in_a_life() -> None:
    policy = Policy(grant=GrantPolicy(first_minutes=120))
    command = first_hours(policy, member="M1", account="acc", issuer="issuer", stamp=STAMP)
    assert command is not None
    assert (command.key, legs(command)) == ("first:M1", {"issuer": 120, "acc": -120})
    assert first_hours(Policy(), member="M1", account="acc", issuer="issuer", stamp=STAMP) is None


def test_a_new_bound_has_a_key_for_each_change() -> None:
    day = date(2026, 12, 15)
    there = floor_change("issuer", 500, before=-1_000, on=day)
    assert (there.code, there.floor, there.effective_on) == ("issuer", -500, day)
    assert there == floor_change("issuer", 500, before=-1_000, on=day)
    back = floor_change("issuer", 1_000, before=-500, on=day)
    assert len({there.key, back.key, floor_change("m1", 500, before=-1_000, on=day).key}) == 3
