"""The sums that are published: what stood when the book reached an entry, and nothing that came later."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from timebank.rules.oversight.publishing import PostedWord, Sums, sums_at, sums_of
from timebank.rules.parts.statements import Said


def entry(seq: int, uid: str = "", *, batch: str = "", reverses: str = "") -> Any:
    return SimpleNamespace(seq=seq, uid=uid or f"T{seq}", batch=batch, reverses=reverses)


def posted(part: str, transfer: str, minutes: int | None = 60, what: Said = Said.POSTED) -> PostedWord:
    return PostedWord(part=part, what=what, minutes=minutes, transfer_uid=transfer)


def test_parts_count_from_their_entry_on_and_until_it_is_reversed() -> None:
    words = [posted("A", "T1"), posted("B", "T3", 45)]
    entries = [entry(1), entry(2), entry(3), entry(4, reverses="T1"), entry(5)]
    assert sums_at(words, entries, [0, 1, 2, 3, 4, 5, 9]) == {
        0: Sums(parts=0, minutes=0), 1: Sums(parts=1, minutes=60), 2: Sums(parts=1, minutes=60),
        3: Sums(parts=2, minutes=105), 4: Sums(parts=1, minutes=45), 5: Sums(parts=1, minutes=45), 9: Sums(parts=1, minutes=45),
    }  # fmt: skip


def test_what_is_said_later_of_an_earlier_entry_is_the_same_sum() -> None:
    entries = [entry(1), entry(2), entry(3)]
    before = sums_of([posted("A", "T1")], entries[:2], upto=2)
    assert sums_of([posted("A", "T1"), posted("B", "T3")], entries, upto=2) == before


def test_what_several_entries_paid_is_one_part_and_goes_with_any_of_them() -> None:
    words = [posted("A", "B1", 90)]
    entries = [entry(1, batch="B1"), entry(2, batch="B1"), entry(3, reverses="T2"), entry(4, reverses="T1")]
    assert [sums_of(words, entries, upto=upto).minutes for upto in (1, 2, 3, 4)] == [90, 90, 0, 0]


def test_a_part_that_was_reversed_and_posted_anew_counts_once() -> None:
    words = [posted("A", "T1", 60), posted("A", "T3", 30)]
    entries = [entry(1), entry(2, reverses="T1"), entry(3)]
    assert sums_of(words, entries, upto=3) == Sums(parts=1, minutes=30)


def test_words_without_an_entry_and_other_words_count_for_nothing() -> None:
    words = [posted("A", ""), posted("B", "T9"), posted("C", "T1", None), posted("D", "T1", what=Said.WORD)]
    assert sums_of(words, [entry(1)], upto=1) == Sums(parts=1, minutes=0)
