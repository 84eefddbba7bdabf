"""轮值: the order of turns, swaps, and what becomes of a missed turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marketplace.errors import (
    NobodyInTurn,
    NotTheAskedUnit,
    NotTheTurnsUnit,
    RotaRefused,
    SwapWithItself,
    TurnStage,
    TurnTaken,
    UnknownTurn,
)
from marketplace.rota import (
    STATES_ZH,
    STEPS_ZH,
    TRANSITIONS,
    RotaTurn,
    Step,
    TurnState,
    agree_swap,
    ask_swap,
    cover,
    decline_swap,
    hold,
    miss,
    owed,
    rota,
    take_back_swap,
    turns_kept,
)

UNITS = ("医院", "小学", "物业")


def turn(**more: Any) -> RotaTurn:
    return RotaTurn(**{"activity_key": "council", "period": "2026-11", "unit": "医院", **more})


DECEMBER = turn(period="2026-12", unit="小学")


def asked(**more: Any) -> RotaTurn:
    return replace(ask_swap(turn(), DECEMBER, by="医院", reason="迎检"), **more)


# ---------------------------------------------------------------------- the order


def test_turns_go_round_and_respect_those_already_given() -> None:
    turns = rota("council", UNITS, ("2026-10", "2026-11", "2026-12", "2027-01"), [turn(unit="物业")])
    assert [one.unit for one in turns] == ["医院", "物业", "医院", "小学"]


def test_the_next_rota_goes_on_where_the_last_one_ended() -> None:
    before = [turn(period="2026-10"), turn(unit="小学")]
    assert [one.unit for one in rota("council", UNITS, ("2026-12", "2027-01"), before)] == ["物业", "医院"]


def test_a_unit_that_left_does_not_move_the_order() -> None:
    before = [turn(unit="已退出")]
    assert [one.unit for one in rota("council", UNITS, ("2026-12",), before)] == ["医院"]


@pytest.mark.parametrize("after", [lambda one: miss(one), lambda one: cover(one, by="物业")])
def test_who_missed_a_turn_is_first_in_the_next_free_period_and_the_order_goes_on(after: Any) -> None:
    missed = after(turn(period="2026-10", unit="小学"))
    assert owed([missed]) == (missed,)
    planned = rota("council", UNITS, ("2026-11", "2026-12", "2027-01"), [missed])
    assert [(one.unit, one.makes_up) for one in planned] == [("小学", "2026-10"), ("物业", ""), ("医院", "")]
    assert owed([missed, *planned]) == ()


def test_a_turn_is_not_made_up_before_it_was_missed() -> None:
    later = miss(turn(period="2027-01"))
    assert [one.makes_up for one in rota("council", UNITS, ("2026-12",), [later])] == [""]


def test_how_a_unit_kept_its_turns_can_be_told() -> None:
    turns = [
        hold(turn(period="2026-08")),
        miss(turn(period="2026-09")),
        cover(turn(period="2026-10"), by="小学"),
        turn(),
    ]
    ours, theirs = turns_kept(turns, "医院"), turns_kept(turns, "小学")
    assert (ours.led, ours.missed, ours.covered, ours.stood_in) == (1, 1, 1, 0)
    assert (theirs.led, theirs.stood_in) == (0, 1)


# ---------------------------------------------------------------------- swaps


def test_a_swap_is_asked_agreed_and_remembered() -> None:
    first, second = agree_swap(asked(), DECEMBER, by="小学")
    assert [(one.unit, one.swapped_with, one.state) for one in (first, second)] == [
        ("小学", "医院", TurnState.AHEAD),
        ("医院", "小学", TurnState.AHEAD),
    ]
    assert second.reason == "迎检"


def test_a_make_up_goes_along_with_its_unit() -> None:
    makes_up = replace(ask_swap(turn(makes_up="2026-08"), DECEMBER, by="医院"))
    first, second = agree_swap(makes_up, DECEMBER, by="小学")
    assert (first.makes_up, second.makes_up) == ("", "2026-08")


def test_a_swap_declined_or_taken_back_leaves_everything_as_it_was() -> None:
    declined = decline_swap(asked(), DECEMBER, by="小学", reason="那天有课")
    assert (declined.state, declined.unit, declined.swap_with) == (TurnState.AHEAD, "医院", "")
    assert take_back_swap(asked(), by="医院") == turn()


@pytest.mark.parametrize(
    ("refusal", "attempt"),
    [
        (NobodyInTurn, lambda: rota("council", (), ("2026-11",))),
        (TurnTaken, lambda: rota("council", ("a",), ("2026-11",), [turn(), turn()])),
        (NotTheTurnsUnit, lambda: ask_swap(turn(), DECEMBER, by="小学")),
        (SwapWithItself, lambda: ask_swap(turn(), turn(period="2026-12"), by="医院")),
        (SwapWithItself, lambda: ask_swap(turn(), replace(DECEMBER, activity_key="patrol"), by="医院")),
        (TurnStage, lambda: ask_swap(turn(), hold(DECEMBER), by="医院")),
        (TurnStage, lambda: ask_swap(asked(), DECEMBER, by="医院")),
        (NotTheAskedUnit, lambda: agree_swap(asked(), DECEMBER, by="物业")),
        (NotTheAskedUnit, lambda: decline_swap(asked(), DECEMBER, by="医院")),
        (UnknownTurn, lambda: agree_swap(asked(), turn(period="2027-05", unit="小学"), by="小学")),
        (TurnStage, lambda: agree_swap(asked(), miss(DECEMBER), by="小学")),
        (TurnStage, lambda: agree_swap(turn(), DECEMBER, by="小学")),
        (NotTheTurnsUnit, lambda: take_back_swap(asked(), by="小学")),
        (SwapWithItself, lambda: cover(turn(), by="医院")),
    ],
)
def test_what_a_rota_does_not_allow_is_refused_in_words(refusal: Any, attempt: Any) -> None:
    with pytest.raises(refusal) as caught:
        attempt()
    assert isinstance(caught.value, RotaRefused)
    assert all("{" not in caught.value.sentence(lang) for lang in ("zh", "en"))


# ---------------------------------------------------------------------- every stage and step

STEPS = {
    Step.ASK_SWAP: lambda one: ask_swap(one, DECEMBER, by="医院"),
    Step.AGREE_SWAP: lambda one: agree_swap(one, DECEMBER, by="小学")[0],
    Step.DECLINE_SWAP: lambda one: decline_swap(one, DECEMBER, by="小学"),
    Step.TAKE_BACK: lambda one: take_back_swap(one, by="医院"),
    Step.HOLD: hold,
    Step.MISS: miss,
    Step.COVER: lambda one: cover(one, by="物业"),
}


@pytest.mark.parametrize("state", list(TurnState))
@pytest.mark.parametrize("step", list(Step))
def test_a_turn_takes_the_steps_of_the_table_and_no_others(state: Any, step: Any) -> None:
    one = turn(state=state, swap_with="2026-12" if state is TurnState.ASKED else "")
    if (state, step) in TRANSITIONS:
        after = STEPS[step](one)  # type: ignore[no-untyped-call]
        assert after.state is TRANSITIONS[state, step]
        assert bool(after.swap_with) == (after.state is TurnState.ASKED)
    else:
        with pytest.raises(TurnStage):
            STEPS[step](one)  # type: ignore[no-untyped-call]
    assert state in STATES_ZH
    assert step in STEPS_ZH
