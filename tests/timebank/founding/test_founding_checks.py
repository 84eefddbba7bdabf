"""When each step is done: a table of facts, one row for each side of each check."""

from __future__ import annotations

from dataclasses import replace

import pytest

from timebank.catalogue import founding_steps
from timebank.catalogue.founding import read_steps
from timebank.community.guide.checks import CHECKS, CheckMissing, FoundingFacts, require_checks

DONE = FoundingFacts(
    places_in_charge=2, workers=2, auditors=1, neighbours=1, policy_by_two=True, hours_opened=True, week_planned=True
)  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
def test_a_community_that_has_everything_has_nothing_left(check: str) -> None:
    found = CHECKS[check](DONE)
    assert (found.done, found.names, found.words) == (True, (), ())


@pytest.mark.parametrize(
    ("check", "facts", "missing", "told"),
    [
        ("place_given", {"place_missing": ("phone", "opens")}, 2, ("phone", "opens")),
        ("grids_have_officers", {"places_in_charge": 0}, 1, ("no_grid",)),
        ("grids_have_officers", {"vacant": ("二网格",)}, 1, ("二网格",)),
        ("two_workers", {"workers": 1}, 1, ("worker",)),
        ("two_workers", {"workers": 0}, 2, ("worker",)),
        ("auditor_apart", {"auditors": 0}, 1, ("auditor",)),
        ("people_known", {"neighbours": 0, "old_questions": 3}, 1, ("nobody",)),
        ("people_known", {"old_questions": 3}, 3, ("questions",)),
        ("teams_led", {"teams_unled": ("A", "B")}, 2, ("A", "B")),
        ("units_reached", {"units_unreached": ("医院",)}, 1, ("医院",)),
        ("policy_by_two", {"policy_by_two": False}, 1, ("approval",)),
        ("balances_opened", {"hours_opened": False}, 1, ("hours",)),
        ("lists_filled", {"lists_empty": ("projects",)}, 1, ("projects",)),
        ("lists_filled", {"needs_of_nobody": 4}, 4, ("needs_of_nobody",)),
        ("week_planned", {"week_planned": False}, 1, ("week",)),
        ("cards_given", {"asking_without": 7}, 7, ()),
    ],
)
def test_what_is_missing_is_counted_and_named(
    check: str, facts: dict[str, object], missing: int, told: tuple[str, ...]
) -> None:
    found = CHECKS[check](replace(DONE, **facts))  # type: ignore[arg-type]
    assert (found.done, found.missing) == (False, missing)
    assert found.names + found.words == told


def test_every_step_has_its_check_and_every_check_its_step() -> None:
    require_checks(founding_steps())
    assert {step.check for step in founding_steps()} == set(CHECKS)


def test_a_step_whose_check_nobody_wrote_stops_start_up() -> None:
    [step] = read_steps(
        'format = 1\n[steps.flag]\nzh = "升旗"\nen = "Raise the flag"\npage = "/desk"\ncheck = "flag_up"\nskip = "no"\n'
    )
    with pytest.raises(CheckMissing, match="flag_up"):
        require_checks([step])
