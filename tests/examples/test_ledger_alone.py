"""The village's script uses the ledger alone, and prints what its committed output says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

VILLAGE = Path(__file__).resolve().parents[2] / "examples" / "ledger_alone"


def run(tmp_path: Path, *command: str | Path, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=tmp_path,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_village_prints_the_committed_output_in_any_time_zone_and_hash_seed(tmp_path: Path) -> None:
    expected = (VILLAGE / "output.txt").read_text(encoding="utf-8")
    assert run(tmp_path, VILLAGE / "run.py", TZ="America/Lima", PYTHONHASHSEED="2") == expected


def test_the_village_needs_neither_the_marketplace_nor_an_app(tmp_path: Path) -> None:
    text = (VILLAGE / "run.py").read_text(encoding="utf-8")
    without = "".join(
        f"sys.modules[{name!r}] = None\n"
        for name in ("timebank", "marketplace", "litestar", "pydantic", "numpy")
    )
    expected = (VILLAGE / "output.txt").read_text(encoding="utf-8")
    assert run(tmp_path, "-c", f"import sys\n{without}exec({text!r})", TZ="UTC") == expected
