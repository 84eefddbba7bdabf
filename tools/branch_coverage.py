"""The share of branches that the tests take, from coverage's own report: python -m tools.branch_coverage .coverage.json 95

`fail_under` of coverage counts lines and branches together; a goal for branches wants them alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def told(report: str, least_percent: float) -> tuple[str, bool]:
    """The figures in words, with the ten files that lack most; and whether the goal is met."""
    data = json.loads(report)
    totals = data["totals"]
    taken, all_of_them = totals["covered_branches"], totals["num_branches"]
    percent = 100 * taken / all_of_them if all_of_them else 100.0
    worst = sorted(data["files"].items(), key=lambda one: -one[1]["summary"]["missing_branches"])[:10]
    lines = [
        f"branches {taken} of {all_of_them} ({percent:.1f} %), lines {totals['covered_lines']} of {totals['num_statements']}"
    ]
    lines += [f"{one['summary']['missing_branches']:4} {name}" for name, one in worst]
    return "\n".join(lines) + "\n", percent >= least_percent


if __name__ == "__main__":
    words, met = told(Path(sys.argv[1]).read_text("utf-8"), float(sys.argv[2]))
    sys.stdout.write(words)
    sys.exit(0 if met else 1)
