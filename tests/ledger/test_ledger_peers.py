"""What others publish as their tests, told to our book on every store: the same transfers pass, and the same counters stand."""

from __future__ import annotations

import asyncio

import pytest

from ledger import AccountKind, Leg, OpenAccount, Transfer
from ledger.store import Book, MemoryBook
from tests.ledger.conftest import DAY, MORNING, Neighbourhood
from tests.ledger.peers import credit_commons, hordak, komunitin, pgledger, tigerbeetle
from tests.ledger.peers.story import Teller

STORIES = {
    f"{peer}: {name}": story
    for peer, stories in (
        ("TigerBeetle", tigerbeetle.STORIES),
        ("pgledger", pgledger.STORIES),
        ("hordak", hordak.STORIES),
        ("Komunitin", komunitin.STORIES),
        ("Credit Commons", credit_commons.STORIES),
    )
    for name, story in stories.items()
}


@pytest.fixture
def empty_book(any_town: Neighbourhood) -> Book:
    """A book without accounts on each store."""
    if any_town.engine is None:
        return MemoryBook(code="peer")
    return Book(any_town.engine, code=any_town.book.code + "-peer")


@pytest.mark.parametrize("name", STORIES)
async def test_a_peers_story_comes_out_as_it_does_there(empty_book: Book, name: str) -> None:
    assert await Teller(empty_book, MORNING).tell(STORIES[name]) >= 4


async def test_a_story_that_comes_out_otherwise_is_noticed(empty_book: Book) -> None:
    with pytest.raises(AssertionError, match="it stands at"):
        await Teller(empty_book, MORNING).tell("open A1\nopen A2\nmove T1 A1 A2 5\nA1 0 6 0 0")


async def test_two_commodities_each_for_itself_as_pgledger_converts(any_town: Neighbourhood) -> None:
    """10.00 of one and 9.26 of another between a user and a pool, 500 times there and back by two at once."""
    town = any_town
    pool = "Equity:Liquidity"
    for code, kind in ((pool, AccountKind.EQUITY), ("Liabilities:User", AccountKind.LIABILITY)):
        for commodity in ("MIN", "PTS"):
            await town.post(OpenAccount(key=f"{code}{commodity}", code=code, kind=kind, commodity=commodity, floor=None, opened_on=DAY))  # fmt: skip

    async def back_and_forth(sign: int) -> None:
        for number in range(100):
            user = "Liabilities:User"
            legs = (
                Leg(user, 1000 * sign),
                Leg(pool, -1000 * sign),
                Leg(pool, 926 * sign, "PTS"),
                Leg(user, -926 * sign, "PTS"),
            )
            await town.post(Transfer(key=f"{sign}/{number}", legs=legs))

    await asyncio.gather(back_and_forth(1), back_and_forth(-1))
    for code in (pool, "Liabilities:User"):
        for commodity in ("MIN", "PTS"):
            assert (await town.book.balance(code, commodity)).balance == 0
    assert await town.book.verify() == []


async def test_a_long_list_comes_in_pages_as_komunitin_gives_it(any_town: Neighbourhood) -> None:
    """Eight transfers of one account, newest first, three to a page."""
    town = any_town
    for number in range(8):
        await town.post(town.earn(town.zhang, number + 1))
    pages, before = [], None
    while True:
        page = await town.book.statement(town.zhang, before_seq=before, limit=3)
        pages.append([line.amount for line in page.lines])
        if page.next_before_seq is None:
            break
        before = page.next_before_seq
    assert pages == [[8, 7, 6], [5, 4, 3], [2, 1]]
