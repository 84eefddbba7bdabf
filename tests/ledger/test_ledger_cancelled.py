"""Clients that hang up: writing goes on, and each key they left behind is either posted or was never there."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from ledger.chain import uid_of
from ledger.store.engine import open_engine
from tests.ledger.conftest import Neighbourhood

CLIENTS, POSTS = 64, 40


@pytest.fixture
async def slow_storm(stored_town: Neighbourhood) -> Any:
    """Sixty-four clients at work, three in ten of whom are cancelled at a random moment; (town, their keys)."""
    dice = random.Random(stored_town.engine.dialect)
    given_up: list[str] = []

    async def client(number: int) -> None:
        for step in range(POSTS):
            key = f"c{number}/{step}"
            try:
                await stored_town.post(stored_town.earn(stored_town.zhang, 1, key=key))
            except asyncio.CancelledError:
                given_up.append(key)
                raise

    async def hang_up(task: asyncio.Task[None]) -> None:
        for _ in range(dice.randrange(1, 60)):
            await asyncio.sleep(0)
        await asyncio.sleep(dice.uniform(0, 0.02))
        task.cancel()

    tasks = [asyncio.create_task(client(number)) for number in range(CLIENTS)]
    callers = dice.sample(tasks, CLIENTS * 3 // 10)
    await asyncio.gather(*(hang_up(task) for task in callers))
    return stored_town, tasks, given_up


async def test_writing_goes_on_within_a_second_after_three_in_ten_clients_hung_up(slow_storm: Any) -> None:
    town, tasks, given_up = slow_storm
    # A bound on being stuck, not on speed: a leaked lock would keep everybody out for good.
    await asyncio.wait_for(town.post(town.earn(town.li, 1, key="next")), timeout=1.0)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(given_up) > 5, "some were cancelled in the middle of a post"
    async with town.engine.atomic():
        await town.post(town.earn(town.li, 1, key="together"))
    assert await town.available(town.li) == 2
    assert await town.book.verify() == []


async def test_each_key_left_behind_comes_to_exactly_one_effect_when_it_is_sent_again(
    slow_storm: Any,
) -> None:
    town, tasks, given_up = slow_storm
    await asyncio.gather(*tasks, return_exceptions=True)
    await town.post(town.earn(town.li, 1, key="after-all-groups"))
    before = {entry.uid for entry in await town.book.transfers(limit=10**6)}
    finished = sum(not task.cancelled() for task in tasks) * POSTS
    for key in given_up:
        again = await town.post(town.earn(town.zhang, 1, key=key))
        assert again.replayed == (uid_of(town.book.code, key) in before), key
    entries = await town.book.transfers(limit=10**6)
    keys = [entry.key for entry in entries if entry.key.startswith("c")]
    assert len(keys) == len(set(keys))
    assert set(given_up) <= set(keys)
    assert len(keys) >= finished
    assert await town.available(town.zhang) == len(keys)
    assert await town.book.verify() == []


async def test_a_caller_cancelled_in_a_unit_of_its_own_leaves_neither_row(
    busy_url: str, stored_town: Neighbourhood
) -> None:
    async with open_engine(busy_url) as engine:
        await engine.execute("CREATE TABLE IF NOT EXISTS visit_of_a_caller (key TEXT)")
        held = asyncio.Event()

        async def visit() -> None:
            async with stored_town.engine.atomic():
                await stored_town.engine.execute("INSERT INTO visit_of_a_caller VALUES (?)", ["v1"])
                await stored_town.post(stored_town.earn(stored_town.zhang, 9, key="v1"))
                held.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(visit())
        await held.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(
            stored_town.post(stored_town.earn(stored_town.zhang, 1, key="v2")), timeout=1.0
        )
        assert await engine.fetch("SELECT key FROM visit_of_a_caller") == []
        assert await stored_town.available(stored_town.zhang) == 1
        await engine.execute("DROP TABLE visit_of_a_caller")
