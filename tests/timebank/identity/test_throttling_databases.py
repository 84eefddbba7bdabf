"""Tries are counted atomically in both databases, by all servers that share one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from tests.timebank.conftest import TUESDAY, Town
from tests.timebank.identity.test_throttling import enter, later
from timebank.adapters.system import SeededIds
from timebank.context import Context
from timebank.installation import make_context


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """Both databases."""
    return database_url


@asynccontextmanager
async def another_server(ctx: Context) -> AsyncIterator[Context]:
    """A second server on the same database, with the same clock."""
    other = make_context(ctx.settings, clock=ctx.clock, ids=SeededIds(99))
    await other.engine.start()
    try:
        yield other
    finally:
        await other.engine.close()


async def test_of_sixty_wrong_passwords_at_once_no_more_than_five_reach_the_hash(
    staffed: Town, reached: list[str]
) -> None:
    answers = await asyncio.gather(
        *(enter(staffed.ctx, "chen", f"wrong {n}", f"10.0.0.{n}") for n in range(60))
    )
    assert 1 <= len(reached) <= 5
    assert answers.count("try_later") == 60 - len(reached)


async def test_a_thousand_tries_from_rotating_addresses_at_two_servers_and_after_a_restart_reach_it_twenty_times(
    staffed: Town, reached: list[str]
) -> None:
    ctx, tries = staffed.ctx, 0
    for _server in range(2):  # the second one is the restart: it knows of nothing but the database
        async with another_server(ctx) as other:
            for _burst in range(50):
                waves = [
                    enter((ctx, other)[n % 2], "chen", f"wrong {tries + n}", f"203.0.113.{tries + n}")
                    for n in range(10)
                ]
                await asyncio.gather(*waves)
                tries += len(waves)
                later(ctx, seconds=9)
    assert tries == 1_000
    assert 3 <= len(reached) <= 20
    assert ctx.now() - TUESDAY >= timedelta(minutes=15)
