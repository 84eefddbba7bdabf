"""Every page of the app in every state worth a look, walked once per process.

Two towns: the demo community, as an office sees it on a Tuesday, and the small world of the access tests, in which there is
one of everything that an operation can be asked for, and two communities. In the first the walk goes from link to link; in
the second it begins at every page that the access tests know how to ask for, so that a new page is found by itself.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from litestar import Litestar

from tests.timebank.access.access_catalogue import CATALOGUE
from tests.timebank.access.access_people import WALKERS, verdict
from tests.timebank.access.access_world import World, build, open_context
from timebank.app import create_app
from timebank.context import Context
from timebank.store.identity import sessions
from tools.pages.demo_town import demo_town, townspeople
from tools.pages.walking import Depth, Kept, Routes, Walk, Walker

# Of the world's walkers those whose pages differ by what they are.
OF_THE_WORLD = (
    "worker", "auditor", "elder", "former", "volunteer", "leader", "unit", "officer", "overseer", "proxy_acting", "public",
)  # fmt: skip
# What stands between a password and a session, and where another telephone is set up.
SECOND_STEPS = (
    ("worker", sessions.HALF, "/sign-in/enrol"),
    ("auditor", sessions.HALF, "/sign-in/second"),
    ("worker", sessions.FULL, "/second-factor/telephone"),
)
SHALLOW = Depth(addresses=2, presses=1, kept=2)
DEEP = Depth(addresses=6, presses=2, kept=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What was found: the pages, the operations that no walk reached, and an app that serves the static files."""

    kept: tuple[Kept, ...]
    missed: frozenset[str]
    app: Litestar


@cache
def every_page(depth: Depth = SHALLOW) -> Pages:
    """The pages of both towns."""
    return asyncio.run(_both_towns(depth))


async def _both_towns(depth: Depth) -> Pages:
    with tempfile.TemporaryDirectory() as folder:
        async with demo_town(Path(folder)) as (ctx, app):
            demo = Walk(ctx, app, depth)
            await demo.walk((await townspeople(ctx)).values())
            pages = Routes(app).pages()
        world = await build(Path(folder) / "world.db")
        ctx = open_context(Path(folder) / "world.db")
        await ctx.engine.start()
        try:
            street = Walk(ctx, create_app(ctx.settings, context=ctx), depth, like=demo)
            await street.walk(await _walkers(ctx, world))
        finally:
            await ctx.engine.close()
    missed = pages - demo.reached - street.reached
    return Pages(kept=(*demo.kept, *street.kept), missed=missed, app=app)


async def _walkers(ctx: Context, world: World) -> list[Walker]:
    walkers = []
    for name in OF_THE_WORLD:
        known, cookies = WALKERS[name], {}
        if known.who:
            async with ctx.engine.atomic():
                cookies["sid"] = await sessions.open_session(
                    ctx, member=world.uids[known.who], idle_minutes=100_000, lasts=timedelta(days=400),
                    acting_for=world.uids.get(known.acting_for, ""), level=known.level,
                )  # fmt: skip
        walkers.append(Walker(name=name, cookies=cookies, begins=tuple(_granted(name, world)), follows=False))
    for who, level, page in SECOND_STEPS:
        async with ctx.engine.atomic():
            token = await sessions.open_session(
                ctx, member=world.uids[who], idle_minutes=100_000, lasts=timedelta(days=400), level=level
            )
            await sessions.begin_enrolling(ctx.engine, sessions.token_hash(token), "zq")
        walkers.append(Walker(name=who, cookies={"sid": token}, begins=(page,), follows=False))
    return walkers


def _granted(name: str, world: World) -> Iterable[str]:
    """Every page that this walker may open, by the addresses of the access tests."""
    for operation, asks in CATALOGUE.items():
        if operation.startswith("Api"):
            continue
        for ask in asks:
            if ask.method == "GET" and verdict(WALKERS[name], operation, ask.belongs).granted:
                yield str(ask.request(world.ids)["url"])
