"""How a command gets a running installation: settings from the environment, an open engine, the right clock."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import click

from ledger.errors import LedgerRefusal
from ledger.store.engine import EngineError
from marketplace.errors import MarketplaceRefusal
from timebank.access import Actor, Reach, Role
from timebank.app import make_context, shifted_clock
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.policy import BadPolicy
from timebank.rules.relationships import OPERATOR
from timebank.settings import Settings
from timebank.store import communities
from timebank.store.upgrade import waiting

Answer = TypeVar("Answer")


@asynccontextmanager
async def open_context(settings: Settings, *, migrated: bool = True) -> AsyncIterator[Context]:
    """A started context on the installation's database; its clock is the one the database lives by.

    Raises:
        click.ClickException: the schema is older than the program, and `migrated` asks for a current one.
    """
    ctx = make_context(settings)
    await ctx.engine.start()
    try:
        if migrated:
            if missing := await waiting(ctx.engine):
                raise click.ClickException(
                    f"{len(missing)} migration(s) are waiting; run: timebank upgrade / 数据库需要先升级:timebank upgrade"
                )
            ctx = replace(ctx, clock=await shifted_clock(ctx.engine))
            await ctx.policies.load()
        yield ctx
    finally:
        await ctx.engine.close()


async def the_community(ctx: Context, code: str) -> str:
    """The community meant: the one named, else the only one there is."""
    known = [row.code for row in await communities.communities(ctx.engine)]
    if code:
        if code not in known:
            raise click.ClickException(f"no community {code!r}; there are: {', '.join(known) or 'none'}")
        return code
    if len(known) == 1:
        return known[0]
    if not known:
        raise click.ClickException(
            "no community yet; found one with: timebank init / 还没有社区，请先 timebank init"
        )
    raise click.ClickException(f"which community? --community one of: {', '.join(known)}")


def operator(community: str) -> Actor:
    """The operator of the installation, with what the desk may do in one community."""
    return Actor(
        uid=OPERATOR, community=community, roles=frozenset({Role.PUBLIC, Role.WORKER}),
        reach={Role.WORKER: (Reach(path="", community=community),)},
    )  # fmt: skip


def run(work: Callable[[Context], Awaitable[Answer]], *, settings: Settings | None = None) -> Answer:
    """Run one piece of work on the installation; refusals become one clear line and exit code 1."""

    async def with_context() -> Answer:
        async with open_context(settings or Settings.from_env()) as ctx:
            return await work(ctx)

    return answered(with_context)


def answered(work: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """Run `work` on a fresh event loop; a refusal of any package ends the command with its two sentences."""
    try:
        return asyncio.run(work())
    except (AppRefusal, LedgerRefusal, MarketplaceRefusal) as refusal:
        raise click.ClickException(f"{refusal.zh} / {refusal.en}") from refusal
    except (EngineError, BadPolicy) as error:
        raise click.ClickException(str(error)) from error


def say(text: str) -> None:
    """Print a line; flushed, so that whoever reads our output sees it at once."""
    click.echo(text)
    sys.stdout.flush()
