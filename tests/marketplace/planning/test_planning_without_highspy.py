"""A week with rounds planned in a process that has no linear program: the same words, a true bound, a plan that is near."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import json, sys
if sys.argv[1] == "without":
    sys.modules["highspy"] = None  # every import of it is refused
from datetime import datetime
from marketplace.planning import PlanContext, plan_week
from marketplace.values import SHANGHAI
from tests.marketplace.planning.conftest import WEEK
from tests.marketplace.planning.test_planning_calm import a_week

found = []
for seed in range(3):
    needs, helpers = a_week(seed)
    plan = plan_week(needs, helpers, week=WEEK, context=PlanContext(now=datetime(2026, 11, 18, 9, tzinfo=SHANGHAI)))
    assert plan.tours, "a week of rounds"
    assert plan.verify()
    found.append([plan.certificate.primal, plan.certificate.dual, len(plan.matches)])
print(json.dumps([found, bool(sys.modules.get("highspy"))]))
"""


def planned(how: str) -> tuple[list[list[int]], bool]:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found, loaded = json.loads(ended.stdout)
    return found, loaded


def test_without_highspy_the_plan_is_near_and_its_bound_true() -> None:
    best, loaded = planned("with")
    assert loaded
    plain, loaded = planned("without")
    assert not loaded
    for (primal, dual, matches), (own, bound, served) in zip(best, plain, strict=True):
        assert own <= dual, "no plan is better than the proven bound"
        assert bound >= primal, "the bound without it is true"
        assert own * 100 >= primal * 99
        assert served >= matches - 1
