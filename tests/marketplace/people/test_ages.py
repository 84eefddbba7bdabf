"""Ages as dated facts: who is under 18 on which day, and what two people's births say about being one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ages import (
    AgeFact,
    AgeSort,
    Agreement,
    Minority,
    best,
    births_of,
    compare,
    doubted,
    may_be_minor,
    minor,
    reaches,
)

SAID = date(2026, 11, 24)
YES, NO, UNKNOWN = Minority.YES, Minority.NO, Minority.UNKNOWN


def fact(sort: str, value: str = "", said_on: date = SAID) -> AgeFact:
    return AgeFact(sort=AgeSort(sort), value=value, said_on=said_on, source="test")


@pytest.mark.parametrize(
    ("known", "on", "expected"),
    [
        (fact("age", "16"), date(2027, 11, 23), YES),
        (fact("age", "16"), date(2027, 11, 24), YES),
        (fact("age", "16"), date(2027, 11, 25), UNKNOWN),
        (fact("age", "16"), date(2028, 1, 1), UNKNOWN),
        (fact("age", "16"), date(2028, 11, 23), UNKNOWN),
        (fact("age", "16"), date(2028, 11, 24), NO),
        (fact("age", "17"), date(2028, 11, 28), NO),  # nobody is seventeen for ever
        (fact("age", "15-16"), date(2028, 11, 24), UNKNOWN),
        (fact("born_on", "2010-05-01"), date(2028, 4, 30), YES),
        (fact("born_on", "2010-05-01"), date(2028, 5, 1), NO),
        (fact("born_on", "2012-02-29"), date(2030, 2, 28), YES),
        (fact("born_on", "2012-02-29"), date(2030, 3, 1), NO),
        (fact("born_year", "2008"), date(2025, 12, 31), YES),
        (fact("born_year", "2008"), SAID, UNKNOWN),
        (fact("born_year", "2008"), date(2026, 12, 31), NO),
        (fact("born_year", "2008-02"), date(2026, 1, 31), YES),
        (fact("born_year", "2008-02"), date(2026, 2, 29 - 1), UNKNOWN),
        (fact("born_year", "2008-02"), date(2026, 3, 1), NO),
        (fact("born_year", "1980/1989"), SAID, NO),
        (fact("grade", "10"), SAID, YES),  # 高一
        (fact("grade", "12"), SAID, UNKNOWN),  # 高三
        (fact("grade", "7-9"), SAID, YES),
        (fact("grade", "10"), date(2030, 9, 1), NO),
        (fact("of_age"), SAID, NO),
        (fact("of_age"), date(2020, 1, 1), UNKNOWN),
        (fact("minor_said"), SAID, YES),
        (fact("minor_said"), SAID + timedelta(1), UNKNOWN),
        (fact("minor_said"), reaches(SAID, 18), NO),
    ],
)
def test_who_is_under_18_is_computed_for_the_day(known: AgeFact, on: date, expected: Minority) -> None:
    assert minor([known], on) is expected


def test_of_nobody_knows_what_is_unknown_and_a_silent_row_makes_no_minor() -> None:
    assert minor([], SAID) is UNKNOWN
    assert not may_be_minor([])
    assert may_be_minor([fact("grade", "12")])
    assert not may_be_minor([fact("age", "18")])


def test_the_most_exact_fact_is_the_best_and_the_newest_among_equals() -> None:
    exact, rough = fact("born_on", "2010-05-01"), fact("age", "16")
    assert best([rough, exact]) == exact
    newer = fact("born_on", "2010-05-02", SAID + timedelta(1))
    assert best([exact, newer]) == newer
    assert best([]) is None


def test_a_fact_that_contradicts_the_best_changes_nothing_and_one_that_agrees_narrows_it() -> None:
    assert (
        births_of([fact("born_on", "2010-05-01"), fact("age", "40")]) == fact("born_on", "2010-05-01").births
    )
    said_young, said_grown = fact("minor_said", said_on=date(2024, 11, 24)), fact("of_age")
    assert minor([said_young], SAID) is UNKNOWN
    assert minor([said_young, said_grown], SAID) is NO


def test_facts_more_than_two_years_apart_are_one_question() -> None:
    assert not doubted([fact("age", "16"), fact("born_on", "2008-12-01")])
    assert doubted([fact("age", "16"), fact("born_on", "2006-05-01")])
    assert not doubted([fact("of_age"), fact("age", "66")])
    assert doubted([fact("minor_said"), fact("age", "66")])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (fact("born_on", "1960-02-29"), fact("born_on", "1960-02-29"), Agreement.AGREE),
        (fact("born_on", "1960-02-29"), fact("age", "66"), Agreement.AGREE),
        (fact("born_on", "1960-02-29"), fact("born_year", "1960"), Agreement.AGREE),
        (
            fact("born_on", "1960-02-29"),
            fact("born_year", "1961"),
            Agreement.OPEN,
        ),  # a year off is often a slip
        (fact("born_on", "1960-02-29"), fact("born_on", "1990-02-28"), Agreement.AGAINST),
        (fact("born_on", "1960-02-29"), fact("of_age"), Agreement.OPEN),
        (fact("age", "20"), fact("age", "66"), Agreement.AGAINST),
        (fact("minor_said"), fact("age", "66"), Agreement.AGAINST),
        (fact("born_on", "1960-01-01"), fact("born_on", "1961-02-04"), Agreement.OPEN),  # 400 days
        (fact("born_on", "1960-01-01"), fact("born_on", "1961-02-05"), Agreement.AGAINST),  # 401
    ],
)
def test_births_agree_speak_against_or_leave_open(one: AgeFact, other: AgeFact, expected: Agreement) -> None:
    assert compare([one], [other]) is compare([other], [one]) is expected
    assert compare([one], []) is compare([], [other]) is Agreement.OPEN


@pytest.mark.parametrize(
    ("sort", "value"),
    [("born_on", "1961-02-29"), ("born_on", "1961"), ("born_year", "0000"), ("born_year", "1989/1980"), ("age", "old"), ("age", "17-16"), ("grade", "-1")],
)  # fmt: skip
def test_a_fact_of_the_wrong_form_cannot_be_made(sort: str, value: str) -> None:
    with pytest.raises(ValueError):
        fact(sort, value)


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(born=days, said=days)
def test_a_true_age_always_contains_the_birthday(born: date, said: date) -> None:
    if born <= said:
        years = max(age for age in range(202) if reaches(born, age) <= said)
        births = fact("age", str(years), said).births
        assert births.earliest <= born <= births.latest
        assert reaches(births.latest, years) <= said < reaches(births.earliest, years + 1)


@given(born=days, on=days)
def test_the_birthday_decides_alone_and_turns_once(born: date, on: date) -> None:
    known = [fact("born_on", born.isoformat())]
    assert minor(known, on) is (YES if on < reaches(born, 18) else NO)
