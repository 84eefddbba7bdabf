"""What may be published of sums: nothing that points at a few people."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.office.board.cells import OTHERS, public_cells


def rows(**by_key: tuple[int, int]) -> list[tuple[str, str, int]]:
    """`chat=(5, 60)`: five people, sixty minutes each; different people under each key."""
    return [(key, f"{key}{n}", each) for key, (people, each) in by_key.items() for n in range(people)]


def test_a_sum_of_five_people_is_shown() -> None:
    (cell,) = public_cells(rows(chat=(5, 60)))
    assert (cell.key, cell.minutes, cell.people) == ("chat", 300, 5)


def test_a_sum_of_four_people_is_not_shown_at_all() -> None:
    assert public_cells(rows(chat=(4, 60))) == ()


def test_a_small_cell_is_joined_with_the_smallest_other_so_that_the_total_does_not_give_it_away() -> None:
    cells = public_cells(rows(chat=(2, 60), meals=(5, 30), repairs=(9, 100)))
    assert [(cell.key, cell.minutes) for cell in cells] == [("repairs", 900), (OTHERS, 270)]


def test_the_same_person_under_two_keys_counts_once_in_the_common_cell() -> None:
    twice = [("chat", "M1", 60), ("meals", "M1", 60), ("chat", "M2", 60), ("meals", "M3", 60)]
    assert public_cells(twice) == ()


def test_small_cells_that_are_enough_together_need_no_other() -> None:
    cells = public_cells(rows(chat=(3, 10), meals=(2, 10), repairs=(6, 100)))
    assert [(cell.key, cell.minutes, cell.people) for cell in cells] == [("repairs", 600, 6), (OTHERS, 50, 5)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.integers(0, 12).map(str), st.integers(1, 600)), max_size=60
    )
)
def test_every_published_cell_has_five_people_and_the_cells_add_up_to_everything_or_there_are_none(
    given_rows: list[tuple[str, str, int]],
) -> None:
    cells = public_cells(given_rows)
    assert all(cell.people >= 5 for cell in cells)
    assert not cells or sum(cell.minutes for cell in cells) == sum(minutes for _k, _p, minutes in given_rows)
    assert cells == public_cells(list(reversed(given_rows)))
