"""Agreements, their fulfilment, and whose turn it is."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.agreements import (
    Agreement,
    Direction,
    PledgedItem,
    RotaTurn,
    TurnState,
    close_turn,
    fulfilment,
    kept,
    rota,
    swap,
)
from marketplace.errors import BadTerm, NotWholeNumber, TurnOver, TurnTaken, UnknownUnit

ITEMS = (
    PledgedItem(key="room", unit="小学", title="音乐教室", amount=8, due_on=date(2026, 6, 30)),
    PledgedItem(key="talk", unit="医院", title="健康讲座", amount=2, due_on=date(2026, 9, 30)),
    PledgedItem(
        key="help",
        unit="小学",
        title="护学岗",
        amount=1,
        due_on=date(2026, 12, 31),
        direction=Direction.RECEIVES,
    ),
)


def signed(**more) -> Agreement:
    given = {
        "uid": "A1",
        "title": "共驻共建协议书",
        "units": ("小学", "医院"),
        "first_on": date(2026, 1, 1),
        "last_on": date(2026, 12, 31),
        "items": ITEMS,
        "signed_on": date(2026, 1, 5),
        **more,
    }
    return Agreement(**given)


def test_the_rate_counts_what_is_due_and_kept_in_full():
    half = kept(signed(), key="room", amount=8)
    assert fulfilment(half, on=date(2026, 10, 1)).percent == 50
    assert fulfilment(half, on=date(2026, 10, 1), unit="小学").percent == 100
    assert fulfilment(half, on=date(2026, 1, 6)).percent is None


def test_an_agreement_holds_from_its_signing_to_its_last_day():
    assert signed().in_force(date(2026, 12, 31))
    assert not signed().in_force(date(2027, 1, 1))
    assert not signed(signed_on=None).in_force(date(2026, 5, 1))


@pytest.mark.parametrize(
    ("refusal", "attempt"),
    [
        (BadTerm, lambda: signed(last_on=date(2025, 1, 1))),
        (UnknownUnit, lambda: signed(units=("小学",))),
        (NotWholeNumber, lambda: kept(signed(), key="room", amount=1.0)),
        (
            NotWholeNumber,
            lambda: PledgedItem(key="x", unit="y", title="z", amount=-1, due_on=date(2026, 1, 1)),
        ),
        (UnknownUnit, lambda: rota("council", (), ("2026-11",))),
        (TurnTaken, lambda: rota("council", ("a",), ("2026-11",), [turn(), turn()])),
        (TurnOver, lambda: swap(close_turn(turn(), held=True), turn(period="2026-12"))),
        (TurnOver, lambda: close_turn(close_turn(turn(), held=False), held=True)),
    ],
)
def test_what_contradicts_itself_is_refused(refusal, attempt):
    with pytest.raises(refusal):
        attempt()


def turn(**more) -> RotaTurn:
    return RotaTurn(**{"activity_key": "council", "period": "2026-11", "unit": "医院", **more})


def test_turns_go_round_and_respect_those_already_given():
    turns = rota(
        "council", ("医院", "小学", "物业"), ("2026-10", "2026-11", "2026-12", "2027-01"), [turn(unit="物业")]
    )
    assert [one.unit for one in turns] == ["医院", "物业", "医院", "小学"]


def test_a_swap_exchanges_two_units_and_remembers_it():
    first, second = swap(turn(), turn(period="2026-12", unit="小学"), reason="迎检")
    assert [(one.unit, one.swapped_with) for one in (first, second)] == [("小学", "医院"), ("医院", "小学")]


def test_a_missed_turn_stays_visible():
    assert close_turn(turn(), held=False, reason="没来").state is TurnState.MISSED
