"""A stored world, copied for every module that walks it, with a signed-in client for each walker."""

from __future__ import annotations

import asyncio
import html
import io
import logging
import re
import sqlite3
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from tests.timebank.access.access_people import WALKERS, Walker
from tests.timebank.access.access_world import Canary, World, build, open_context
from tests.timebank.shared_app import app_over, transport_to
from timebank.context import Context
from timebank.store import sessions


def _text_of(body: bytes) -> str:
    """The words of an answer; a workbook is looked into."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


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


class _TakenBack(Exception):
    """Ends a unit of work without keeping anything of it."""


@dataclass
class Street:
    """The running app over one copy of the world."""

    world: World
    ctx: Context
    app: Litestar
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def client(self, name: str, walker: Walker | None = None) -> httpx.AsyncClient:
        """The browser of a walker, signed in when there is somebody to sign in."""
        if name not in self.clients:
            self.clients[name] = await self._new_client(walker or WALKERS[name])
        return self.clients[name]

    async def _new_client(self, walker: Walker) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=transport_to(self.app),
            base_url="http://127.0.0.1:8000",
        )
        await self._open.enter_async_context(client)
        if walker.who:
            async with self.ctx.engine.atomic():
                token = await sessions.open_session(
                    self.ctx,
                    member=self.world.uids[walker.who],
                    idle_minutes=100_000,
                    lasts=timedelta(days=400),
                    acting_for=self.world.uids.get(walker.acting_for, ""),
                    level=walker.level,
                )
            client.cookies.set("sid", token, domain="127.0.0.1")
            if walker.level == sessions.CARD:
                client.cookies.set("k", token, domain="127.0.0.1")
        page = await client.get("/sign-in")
        # Said with every request instead of kept in a jar: an answer that takes a cookie away is undone, too.
        client.headers["x-csrftoken"] = page.headers["x-csrftoken"]
        client.headers["cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        client.cookies.clear()
        return client

    @asynccontextmanager
    async def taken_back(self) -> AsyncIterator[None]:
        """Whatever happens inside is undone afterwards."""
        try:
            async with self.ctx.engine.atomic():
                yield
                raise _TakenBack
        except _TakenBack:
            pass

    async def ask(self, name: str, request: dict[str, Any], **headers: str) -> httpx.Response:
        client = await self.client(name)
        answer = await client.request(**request, headers={"accept": "application/json", **headers})
        client.cookies.clear()
        return answer

    async def writes(self) -> int:
        """How many rows this database ever wrote; reading changes nothing of it."""
        rows = await self.ctx.engine.fetch("SELECT total_changes() AS n")
        return int(rows[0]["n"])

    def found_in(self, body: bytes | str) -> list[Canary]:
        """Every canary that a body carries, however it is spelt there."""
        text = _text_of(body) if isinstance(body, bytes) else body
        plain = html.unescape(text)
        bare = re.sub(r"[\s\u00a0-]", "", re.sub(r"<[^>]*>", "", plain))
        return [one for one in self.world.canaries if one.word in plain or one.word in bare]

    def leaks(self, name: str, body: bytes | str) -> list[str]:
        """Canaries in a body that this walker may not read, in words."""
        return [f"{one.what} of {one.of}" for one in self.found_in(body) if name not in one.may]

    async def close(self) -> None:
        await self._open.aclose()


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


@asynccontextmanager
async def _street(world: World, path: Path, *, all_signed_in: bool) -> AsyncIterator[Street]:
    ctx = open_context(path)
    await ctx.engine.start()
    street = Street(world=world, ctx=ctx, app=app_over(ctx))
    try:
        # Sessions opened while a unit is taken back would go with it, so a shared street opens them before.
        for name in WALKERS if all_signed_in else ():
            await street.client(name)
        yield street
    finally:
        await street.close()
        await ctx.engine.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(stored_world: World, world_copy: Path) -> AsyncIterator[Street]:
    """The app over a copy that a whole module walks; undo what you write."""
    async with _street(stored_world, world_copy, all_signed_in=True) as street:
        yield street


@pytest.fixture
async def own_street(stored_world: World, tmp_path: Path) -> AsyncIterator[Street]:
    """The app over a copy of one test's own."""
    path = tmp_path / "town.db"
    copyfile(stored_world.path, path)
    async with _street(stored_world, path, all_signed_in=False) as street:
        yield street
