"""The demo lives by the same use cases as everybody; every migration runs."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from ledger.store.migrate import modules_of

ROOT = Path(__file__).parents[2]
SQL = re.compile(r"\b(?:INSERT INTO|DELETE FROM|SELECT\s.*\bFROM|UPDATE\s+\w+\s+SET)\b", re.S)


def test_the_demo_writes_no_sql_of_its_own() -> None:
    found = [path.name for path in (ROOT / "timebank" / "demo").rglob("*.py") if SQL.search(path.read_text())]
    assert found == []


def test_two_migrations_of_one_id_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "twice_migrated"
    package.mkdir()
    for name in ("__init__", "first", "second"):
        (package / f"{name}.py").write_text("" if name == "__init__" else 'ID = "2026-11-29"\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match=r"first and twice_migrated\.second have one ID"):
        modules_of("twice_migrated")
    for name in [name for name in sys.modules if name.startswith("twice_migrated")]:
        del sys.modules[name]
