"""Quantities as offices write them: what a column counts gives a bare number its meaning, and none is read wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.quantities import HELPERS, Counting, Offered, counting, read_quantity
from marketplace.values import Per, Unit
from tests.marketplace.reading.judged import QUANTITIES, Verdict, counted, figures, judged_quantity
from tests.marketplace.reading.reading_oracle import Counted, quantity_rows

ROWS = [row for name in QUANTITIES for row in quantity_rows(name)]
COLUMNS = [
    ("needs", "helpers", Offered.ANY),
    ("needs", "quantity", Offered.ANY),
    ("needs", "quantity", Offered.GOODS),
    ("resources", "people_count", Offered.PLACE),
    ("resources", "people_count", Offered.SERVICE),
    ("resources", "people_count", Offered.TEAM),
    ("resources", "quantity", Offered.MEALS),
    ("resources", "quantity", Offered.SERVICE),
    ("activities", "helpers", Offered.ANY),
    ("activities", "people_count", Offered.ANY),
    ("projects", "people_count", Offered.ANY),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.column} {row.phrase}")
def test_no_quantity_is_read_wrongly_without_a_question(row: Counted) -> None:
    judged = judged_quantity(row)
    assert judged.verdict is not Verdict.WRONG, judged.why


@pytest.mark.parametrize("name", QUANTITIES)
def test_most_quantities_with_one_plain_reading_are_read(name: str) -> None:
    rows = quantity_rows(name)
    plain = sum(row.plain for row in rows)
    assert figures(judged_quantity(row) for row in rows)[4] <= plain * 15 // 100


def test_the_corpora_of_quantities_are_large() -> None:
    assert len({(row.column, row.phrase) for row in ROWS}) >= 400


def test_five_in_a_column_of_helpers_is_five_people_however_it_is_written() -> None:
    written = ("5", "5人", "5名", "5名志愿者", "五位", "伍人", "5 people")
    assert {(one.amount, one.unit, one.helpers) for one in map(_helping, written)} == {(5, Unit.HELPER, 5)}  # type: ignore[attr-defined]


def _helping(phrase: str) -> object:
    return read_quantity(phrase, HELPERS)


@pytest.mark.parametrize(
    ("list_kind", "column", "offered", "unit"),
    [
        ("needs", "helpers", Offered.ANY, Unit.HELPER),
        ("resources", "people_count", Offered.PLACE, Unit.SEAT),
        ("resources", "people_count", Offered.SERVICE, Unit.PERSON),
        ("resources", "people_count", Offered.TEAM, Unit.HELPER),
        ("resources", "quantity", Offered.GOODS, Unit.ITEM),
        ("resources", "quantity", Offered.MEALS, Unit.MEAL),
        ("activities", "people_count", Offered.ANY, Unit.PERSON),
    ],
)
def test_a_bare_number_counts_what_its_column_counts(
    list_kind: str, column: str, offered: Offered, unit: Unit
) -> None:
    quantity = read_quantity("50", counting(list_kind, column, offered))
    assert (quantity.amount, quantity.unit, quantity.question) == (50, unit, None)


def test_a_bare_number_of_nobody_knows_what_is_one_question_and_one_is_one_visit() -> None:
    asked = read_quantity("3", counting("needs", "quantity")).question
    assert asked is not None
    assert asked.code == "quantity_of_what"
    assert read_quantity("1", counting("needs", "quantity")).question is None


def test_a_limit_for_each_is_no_capacity() -> None:
    limited = read_quantity("每户限1份,共200份", counting("resources", "quantity", Offered.GOODS))
    assert (limited.amount, limited.limit_each) == (200, 1)
    asked = read_quantity("每户一份", counting("resources", "quantity", Offered.GOODS)).question
    assert asked is not None
    assert asked.code == "total_missing"


def test_both_ends_of_a_range_are_kept_and_plans_count_on_the_lower() -> None:
    quantity = read_quantity("3-5人", HELPERS)
    assert (quantity.amount, quantity.helpers, quantity.at_most) == (3, 3, 5)
    assert [note.code for note in quantity.notes] == ["quantity_range"]


def test_men_and_women_are_summed_and_kept() -> None:
    assert (read_quantity("男2女3", HELPERS).amount, read_quantity("男2女3", HELPERS).detail) == (5, "男2女3")


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 400),
    st.sampled_from(
        ["", "人", "名", "位", "人次", "户", "次", "份", "件", "场", "箱", "处", "车", " people", " visits"]
    ),
    st.sampled_from(COLUMNS),
)
def test_a_number_is_never_changed_by_its_column(
    number: int, word: str, column: tuple[str, str, Offered]
) -> None:
    quantity = read_quantity(f"{number}{word}", counting(*column))
    assert quantity.question is not None or quantity.amount == number
    assert quantity.per in (Per.TOTAL, Per.OCCASION)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="0123456789一二两三十半个人名次户份场每限共分男女,、×x-+~小时/至到以内左右", max_size=12)
)
def test_no_mixture_of_counting_words_breaks_the_reader(phrase: str) -> None:
    quantity = read_quantity(phrase, Counting())
    assert quantity.amount >= 1
    assert quantity.at_most == 0 or quantity.at_most > quantity.amount


def test_a_meal_offered_is_counted_in_meals() -> None:
    row = Counted("resources.quantity/meals", "每天30份", "30 meal day", False)
    assert counted(row).unit is Unit.MEAL
