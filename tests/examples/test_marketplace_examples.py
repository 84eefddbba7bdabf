"""The marketplace's examples print what is committed beside them, wherever and under whatever hash seed they run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.mark.parametrize("name", ["plan_tuesday", "unit_month", "storm_night"])
def test_the_output_is_the_committed_one(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLES / name / "run.py"],
        cwd=tmp_path,
        env={**os.environ, "TZ": "America/Lima", "PYTHONHASHSEED": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (EXAMPLES / name / "output.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["plan_tuesday", "unit_month", "storm_night", "zone_week"])
def test_the_script_asks_for_no_app_and_stays_short(name: str) -> None:
    text = (EXAMPLES / name / "run.py").read_text(encoding="utf-8")
    assert not {"timebank", "litestar", "piccolo"} & set(text.replace(".", " ").split())
    assert len(text.splitlines()) <= 220


def test_the_storm_sends_nobody_twice() -> None:
    text = (EXAMPLES / "storm_night" / "output.txt").read_text(encoding="utf-8")
    assert "people sent to two places: 0" in text
    assert "signed on 1000" in text
