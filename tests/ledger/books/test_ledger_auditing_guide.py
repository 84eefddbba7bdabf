"""Every command on the auditors' page is run, in its order, on the books of a neighbourhood."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from beancount.scripts.check import main as bean_check
from beanquery.shell import main as bean_query  # type: ignore[import-untyped]
from click.testing import CliRunner

from ledger.books.__main__ import main as books_command
from ledger.receipt import code_of, receipt_text
from ledger.store.__main__ import main as store_command
from tests.ledger.conftest import Neighbourhood

PAGE = (Path(__file__).parents[3] / "docs" / "auditing.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", PAGE, flags=re.DOTALL)
    for line in block.splitlines()
]


def test_the_page_has_commands_of_every_kind() -> None:
    words = {" ".join(shlex.split(line)[:4]) for line in COMMANDS}
    for wanted in ("bean-check", "bean-query", "ledger.books audit", "ledger.books witness", "ledger.books receipt",
                   "ledger.books code", "ledger.store export", "ledger.store verify", "ledger.store rebuild"):  # fmt: skip
        assert any(wanted in line for line in words), wanted


def run(line: str, names: dict[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    """What one line of the page prints; it must succeed."""
    program, *arguments = shlex.split(line)
    arguments = [names.get(one, one) for one in arguments]
    if program in ("bean-check", "bean-query"):
        done = CliRunner().invoke(bean_check if program == "bean-check" else bean_query, arguments)
        assert done.exit_code == 0, (line, done.output)
        return done.output
    assert (program, arguments[0]) == ("python", "-m"), line
    command = {"ledger.books": books_command, "ledger.store": store_command}[arguments[1]]
    status = command(arguments[2:])
    said = capsys.readouterr()
    assert status == 0, (line, said)
    return said.out


@pytest.fixture
async def kept(sqlite_town: Neighbourhood, lived_in: Any, tmp_path: Path) -> Any:
    """A database `hours.db` with sealed days, a partner unit's older file, and a member's code and receipt."""
    await lived_in(sqlite_town)
    book = sqlite_town.book
    night = datetime(2026, 12, 3, 16, tzinfo=UTC)
    await book.seal_day(date(2026, 11, 19), at=night)
    (tmp_path / "drawer").mkdir()
    (tmp_path / "drawer" / "2026-11-19.json").write_text(json.dumps(await book.witness()))
    later = await sqlite_town.post(
        sqlite_town.earn(sqlite_town.li, 30, key="later"), at=night - timedelta(hours=1)
    )
    await book.seal_day(date(2026, 12, 3), at=night)
    receipt = receipt_text(await book.receipt(later.uid))
    await sqlite_town.engine.backup(tmp_path / "hours.db")
    return {"$CODE": code_of(later.seq, later.hash), "$RECEIPT": receipt}


async def test_every_command_on_the_page_works(
    kept: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert COMMANDS[0].startswith("export BEANCOUNT_DISABLE_LOAD_CACHE=1 ")
    monkeypatch.setenv("BEANCOUNT_DISABLE_LOAD_CACHE", "1")
    said = {}
    for line in COMMANDS[1:]:
        said[line] = await asyncio.to_thread(run, line, kept, capsys)
    silent = [line for line, told in said.items() if not told.strip() and not line.startswith("bean-check")]
    assert silent == [], "a question that finds nothing teaches nothing"
    assert not any(told.strip() for line, told in said.items() if line.startswith("bean-check"))
    assert sum("problems: 0" in told for told in said.values()) >= 4
