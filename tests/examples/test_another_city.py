"""Another city's script uses the two libraries alone, and prints what its committed output says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "examples" / "another_city"


def run_script(tmp_path: Path, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, CITY / "run.py"],
        cwd=tmp_path,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_output_is_the_committed_one_in_any_time_zone_and_hash_seed(tmp_path: Path) -> None:
    expected = (CITY / "output.txt").read_text(encoding="utf-8")
    assert run_script(tmp_path, TZ="UTC", PYTHONHASHSEED="1") == expected
    assert run_script(tmp_path, TZ="America/Lima", PYTHONHASHSEED="2") == expected


def test_the_script_needs_no_app(tmp_path: Path) -> None:
    text = (CITY / "run.py").read_text(encoding="utf-8")
    code = f"import sys\nsys.modules['timebank'] = None\nsys.modules['litestar'] = None\nexec({text!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
