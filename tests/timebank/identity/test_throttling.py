"""Tries are counted before they are judged: a right one ends the count; and nobody is kept out by somebody else's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.timebank.conftest import Town
from tests.timebank.identity.conftest import RIGHT
from timebank.adapters.system import SetClock
from timebank.community import hashing, passwords, throttling
from timebank.community.identity import flow
from timebank.context import Context
from timebank.errors import AppRefusal, TryLater, WrongCode
from timebank.store.tables import KnownSource, Throttle


async def enter(ctx: Context, login: str, password: str, source: str) -> str:
    """How the door answered: `in`, or the code of the refusal."""
    try:
        await flow.sign_in_by_password(ctx, login=login, password=password, source=source)
    except AppRefusal as refusal:
        return refusal.code
    return "in"


def later(ctx: Context, **by: float) -> None:
    assert isinstance(ctx.clock, SetClock)
    ctx.clock.now += timedelta(**by)


async def test_three_wrong_tries_by_one_stop_nobody_else(staffed: Town, reached: list[str]) -> None:
    for n in range(5):
        await enter(staffed.ctx, "chen", f"wrong {n}", "office")
    assert await enter(staffed.ctx, "chen", RIGHT, "office") == "try_later"
    assert await enter(staffed.ctx, "lin", RIGHT, "office") == "in"


async def test_whoever_has_come_in_from_there_before_is_not_kept_out_by_a_stranger_elsewhere(
    staffed: Town, reached: list[str]
) -> None:
    assert await enter(staffed.ctx, "chen", RIGHT, "office") == "in"
    for n in range(200):
        await enter(staffed.ctx, "chen", f"wrong {n}", f"203.0.113.{n}")
        later(staffed.ctx, seconds=20)
    assert await enter(staffed.ctx, "chen", RIGHT, "elsewhere") == "try_later"
    assert await enter(staffed.ctx, "chen", RIGHT, "office") == "in"


async def test_whoever_has_come_in_from_there_before_is_not_kept_out_by_somebody_at_the_same_address(
    staffed: Town, reached: list[str]
) -> None:
    assert await enter(staffed.ctx, "chen", RIGHT, "office") == "in"
    for n in range(100):
        await enter(staffed.ctx, f"nobody{n}", "wrong", "office")
    assert await enter(staffed.ctx, "lin", RIGHT, "office") == "try_later"
    assert await enter(staffed.ctx, "chen", RIGHT, "office") == "in"
    later(staffed.ctx, minutes=1)
    assert await enter(staffed.ctx, "lin", RIGHT, "office") == "in"


async def test_being_known_at_an_address_makes_no_room_for_a_thousand_tries_there(
    staffed: Town, reached: list[str]
) -> None:
    assert await enter(staffed.ctx, "chen", RIGHT, "office") == "in"
    reached.clear()
    for n in range(1_000):
        await enter(staffed.ctx, "chen", f"wrong {n}", "office" if n % 2 else f"203.0.113.{n}")
        later(staffed.ctx, seconds=0.9)
    assert len(reached) <= 20


async def test_a_right_password_ends_the_count(staffed: Town, reached: list[str]) -> None:
    for _turn in range(10):
        assert await enter(staffed.ctx, "chen", "wrong", "office") == "wrong_code"
        assert await enter(staffed.ctx, "chen", RIGHT, "office") == "in"


@pytest.mark.parametrize("who", ["199 0000 0101", "+86-199-0000-0101", "１９９０００００１０１", "{uid}"])
async def test_each_spelling_of_a_number_is_one_door(town: Town, who: str) -> None:
    who = who.format(uid=town.uids["elder"].lower())
    for _turn in range(town.ctx.policy_of("dongqu").identity.code_tries):
        with pytest.raises(WrongCode):
            await flow.sign_in_by_code(
                town.ctx, community="dongqu", who="19900000101", code="000000", source="a"
            )
    with pytest.raises(TryLater):
        await flow.sign_in_by_code(town.ctx, community="dongqu", who=who, code="000000", source="b")


@pytest.mark.parametrize("login", ["CHEN", " chen ", "ｃｈｅｎ"])
async def test_each_spelling_of_a_login_is_one_door(staffed: Town, reached: list[str], login: str) -> None:
    for _turn in range(3):
        await enter(staffed.ctx, login, "wrong", "a")
    assert await enter(staffed.ctx, "chen", RIGHT, "b") == "try_later"


async def test_a_new_code_from_the_desk_is_good_at_once_however_many_guessed_before(town: Town) -> None:
    for n in range(40):
        with pytest.raises((WrongCode, TryLater)):
            await flow.sign_in_by_code(
                town.ctx, community="dongqu", who="19900000101", code="000000", source=f"a{n}"
            )
    code = await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids["elder"], kind="code")
    signed_in = await flow.sign_in_by_code(
        town.ctx, community="dongqu", who="19900000101", code=code, source="home"
    )
    assert signed_in.token


async def test_reading_a_page_a_thousand_times_counts_nothing(town: Town) -> None:
    """An `<img>` on anybody's page asks for what it likes from a visitor's own address."""
    browser = await town.stranger()
    for n in range(50):
        assert (await browser.get(f"/sign-in/link/x{n}")).status_code == 422
        await browser.get(f"/calendar/x{n}.ics")
        await browser.get("/sign-in?who=19900000101&code=000000")
    assert await town.ctx.engine.fetch("SELECT * FROM tb_throttle") == []


async def test_neighbours_of_one_network_of_the_new_internet_are_one_source(
    staffed: Town, reached: list[str]
) -> None:
    for n in range(40):
        await enter(staffed.ctx, f"nobody{n}", "wrong", f"2001:db8:1:2::{n:x}")
    assert await enter(staffed.ctx, "chen", RIGHT, "2001:db8:1:2:ffff::1") == "try_later"
    assert await enter(staffed.ctx, "chen", RIGHT, "2001:db8:1:3::1") == "in"


async def test_what_has_faded_is_erased(staffed: Town, reached: list[str]) -> None:
    await enter(staffed.ctx, "chen", "wrong", "a")
    await enter(staffed.ctx, "lin", RIGHT, "a")
    later(staffed.ctx, days=61)
    async with staffed.ctx.engine.atomic():
        await throttling.forget_old(staffed.ctx)
    for table in (Throttle, KnownSource):
        assert await staffed.ctx.engine.fetch(f"SELECT * FROM {table._meta.tablename}") == []


async def places_left(number: int) -> None:
    """Wait until the line has so many free places."""
    for _look in range(1_000):
        if hashing._line()._value == number:
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"{hashing._line()._value} places are free, not {number}")


class TestTheLineOfHashes:
    """Sixteen at most at work and waiting, whoever asks."""

    @pytest.fixture(autouse=True)
    def a_line_of_its_own(self) -> Iterator[None]:
        hashing._line.cache_clear()
        yield
        hashing._line.cache_clear()

    async def test_a_full_line_says_so_and_counts_against_nobody(
        self, staffed: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gate = threading.Event()

        def slow(kept: str, password: str) -> bool:
            gate.wait(10)
            return password == RIGHT

        monkeypatch.setattr(passwords, "fits", slow)
        waiting = [
            asyncio.ensure_future(enter(staffed.ctx, f"someone{n}", "wrong", f"10.0.1.{n}"))
            for n in range(hashing.LINE_MAX)
        ]
        try:
            await places_left(0)
            refused = [await enter(staffed.ctx, "chen", RIGHT, "office") for _ in range(4)]
            page = await (await staffed.stranger()).submit(
                "/sign-in/password", {"login": "chen", "password": RIGHT}
            )
        finally:
            gate.set()
        assert refused == ["hashing_busy"] * 4
        assert (page.status_code, page.headers["retry-after"]) == (503, "2")
        assert await asyncio.gather(*waiting) == ["wrong_code"] * hashing.LINE_MAX
        assert await enter(staffed.ctx, "chen", RIGHT, "office") == "in"

    async def test_a_browser_that_went_away_keeps_its_place_until_its_hash_is_made(self) -> None:
        gate = threading.Event()
        tasks = [asyncio.ensure_future(hashing.aside(gate.wait, 10)) for _ in range(hashing.LINE_MAX)]
        await asyncio.sleep(0)
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with pytest.raises(hashing.HashingBusy):
            await hashing.aside(bool)
        gate.set()
        await places_left(hashing.LINE_MAX)
        assert await hashing.aside(lambda one: one + 1, 1) == 2
