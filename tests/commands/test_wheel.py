"""The three wheels alone, in an empty environment outside the checkout, runs the demo, the commands and the examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Name of a distribution -> its wheel, built from a copy of the checkout."""
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
    return {wheel.name.partition("-")[0].replace("_", "-"): wheel for wheel in folder.glob("*.whl")}


@pytest.fixture(scope="module")
def installed(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment that holds the three wheels and their locked dependencies, nothing else."""
    folder = tmp_path_factory.mktemp("all")
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
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-compile", "--no-deps", *wheels.values()], check=True
    )
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


@pytest.mark.parametrize(
    ("name", "never", "program"),
    [
        (
            "timebank-ledger", {"litestar", "numpy", "pydantic-settings", "timebank", "timebank-marketplace"},
            "from ledger.store import MemoryBook\nbook = MemoryBook(code='lyon', timezone='Europe/Paris')\nreveal_type(book.code)\n",
        ),
        (
            "timebank-marketplace", {"litestar", "beancount", "timebank", "timebank-ledger"},
            "from marketplace.values import Week\nreveal_type(Week.parse('2026-W48').monday_on)\n",
        ),
    ],
)  # fmt: skip
def test_each_library_stands_alone_with_its_types(
    wheels: dict[str, Path], tmp_path: Path, name: str, never: set[str], program: str
) -> None:
    """What it brings is what it needs, in the versions of our lock; a strict program of another city finds its types."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = tmp_path / "env" / "bin" / "python"
    uv = [sys.executable, "-m", "uv", "pip"]
    versions = tmp_path / "versions.txt"
    versions.write_text("\n".join(re.findall(r"^([a-z0-9-]+==[^\\\n]+?) *\\?$", LOCK.read_text(), re.M)))
    subprocess.run([*uv, "install", "-q", "--python", python, "-c", versions, wheels[name]], check=True)
    listed = subprocess.run(
        [*uv, "list", "--python", python, "--format", "json"], check=True, capture_output=True, text=True
    )
    brought = {one["name"] for one in json.loads(listed.stdout)}
    assert name in brought
    assert brought & never == set()

    (tmp_path / "city.py").write_text(program)
    said = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "city.py"],
        cwd=tmp_path, env=bare(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout
    assert "Any" not in said.stdout
