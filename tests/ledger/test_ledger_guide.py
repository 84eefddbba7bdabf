"""The guide for another city: its code runs as it stands on the page."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ledger import errors as no
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "ledger.md").read_text("utf-8")
README = (ROOT / "packages" / "ledger" / "README.md").read_text("utf-8")


def blocks(page: str = GUIDE) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)


def run_pasted(code: str, folder: Path) -> str:
    """What a box prints that somebody saved to a file and ran."""
    (folder / "pasted.py").write_text(code, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "pasted.py"], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_five_minutes_for_another_city_are_enough_and_may_be_taken_twice(tmp_path):
    for _ in range(2):
        assert run_pasted(blocks()[0], tmp_path) == "30 30\n0\n"
    async with open_engine(f"sqlite:///{tmp_path}/hours.db") as engine:
        assert await migrate_ledger(engine) == []
        book = Book(engine, code="lyon", timezone="Europe/Paris")
        assert (await book.balance("Liabilities:Member:M1")).balance == 30


@pytest.mark.parametrize("number", range(len(blocks())))
def test_every_box_runs_as_pasted(tmp_path, number):
    run_pasted(blocks()[number], tmp_path)


def test_the_box_of_the_distribution_runs_as_pasted(tmp_path):
    assert run_pasted(blocks(README)[0], tmp_path) == "60\n"


def test_the_rule_on_the_page_is_open_at_the_end_of_a_quarter_and_closed_before():
    names: dict[str, object] = {}
    exec(blocks()[1], names)
    rule, exchange = names["eggs_for_points"], names["exchange"]
    batch = exchange(rule, key="x", member="Liabilities:Member:M1", times=2, on=date(2026, 3, 31))
    assert [leg.amount for one in batch.commands for leg in one.legs] == [60, -60, 2, -2]
    with pytest.raises(no.OutsideWindow) as caught:
        exchange(rule, key="x", member="Liabilities:Member:M1", times=2, on=date(2026, 3, 1))
    assert caught.value.fields["next_on"] == "2026-03-22"


def test_every_public_name_has_a_docstring_and_every_public_module_exists():
    said = GUIDE[GUIDE.index("## What may be relied on") : GUIDE.index("## In a Piccolo project")]
    modules = set(re.findall(r"`(ledger(?:\.[a-z_]+)*)`", said))
    assert {"ledger", "ledger.store", "ledger.books", "ledger.payments"} <= modules
    for module in map(importlib.import_module, sorted(modules)):
        assert module.__doc__, module.__name__
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isclass(thing) or inspect.isfunction(thing):
                assert inspect.getdoc(thing), f"{module.__name__}.{name}"
