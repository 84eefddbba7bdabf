"""When something really happened: phones whose clocks are wrong, moved, or asleep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.rules.parts.late_clock import (
    TOLERANCE,
    Doubt,
    Reading,
    TrueTime,
    comes_by_itself,
    true_time,
)

START = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
END = START + timedelta(hours=3)
LOADED = START - timedelta(minutes=20)
SECONDS = st.integers(min_value=0, max_value=7_200)
WRONG = st.integers(min_value=-(10**8), max_value=10**8).map(lambda seconds: timedelta(seconds=seconds))


def told(
    *,
    pressed_after: timedelta,
    sent_after: timedelta,
    wrong: timedelta = timedelta(),
    moved: timedelta = timedelta(),
    asleep: timedelta = timedelta(),
    boots: tuple[str, str] = ("b", "b"),
    issued_at: datetime = LOADED,
) -> TrueTime:
    """What is made of a press `pressed_after` the start and sent `sent_after` the press."""
    at = START + pressed_after
    received_at = at + sent_after
    return true_time(
        Reading(wall=at + wrong, steady_ms=1_000, boot=boots[0]),
        Reading(
            wall=received_at + wrong + moved,
            steady_ms=1_000 + int((sent_after - asleep).total_seconds() * 1000),
            boot=boots[1],
        ),
        skew=-wrong, received_at=received_at, issued_at=issued_at, starts_at=START, ends_at=END,
    )  # fmt: skip


@given(pressed=SECONDS, sent=SECONDS, wrong=WRONG)
def test_a_clock_that_is_wrong_and_stays_so_tells_the_right_time(
    pressed: int, sent: int, wrong: timedelta
) -> None:
    found = told(pressed_after=timedelta(seconds=pressed), sent_after=timedelta(seconds=sent), wrong=wrong)
    assert found == TrueTime(at=START + timedelta(seconds=pressed), doubt=Doubt.NONE)


@given(pressed=SECONDS, sent=SECONDS, part=st.integers(min_value=0, max_value=100))
def test_a_phone_that_slept_meanwhile_is_believed(pressed: int, sent: int, part: int) -> None:
    sent_after = timedelta(seconds=sent)
    found = told(
        pressed_after=timedelta(seconds=pressed), sent_after=sent_after, asleep=sent_after * part / 100
    )
    assert found.live


@given(sent=SECONDS, moved=st.integers(min_value=121, max_value=10**6), back=st.booleans())
def test_a_clock_that_was_moved_before_sending_is_never_taken_live(sent: int, moved: int, back: bool) -> None:
    by = timedelta(seconds=-moved if back else moved)
    found = told(pressed_after=timedelta(minutes=5), sent_after=timedelta(seconds=sent), moved=by)
    assert found.doubt is Doubt.CLOCK_MOVED


@given(
    pressed=st.integers(min_value=-4 * 86_400, max_value=4 * 86_400), sent=st.integers(0, 4 * 86_400),
    wrong=WRONG, moved=st.integers(-10**5, 10**5), slept=st.integers(0, 86_400),
)  # fmt: skip
def test_whatever_the_clocks_say_a_live_time_is_right_and_in_its_bounds(
    pressed: int, sent: int, wrong: timedelta, moved: int, slept: int
) -> None:
    sent_after = timedelta(seconds=sent)
    found = told(
        pressed_after=timedelta(seconds=pressed), sent_after=sent_after, wrong=wrong, moved=timedelta(seconds=moved),
        asleep=min(sent_after, timedelta(seconds=slept)),
    )  # fmt: skip
    truth = START + timedelta(seconds=pressed)
    if found.live:
        assert abs(found.at - truth) <= TOLERANCE
        assert LOADED - TOLERANCE <= found.at <= truth + sent_after
        assert START - timedelta(minutes=60) <= found.at <= END + timedelta(hours=12)
    assert found.at <= truth + sent_after


def test_a_steady_clock_that_ran_longer_than_the_time_between_says_that_the_clock_was_moved_before() -> None:
    at = START + timedelta(hours=1)
    found = true_time(
        # Put forward by an hour before the press, and back before the sending.
        Reading(wall=at + timedelta(hours=1), steady_ms=0, boot="b"),
        Reading(wall=at + timedelta(minutes=90), steady_ms=90 * 60_000, boot="b"),
        skew=timedelta(), received_at=at + timedelta(minutes=90), issued_at=LOADED, starts_at=START, ends_at=END,
    )  # fmt: skip
    assert found.doubt is Doubt.STEADY_CLOCK


def test_a_steady_clock_of_another_life_of_the_page_says_nothing() -> None:
    found = told(pressed_after=timedelta(), sent_after=timedelta(hours=1), boots=("a", "b"))
    assert found.live


@pytest.mark.parametrize(
    ("pressed_minutes", "doubt"),
    [
        (-61, Doubt.TOO_EARLY), (-60, Doubt.NONE), (0, Doubt.NONE), (180 + 720, Doubt.NONE),
        (180 + 721, Doubt.TOO_LATE),
    ],
)  # fmt: skip
def test_a_press_counts_from_an_hour_before_the_start_to_half_a_day_after_the_end(
    pressed_minutes: int, doubt: Doubt
) -> None:
    early = LOADED - timedelta(hours=2)
    found = told(pressed_after=timedelta(minutes=pressed_minutes), sent_after=timedelta(), issued_at=early)
    assert found.doubt is doubt


def test_a_press_before_its_page_was_made_is_asked_about() -> None:
    found = told(pressed_after=timedelta(), sent_after=timedelta(), issued_at=START + timedelta(minutes=3))
    assert found.doubt is Doubt.BEFORE_PAGE


def test_a_phone_that_never_heard_our_clock_is_asked() -> None:
    reading = Reading(wall=START, steady_ms=0, boot="b")
    found = true_time(
        reading, reading, skew=None, received_at=START, issued_at=LOADED, starts_at=START, ends_at=END
    )
    assert found.doubt is Doubt.UNKNOWN_CLOCK


def test_it_comes_by_itself_for_a_day_and_a_half() -> None:
    assert comes_by_itself(ends_at=END, received_at=END + timedelta(hours=36))
    assert not comes_by_itself(ends_at=END, received_at=END + timedelta(hours=36, seconds=1))
