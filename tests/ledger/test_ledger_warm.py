"""What one Book remembers between two posts never outlives a change it did not make itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import AccountKind, ChangeLimits, Leg, OpenAccount, Transfer
from ledger.errors import BelowFloor
from ledger.store import Book


@pytest.fixture
async def other(stored_town: Any) -> Book:
    """A second Book over the same database, as another process has one."""
    return Book(stored_town.engine, code=stored_town.book.code)


async def test_posts_through_two_books_see_each_other(stored_town: Any, other: Book) -> None:
    town = stored_town
    for step in range(6):
        book = (town.book, other)[step % 2]
        await book.post(town.earn(town.zhang, 10), at=town.at)
    assert (await town.book.balance(town.zhang)).balance == 60
    assert await town.book.verify() == []


async def test_a_bound_changed_through_another_book_holds_at_once(stored_town: Any, other: Book) -> None:
    town = stored_town
    await town.post(town.earn(town.zhang, 60))
    await other.post(ChangeLimits(key="limits", code=town.zhang, floor=50, ceiling=None), at=town.at)
    with pytest.raises(BelowFloor):
        await town.post(town.pay(town.zhang, town.li, 20))


async def test_a_post_that_was_rolled_back_is_not_remembered(stored_town: Any) -> None:
    town = stored_town
    await town.post(town.earn(town.zhang, 60))

    async def pay_then_fail() -> None:
        async with town.engine.atomic():
            await town.post(town.pay(town.zhang, town.li, 60))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await pay_then_fail()
    await town.post(town.pay(town.zhang, town.wang, 60))
    assert (await town.book.balance(town.li)).balance == 0
    assert (await town.book.balance(town.wang)).balance == 60
    assert await town.book.verify() == []


async def test_an_account_opened_in_a_second_commodity_is_known_at_once(
    stored_town: Any, other: Book
) -> None:
    town = stored_town
    await town.post(town.earn(town.zhang, 5))
    pool = "Equity:Community:DQ:Points"
    for code, kind, floor in ((town.zhang, AccountKind.LIABILITY, 0), (pool, AccountKind.EQUITY, None)):
        command = OpenAccount(
            key=f"points/{code}",
            code=code,
            kind=kind,
            commodity="PTS",
            floor=floor,
            opened_on=date(2026, 1, 1),
        )
        await other.post(command, at=town.at)
    await town.post(Transfer(key="award", legs=(Leg(pool, 7, "PTS"), Leg(town.zhang, -7, "PTS"))))
    assert (await other.balance(town.zhang, "PTS")).balance == 7
