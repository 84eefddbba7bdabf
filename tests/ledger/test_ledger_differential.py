"""Ten thousand random commands on three stores: equal rows, equal answers, and the head that every Python comes to.

The head is written down in `tests/ledger/machine/ten_thousand.py`, which can be run alone by any interpreter:

    python3.13 -m tests.ledger.machine.ten_thousand
"""

from __future__ import annotations

from typing import Any

import pytest

from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine
from tests.ledger.machine.ten_thousand import (
    BLOCK,
    BLOCKS,
    BOOK,
    COMMODITIES,
    GOLDEN,
    blocks,
    digest,
    in_plain_dictionaries,
)


@pytest.fixture(scope="module")
def decided() -> Any:
    """The commands as the pure core alone decides them, one by one."""
    return in_plain_dictionaries()


def test_the_core_comes_to_the_head_that_is_written_down(decided: Any) -> None:
    sheet, answers = decided
    assert len(answers) == BLOCK * BLOCKS == 10_000
    assert digest(sheet.head, answers) == GOLDEN


async def test_the_memory_store_holds_the_same_rows(decided: Any) -> None:
    await _holds_the_same_rows(MemoryBook(code=BOOK), decided)


async def test_sqlite_and_postgres_hold_the_same_rows(decided: Any, busy_url: str) -> None:
    async with open_engine(busy_url) as engine:
        await migrate_ledger(engine)
        await _holds_the_same_rows(Book(engine, code=BOOK), decided)


async def _holds_the_same_rows(book: Book, decided: Any) -> None:
    sheet, one_by_one = decided
    await book.create(COMMODITIES)
    answers = []
    for at, commands in blocks():
        answers += await book.post_many(commands, at=at)
    assert digest(await book.head(), answers) == digest(sheet.head, one_by_one)
    assert await book.head() == sheet.head
    assert [entry async for page in book.journal() for entry in page] == sheet.changes.entries
    assert await book.accounts() == list(sheet.accounts.values())
    assert {hold.uid: hold for hold in await book.holds()} == sheet.holds
    kept = {one.uid: one for one in await book._storage.remembered()}
    assert kept == sheet.remembered
    assert await book.verify() == []
