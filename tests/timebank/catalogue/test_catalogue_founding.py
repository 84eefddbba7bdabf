"""The guide of a new community: twelve steps, in the order of the file."""

from __future__ import annotations

import pytest

from timebank.catalogue import Skip, faults, founding_steps
from timebank.catalogue.founding import read_steps

ONE = """
format = 1
[steps.plan]
zh = "排出第一周"
en = "Plan the first week"
page = "/plan"
check = "week_planned"
skip = "no"
"""


def test_there_are_twelve_steps_in_their_order() -> None:
    assert [step.code for step in founding_steps()] == [
        "place", "grids", "second_worker", "auditor", "people", "teams", "units", "policy", "balances",
        "lists", "plan", "cards",
    ]  # fmt: skip
    assert [step.number for step in founding_steps()] == list(range(1, 13))


def test_what_must_be_done_cannot_be_skipped() -> None:
    assert [step.code for step in founding_steps() if step.skip is Skip.NO] == [
        "place", "auditor", "people", "policy", "plan",
    ]  # fmt: skip


def test_each_step_has_a_check_of_its_own_and_words_in_both_languages() -> None:
    steps = founding_steps()
    assert len({step.check for step in steps}) == len(steps)
    for step in steps:
        assert step.said("zh-CN") != step.said("en")
        assert step.said("en").isascii()


@pytest.mark.parametrize(
    ("old", "new", "fault", "key"),
    [
        ('skip = "no"', 'skip = "maybe"', faults.WrongValue, "skip"),
        ('skip = "no"', 'skip = "no"\ndone = true', faults.UnknownKey, "done"),
        ('check = "week_planned"\n', "", faults.KeyMissing, "check"),
        ('page = "/plan"', 'page = "plan"', faults.WrongValue, "page"),
    ],
)
def test_a_broken_step_is_refused(old: str, new: str, fault: type[faults.BadCatalogue], key: str) -> None:
    assert len(read_steps(ONE)) == 1
    with pytest.raises(fault) as caught:
        read_steps(ONE.replace(old, new))
    assert (caught.value.file, caught.value.kind, caught.value.key) == ("founding", "plan", key)
