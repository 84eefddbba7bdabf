"""Which way imports point: every contract holds, and every contract can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]

# One forbidden line for each contract, and the module that would hold it.
VIOLATIONS = {
    "The hour ledger knows nothing of lists or of the app": ("ledger/slip.py", "import marketplace.values"),
    "The marketplace knows nothing of hours or of the app": ("marketplace/slip.py", "import ledger.values"),
    "A library never imports its own store": ("ledger/slip.py", "import ledger.store.book"),
    "The planner answers above the problem, and solves below it": (
        "marketplace/planning/solving/slip.py",
        "import marketplace.planning.problem.model",
    ),
    "Only ledger.books reads and writes beancount": ("ledger/slip.py", "import beancount.loader"),
    "Slices of the app never import each other": (
        "timebank/help/hours/slip.py",
        "import timebank.help.lists.claiming",
    ),
    "Slices meet in the composition root, the command line and the demo only": (
        "timebank/store/slip.py",
        "import timebank.help.hours.flow",
    ),
    "Rules are pure: no database, no web": ("timebank/policy/slip.py", "import timebank.store.help.services"),
    "No import circle anywhere: neither among modules nor among the folders they stand in": (
        "timebank/errors.py",
        "import timebank.web.refusals",
    ),
}


def lint(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the three packages that a test may spoil."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in ("ledger", "marketplace", "timebank"):
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("static", "__pycache__")
        )
    return copy


def test_every_contract_holds(copied: Path) -> None:
    done = lint(copied)
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


def test_every_contract_has_a_violation_that_shows_it_bites() -> None:
    assert {contract["name"] for contract in CONTRACTS} == set(VIOLATIONS)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_contract_is_broken_by_a_forbidden_line(copied: Path, name: str) -> None:
    path, line = VIOLATIONS[name]
    target = copied / path
    before = target.read_text(encoding="utf-8") if target.exists() else None
    target.write_text((before or "") + f"\n{line}\n", encoding="utf-8")
    try:
        done = lint(copied)
    finally:
        target.unlink() if before is None else target.write_text(before, encoding="utf-8")
    assert done.returncode != 0
    assert f"{name} BROKEN" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    "packages",
    ["ledger, marketplace", "ledger.decide, marketplace.planning"],
)
def test_the_libraries_load_no_web_framework_and_no_orm(packages: str) -> None:
    heavy = ("litestar", "piccolo", "pydantic", "beancount", "sqlite3", "asyncpg", "openpyxl")
    code = f"import {packages}, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
