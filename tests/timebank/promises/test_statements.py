"""A part is what was said about it: folding, taking back, and where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.policy import PromisePolicy
from timebank.rules.parts.attendance import Attendance, Kind, Off, Service, ServiceState, State
from timebank.rules.parts.promises import Standing, standing_of, stands
from timebank.rules.parts.statements import FOR_GOOD, Said, Statement, fold, taken_back_by

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
PART = Attendance(uid="A1", service="S1", member="V", signed_up_at=START - timedelta(days=2))
SERVICE = Service(
    uid="S1", community="x", kind=Kind.VISIT, title="买菜", recipient="E", starts_at=START,
    ends_at=START + timedelta(hours=1),
)  # fmt: skip
POLICY = PromisePolicy(undo_minutes=10)
TEN = timedelta(minutes=10)


def said(number: int, what: Said, *, by: str = "V", at: int = 0, **known: object) -> Statement:
    moment = START + timedelta(minutes=at)
    known.setdefault("at", moment if what in {Said.ARRIVAL, Said.LEAVING, Said.AMOUNT} else None)
    return Statement(
        uid=f"Q{number}", part="A1", service="S1", what=what, by=by, said_at=moment, **known,  # type: ignore[arg-type]
    )  # fmt: skip


def told(*statements: Statement, now: int = 0) -> tuple[State, Standing]:
    part = fold(PART, statements, rests=TEN, minutes_planned=60, minutes_over=60)
    return part.state, standing_of(SERVICE, part, now=START + timedelta(minutes=now), policy=POLICY)


@pytest.mark.parametrize(
    ("statements", "now", "standing"),
    [
        ((), -60, Standing.ARRANGED),
        ((said(1, Said.REMINDED, by="", at=-900),), -60, Standing.REMINDED),
        ((said(1, Said.SURE, at=-900),), -60, Standing.SURE),
        ((said(1, Said.ON_WAY, at=-20),), -10, Standing.ON_WAY),
        ((), 16, Standing.LATE),
        ((said(1, Said.ON_WAY, at=-20),), 16, Standing.LATE),
        ((), 60, Standing.SILENT),
        ((said(1, Said.CANNOT, at=-60),), -50, Standing.CANNOT),
        ((said(1, Said.CANNOT, at=-60),), 600, Standing.CANNOT),
        ((said(1, Said.ARRIVAL),), 10, Standing.ARRIVED),
        ((said(1, Said.ARRIVAL),), 91, Standing.OVERRUN),
        ((said(1, Said.ARRIVAL), said(2, Said.LEAVING, at=55)), 60, Standing.LEFT),
        ((said(1, Said.WORD, by="E", at=70),), 71, Standing.SAID_CAME),
        ((said(1, Said.NOT_CAME, by="E", at=70),), 71, Standing.SAID_NOT),
        ((said(1, Said.ARRIVAL), said(2, Said.NOT_CAME, by="E", at=70)), 71, Standing.DISPUTED),
        ((said(1, Said.NOT_CAME, by="E", at=70), said(2, Said.WENT, at=80)), 81, Standing.DISPUTED),
        ((said(1, Said.WORD, by="E", at=70), said(2, Said.NOT_WENT, at=80)), 81, Standing.DISPUTED),
        ((said(1, Said.NOT_WENT, at=20),), 21, Standing.SILENT),
        ((said(1, Said.FOUND_NOT, by="W", at=90),), 91, Standing.DID_NOT),
        ((said(1, Said.FOUND_UNKNOWN, by="W", at=90),), 91, Standing.UNKNOWN),
        ((said(1, Said.FOUND_UNKNOWN, by="W", at=90), said(2, Said.WORD, by="E", at=99)), 99, Standing.SAID_CAME),
        ((said(1, Said.ABSENT, by="L", at=61), said(2, Said.WRONG, at=70, note="我到了")), 71, Standing.DISPUTED),
    ],
)  # fmt: skip
def test_where_a_part_stands_after_what_was_said(
    statements: tuple[Statement, ...], now: int, standing: Standing
) -> None:
    assert told(*statements, now=now)[1] is standing


CAME = (said(1, Said.ARRIVAL), said(2, Said.LEAVING, at=55))


def test_a_decided_part_rests_and_only_then_is_posted() -> None:
    word = said(3, Said.WORD, by="E", at=60, minutes=55)
    part = fold(PART, [*CAME, word], rests=TEN, minutes_planned=60)
    assert (part.state, part.rests_until) == (State.CONFIRMED, START + timedelta(minutes=70))
    posted = said(4, Said.POSTED, by="", at=70, minutes=60, transfer_uid="T", policy_version="p")
    assert told(*CAME, word, posted) == (State.POSTED, Standing.POSTED)


def test_hours_put_right_say_what_stood_before() -> None:
    word = said(3, Said.WORD, by="E", at=60, minutes=55)
    posted = said(4, Said.POSTED, by="", at=70, minutes=60, transfer_uid="T1")
    back = said(5, Said.REVERSED, by="W", at=90, note="写错了")
    amount = said(6, Said.AMOUNT, by="W", at=90, minutes=30)
    again = said(7, Said.WORD, by="W", at=90, minutes=30)
    right = said(8, Said.POSTED, by="", at=90, minutes=30, transfer_uid="T2")
    part = fold(PART, [*CAME, word, posted, back, amount, again, right], rests=TEN)
    assert (part.minutes_before, part.minutes_credited, part.reversed_uid, part.transfer_uid) == (
        60,
        30,
        "T1",
        "T2",
    )
    assert told(*CAME, word, posted, back, amount, again, right)[1] is Standing.CORRECTED


def test_a_word_stands_where_it_covers_the_new_times_and_falls_where_they_are_longer() -> None:
    word = said(3, Said.WORD, by="E", at=60, minutes=55)
    shorter, longer = said(4, Said.LEAVING, at=40), said(4, Said.LEAVING, at=110)
    assert told(*CAME, word, shorter)[0] is State.CONFIRMED
    assert told(*CAME, word, longer)[0] is State.CHECKED_OUT


def test_a_word_falls_when_its_giver_writes_the_times() -> None:
    word = said(3, Said.WORD, by="W", at=60, minutes=55)
    assert told(*CAME, word, said(4, Said.LEAVING, by="W", at=50))[0] is State.CHECKED_OUT


def test_a_word_before_the_times_covers_what_was_planned_and_a_little_more() -> None:
    word = said(1, Said.WORD, by="E", at=70)
    came = said(2, Said.ARRIVAL, at=0)
    assert told(word, came, said(3, Said.LEAVING, at=110))[0] is State.CONFIRMED
    assert told(word, came, said(3, Said.LEAVING, at=130))[0] is State.CHECKED_OUT


def test_taking_back_leaves_everything_that_was_said_meanwhile() -> None:
    sure = said(1, Said.SURE, at=-60)
    cannot = said(2, Said.CANNOT, at=-50)
    reminded = said(3, Said.REMINDED, by="", at=-45)
    back = said(4, Said.RETRACT, at=-44, retracts="Q2")
    part = fold(PART, [sure, cannot, reminded, back])
    assert (part.state, part.reminded_at is not None, part.sure_at is not None) == (
        State.SIGNED_UP,
        True,
        True,
    )


def test_only_ones_own_last_press_is_taken_back_while_it_is_fresh_and_nobody_built_on_it() -> None:
    tick, left = said(1, Said.ARRIVAL, by="L"), said(2, Said.LEAVING, by="V", at=55)

    def found(hand: str, minutes: int, *statements: Statement) -> Statement | None:
        return taken_back_by(statements, hand, now=START + timedelta(minutes=minutes), within=TEN)

    assert found("L", 5, tick) == tick
    assert found("V", 5, tick) is None
    assert found("L", 11, tick) is None
    assert found("L", 5, tick, left) is None
    assert found("L", 5, tick, said(3, Said.REMINDED, by="", at=1)) == tick
    for what in FOR_GOOD - {Said.RETRACT}:
        assert found("", 5, said(1, what, by="")) is None


def test_minutes_pass_as_they_do_when_the_clocks_change() -> None:
    zone = ZoneInfo("Europe/Madrid")
    for day, minutes in (
        (datetime(2026, 10, 25, 1, 30, tzinfo=zone), 180),
        (datetime(2026, 3, 29, 1, 30, tzinfo=zone), 60),
    ):
        came = replace(said(1, Said.ARRIVAL), at=day)
        stay = [came, replace(came, uid="Q2", what=Said.LEAVING, at=day.replace(hour=3))]
        assert fold(PART, stay).minutes_served == minutes


@settings(deadline=None)
@given(st.lists(st.sampled_from([one for one in Said if one is not Said.RETRACT]), max_size=8), st.data())
def test_taking_back_the_last_statement_is_as_if_it_had_never_been_said(
    kinds: list[Said], data: st.DataObject
) -> None:
    statements = [
        said(number, what, by=data.draw(st.sampled_from("VEWL")), at=number * 7, minutes=30)
        for number, what in enumerate(kinds)
    ]
    if not statements:
        return
    back = said(99, Said.RETRACT, by=statements[-1].by, at=200, retracts=statements[-1].uid)
    assert fold(PART, [*statements, back]) == fold(PART, statements[:-1])


def test_the_occasion_goes_by_the_newest_part_and_a_search_is_told_as_one() -> None:
    gone = fold(PART, [said(1, Said.CANNOT, at=-100)])
    fresh = Attendance(uid="A2", service="S1", member="V2", signed_up_at=START - timedelta(hours=1))
    now = START - timedelta(minutes=50)
    assert stands(SERVICE, [gone], now=now, policy=POLICY) == (Standing.SEARCHING, gone)
    assert stands(SERVICE, [gone, fresh], now=now, policy=POLICY) == (Standing.ARRANGED, fresh)
    assert stands(SERVICE, [gone], now=START + timedelta(hours=2), policy=POLICY)[0] is Standing.UNFILLED


@pytest.mark.parametrize("off", list(Off))
def test_what_is_called_off_says_so_and_a_released_promise_is_looked_for(off: Off) -> None:
    called_off = Service(
        uid="S1", community="x", kind=Kind.SHIFT, title="周二", starts_at=START, ends_at=START + timedelta(hours=1),
        state=ServiceState.CANCELLED, off=off,
    )  # fmt: skip
    part = fold(PART, [said(1, Said.OFF, by="W", at=-100)])
    whole, _part = stands(called_off, [part], now=START - timedelta(hours=1), policy=POLICY)
    assert whole.value == {"released": "searching", "moved": "moved"}.get(off.value, f"off_{off.value}")
