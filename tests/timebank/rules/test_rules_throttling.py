"""How long somebody waits who is wrong again and again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.rules.people.throttling import (
    PERSON,
    SOURCE,
    Pace,
    Tries,
    counted,
    faded,
    given_back,
    wait_seconds,
)

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def tried(pace: Pace, times: int) -> Tries:
    known: Tries | None = None
    for _ in range(times):
        known = counted(known, NOW, pace)
    assert known is not None
    return known


@pytest.mark.parametrize(
    ("tries", "wait"), [(1, 0), (2, 0), (3, 10), (4, 20), (5, 40), (9, 640), (10, 900), (10_000, 900)]
)
def test_each_further_try_doubles_the_wait_up_to_a_quarter_of_an_hour(tries: int, wait: int) -> None:
    assert wait_seconds(tried(PERSON, tries), NOW, PERSON) == wait


def test_an_address_that_many_share_waits_later_and_never_longer_than_a_minute() -> None:
    assert wait_seconds(tried(SOURCE, 29), NOW, SOURCE) == 0
    assert wait_seconds(tried(SOURCE, 30), NOW, SOURCE) == 5
    assert wait_seconds(tried(SOURCE, 1_000), NOW, SOURCE) == 60


def test_tries_fade_and_a_long_siege_is_forgiven_within_a_day() -> None:
    known = tried(PERSON, 10_000)
    assert faded(known, NOW + timedelta(minutes=29), PERSON) == known.tries
    assert faded(known, NOW + timedelta(minutes=30), PERSON) == known.tries - 1
    assert faded(known, NOW + timedelta(days=1), PERSON) == 0
    assert wait_seconds(counted(known, NOW + timedelta(days=1), PERSON), NOW + timedelta(days=1), PERSON) == 0


def test_a_clock_that_was_set_back_keeps_nobody_waiting() -> None:
    known = tried(PERSON, 10)
    assert wait_seconds(known, NOW - timedelta(days=30), PERSON) == 0
    assert faded(known, NOW - timedelta(days=30), PERSON) == known.tries


def test_a_try_that_was_given_back_makes_nobody_wait() -> None:
    known = given_back(tried(SOURCE, 30), NOW)
    assert (known.tries, wait_seconds(known, NOW, SOURCE)) == (29, 0)


@given(st.lists(st.integers(0, 120), max_size=60))
def test_whoever_keeps_trying_gets_through_as_often_as_the_pace_says(gaps: list[int]) -> None:
    """However the tries are spread, the fourth that is judged comes a wait after the third."""
    now, known, judged = NOW, None, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if wait_seconds(known, now, PERSON) == 0:
            known = counted(known, now, PERSON)
            judged.append(now)
    between = [after - before for before, after in pairwise(judged[PERSON.free - 1 :])]
    for wait, least in zip(between, (10, 20, 40, 80, 160, 320, 640), strict=False):
        assert wait >= timedelta(seconds=least) or now - NOW >= PERSON.forgiven_every
