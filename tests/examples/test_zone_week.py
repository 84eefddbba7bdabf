"""What the exact planner is for: fewer people with nothing, fairer hours, and the same faces again."""

from __future__ import annotations

import importlib.util
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ZONE_WEEK = Path(__file__).resolve().parents[2] / "examples" / "zone_week"
# The slowest machine gets the time it needs.
pytestmark = pytest.mark.timeout(600)
ONE_IN, SEED = 4, 7


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(ZONE_WEEK))
    try:
        spec = importlib.util.spec_from_file_location("zone_week_run", ZONE_WEEK / "run.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ZONE_WEEK))
    return module


@pytest.fixture(scope="module")
def compared(script: ModuleType) -> tuple[Any, Any, Any]:
    """Facts of the week, and what the exact and the greedy plan made of it."""
    facts, exact, greedy = script.compared(ONE_IN, SEED)
    return facts, exact, greedy


def test_people_left_with_nothing_are_at_most_half_as_many(compared: tuple[Any, Any, Any]) -> None:
    _, exact, greedy = compared
    assert greedy.left > 0
    assert 2 * exact.left <= greedy.left
    assert 2 * exact.with_nothing <= greedy.with_nothing


def test_helpers_hours_are_shared_more_fairly(compared: tuple[Any, Any, Any]) -> None:
    _, exact, greedy = compared
    assert exact.gini_week < greedy.gini_week
    assert exact.gini_lately < greedy.gini_lately


def test_nearly_all_standing_pairs_meet_again(compared: tuple[Any, Any, Any]) -> None:
    facts, exact, greedy = compared
    assert 100 * exact.pairs_kept >= 95 * facts["pairs"]
    assert exact.pairs_kept >= greedy.pairs_kept


def test_the_output_is_the_committed_one(script: ModuleType, compared: tuple[Any, Any, Any]) -> None:
    said = f"{script.said(compared[0])}\n{script.table(*compared)}\n"
    assert said == (ZONE_WEEK / "output.txt").read_text(encoding="utf-8")


def test_the_plot_says_every_number(script: ModuleType, compared: tuple[Any, Any, Any]) -> None:
    facts, exact, greedy = compared
    root = ET.fromstring(script.drawn(facts, exact, greedy))
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    for number in (exact.with_nothing, greedy.with_nothing, exact.pairs_kept, greedy.pairs_kept):
        assert str(number) in texts


def test_gini_is_nought_for_equals_and_high_for_one_alone(script: ModuleType) -> None:
    assert script.gini([60, 60, 60]) == 0
    assert script.gini([0, 0, 0, 60]) == 750
    assert script.gini([0, 0]) == 0
