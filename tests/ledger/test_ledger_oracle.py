"""Random commands to TigerBeetle's published rules and to our book: accepted and refused alike, and the same four counters.

A real server is asked by `make oracle TIGERBEETLE=path`, with 100,000 commands and more.
"""

from __future__ import annotations

import pytest

from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine
from tests.ledger.conftest import Neighbourhood
from tests.ledger.oracle import ours, recorded
from tests.ledger.oracle.__main__ import Differs, compare, compared
from tests.ledger.oracle.published import Published
from tests.ledger.oracle.words import OTHERWISE, same

COMMANDS = 3000


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_commands_come_out_alike_in_memory(seed: int) -> None:
    found = await compared(MemoryBook(code="oracle"), seed=seed, commands=COMMANDS)
    assert found.events >= COMMANDS
    assert found.chains > found.accepted > COMMANDS // 3
    assert found.reasons.keys() <= OTHERWISE.keys(), "another reason that nobody has explained"


async def test_random_commands_come_out_alike_by_the_direct_lanes(busy_url: str) -> None:
    async with open_engine(busy_url) as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="oracle")
        await compared(book, seed=3, commands=COMMANDS // 3)
        assert await book.verify() == []


@pytest.mark.parametrize("mistake", ["floor", "end"])
async def test_a_rule_that_is_another_is_noticed(monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    if mistake == "floor":
        monkeypatch.setattr("tests.ledger.oracle.published.OVERDRAFT_REFUSED", range(5, 9))
    else:
        monkeypatch.setattr(Published, "_end", lambda self, step: "created")
    with pytest.raises(Differs):
        await compared(MemoryBook(code="oracle"), seed=1, commands=COMMANDS)


async def replayed(book: Book, text: str) -> int:
    """The recorded commands to a book, compared with the server's answers; how many chains there were."""
    await ours.opened(book)
    chains = 0
    for block in recorded.read(text):
        answers = await ours.taken(book, block.chains)
        compare(block.chains, answers, "TigerBeetle", block.answers)
        assert await ours.counters(book) == block.counters
        chains += len(block.chains)
    return chains


async def test_a_recorded_run_of_a_real_server_comes_out_alike_on_every_store(
    any_town: Neighbourhood,
) -> None:
    book: Book = MemoryBook(code="oracle")
    if any_town.engine is not None:
        book = Book(any_town.engine, code=any_town.book.code + "-oracle")
    text = recorded.FILE.read_text("utf-8")
    assert text.startswith("# TigerBeetle 0.17")
    assert await replayed(book, text) > 4000
    assert await book.verify() == []


def test_the_rules_as_we_read_them_say_what_the_real_server_said_word_for_word() -> None:
    published = Published()
    for block in recorded.read(recorded.FILE.read_text("utf-8")):
        assert [published.take(chain) for chain in block.chains] == list(block.answers)
        assert published.counters() == block.counters


@pytest.mark.parametrize(("before", "after"), [(" = + created", " = - exceeds_credits"), ("\n| ", "\n| 1")])
async def test_a_recorded_answer_that_is_another_is_noticed(before: str, after: str) -> None:
    text = recorded.FILE.read_text("utf-8")
    assert before in text
    with pytest.raises((Differs, AssertionError)):
        await replayed(MemoryBook(code="oracle"), text.replace(before, after, 1))


def test_what_is_recorded_is_read_back_as_it_was_written() -> None:
    text = recorded.FILE.read_text("utf-8")
    title = text.splitlines()[0].removeprefix("# ")
    assert recorded.written(title, list(recorded.read(text))) == text


def test_words_of_one_cause_are_told_from_words_of_another() -> None:
    assert same("exceeds_credits", "below_floor")
    assert not same("exceeds_credits", "above_ceiling")
    assert not same("overflows_debits", "below_floor")
