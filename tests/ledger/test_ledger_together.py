"""Many at once: whatever arrives together, each hour is posted once and no account passes its bounds."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest

from ledger import LedgerRefusal, SettleHold, Transfer
from ledger.store import Book
from ledger.store.engine import open_engine
from tests.ledger.conftest import Neighbourhood


async def test_twenty_confirmations_of_one_thing_post_once(stored_town: Neighbourhood) -> None:
    confirm = stored_town.earn(stored_town.zhang, 60)
    posted = await asyncio.gather(*(stored_town.post(confirm) for _ in range(20)))
    assert len({one.seq for one in posted}) == 1
    assert sum(not one.replayed for one in posted) == 1
    assert (await stored_town.book.balance(stored_town.zhang)).balance == 60
    assert await stored_town.book.verify() == []


async def test_twenty_settlements_of_one_hold_under_other_keys_settle_once(
    stored_town: Neighbourhood,
) -> None:
    await stored_town.post(stored_town.earn(stored_town.zhang, 60))
    hold = await stored_town.post(stored_town.hold(stored_town.zhang, stored_town.li, 60))
    settlements = [SettleHold(key=f"s{n}", hold=hold.uid, amount=60) for n in range(20)]
    answers = await asyncio.gather(*(stored_town.post(one) for one in settlements), return_exceptions=True)
    assert sum(not isinstance(answer, LedgerRefusal) for answer in answers) == 1
    assert (await stored_town.book.balance(stored_town.li)).balance == 60
    assert await stored_town.book.verify() == []


async def test_sixty_four_holds_on_five_hours_give_exactly_five(stored_town: Neighbourhood) -> None:
    await stored_town.post(stored_town.earn(stored_town.zhang, 300))
    wishes = [stored_town.hold(stored_town.zhang, stored_town.li, 60) for _ in range(64)]
    answers = await asyncio.gather(*(stored_town.post(one) for one in wishes), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, LedgerRefusal)]
    assert len(answers) - len(refused) == 5
    assert {answer.code for answer in refused} == {"below_floor"}
    assert await stored_town.available(stored_town.zhang) == 0
    assert await stored_town.book.verify() == []


async def test_the_callers_row_and_the_hours_are_stored_together_or_not_at_all(
    stored_town: Neighbourhood,
) -> None:
    engine, book = stored_town.engine, stored_town.book
    table = f"visit_{book.code}"
    await engine.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY)")

    async with engine.atomic():
        await engine.execute(f"INSERT INTO {table} VALUES (1)")
        await stored_town.post(stored_town.earn(stored_town.zhang, 60))

    async def refused_by_the_ledger() -> None:
        async with engine.atomic():
            await engine.execute(f"INSERT INTO {table} VALUES (2)")
            await stored_town.post(stored_town.pay(stored_town.zhang, stored_town.li, 61))

    async def given_up_by_the_caller() -> None:
        async with engine.atomic():
            await stored_town.post(stored_town.earn(stored_town.zhang, 60))
            await engine.execute(f"INSERT INTO {table} VALUES (3)")
            raise RuntimeError("the caller changed its mind")

    with pytest.raises(LedgerRefusal):
        await refused_by_the_ledger()
    with pytest.raises(RuntimeError):
        await given_up_by_the_caller()

    assert await engine.fetch(f"SELECT id FROM {table}") == [{"id": 1}]
    assert (await book.balance(stored_town.zhang)).balance == 60
    assert await book.verify() == []
    await engine.execute(f"DROP TABLE {table}")


async def test_a_refusal_inside_a_callers_unit_is_forgotten_with_the_unit(stored_town: Neighbourhood) -> None:
    wish = stored_town.pay(stored_town.zhang, stored_town.li, 60)

    async def refused() -> None:
        async with stored_town.engine.atomic():
            await stored_town.post(wish)

    with pytest.raises(LedgerRefusal):
        await refused()
    await stored_town.post(stored_town.earn(stored_town.zhang, 60))
    assert not (await stored_town.post(wish)).replayed


SNAPSHOTS, POSTS = 500, 160


async def test_readers_see_a_constant_total_in_five_hundred_snapshots_while_sixteen_clients_write(
    stored_town: Neighbourhood,
) -> None:
    """The bank test: members only pay each other, so in every snapshot they own what they owned together at first."""
    people = [stored_town.zhang, stored_town.li, stored_town.wang]
    for who in people:
        await stored_town.post(stored_town.earn(who, 600))
    heads: list[int] = []
    posts: list[str] = []

    def enough() -> bool:
        return len(heads) >= SNAPSHOTS and len(posts) >= POSTS

    async def client(number: int) -> None:
        dice = random.Random(number)
        for step in itertools.count():
            if enough():
                return
            payer = people[0] if step % 2 else dice.choice(people)  # a hot account
            payee = dice.choice([one for one in people if one != payer])
            command = stored_town.pay(payer, payee, dice.randrange(1, 90), key=f"c{number}/{step}")
            [answer] = await stored_town.book.post_many([command], at=stored_town.at)
            assert not isinstance(answer, LedgerRefusal) or answer.code == "below_floor"
            posts.append(command.key)

    async def reader() -> None:
        while not enough():
            balances = await stored_town.book.balances()
            assert sum(balances[who, "MIN"].balance for who in people) == 1800
            assert all(balances[who, "MIN"].balance >= 0 for who in people)
            heads.append(sum(one.version for one in balances.values()))
            await asyncio.sleep(0.001)

    async def auditor() -> int:
        """Several reads that belong together see one state too."""
        views = 0
        while not enough():
            async with stored_town.book.view():
                head = await stored_town.book.head()
                entries = await stored_town.book.transfers(after_seq=max(0, head.seq - 5))
                assert (await stored_town.book.trial_balance()).off_by == {"MIN": 0}
            assert (entries[-1].seq, entries[-1].hash) == (head.seq, head.hash)
            views += 1
            await asyncio.sleep(0.02)
        return views

    readers = [asyncio.create_task(reader()) for _ in range(2)]
    auditing = asyncio.create_task(auditor())
    await asyncio.gather(*(client(number) for number in range(16)), *readers)
    assert await auditing >= 1
    assert len(set(heads)) >= 10, "the snapshots must be of different moments"
    assert await stored_town.book.verify() == []


async def test_after_a_third_of_the_clients_gave_up_writing_goes_on_and_each_key_is_all_or_nothing(
    stored_town: Neighbourhood,
) -> None:
    commands = [stored_town.earn(stored_town.zhang, 1) for _ in range(60)]
    tasks = [asyncio.create_task(stored_town.post(command)) for command in commands]
    dice = random.Random(3)
    await asyncio.sleep(0.005)
    for task in dice.sample(tasks, 20):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    async with asyncio.timeout(5):
        again = await asyncio.gather(*(stored_town.post(command) for command in commands))

    assert len({one.seq for one in again}) == 60
    assert (await stored_town.book.balance(stored_town.zhang)).balance == 60
    assert await stored_town.book.verify() == []


async def test_two_engines_on_one_database_keep_one_chain(stored_town: Neighbourhood, busy_url: str) -> None:
    """As two server processes would."""
    async with open_engine(busy_url) as other_engine:
        other = Book(other_engine, code=stored_town.book.code)
        posts = []
        for number in range(20):
            book = stored_town.book if number % 2 else other
            posts.append(book.post(stored_town.earn(stored_town.zhang, 1), at=stored_town.at))
        posted = await asyncio.gather(*posts)
        assert sorted(one.seq for one in posted) == list(range(5, 25))
        assert await other.verify() == []


async def test_two_books_in_one_database_do_not_meet(stored_town: Neighbourhood) -> None:
    other = Book(stored_town.engine, code=stored_town.book.code + "x")
    neighbours = type(stored_town)(other)
    await neighbours.open_everyone()
    command = stored_town.earn(stored_town.zhang, 60)
    first, second = await asyncio.gather(stored_town.post(command), neighbours.post(command))
    assert first.uid != second.uid
    assert not second.replayed
    assert (await other.balance(stored_town.zhang)).balance == 60
    assert isinstance(command, Transfer)
    assert await other.verify() == await stored_town.book.verify() == []
