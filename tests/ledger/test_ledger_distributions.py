"""The library alone: what its wheel carries and asks for, that types are found, and that a stranger of its name is named."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest

from ledger.clash import clashes

ROOT = Path(__file__).parents[2]
NAME = "abcdefghijklmnopqrstuvwxyz-"
PACKAGES = {"timebank-ledger": "packages/ledger", "timebank-marketplace": "packages/marketplace"}


def project(folder: str) -> dict[str, Any]:
    told: dict[str, Any] = tomllib.loads((ROOT / folder / "pyproject.toml").read_text("utf-8"))["project"]
    return told


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger's wheel, built from its source distribution as an index would have it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), "packages/ledger"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = out.glob("*.whl")
    return found


def test_the_wheel_carries_the_ledger_its_types_and_its_licence_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"ledger", "timebank_ledger-0.1.0.dist-info"}
    assert {"ledger/py.typed", "ledger/store/direct/lane.py", "ledger/books/plugin.py"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    tree = {str(path.relative_to(ROOT)) for path in (ROOT / "ledger").rglob("*.py")}
    assert tree <= set(names)


def test_the_wheel_asks_for_neither_a_web_framework_nor_numpy(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    told = Parser().parsestr(archive.read("timebank_ledger-0.1.0.dist-info/METADATA").decode())
    asked = {
        line[: len(line) - len(line.lstrip(NAME))]
        for line in told.get_all("Requires-Dist", [])
        if "extra ==" not in line
    }
    assert asked == {"piccolo", "beancount"}


def test_the_app_pins_both_libraries_at_the_versions_of_this_tree() -> None:
    pinned = [one for one in project(".")["dependencies"] if one.startswith("timebank-")]
    told = {one.split("[")[0].split("==")[0]: one.split("==")[1] for one in pinned}
    assert told == {name: project(folder)["version"] for name, folder in PACKAGES.items()}


@pytest.mark.parametrize("folder", PACKAGES.values())
def test_a_distribution_carries_the_licence_of_the_project(folder: str) -> None:
    for name in ("LICENSE", "NOTICE"):
        assert (ROOT / folder / name).read_bytes() == (ROOT / name).read_bytes()


PROGRAM = """\
import asyncio
from datetime import UTC, date, datetime

from ledger import AccountKind, Leg, OpenAccount, Posted, Transfer
from ledger.store import Book, MemoryBook


async def main() -> int:
    book: Book = MemoryBook(code="lyon", timezone="Europe/Paris")
    await book.create(("MIN",))
    now = datetime.now(UTC)
    opened = OpenAccount(key="o", code="Equity:I", kind=AccountKind.EQUITY, floor=None, opened_on=date(2026, 1, 1))
    await book.post(opened, at=now)
    member = OpenAccount(key="m", code="Liabilities:M", kind=AccountKind.LIABILITY, opened_on=date(2026, 1, 1))
    await book.post(member, at=now)
    legs = (Leg("Equity:I", 60), Leg("Liabilities:M", -60))
    posted: Posted = await book.post(Transfer(key="t", legs=legs), at=now)
    reveal_type(posted.members)
    return (await book.balance("Liabilities:M")).balance


minutes: str = asyncio.run(main())
"""


def test_mypy_finds_the_types_of_an_installed_ledger(wheel: Path, tmp_path: Path) -> None:
    """With the wheel in an environment of its own: the return type is known, and the mistake in the last line is seen."""
    venv.create(tmp_path / "city", with_pip=False)
    [site] = (tmp_path / "city").glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    (tmp_path / "city.py").write_text(PROGRAM)
    interpreter = str(tmp_path / "city" / "bin" / "python")
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", interpreter, "--cache-dir", str(tmp_path / "cache"), "city.py"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "fallback=ledger.rows.Posted" in done.stdout, done.stdout
    assert 'expression has type "int", variable has type "str"' in done.stdout
    assert "Found 1 error" in done.stdout


def test_a_stranger_of_the_same_name_is_named() -> None:
    assert clashes({"ledger": ["timebank-ledger"], "marketplace": ["timebank_marketplace"]}) == []
    [told] = clashes({"ledger": ["timebank-ledger", "Ledger"], "marketplace": []})
    assert told.startswith("ledger 也带有名为 ledger 的包")
    assert len(clashes({"ledger": ["ledger"], "marketplace": ["django-marketplace"]})) == 2
    assert clashes() == []
