"""Random commands to TigerBeetle's published rules and to our book: accepted and refused alike, and the same four counters.

A real server is asked by `make oracle TIGERBEETLE=path`, with 100,000 commands and more.
"""

from __future__ import annotations

import pytest

from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine
from tests.ledger.oracle.__main__ import Differs, compared
from tests.ledger.oracle.published import Published

COMMANDS = 3000


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_commands_come_out_alike_in_memory(seed):
    found = await compared(MemoryBook(code="oracle"), seed=seed, commands=COMMANDS)
    assert found["events"] >= COMMANDS
    assert found["chains"] > found["accepted"] > COMMANDS // 3


async def test_random_commands_come_out_alike_by_the_direct_lanes(busy_url):
    async with open_engine(busy_url) as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="oracle")
        await compared(book, seed=3, commands=COMMANDS // 3)
        assert await book.verify() == []


@pytest.mark.parametrize("mistake", ["floor", "end"])
async def test_a_rule_that_is_another_is_noticed(monkeypatch, mistake):
    if mistake == "floor":
        monkeypatch.setattr("tests.ledger.oracle.published.OVERDRAFT_REFUSED", range(5, 9))
    else:
        monkeypatch.setattr(Published, "_end", lambda self, step: "created")
    with pytest.raises(Differs):
        await compared(MemoryBook(code="oracle"), seed=1, commands=COMMANDS)
