"""The single SQLite writer: group commit, its failures, and how it is closed."""

from __future__ import annotations

import asyncio
import contextvars
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from unittest.mock import ANY

import pytest

from ledger.store.engine import (
    CannotOpen,
    CommitFailed,
    DiskFull,
    EngineNotOpen,
    GroupLimits,
    NotInsideUnit,
    SQLiteEngine,
    UnitLost,
    WriterBusy,
)
from ledger.store.engine.sqlite import writer as sqlite_writer
from ledger.store.engine.sqlite.pace import Pace


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[SQLiteEngine]:
    """A SQLite engine with a parent and a child table; the foreign key is checked at COMMIT."""
    async with SQLiteEngine(tmp_path / "office.db") as engine:
        await make_tables(engine)
        yield engine


async def make_tables(engine: SQLiteEngine) -> None:
    await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, fate TEXT)")
    await engine.execute(
        "CREATE TABLE child (id INTEGER PRIMARY KEY, note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)"
    )


async def write(engine: SQLiteEngine, number: int) -> None:
    async with engine.atomic():
        await engine.execute("INSERT INTO note (id) VALUES (?)", (number,))


async def orphan(engine: SQLiteEngine, number: int) -> None:
    """A unit whose COMMIT fails: its parent row does not exist."""
    async with engine.atomic():
        await engine.execute("INSERT INTO child VALUES (?, ?)", (number, -1))


async def ids(engine: SQLiteEngine) -> list[int]:
    return [row["id"] for row in await engine.fetch("SELECT id FROM note ORDER BY id")]


def commits(engine: SQLiteEngine) -> int:
    assert engine._parts is not None
    return engine._parts.writer.commits


def hold_the_thread(engine: SQLiteEngine) -> threading.Event:
    """Keep the writer's thread busy, so that the next COMMIT stays under way until the event is set."""
    assert engine._parts is not None
    gate = threading.Event()
    engine._parts.worker.hop(asyncio.get_running_loop(), lambda: void(gate.wait(10)), lambda error: None)
    return gate


def void(_: object) -> None:
    """Nothing, whatever is given."""


def engine_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("engine-")]


def open_files(path: Path) -> int:
    names = [os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
    return sum(name.startswith(str(path)) for name in names)


async def test_a_hundred_writers_at_once_all_succeed_in_few_commits(office: SQLiteEngine) -> None:
    before = commits(office)
    await asyncio.gather(*(write(office, number) for number in range(100)))
    assert await ids(office) == list(range(100))
    assert commits(office) - before <= 4


async def test_a_hundred_transfers_at_once_keep_the_sum(office: SQLiteEngine) -> None:
    """Read, decide, write: the units are serial, so no update is lost."""
    await office.execute("CREATE TABLE purse (id INTEGER PRIMARY KEY, minutes INTEGER)")
    await office.execute_many("INSERT INTO purse VALUES (?, ?)", [(number, 600) for number in range(10)])

    async def transfer(number: int) -> None:
        async with office.atomic():
            for purse, change in ((number % 10, -60), ((number + 3) % 10, 60)):
                row = (await office.fetch("SELECT minutes FROM purse WHERE id = ?", (purse,)))[0]
                await asyncio.sleep(0)
                await office.execute(
                    "UPDATE purse SET minutes = ? WHERE id = ?", (row["minutes"] + change, purse)
                )

    await asyncio.gather(*(transfer(number) for number in range(100)))
    assert [row["minutes"] for row in await office.fetch("SELECT minutes FROM purse")] == [600] * 10


async def test_a_group_has_a_bound(tmp_path: Path) -> None:
    async with SQLiteEngine(tmp_path / "office.db", group=GroupLimits(units_max=10)) as engine:
        await make_tables(engine)
        before = commits(engine)
        await asyncio.gather(*(write(engine, number) for number in range(100)))
        assert commits(engine) - before >= 10
        assert len(await ids(engine)) == 100


async def test_a_group_grows_no_older_than_its_limit(tmp_path: Path) -> None:
    async with SQLiteEngine(tmp_path / "office.db", group=GroupLimits(age_s=0.02)) as engine:
        await make_tables(engine)
        before = commits(engine)

        async def slow(number: int) -> None:
            async with engine.atomic():
                await engine.execute("INSERT INTO note (id) VALUES (?)", (number,))
                await asyncio.sleep(0.011)

        await asyncio.gather(*(slow(number) for number in range(12)))
        assert commits(engine) - before >= 4


async def test_a_caller_cancelled_while_waiting_for_its_turn_leaves_the_line(office: SQLiteEngine) -> None:
    async with office.atomic():
        await office.execute("INSERT INTO note (id) VALUES (1)")
        waiting = [
            asyncio.create_task(write(office, number), context=contextvars.Context()) for number in (2, 3, 4)
        ]
        await asyncio.sleep(0)
        waiting[1].cancel()
        await asyncio.sleep(0)
        assert waiting[1].cancelled()
    await asyncio.gather(waiting[0], waiting[2])
    assert await ids(office) == [1, 2, 4]


async def test_a_caller_cancelled_in_the_moment_of_its_turn_gives_it_back(office: SQLiteEngine) -> None:
    first = office.atomic()
    await first.__aenter__()
    office.scope.set(None)
    waiting = asyncio.create_task(write(office, 2))
    await asyncio.sleep(0)
    office.scope.set(first)
    await first.rollback()  # grants the turn; the waiting task has not run yet
    waiting.cancel()
    await first.__aexit__(None, None, None)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(write(office, 3), timeout=5)
    assert await ids(office) == [3]


async def test_a_caller_cancelled_just_before_its_turn_does_not_disturb_the_one_before(
    office: SQLiteEngine,
) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with office.atomic():
            await office.execute("INSERT INTO note (id) VALUES (1)")
            inside.set()
            await go_on.wait()

    task = asyncio.create_task(first())
    await inside.wait()
    waiting = [asyncio.create_task(write(office, number)) for number in (2, 3)]
    await asyncio.sleep(0)
    go_on.set()  # the first task runs next, and ends its unit before the cancelled one has run
    waiting[0].cancel()
    assert await asyncio.gather(task, *waiting, return_exceptions=True) == [None, ANY, None]
    assert waiting[0].cancelled()
    assert await ids(office) == [1, 3]


async def test_a_commit_under_way_finishes_although_its_caller_was_cancelled(office: SQLiteEngine) -> None:
    gate = hold_the_thread(office)
    called: list[int] = []

    async def noted() -> None:
        async with office.atomic():
            await office.execute("INSERT INTO note (id) VALUES (1)")
            office.after_commit(lambda: called.append(1))

    task, neighbour = asyncio.create_task(noted()), asyncio.create_task(write(office, 2))
    await asyncio.sleep(0.05)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await ids(office) == [], "not stored yet, so nobody sees it"
    gate.set()
    await neighbour
    assert await ids(office) == [1, 2]
    assert called == [1]


async def test_nobody_is_told_before_the_commit(office: SQLiteEngine) -> None:
    gate = hold_the_thread(office)
    tasks = [asyncio.create_task(write(office, number)) for number in range(5)]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in tasks)
    gate.set()
    await asyncio.gather(*tasks)


async def test_a_read_outside_units_does_not_wait_for_the_writer(office: SQLiteEngine) -> None:
    await write(office, 1)
    gate = hold_the_thread(office)
    task = asyncio.create_task(write(office, 2))
    await asyncio.sleep(0.02)
    assert await asyncio.wait_for(ids(office), timeout=1) == [1]
    gate.set()
    await task


async def test_a_failed_commit_fails_exactly_its_group_and_the_engine_goes_on(office: SQLiteEngine) -> None:
    await write(office, 1)
    group = await asyncio.gather(
        write(office, 2), orphan(office, 1), write(office, 3), return_exceptions=True
    )
    assert [type(result) for result in group] == [CommitFailed] * 3
    assert group[0] is not group[1], "each caller gets its own error"
    other = sqlite3.connect(office.path, isolation_level=None, timeout=0)
    other.execute("BEGIN IMMEDIATE")  # would fail if the failed group still held the lock
    other.close()
    await asyncio.gather(write(office, 4), write(office, 5))
    assert await ids(office) == [1, 4, 5]
    assert await office.fetch("SELECT * FROM child") == []
    assert not office.in_unit()


async def test_a_failed_begin_leaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    async with SQLiteEngine(path, lock_wait_s=0.05) as engine:
        await make_tables(engine)
        await write(engine, 1)
        assert await ids(engine) == [1]
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        before = (len(threading.enumerate()), open_files(path))
        for number in range(20, 30):
            with pytest.raises(WriterBusy) as refusal:
                await write(engine, number)
            assert refusal.value.retryable
        assert await ids(engine) == [1], "reading goes on"
        assert (len(threading.enumerate()), open_files(path)) == before
        other.execute("ROLLBACK")
        other.close()
        await write(engine, 2)
        assert await ids(engine) == [1, 2]


async def test_a_lock_held_elsewhere_is_waited_for_without_stopping_the_loop(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    async with SQLiteEngine(path) as engine:
        await make_tables(engine)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        task = asyncio.create_task(write(engine, 1))
        for _ in range(5):
            await asyncio.sleep(0.01)
        assert not task.done()
        other.execute("COMMIT")
        other.close()
        await asyncio.wait_for(task, timeout=5)
        assert await ids(engine) == [1]


async def test_all_callers_cancelled_while_the_lock_is_awaited_leave_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    async with SQLiteEngine(path) as engine:
        await make_tables(engine)
        other = sqlite3.connect(path, isolation_level=None, timeout=1)
        other.execute("BEGIN IMMEDIATE")
        tasks = [asyncio.create_task(write(engine, number)) for number in range(3)]
        await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        other.execute("COMMIT")
        await asyncio.sleep(0.05)
        other.execute("BEGIN IMMEDIATE")  # would fail if the engine had kept the lock
        other.execute("ROLLBACK")
        other.close()
        await write(engine, 7)
        assert await ids(engine) == [7]


async def test_a_transaction_ended_by_the_database_loses_its_group_and_says_so(office: SQLiteEngine) -> None:
    await office.execute(
        "CREATE TRIGGER doom BEFORE INSERT ON note WHEN new.fate = 'doom' BEGIN SELECT RAISE(ROLLBACK, 'doomed'); END"
    )

    async def doomed() -> None:
        async with office.atomic():
            with pytest.raises(UnitLost):
                await office.execute("INSERT INTO note VALUES (2, 'doom')")
            # The caller goes on regardless: nothing may slip through outside a transaction.
            await office.execute("INSERT INTO note (id) VALUES (3)")

    group = await asyncio.gather(write(office, 1), doomed(), write(office, 4), return_exceptions=True)
    assert [type(result) for result in group] == [UnitLost, UnitLost, type(None)]
    assert await ids(office) == [4]


async def test_a_full_database_says_so_and_takes_more_when_there_is_room(office: SQLiteEngine) -> None:
    pages = (await office.fetch("PRAGMA page_count"))[0]["page_count"]

    async def write_much(number: int) -> None:
        async with office.atomic():
            await office.execute("INSERT INTO note VALUES (?, ?)", (number, "x" * 40_000))

    async with office.atomic():
        await office.fetch(f"PRAGMA max_page_count = {pages + 3}")
    for number in (1, 2):
        with pytest.raises(DiskFull) as refusal:
            await write_much(number)
        assert refusal.value.code == "engine.disk_full"
    await write(office, 3)
    async with office.atomic():
        await office.fetch("PRAGMA max_page_count = 100000")
    await write_much(4)
    assert await ids(office) == [3, 4]


async def test_close_finishes_or_refuses_each_unit_and_leaves_no_thread(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    engine = SQLiteEngine(path)
    await engine.start()
    await make_tables(engine)
    acknowledged: list[int] = []
    refused: list[int] = []

    async def client(first: int) -> None:
        for number in range(first, first + 1000):
            try:
                await write(engine, number)
            except EngineNotOpen:
                refused.append(number)
                return
            acknowledged.append(number)

    clients = [asyncio.create_task(client(index * 1000)) for index in range(16)]
    await asyncio.sleep(0.1)
    await asyncio.wait_for(engine.close(), timeout=5)
    await asyncio.gather(*clients)
    assert len(refused) == 16
    assert engine_threads() == []
    assert open_files(path) == 0
    assert not path.with_name("office.db-wal").exists(), "the WAL was moved into the file"
    async with SQLiteEngine(path) as again:
        assert await ids(again) == sorted(acknowledged)


async def test_close_waits_for_the_unit_at_work(office: SQLiteEngine) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with office.atomic():
            await office.execute("INSERT INTO note (id) VALUES (1)")
            inside.set()
            await go_on.wait()

    task = asyncio.create_task(slow())
    await inside.wait()
    closing = [asyncio.create_task(office.close()), asyncio.create_task(office.close())]
    await asyncio.sleep(0.02)
    assert not any(one.done() for one in closing)
    go_on.set()
    await asyncio.gather(task, *closing)
    await office.start()
    assert await ids(office) == [1]


async def test_close_gives_up_waiting_for_a_lock_held_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    engine = SQLiteEngine(path)
    await engine.start()
    await make_tables(engine)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(write(engine, 1))
    await asyncio.sleep(0.02)
    await asyncio.wait_for(engine.close(), timeout=2)
    with pytest.raises(EngineNotOpen):
        await task
    other.close()


async def test_a_long_read_outlived_by_its_engine_lets_go_of_its_connection(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    engine = SQLiteEngine(path)
    await engine.start()
    await make_tables(engine)
    async with engine.long_read() as snapshot:
        closing = asyncio.create_task(engine.close(), context=contextvars.Context())
        await closing
        with pytest.raises(EngineNotOpen):
            await snapshot.fetch("SELECT 1")
    assert open_files(path) == 0
    assert engine_threads() == []


async def test_close_inside_a_unit_is_refused(office: SQLiteEngine) -> None:
    async with office.atomic():
        with pytest.raises(NotInsideUnit):
            await office.close()


async def test_a_closed_engine_refuses_and_a_restarted_one_serves(office: SQLiteEngine) -> None:
    await write(office, 1)
    await office.close()
    await office.close()
    for refused in (write(office, 2), ids(office), office.backup("nowhere.db")):
        with pytest.raises(EngineNotOpen):
            await refused
    await office.start()
    await office.start()
    await write(office, 3)
    assert await ids(office) == [1, 3]


async def test_a_long_read_cancelled_in_the_middle_of_a_statement_is_closed_cleanly(
    office: SQLiteEngine,
) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    async def read() -> None:
        async with office.long_read() as snapshot:
            await snapshot.fetch(endless)

    task = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, timeout=5)
    async with office.long_read() as snapshot:
        assert await snapshot.fetch("SELECT 1 AS one") == [{"one": 1}]


async def test_work_goes_on_on_a_second_loop_after_the_first_has_ended(tmp_path: Path) -> None:
    engine = SQLiteEngine(tmp_path / "office.db")

    def on_its_own_loop(number: int) -> list[int]:
        async def run() -> list[int]:
            if number == 1:
                await make_tables(engine)
            await write(engine, number)
            # Left behind when the loop ends: a commit in flight.
            abandoned = asyncio.ensure_future(write(engine, number * 100))
            await asyncio.sleep(0)
            void(abandoned)
            return await ids(engine)

        return asyncio.run(run())

    for number in (1, 2, 3):
        assert number in await asyncio.to_thread(on_its_own_loop, number)
    await write(engine, 4)
    assert {1, 2, 3, 4} <= set(await ids(engine))
    await engine.close()


@pytest.mark.parametrize(
    ("name", "prepare"),
    [
        ("nowhere/office.db", lambda path: None),
        ("folder.db", lambda path: path.mkdir()),
        ("text.db", lambda path: path.write_text("这不是数据库" * 100)),
    ],
    ids=["no such directory", "a directory", "not a database"],
)
async def test_what_cannot_be_opened_is_refused_with_its_reason(
    tmp_path: Path, name: str, prepare: Callable[[Path], object]
) -> None:
    path = tmp_path / name
    prepare(path)
    engine = SQLiteEngine(path)
    with pytest.raises(CannotOpen) as refusal:
        await engine.start()
    assert refusal.value.fields["database"] == str(path)
    assert "无法打开" in refusal.value.sentence("zh")
    assert engine_threads() == []
    assert open_files(path) == 0


@pytest.mark.parametrize("path", ["", ":memory:", "file:x?mode=memory"])
def test_a_database_without_a_file_is_refused(path: str) -> None:
    with pytest.raises(CannotOpen):
        SQLiteEngine(path)


async def test_the_file_is_private_and_every_connection_keeps_the_promises(office: SQLiteEngine) -> None:
    assert os.stat(office.path).st_mode & 0o077 == 0
    async with office.atomic():
        settings = {
            name: next(iter((await office.fetch(f"PRAGMA {name}"))[0].values()))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert await office.fetch("PRAGMA query_only") == [{"query_only": 1}]
    assert await office.fetch("PRAGMA user_version = 7") == []
    assert await office.fetch("PRAGMA user_version") == [{"user_version": 7}]


@pytest.mark.parametrize(("short_flush_s", "in_the_thread"), [(1e9, Pace.SHORT_IN_A_ROW), (0, 20)])
async def test_a_quick_disk_is_flushed_on_the_loop_and_a_slow_one_in_the_thread(
    tmp_path: Path, short_flush_s: float, in_the_thread: int
) -> None:
    async with SQLiteEngine(tmp_path / "office.db", group=GroupLimits(short_flush_s=short_flush_s)) as engine:
        await make_tables(engine)
        parts = engine._parts
        assert parts is not None
        parts.writer._pace = Pace(short_flush_s)
        threads: list[str] = []
        parts.writer.connection.set_trace_callback(
            lambda sql: threads.append(threading.current_thread().name) if sql == "COMMIT" else None
        )
        for number in range(20):
            await write(engine, number)
        assert len(threads) == 20
        assert threads.count("engine-writer") == in_the_thread


def test_one_long_flush_or_a_large_group_goes_to_the_thread() -> None:
    pace = Pace(0.001)
    for _ in range(Pace.SHORT_IN_A_ROW):
        assert not pace.is_quick(1)
        pace.took(0.001)
    assert pace.is_quick(Pace.ROWS_MAX)
    assert not pace.is_quick(Pace.ROWS_MAX + 1)
    pace.took(0.002)
    assert not pace.is_quick(1)


async def test_the_wal_is_moved_into_the_file_while_units_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_writer, "WAL_ROWS_MAX", 10)
    async with SQLiteEngine(tmp_path / "office.db") as engine:
        await make_tables(engine)
        for start in range(0, 200, 4):
            await asyncio.gather(*(write(engine, number) for number in range(start, start + 4)))
            await write(engine, 1000 + start)
        assert len(await ids(engine)) == 250
        pages = os.path.getsize(tmp_path / "office.db-wal") // 4096
    assert pages < 60, "a hundred commits, and the WAL began anew every few of them"
