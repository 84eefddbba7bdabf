"""Every knob is told of in the docs, and every knob is read by somebody: none is dead."""

from __future__ import annotations

import re
from pathlib import Path

from timebank.policy import Policy, reading
from timebank.policy.knobs import all_specs

ROOT = Path(__file__).resolve().parents[3]


def test_the_docs_name_every_knob_and_every_profile() -> None:
    told = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    assert [spec.key for spec in all_specs(Policy) if f"`{spec.key}`" not in told] == []
    assert [name for name in reading.shipped() if name != "dongqu" and f"`{name}`" not in told] == []


def test_every_knob_is_read_by_a_rule_or_a_flow() -> None:
    files = [*(ROOT / "timebank").rglob("*.py"), *(ROOT / "timebank" / "templates").rglob("*.html")]
    read = "\n".join(
        path.read_text(encoding="utf-8") for path in files if path.parent != ROOT / "timebank" / "policy"
    )
    unread = [spec.key for spec in all_specs(Policy) if not re.search(rf"\.{spec.name}\b", read)]
    assert unread == []
