"""A stored world, copied for every module that walks it, with a signed-in client for each walker."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import pytest_asyncio

from tests.timebank.access.access_street import Street, street_over
from tests.timebank.access.access_world import World, build


class _Heard(logging.Handler):
    """Keeps what our own packages say to the log, down to the last debugging line."""

    OURS = ("timebank", "ledger", "marketplace", "litestar")

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


STATEMENTS: set[str] = set()
"""The text of every statement that SQLite was asked to run since the world began to be built, without its values."""


class _Overheard(sqlite3.Connection):
    """A connection that notes what it is asked to run."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        STATEMENTS.add(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        STATEMENTS.add(sql)
        return super().executemany(sql, rows)


@pytest.fixture(scope="session")
def stored_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Overheard))
        yield asyncio.run(build(tmp_path_factory.mktemp("access") / "world.db"))


@pytest.fixture(scope="module")
def world_copy(stored_world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("street") / "town.db"
    copyfile(stored_world.path, path)
    return path


@pytest.fixture(autouse=True)
def nothing_private_in_the_log(stored_world: World) -> Iterator[list[str]]:
    """Whatever a test asks for, no log line may carry a canary."""
    heard = _Heard()
    levels = {name: logging.getLogger(name).level for name in heard.OURS}
    for name in heard.OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).addHandler(heard)
    yield heard.said
    for name, level in levels.items():
        logging.getLogger(name).removeHandler(heard)
        logging.getLogger(name).setLevel(level)
    text = "\n".join(heard.said)
    assert [one.word for one in stored_world.canaries if one.word in text] == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(stored_world: World, world_copy: Path) -> AsyncIterator[Street]:
    """The app over a copy that a whole module walks; undo what you write."""
    async with street_over(stored_world, world_copy, all_signed_in=True) as street:
        yield street


@pytest.fixture
async def own_street(stored_world: World, tmp_path: Path) -> AsyncIterator[Street]:
    """The app over a copy of one test's own."""
    path = tmp_path / "town.db"
    copyfile(stored_world.path, path)
    async with street_over(stored_world, path, all_signed_in=False) as street:
        yield street
