"""The direct lane: plain transfers take it, everything else does not, and nobody can tell the difference from the rows."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger import (
    AccountKind,
    ChangeLimits,
    CloseAccount,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    Posted,
    ReverseTransfer,
    SettleHold,
    Transfer,
)
from ledger import errors as no
from ledger.chain import uid_of
from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine
from ledger.store.engine.sqlite.engine import SQLiteEngine
from ledger.store.engine.sqlite.pace import GroupLimits
from tests.ledger.conftest import DAY, MORNING, Neighbourhood


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many commands went the long way."""
    counted: Counter[str] = Counter()
    original = Book._post_the_long_way

    async def counting(self: Any, requests: Any, reach: Any) -> Any:
        counted[self.code] += len(requests)
        return await original(self, requests, reach)

    monkeypatch.setattr(Book, "_post_the_long_way", counting)
    return counted


async def test_plain_transfers_take_the_lane_alone_together_and_in_a_unit(
    stored_town: Neighbourhood, long_way: Any
) -> None:
    town = stored_town
    await town.post(town.earn(town.zhang, 60, memo="帮忙", meta={"service": "S1"}))
    await asyncio.gather(*(town.post(town.earn(town.li, 5)) for _ in range(20)))
    assert not any(
        isinstance(one, Exception)
        for one in await town.book.post_many([town.earn(town.wang, 1)] * 1, at=MORNING)
    )
    assert long_way[town.book.code] == 0
    async with town.engine.atomic():
        await town.post(town.pay(town.zhang, town.li, 10))
    assert await town.available(town.li) == 110
    assert await town.book.verify() == []


@pytest.mark.parametrize(
    "unusual",
    [
        lambda town: town.pay(town.zhang, town.li, 61),  # below the floor
        lambda town: town.pay(town.zhang, "Liabilities:Member:M9", 1),
        lambda town: town.earn(town.zhang, 1, key="first"),  # known, with another body
        lambda town: town.earn(town.zhang, 1, effective_on=date(2025, 12, 31)),  # before it opened
        lambda town: replace(town.earn(town.zhang, 1), legs=(Leg(town.issuer, 1, "PTS"), Leg(town.zhang, -1, "PTS"))),
        lambda town: ChangeLimits(key=town.key(), code=town.zhang, floor=-5, ceiling=70),
        lambda town: CloseAccount(key=town.key(), code=town.wang),
    ],
)  # fmt: skip
async def test_what_is_unusual_goes_the_long_way_and_its_neighbours_come_to_the_same(
    stored_town: Neighbourhood, long_way: Any, unusual: Any
) -> None:
    town = stored_town
    await town.post(town.earn(town.zhang, 60, key="first"))
    odd = unusual(town)
    commands = [town.earn(town.li, 7), odd, town.pay(town.zhang, town.li, 5), town.earn(town.li, 7)]
    answers = await town.book.post_many(commands, at=MORNING)
    assert long_way[town.book.code] in (3, 4)  # a known key is met by the table, so its whole group goes
    memory = MemoryBook(code=town.book.code)
    await memory.create(("MIN", "PTS"))
    await memory.restore(await town.book.transfers())
    for answer, command in zip(answers, commands, strict=True):
        if not isinstance(answer, no.LedgerRefusal):
            assert (await town.book.transfer(uid_of(town.book.code, command.key))).hash == answer.hash
    assert await memory.head() == await town.book.head()
    assert await town.book.verify() == []


async def test_a_refusal_in_the_middle_of_many_legs_leaves_no_leg_behind(stored_town: Neighbourhood) -> None:
    town = stored_town
    await town.post(town.earn(town.zhang, 60))
    legs = (Leg(town.zhang, 30), Leg(town.issuer, 10), Leg(town.li, 5), Leg(town.wang, -45))
    assert (await town.refused(Transfer(key="many", legs=legs))).fields["account"] == town.li
    await town.post(town.pay(town.zhang, town.li, 60))
    assert (await town.available(town.zhang), await town.available(town.wang)) == (0, 0)
    assert await town.book.verify() == []


async def test_an_account_with_an_open_hold_takes_the_lane_until_one_lapses(
    stored_town: Neighbourhood, long_way: Any
) -> None:
    town = stored_town
    await town.post(town.earn(town.zhang, 60))
    await town.post(town.hold(town.zhang, town.li, 40, expires_at=MORNING + timedelta(days=1)))
    long_way.clear()
    await town.post(town.pay(town.zhang, town.li, 10))
    assert long_way[town.book.code] == 0
    assert (await town.refused(town.pay(town.zhang, town.li, 11))).code == "below_floor"
    await town.post(town.pay(town.zhang, town.li, 50), at=MORNING + timedelta(days=1))
    assert long_way[town.book.code] == 2
    assert [entry.kind.value for entry in await town.book.transfers()][-2:] == ["expire", "transfer"]


async def test_the_same_key_twice_in_one_group_is_posted_once(stored_town: Neighbourhood) -> None:
    town = stored_town
    command = town.earn(town.zhang, 60)
    first, again, other = await town.book.post_many(
        [command, command, replace(command, memo="x")], at=MORNING
    )
    assert isinstance(first, Posted)
    assert isinstance(other, LedgerRefusal)
    assert again == first._replace(replayed=True)
    assert other.code == "key_conflict"


async def test_a_refused_key_stays_refused_although_the_lane_would_take_it(
    stored_town: Neighbourhood,
) -> None:
    town = stored_town
    command = town.pay(town.zhang, town.li, 5)
    assert (await town.refused(command)).code == "below_floor"
    await town.post(town.earn(town.zhang, 60))
    assert (await town.refused(command)).code == "below_floor"


async def test_random_groups_make_the_same_rows_as_the_long_way(busy_url: str, long_way: Any) -> None:
    dice = random.Random(20261129)
    async with open_engine(busy_url) as engine:
        await migrate_ledger(engine)
        for round in range(12):
            memory, stored = (MemoryBook(code=f"lane{round}"), Book(engine, code=f"lane{round}"))
            for book in (memory, stored):
                await book.create(("MIN", "PTS"))
            at = datetime(2026, 3, 1, tzinfo=UTC)
            commands: list[Any] = [
                OpenAccount(key=f"o{n}{commodity}", code=code, kind=kind, floor=floor, ceiling=ceiling, commodity=commodity, opened_on=date(2026, 1, 1 + n))
                for commodity in ("MIN", "PTS")
                for n, (code, kind, floor, ceiling) in enumerate(
                    [("Equity:I", AccountKind.EQUITY, None, None), ("Assets:S", AccountKind.ASSET, 0, 300)]
                    + [(f"Liabilities:M{n}", AccountKind.LIABILITY, -20, 250) for n in range(5)]
                )
            ]  # fmt: skip
            codes = sorted({command.code for command in commands})
            for block in range(12):
                commands += [
                    _drawn(dice, f"{block}/{n}", codes, at, f"lane{round}")
                    for n in range(dice.randrange(1, 30))
                ]
                answers = [await book.post_many(commands, at=at) for book in (memory, stored)]
                assert [str(one) for one in answers[0]] == [str(one) for one in answers[1]]
                if block == 6:
                    for book in (memory, stored):
                        await book.close_month("2026-02", at=at)
                at += timedelta(hours=dice.randrange(1, 50))
                commands = []
            assert await memory.transfers(limit=10**6) == await stored.transfers(limit=10**6)
            assert await memory.accounts() == await stored.accounts()
            assert await stored.verify() == []
            posted = (await stored.head()).seq
            assert long_way[f"lane{round}"] > 0
            assert posted > 50


def _drawn(dice: random.Random, key: str, codes: list[str], at: datetime, book: str) -> Any:
    commodity = dice.choice(("MIN", "MIN", "PTS"))
    payer, payee, third = dice.sample(codes, 3)
    on = dice.choice((None, None, at.date(), at.date() - timedelta(days=dice.choice((1, 30, 70)))))
    if dice.random() < 0.05:
        return PlaceHold(
            key=key,
            payer=payer,
            payee=payee,
            amount=dice.randrange(1, 40),
            expires_at=at + timedelta(hours=dice.randrange(1, 90)),
        )
    if dice.random() < 0.05:
        known = uid_of(book, f"{dice.randrange(12)}/{dice.randrange(9)}")
        return dice.choice(
            (
                ReverseTransfer(key=key, transfer=known),
                SettleHold(key=key, hold=known, amount=dice.randrange(1, 40)),
            )
        )
    amount, more = dice.randrange(1, 60), dice.randrange(1, 9)
    legs: tuple[Leg, ...] = (Leg(payer, amount, commodity), Leg(payee, -amount, commodity))
    if dice.random() < 0.3:
        legs = (
            Leg(payer, amount + more, commodity),
            Leg(payee, -amount, commodity),
            Leg(third, -more, commodity),
        )
    told: dict[str, Any] = {
        "memo": dice.choice(("", "帮忙")),
        "meta": dice.choice(({}, {"service": "S1", "of": 3})),
    }
    occurred = dice.choice((None, at - timedelta(minutes=dice.randrange(1, 9000))))
    repeated = f"0/{dice.randrange(20)}" if dice.random() < 0.03 else key
    return Transfer(key=repeated, legs=legs, effective_on=on, occurred_at=occurred, actor="W1", **told)


async def test_a_slow_disk_is_waited_for_in_the_thread_and_posts_go_on_gathering(
    tmp_path: Path, long_way: Any
) -> None:
    async with SQLiteEngine(tmp_path / "slow.db", group=GroupLimits(short_flush_s=0)) as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="slow")
        await book.create(("MIN",))
        for code, kind in (("Equity:I", AccountKind.EQUITY), ("Liabilities:M", AccountKind.LIABILITY)):
            await book.post(
                OpenAccount(key=code, code=code, kind=kind, floor=None, opened_on=DAY), at=MORNING
            )
        long_way.clear()
        legs = (Leg("Equity:I", 1), Leg("Liabilities:M", -1))
        posts = [book.post(Transfer(key=f"k{n}", legs=legs), at=MORNING) for n in range(50)]
        many = book.post_many([Transfer(key=f"m{n}", legs=legs) for n in range(50)], at=MORNING)
        await asyncio.gather(*posts, many)
        assert (await book.balance("Liabilities:M")).balance == 100
        assert await book.verify() == []


async def test_a_cancelled_caller_does_not_stop_its_post(stored_town: Neighbourhood) -> None:
    town = stored_town
    command = town.earn(town.zhang, 60)
    task = asyncio.create_task(town.post(command))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await town.post(command)
    assert await town.available(town.zhang) == 60


async def test_what_the_lane_wrote_in_a_unit_goes_with_the_unit(stored_town: Neighbourhood) -> None:
    town = stored_town
    async with town.engine.atomic() as unit:
        await town.post(town.earn(town.zhang, 60))
        await unit.rollback()
    assert await town.available(town.zhang) == 0
    await town.post(town.earn(town.zhang, 5))
    assert await town.available(town.zhang) == 5
    assert await town.book.verify() == []
