"""How a command gets a running installation: settings from the environment, an open engine, the right clock."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import click

from ledger.errors import LedgerRefusal
from ledger.store.engine import EngineError
from marketplace.errors import MarketplaceRefusal
from timebank.access import Actor, Reach, Role
from timebank.community.founding.flow import other_zone
from timebank.context import Context
from timebank.errors import AppRefusal, NoSuchCommunity, WhichCommunity
from timebank.installation import make_context, shifted_clock
from timebank.policy import BadPolicy
from timebank.rules.relationships import OPERATOR
from timebank.settings import Settings
from timebank.store.places import communities
from timebank.store.places.communities import Community
from timebank.store.upgrade import waiting

Answer = TypeVar("Answer")


@asynccontextmanager
async def open_context(settings: Settings, *, migrated: bool = True) -> AsyncIterator[Context]:
    """A started context on the installation's database; its clock is the one the database lives by.

    Raises:
        click.ClickException: the schema is older than the program, and `migrated` asks for a current one; or the settings
            live by another clock than the books, whose days and hashes would all seem wrong.
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
            if zone := await other_zone(ctx):
                raise click.ClickException(
                    f"TIMEBANK_CITY: {ctx.zone.key}, the books here: {zone}; name a city of that time zone"
                    " / 时区不同，请换回原来的城市规则"
                )
            await ctx.policies.load()
        yield ctx
    finally:
        await ctx.engine.close()


COMMUNITIES_NAMED = 20
community_option = click.option(
    "--community",
    metavar="CODE",
    default="",
    help="Code of the community; needed only when there are several.",
)
"""For a command that acts on one community: `the_community` says which."""

community_or_all_option = click.option(
    "--community", metavar="CODE", default="", help="Code of one community; all of them when left out."
)
"""For a command that goes over every community unless one is named: `communities_meant` says which."""


async def the_community(ctx: Context, code: str) -> str:
    """Code of the community meant: the one named, else the only one there is.

    Raises:
        NoSuchCommunity: the code is nobody's, or none is founded yet; WhichCommunity: there are several.
    """
    known = await communities.communities(ctx.engine)
    if code and code not in {one.code for one in known}:
        raise NoSuchCommunity(
            f"没有代号是 {code!r} 的社区。现有：{_named(known)}",
            f"no community {code!r}; there are: {_named(known)}",
        )
    if code:
        return code
    if not known:
        raise NoSuchCommunity(
            "还没有社区，请先 timebank init", "no community yet; found one with: timebank init"
        )
    if len(known) > 1:
        raise WhichCommunity(
            f"这里有几个社区，请用 --community 指明一个：{_named(known)}",
            f"which community? --community one of: {_named(known)}",
        )
    return known[0].code


async def communities_meant(ctx: Context, code: str) -> list[str]:
    """Codes of the communities meant: the one named, else every one.

    Raises:
        NoSuchCommunity: the code is nobody's.
    """
    if code:
        return [await the_community(ctx, code)]
    return [one.code for one in await communities.communities(ctx.engine)]


def _named(known: Sequence[Community]) -> str:
    """The communities by code and name, as many as one line bears."""
    more = len(known) - COMMUNITIES_NAMED
    said = ", ".join(f"{one.code} ({one.name})" for one in known[:COMMUNITIES_NAMED]) or "—"
    return said + (f" … (+{more})" if more > 0 else "")


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
