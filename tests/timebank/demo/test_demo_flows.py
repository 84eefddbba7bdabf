"""The demo is what an office can do: its flows alone make it, and no statement of its own."""

from __future__ import annotations

import re
from pathlib import Path

import timebank.demo

SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b|engine\.(execute|fetch|run)",
    re.IGNORECASE | re.DOTALL,
)


def test_the_demo_contains_no_sql() -> None:
    files = sorted(Path(timebank.demo.__file__).parent.glob("*.py"))
    assert len(files) > 1
    assert [file.name for file in files if SQL.search(file.read_text())] == []
