"""The guide for another city: its code runs as it stands on the page."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import errors as no
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine

GUIDE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)


async def run_block(code: str, names: dict[str, Any]) -> None:
    awaiting = compile(code, "docs/ledger.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    outcome = eval(awaiting, names)
    if outcome is not None:
        await outcome


async def test_five_minutes_for_another_city_are_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    await run_block(blocks()[0], {})
    assert capsys.readouterr().out == "60\n"
    async with open_engine("sqlite:///hours.db") as engine:
        assert await migrate_ledger(engine) == []
        book = Book(engine, code="lyon", timezone="Europe/Paris")
        assert (await book.balance("Liabilities:Member:M1")).balance == 60


async def test_the_rule_on_the_page_is_open_at_the_end_of_a_quarter_and_closed_before() -> None:
    names: dict[str, Any] = {"date": date}
    await run_block(blocks()[1], names)
    rule, exchange = names["eggs_for_points"], names["exchange"]
    batch = exchange(rule, key="x", member="Liabilities:Member:M1", times=2, on=date(2026, 3, 31))
    assert [leg.amount for one in batch.commands for leg in one.legs] == [60, -60, 2, -2]
    with pytest.raises(no.OutsideWindow) as caught:
        exchange(rule, key="x", member="Liabilities:Member:M1", times=2, on=date(2026, 3, 1))
    assert caught.value.fields["next_on"] == "2026-03-22"
