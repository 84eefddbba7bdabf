"""The quick loop over raw rows lets nothing pass that the auditor would not, wherever it starts and however many share it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from ledger import CloseAccount, Leg, ReverseTransfer, SettleHold, Transfer
from ledger.store import Book, verifying
from ledger.store.engine import open_engine
from tests.ledger.conftest import DAY, MORNING


async def lived_in(town, steps: int = 30) -> None:
    """Transfers, holds and their ends, reversals of earlier entries, a closed month and daily seals."""
    for step in range(steps):
        at = MORNING + timedelta(hours=7 * step)
        on = DAY + timedelta(days=step // 4)
        await town.post(town.earn(town.zhang, 30 + step, effective_on=on), at=at)
        legs = (Leg(town.zhang, 9), Leg(town.li, -4), Leg(town.wang, -5))
        moved = await town.post(Transfer(key=town.key(), legs=legs, effective_on=on, memo="帮忙"), at=at)
        held = await town.post(
            town.hold(town.zhang, town.li, 10, effective_on=on, expires_at=at + timedelta(days=2)), at=at
        )
        if step % 3 == 0:
            await town.post(SettleHold(key=town.key(), hold=held.uid, amount=7, effective_on=on), at=at)
        if step % 5 == 0:
            await town.post(ReverseTransfer(key=town.key(), transfer=moved.uid, effective_on=on), at=at)
        if step == steps // 2:
            await town.book.close_month("2026-10", at=at)
            await town.book.seal_day((at - timedelta(days=1)).date(), at=at)
    last = MORNING + timedelta(hours=7 * (steps - 1))
    await town.book.seal_day((last - timedelta(days=1)).date(), at=last)


@pytest.fixture
def slow_way(monkeypatch) -> list[int]:
    """How often the auditor was asked to name what does not hold."""
    asked: list[int] = []
    original = verifying._named

    async def counting(storage, task):
        asked.append(1)
        return await original(storage, task)

    monkeypatch.setattr(verifying, "_named", counting)
    return asked


async def test_a_sound_book_is_verified_by_the_quick_loop_alone(stored_town, slow_way):
    await lived_in(stored_town)
    assert await stored_town.book.verify() == []
    witness = await stored_town.book.witness()
    heads = {seal["seq"]: bytes.fromhex(seal["hash"]) for seal in witness["seals"]}
    for since in heads:
        assert await stored_town.book.verify(witnessed=heads, since=since) == []
    assert slow_way == []


async def test_every_entry_can_be_started_from(sqlite_town, slow_way):
    town = sqlite_town
    await lived_in(town, 12)
    await town.post(town.pay(town.li, town.wang, (await town.available(town.li))))
    await town.book.expire_lapsed(at=MORNING + timedelta(days=90))
    await town.post(
        CloseAccount(key="c", code=town.li, effective_on=DAY + timedelta(days=9)),
        at=MORNING + timedelta(days=90),
    )
    for entry in await town.book.transfers():
        assert await town.book.verify(witnessed={entry.seq: entry.hash}, since=entry.seq) == [], entry.seq
    assert slow_way == []


async def test_what_changed_after_the_seal_is_found_and_named(sqlite_town, slow_way, tmp_path):
    await lived_in(sqlite_town)
    book = sqlite_town.book
    last = await book.head()
    seals = await book.seals()
    heads = {seal.last_seq: seal.hash for seal in seals}
    await sqlite_town.engine.backup(tmp_path / "copy.db")
    copy = sqlite3.connect(tmp_path / "copy.db")
    for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        copy.execute(f"DROP TRIGGER {name}")
    copy.execute("UPDATE ledger_posting SET amount = amount + 1 WHERE seq = ? AND leg = 0", [last.seq - 1])
    copy.commit()
    copy.close()
    async with open_engine(f"sqlite:///{tmp_path}/copy.db") as engine:
        found = await Book(engine, code=book.code).verify(witnessed=heads, since=seals[-1].last_seq)
    assert found[0].seq == last.seq - 1
    assert slow_way == [1]


async def test_a_witness_that_says_otherwise_is_told_whatever_one_starts_from(sqlite_town):
    await lived_in(sqlite_town)
    [first, *_] = await sqlite_town.book.seals()
    found = await sqlite_town.book.verify(witnessed={first.last_seq: b"other"}, since=first.last_seq)
    assert [one.code for one in found] == ["witness"]
    with pytest.raises(ValueError, match="witnessed"):
        await sqlite_town.book.verify(since=3)


async def test_several_processes_say_what_one_says(sqlite_town, monkeypatch):
    await lived_in(sqlite_town, 40)
    monkeypatch.setattr(verifying, "STRETCH_MIN", 20)
    book = sqlite_town.book
    assert await book.verify(processes=3) == []
    task = verifying.Task(book=book.code, timezone=book.timezone, url=book._storage.url, processes=3)
    head = await book.head()
    stretches = verifying._stretches(0, head.seq, task)
    assert [low for low, _ in stretches][1:] == [high for _, high in stretches][:-1]
    assert stretches[-1][1] == head.seq
    found = await book.verify(witnessed={head.seq - 2: b"other"}, processes=3)
    assert [one.code for one in found] == ["witness"]


async def test_a_moved_counter_of_an_account_is_found_without_reading_names(sqlite_town):
    """The loop compares the last counters too, not only each posting's."""
    await lived_in(sqlite_town, 4)
    await sqlite_town.engine.execute("UPDATE ledger_account SET cr_posted = cr_posted + 1 WHERE number = 2")
    assert [one.code for one in await sqlite_town.book.verify()] == ["counters"]


async def test_a_book_in_memory_is_verified_by_the_auditor(town, slow_way):
    await lived_in(town, 4)
    assert await town.book.verify() == []
    assert slow_way == [1]
