"""The running app over one copy of the world, with a signed-in client for each walker."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from tests.timebank.access.access_people import WALKERS, Walker
from tests.timebank.access.access_world import BEGINNINGS, LONGEST, Canary, World, open_context
from tests.timebank.shared_app import app_over, transport_to
from timebank.context import Context
from timebank.store.identity import sessions

CANARY_BEGUN = re.compile(rf"(?=((?:{'|'.join(BEGINNINGS)}).{{0,{LONGEST}}}))")
"""What follows wherever a canary may begin: a page is gone through once, not once for each of some hundred words."""


def _text_of(body: bytes) -> str:
    """The words of an answer; a workbook is looked into."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


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
        begun = "\n".join(found for text in (plain, bare) for found in CANARY_BEGUN.findall(text))
        return [one for one in self.world.canaries if one.word in begun]

    def leaks(self, name: str, body: bytes | str) -> list[str]:
        """Canaries in a body that this walker may not read, in words."""
        return [f"{one.what} of {one.of}" for one in self.found_in(body) if name not in one.may]

    async def close(self) -> None:
        await self._open.aclose()


@asynccontextmanager
async def street_over(world: World, where: Path | str, *, all_signed_in: bool) -> AsyncIterator[Street]:
    """The app over a copy of the world: a file, or the address of a PostgreSQL database."""
    ctx = open_context(where)
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
