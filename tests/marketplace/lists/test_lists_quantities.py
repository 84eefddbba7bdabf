"""Quantities: every phrase of the given files, many others, and what is asked about."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.quantities import HELPERS, Offered, counting, read_quantity
from marketplace.values import Per, Quantity, Unit

U, P = Unit, Per


def short(quantity: Quantity) -> tuple[int, Unit, Per, int, int]:
    return (quantity.amount, quantity.unit, quantity.per, quantity.minutes_each, quantity.helpers)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("每次1小时", (1, U.VISIT, P.OCCASION, 60, 0)),
        ("2人次", (2, U.PERSON, P.TOTAL, 0, 0)),
        ("半天", (1, U.VISIT, P.TOTAL, 210, 0)),
        ("1小时", (1, U.VISIT, P.TOTAL, 60, 0)),
        ("1小时/次", (1, U.VISIT, P.OCCASION, 60, 0)),
        ("60人", (60, U.PERSON, P.TOTAL, 0, 0)),
        ("20份/月", (20, U.ITEM, P.MONTH, 0, 0)),
        ("每天1.5小时", (1, U.VISIT, P.DAY, 90, 0)),
        ("3小时", (1, U.VISIT, P.TOTAL, 180, 0)),
        ("8人×2小时", (8, U.HELPER, P.TOTAL, 120, 8)),
        ("6人x3小时", (6, U.HELPER, P.TOTAL, 180, 6)),
        ("4人*3小时", (4, U.HELPER, P.TOTAL, 180, 4)),
        ("1副", (1, U.ITEM, P.TOTAL, 0, 0)),
        ("1次", (1, U.VISIT, P.TOTAL, 0, 0)),
        ("1场", (1, U.SESSION, P.TOTAL, 0, 0)),
        ("2场", (2, U.SESSION, P.TOTAL, 0, 0)),
        ("1件", (1, U.ITEM, P.TOTAL, 0, 0)),
        ("1套", (1, U.ITEM, P.TOTAL, 0, 0)),
        ("2小时/周", (1, U.VISIT, P.WEEK, 120, 0)),
        ("10分钟/人", (1, U.VISIT, P.OCCASION, 10, 0)),
        ("每次6个号", (6, U.PERSON, P.OCCASION, 0, 0)),
        ("4辆", (4, U.ITEM, P.TOTAL, 0, 0)),
        ("2名律师", (2, U.HELPER, P.TOTAL, 0, 2)),
        ("15名学生", (15, U.PERSON, P.TOTAL, 0, 0)),
        ("1辆,每天2趟", (2, U.TRIP, P.DAY, 0, 0)),
        ("每天40份", (40, U.ITEM, P.DAY, 0, 0)),
        ("每次12人", (12, U.PERSON, P.OCCASION, 0, 0)),
        ("5件/次", (5, U.ITEM, P.OCCASION, 0, 0)),
        ("１场,讲师２人", (1, U.SESSION, P.TOTAL, 0, 2)),
        ("可坐３０人", (30, U.SEAT, P.TOTAL, 0, 0)),
        ("可容纳一百二十人", (120, U.SEAT, P.TOTAL, 0, 0)),
        ("志愿者6名", (6, U.HELPER, P.TOTAL, 0, 6)),
        ("约60人", (60, U.PERSON, P.TOTAL, 0, 0)),
        ("两个半小时", (1, U.VISIT, P.TOTAL, 150, 0)),
        ("半小时", (1, U.VISIT, P.TOTAL, 30, 0)),
        ("每周2次", (2, U.VISIT, P.WEEK, 0, 0)),
        ("每户1小时", (1, U.VISIT, P.OCCASION, 60, 0)),
        ("1整天", (1, U.VISIT, P.TOTAL, 420, 0)),
        ("3", (3, U.ITEM, P.TOTAL, 0, 0)),
        ("8 people x 2 hours", (8, U.HELPER, P.TOTAL, 120, 8)),
        ("6 slots per session", (6, U.PERSON, P.OCCASION, 0, 0)),
        ("40 meals per day", (40, U.MEAL, P.DAY, 0, 0)),
        ("2 hours per week", (1, U.VISIT, P.WEEK, 120, 0)),
        ("2 hours a week", (1, U.VISIT, P.WEEK, 120, 0)),
        ("3 volunteers", (3, U.HELPER, P.TOTAL, 0, 3)),
        ("30 seats", (30, U.SEAT, P.TOTAL, 0, 0)),
        ("half a day", (1, U.VISIT, P.TOTAL, 210, 0)),
        ("1.5 hours", (1, U.VISIT, P.TOTAL, 90, 0)),
        ("0.25小时", (1, U.VISIT, P.TOTAL, 15, 0)),
        ("1小时30分钟", (1, U.VISIT, P.TOTAL, 90, 0)),
        ("半小时×2次", (2, U.VISIT, P.TOTAL, 30, 0)),
        ("2小时×3次/周", (3, U.VISIT, P.WEEK, 120, 0)),
        ("每周两次,每次1小时", (2, U.VISIT, P.WEEK, 60, 0)),
        ("每次2人,每次3小时", (2, U.HELPER, P.OCCASION, 180, 2)),
        ("每月2次,每次3人", (2, U.VISIT, P.MONTH, 0, 3)),
        ("10张桌子", (10, U.ITEM, P.TOTAL, 0, 0)),
        ("2场讲座", (2, U.SESSION, P.TOTAL, 0, 0)),
        ("2,000份", (2000, U.ITEM, P.TOTAL, 0, 0)),
        ("24小时", (1, U.VISIT, P.TOTAL, 1440, 0)),
        ("２０份／月", (20, U.ITEM, P.MONTH, 0, 0)),
        ("two volunteers", (2, U.HELPER, P.TOTAL, 0, 2)),
        ("twice a week", (2, U.VISIT, P.WEEK, 0, 0)),
        ("a dozen meals", (12, U.MEAL, P.TOTAL, 0, 0)),
    ],
)
def test_a_quantity_is_read(phrase: str, expected: tuple[int, Unit, Per, int, int]) -> None:
    quantity = read_quantity(phrase)
    assert short(quantity) == expected
    assert quantity.question is None
    assert quantity.phrase == phrase


def test_what_the_row_is_about_settles_seats_meals_and_helpers() -> None:
    assert read_quantity("40人", counting("resources", "quantity", Offered.PLACE)).unit is Unit.SEAT
    assert read_quantity("20份/月", counting("resources", "quantity", Offered.MEALS)).unit is Unit.MEAL
    assert short(read_quantity("21人", HELPERS)) == (21, U.HELPER, P.TOTAL, 0, 21)
    assert read_quantity("15名学生", HELPERS).unit is Unit.PERSON


def test_several_things_in_one_cell_are_all_kept() -> None:
    assert read_quantity("音响1套、桌椅40套").items == (("音响", 1), ("桌椅", 40))


def test_money_is_kept_as_text_and_noted_and_never_counted() -> None:
    quantity = read_quantity("20名,每人500元")
    assert (quantity.amount, quantity.money) == (20, "每人500元")
    assert [note.code for note in quantity.notes] == ["quantity_money"]


@pytest.mark.parametrize("phrase", ["约60人", "最多20人", "至少5人", "10人以内", "1次(约2小时)", "about 30"])
def test_a_bound_or_a_guess_is_read_as_its_number_and_noted(phrase: str) -> None:
    quantity = read_quantity(phrase)
    assert quantity.question is None
    assert [note.code for note in quantity.notes] == ["quantity_about"]


NUMBERS = st.integers(min_value=1, max_value=999)


@pytest.mark.parametrize(
    "phrase",
    [
        "2人同时", "两人一起×30分钟", "双人", "需两人一起抬", "2名志愿者同时上门×1小时", "两人同时×1小时",
        "2 helpers together, 1 hour", "two people at the same time",
    ],
)  # fmt: skip
def test_helpers_who_are_needed_at_the_same_time(phrase: str) -> None:
    quantity = read_quantity(phrase)
    assert (quantity.amount, quantity.unit, quantity.helpers) == (2, U.HELPER, 2)
    assert quantity.together
    assert quantity.question is None


@pytest.mark.parametrize("phrase", ["2人", "8人×2小时", "两名老人一起", "1人一起", "2名律师", "two helpers"])
def test_helpers_of_whom_fewer_are_welcome_too(phrase: str) -> None:
    assert not read_quantity(phrase).together


@settings(max_examples=200, deadline=None)
@given(
    NUMBERS,
    st.sampled_from(
        ["人", "人次", "份", "次", "名志愿者", "场", "趟", "个号", " people", " visits", " meals"]
    ),
    st.sampled_from(["", "上", "周一", "或者", "x", "上午"]),
    NUMBERS,
    st.sampled_from(["人", "人次", "次", "场", "趟", " seats"]),
)
def test_of_two_counts_none_is_dropped_in_silence(
    one: int, unit: str, between: str, other: int, second: str
) -> None:
    quantity = read_quantity(f"{one}{unit} {between}{other}{second}")
    kept = {quantity.amount, quantity.helpers, quantity.each_holds, *(amount for _, amount in quantity.items)}
    assert quantity.question is not None or {one, other} <= kept


def test_an_empty_quantity_counts_as_one_and_says_so() -> None:
    for empty in (None, "", " ", "—"):
        quantity = read_quantity(empty)
        assert quantity.amount == 1
        assert [note.code for note in quantity.notes] == ["quantity_missing"]


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("0人", "quantity_zero"),
        ("-3人", "quantity_zero"),
        ("负2人", "quantity_zero"),
        ("2.5人", "quantity_not_whole"),
        ("0.5份", "quantity_not_whole"),
        ("9999999人", "quantity_absurd"),
        ("30小时", "quantity_absurd"),  # in one day
        ("很多", "quantity_unreadable"),
        ("若干", "quantity_open"),
        ("看情况", "quantity_open"),
        ("3人或者看情况", "quantity_open"),
        ("0", "quantity_zero"),
        ("00人", "quantity_zero"),
        ("-0人", "quantity_zero"),
        ("5人0小时", "quantity_zero"),
        ("0.001小时", "quantity_zero"),  # less than a minute
        ("0.33小时", "quantity_not_whole"),  # no whole minutes
        ("2.5", "quantity_not_whole"),
        ("1.2.3人", "quantity_not_whole"),
        ("1.5次", "quantity_not_whole"),
        ("每天25小时", "quantity_absurd"),
        ("1小时,25小时", "quantity_absurd"),
        ("2000分钟", "quantity_absurd"),
        ("100000000000000000000", "quantity_absurd"),
        ("１０００００００人", "quantity_absurd"),
        ("1,5小时", "quantity_unreadable"),  # a decimal comma, or two numbers
        ("½小时", "quantity_partly_unread"),
        ("1e9人", "quantity_partly_unread"),
        ("nan", "quantity_unreadable"),
        ("inf人", "quantity_unreadable"),
        ("5-3人", "quantity_partly_unread"),
        ("三五人", "quantity_unreadable"),
        ("十几人", "quantity_open"),
        ("上百人", "quantity_partly_unread"),
        ("100万人", "quantity_absurd"),
        ("2人(男)", "quantity_partly_unread"),
        ("上午2人下午3人", "quantity_partly_unread"),
        ("1人1人1人", "quantity_several"),
        ("60人×2场", "quantity_several"),  # sixty at each, or sixty over both
        ("2次3场", "quantity_several"),
        ("每周3天,每天2小时", "quantity_partly_unread"),
        ("不限", "quantity_open"),
        ("3×", "quantity_unreadable"),
        ("×", "quantity_unreadable"),
        ("5天", "quantity_unreadable"),
    ],
)
def test_an_impossible_or_unclear_quantity_is_asked_about(phrase: str, code: str) -> None:
    question = read_quantity(phrase).question
    assert question is not None
    assert question.code == code
    assert question.zh
    assert question.en


@pytest.mark.parametrize("number", [2.0, True, "3"])
def test_a_quantity_refuses_anything_but_whole_numbers(number: Any) -> None:
    with pytest.raises(ValueError, match="whole"):
        Quantity(amount=number)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789.人次小时天每/×份半 名场,月周两三", max_size=14))
def test_no_quantity_text_breaks_the_reader(phrase: str) -> None:
    quantity = read_quantity(phrase)
    assert quantity.amount >= 1
    assert type(quantity.minutes_each) is int
