"""The three wheels alone, in an empty environment outside the checkout, runs the demo, the commands and the examples."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment that holds the three wheels and their locked dependencies, nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".git", ".venv", "var", "tests", ".*_cache", "__pycache__"),
    )
    build: list[str | Path] = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    for one in (source / "packages" / "ledger", source / "packages" / "marketplace", source):
        subprocess.run([*build, one], check=True, capture_output=True)
    wheels = sorted(folder.glob("*.whl"))
    assert [wheel.name.partition("-")[0] for wheel in wheels] == [
        "timebank", "timebank_ledger", "timebank_marketplace",
    ]  # fmt: skip
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    # What the wheels need comes by uv, which takes seconds; the wheels themselves by pip, as people install them.
    needs: list[str | Path] = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "-q",
        "--python",
        python,
        "--no-deps",
        "--require-hashes",
    ]
    subprocess.run([*needs, "-r", ROOT / "requirements.lock"], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-compile", "--no-deps", *wheels], check=True)
    return folder / "env" / "bin"


def bare(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing points back at the checkout."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}


def test_the_wheel_serves_the_demo_and_stops_when_told(installed: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [installed / "timebank", "demo", "--port", "0", "--json"],
        cwd=tmp_path,
        env=bare(tmp_path),
        stdout=subprocess.PIPE,
        stderr=(tmp_path / "log").open("w"),
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (tmp_path / "log").read_text()
        told = json.loads(line)
        assert set(told["sign_in"]) == {"elder", "proxy", "volunteer", "leader", "unit", "worker", "auditor"}
        with urllib.request.urlopen(told["url"] + "/notice") as answer:
            assert "东区社区" in answer.read().decode()
        with urllib.request.urlopen(told["url"] + "/static/app.css") as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    listed = subprocess.run(
        [installed / "timebank", "books", "verify"],
        cwd=tmp_path,
        env={**bare(tmp_path), "TIMEBANK_DATABASE": "sqlite:///timebank-demo.db", "TIMEBANK_CITY": "dongqu"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "✓" in listed.stdout


def test_the_examples_run_on_the_wheel(installed: Path, tmp_path: Path) -> None:
    examples = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", examples)
    done = subprocess.run(
        [installed / "python", examples / "another_city" / "run.py"],
        cwd=tmp_path,
        env=bare(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (examples / "another_city" / "output.txt").read_text(encoding="utf-8")


def test_the_wheel_carries_pages_policies_lists_and_migrations(installed: Path) -> None:
    (package,) = installed.parent.glob("lib/python*/site-packages/timebank")
    for needed in (
        "templates/base.html", "static/vendor/htmx.min.js", "cities/plain.toml", "locale/en/identity.po",
        "demo/lists/东区社区四张清单.xlsx", "store/piccolo_migrations/timebank_2026_11_22_initial.py",
    ):  # fmt: skip
        assert (package / needed).is_file(), needed
