"""Sums that a street may read: no shown number, and no subtraction of shown numbers, is about a few people."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from timebank.rules.places.areas import below, paths_above
from timebank.rules.places.sums import PEOPLE_MIN, Counted, Sum, roll_up

STREET, A, B, C = "1/", "1/2/", "1/3/", "1/4/"


def at(path: str, people: range, amount: int = 10) -> list[Counted]:
    return [Counted(path=path, person=f"p{number}", amount=amount) for number in people]


def shown(sums: tuple[Sum, ...]) -> dict[str, int | None]:
    return {one.path: one.amount for one in sums}


def test_a_street_reads_the_sums_of_its_communities() -> None:
    counted = at(A + "5/", range(5)) + at(A + "6/7/", range(5, 10)) + at(B, range(10, 15))
    assert roll_up(counted, [STREET, A, B]) == (
        Sum(path=STREET, amount=150, people=15),
        Sum(path=A, amount=100, people=10),
        Sum(path=B, amount=50, people=5),
    )


def test_a_person_counts_once_however_often_they_gave() -> None:
    counted = at(A, range(4)) + at(A, range(4))
    assert shown(roll_up(counted, [A])) == {A: None}
    assert roll_up(counted + at(A, range(4, 5)), [A]) == (Sum(path=A, amount=90, people=5),)


def test_the_last_small_cell_is_not_given_away_by_subtraction() -> None:
    counted = at(A, range(20)) + at(B, range(20, 27)) + at(C, range(27, 29))
    assert shown(roll_up(counted, [STREET, A, B, C])) == {STREET: 290, A: 200, B: None, C: None}


def test_small_cells_that_are_many_hide_each_other() -> None:
    counted = at(A, range(20)) + at(B, range(20, 23)) + at(C, range(23, 26))
    assert shown(roll_up(counted, [STREET, A, B, C])) == {STREET: 260, A: 200, B: None, C: None}


def test_what_lies_at_the_street_itself_is_a_cell_too() -> None:
    counted = at(A, range(20)) + at(B, range(20, 26)) + at(STREET, range(26, 27))
    assert shown(roll_up(counted, [STREET, A, B])) == {STREET: 270, A: 200, B: None}


def test_below_a_hidden_cell_nothing_is_shown() -> None:
    below_b = B + "9/"
    counted = at(A, range(20)) + at(below_b, range(20, 27)) + at(C, range(27, 29))
    assert shown(roll_up(counted, [STREET, A, B, C, below_b]))[below_b] is None


def test_a_place_where_nobody_gave_shows_nought() -> None:
    assert shown(roll_up(at(A, range(9)), [STREET, A, B])) == {STREET: 90, A: 90, B: 0}


def test_places_that_were_not_asked_for_are_left_out() -> None:
    assert roll_up(at("8/", range(9)), [A]) == (Sum(path=A, amount=0, people=0),)
    assert roll_up([], []) == ()


PATHS = ["1/", "1/2/", "1/3/", "1/4/", "1/2/5/", "1/2/6/", "1/3/7/"]


@given(
    st.lists(st.tuples(st.sampled_from(PATHS), st.integers(0, 30)), max_size=80),
    st.sets(st.sampled_from(PATHS), min_size=1),
)
def test_no_difference_of_shown_sums_is_about_a_few_people(
    given_at: list[tuple[str, int]], nodes: set[str]
) -> None:
    counted = [Counted(path=path, person=f"p{number}", amount=1) for path, number in given_at]
    visible = [one.path for one in roll_up(counted, sorted(nodes)) if one.amount is not None]
    for node in visible:
        others = [path for path in visible if below(path, node) and path != node]
        disjoint = [
            chosen
            for size in range(len(others) + 1)
            for chosen in combinations(others, size)
            if not any(below(a, b) or below(b, a) for a, b in combinations(chosen, 2))
        ]
        for chosen in disjoint:
            left = {
                one.person
                for one in counted
                if node in paths_above(one.path) and not set(chosen) & set(paths_above(one.path))
            }
            assert not 0 < len(left) < PEOPLE_MIN, (node, chosen)
