"""The share of branches is told by itself, and a goal that is missed by a little is missed."""

from __future__ import annotations

import json

import pytest

from tools.branch_coverage import told


def report(covered: int) -> str:
    files = {
        "a.py": {"summary": {"missing_branches": 1}},
        "b.py": {"summary": {"missing_branches": 100 - covered}},
    }
    totals = {"covered_branches": covered, "num_branches": 100, "covered_lines": 9, "num_statements": 10}
    return json.dumps({"totals": totals, "files": files})


@pytest.mark.parametrize(("covered", "met"), [(95, True), (94, False)])
def test_a_goal_for_branches_counts_branches_alone(covered: int, met: bool) -> None:
    words, reached = told(report(covered), 95)
    assert reached is met
    assert words.splitlines()[0] == f"branches {covered} of 100 ({covered}.0 %), lines 9 of 10"
    assert words.splitlines()[1].endswith("b.py")
