"""What counts once counts once when it comes at once, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.timebank.conftest import Town
from tests.timebank.second import RealTown, enrolled, real, with_password
from timebank.adapters.system import SetClock
from timebank.community import second_factor
from timebank.errors import TryLater, WrongCode


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


@pytest.fixture
async def office(town: Town) -> AsyncIterator[RealTown]:
    office = real(town)
    await with_password(office, "worker", "chen")
    try:
        yield office
    finally:
        await office.close()


async def test_digits_and_codes_at_once_open_one_session_each_and_guessing_is_slowed_down(
    office: RealTown,
) -> None:
    phone, codes = await enrolled(office, await office.stranger(), "chen")
    ctx, worker = office.ctx, office.uids["worker"]
    clock = ctx.clock
    assert isinstance(clock, SetClock)
    clock.now += timedelta(minutes=1)
    for typed in (phone.shows(), codes[0]):
        tries = [second_factor.accept(ctx, worker, typed, source=f"s{n}") for n in range(8)]
        came = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(one, second_factor.Accepted) for one in came) == 1
        assert all(isinstance(one, second_factor.Accepted | WrongCode | TryLater) for one in came)
        clock.now += timedelta(hours=1)
    guesses = [second_factor.accept(ctx, worker, f"{n:06d}", source=f"g{n}") for n in range(60)]
    came = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(one, WrongCode) for one in came) <= 5
    assert sum(isinstance(one, TryLater) for one in came) >= 55
