"""Cells of the paper roster: clocks in any writing, as above, absent, nothing said; the sums."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.rules.parts.roster_grid import Mark, Row, Unreadable, read_cell, read_rows, sums


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("830", time(8, 30)), ("8.30", time(8, 30)), ("8：30", time(8, 30)), ("8:30", time(8, 30)), ("０８３０", time(8, 30)),
        ("八点半", time(8, 30)), ("八点", time(8)), ("8点", time(8)), ("8点05分", time(8, 5)), ("十一点一刻", time(11, 15)),
        ("下午两点四十", time(14, 40)), ("晚上十点", time(22)), ("二十点三刻", time(20, 45)), ("8 : 30", time(8, 30)),
        ("9", time(9)), ("2400", time(0)), ("8h15", time(8, 15)),
    ],
)  # fmt: skip
def test_clocks_in_any_writing(typed: str, clock: time) -> None:
    assert read_cell(typed) == clock


@pytest.mark.parametrize(
    ("typed", "mark"),
    [("", Mark.NOTHING), ("  ", Mark.NOTHING), ("-", Mark.ABSENT), ("没来", Mark.ABSENT), ("=", Mark.SAME), ("同上", Mark.SAME)],
)  # fmt: skip
def test_marks(typed: str, mark: Mark) -> None:
    assert read_cell(typed) is mark


@pytest.mark.parametrize("typed", ["8:75", "2530", "早", "半点", "八点百", "8-9", "12345", "一二点"])
def test_what_is_no_clock_is_asked_about(typed: str) -> None:
    with pytest.raises(Unreadable):
        read_cell(typed)


def test_as_above_repeats_the_last_clock_of_its_column_over_those_who_stayed_away() -> None:
    stays, wrong = read_rows(
        [
            Row(key="a", arrived="830", left="1130"), Row(key="b", arrived="-"), Row(key="c", arrived="=", left="="),
            Row(key="d"), Row(key="e", arrived="=", left="1100"),
        ]
    )  # fmt: skip
    assert wrong == {}
    assert [(one.arrived, one.left, one.absent) for one in stays] == [
        (time(8, 30), time(11, 30), False), (None, None, True), (time(8, 30), time(11, 30), False), (None, None, False),
        (time(8, 30), time(11), False),
    ]  # fmt: skip
    assert sums(stays) == (3, 180 + 180 + 150)


def test_a_night_is_counted_over_midnight() -> None:
    [stay], _wrong = read_rows([Row(key="a", arrived="22:00", left="0:30")])
    assert stay.minutes() == 150


def test_a_cell_that_cannot_be_read_is_named_by_its_row() -> None:
    stays, wrong = read_rows([Row(key="a", arrived="8点", left="??"), Row(key="b", arrived="9", left="10")])
    assert (wrong, [one.key for one in stays]) == ({"a": "??"}, ["b"])


@given(st.times())
def test_every_clock_is_read_as_it_is_written(clock: time) -> None:
    whole = clock.replace(second=0, microsecond=0, fold=0)
    assert read_cell(f"{whole.hour}:{whole.minute:02d}") == whole
    assert read_cell(f"{whole.hour}{whole.minute:02d}") == whole
