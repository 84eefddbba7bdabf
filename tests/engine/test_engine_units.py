"""Units of work, as both engines promise them."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable

import pytest
from piccolo.engine.exceptions import TransactionError

from ledger.store.engine import (
    NotInsideUnit,
    NotInUnit,
    PostgresEngine,
    SQLiteEngine,
    StatementRefused,
    UnitBelongsToAnotherTask,
    UnitFinished,
    UnitTooLong,
    open_engine,
)

Engine = SQLiteEngine | PostgresEngine


class ChangedMyMind(Exception):
    """Raised inside a unit to roll it back."""


@pytest.fixture
async def notes(engine: Engine) -> Engine:
    """An engine with an empty table `note`."""
    await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    return engine


async def ids(engine: Engine) -> list[int]:
    return [row["id"] for row in await engine.fetch("SELECT id FROM note ORDER BY id")]


async def write(engine: Engine, *numbers: int, fail: bool = False) -> None:
    async with engine.atomic():
        for number in numbers:
            await engine.execute("INSERT INTO note (id) VALUES (?)", (number,))
        if fail:
            raise ChangedMyMind


async def test_a_unit_sees_its_own_rows_and_outsiders_see_them_after_it(notes: Engine) -> None:
    async with notes.atomic():
        assert await notes.execute("INSERT INTO note VALUES (?, ?)", (1, "kept")) == 1
        assert await notes.fetch("SELECT text FROM note") == [{"text": "kept"}]
        outside = asyncio.create_task(ids(notes), context=contextvars.Context())
        assert await outside == []
    assert await ids(notes) == [1]


async def test_a_unit_that_raises_rolls_back_alone(notes: Engine) -> None:
    results = await asyncio.gather(
        *(write(notes, number, fail=number % 3 == 0) for number in range(30)), return_exceptions=True
    )
    assert [number for number, result in enumerate(results) if result is not None] == list(range(0, 30, 3))
    assert await ids(notes) == [number for number in range(30) if number % 3]


async def test_an_inner_unit_rolls_back_alone(notes: Engine) -> None:
    async with notes.atomic():
        await write(notes, 1)
        with pytest.raises(ChangedMyMind):
            await write(notes, 2, fail=True)
        await write(notes, 3)
    assert await ids(notes) == [1, 3]


async def test_an_outer_unit_takes_its_inner_units_with_it(notes: Engine) -> None:
    async def outer() -> None:
        async with notes.atomic():
            await write(notes, 1)
            await write(notes, 2)
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await outer()
    assert await ids(notes) == []


async def test_a_statement_that_fails_inside_an_inner_unit_leaves_the_outer_usable(notes: Engine) -> None:
    async with notes.atomic():
        await write(notes, 1)
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
            await write(notes, 2, 1)
        await write(notes, 3)
    assert await ids(notes) == [1, 3]


async def test_notes_are_called_after_the_commit_and_dropped_on_rollback(notes: Engine) -> None:
    called: list[str] = []

    async def inner(name: str, *, fail: bool) -> None:
        async with notes.atomic():
            notes.after_commit(lambda: called.append(name))
            if fail:
                raise ChangedMyMind

    async with notes.atomic():
        notes.after_commit(lambda: called.append("outer"))
        await inner("inner", fail=False)
        with pytest.raises(ChangedMyMind):
            await inner("dropped", fail=True)
        assert called == []
    assert called == ["outer", "inner"]
    with pytest.raises(ChangedMyMind):
        await inner("dropped too", fail=True)
    assert called == ["outer", "inner"]
    with pytest.raises(NotInUnit):
        notes.after_commit(lambda: None)


async def test_a_note_that_fails_keeps_nobody_from_the_rest(notes: Engine) -> None:
    called: list[int] = []

    def broken() -> None:
        raise RuntimeError("a broken note")

    async with notes.atomic():
        notes.after_commit(broken)
        notes.after_commit(lambda: called.append(1))
        await write(notes, 1)
    assert called == [1]
    assert await ids(notes) == [1]


async def test_in_unit_tells_where_we_are(notes: Engine) -> None:
    assert not notes.in_unit()
    async with notes.atomic():
        assert notes.in_unit()
        assert notes.transaction_exists()
        async with notes.atomic():
            assert notes.in_unit()
        assert notes.in_unit()
    assert not notes.in_unit()


@pytest.mark.parametrize(
    "use",
    [
        lambda engine: ids(engine),
        lambda engine: engine.execute("INSERT INTO note (id) VALUES (9)"),
        lambda engine: write(engine, 9),
    ],
    ids=["reads", "writes", "opens a unit"],
)
async def test_a_child_task_does_not_join_the_unit_it_was_started_in(
    notes: Engine, use: Callable[[Engine], Awaitable[object]]
) -> None:
    async with notes.atomic():
        await write(notes, 1)
        child = asyncio.ensure_future(use(notes))
        with pytest.raises(UnitBelongsToAnotherTask):
            await child
    assert await ids(notes) == [1]


async def test_a_child_task_that_outlives_the_unit_works_on_its_own(notes: Engine) -> None:
    go_on = asyncio.Event()

    async def later() -> None:
        await go_on.wait()
        await write(notes, 2)

    async with notes.atomic():
        await write(notes, 1)
        child = asyncio.create_task(later())
    go_on.set()
    await child
    assert await ids(notes) == [1, 2]


async def test_an_independent_task_started_inside_a_unit_does_not_deadlock(notes: Engine) -> None:
    async with notes.atomic():
        await write(notes, 1)
        other = asyncio.create_task(write(notes, 2), context=contextvars.Context())
        await asyncio.sleep(0)
    await asyncio.wait_for(other, timeout=5)
    assert await ids(notes) == [1, 2]


async def test_a_unit_cancelled_in_the_middle_leaves_nothing(notes: Engine) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with notes.atomic():
            await notes.execute("INSERT INTO note (id) VALUES (1)")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(stuck())
    await inside.wait()
    neighbours = [asyncio.create_task(write(notes, number)) for number in (2, 3)]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.gather(*neighbours)
    assert await ids(notes) == [2, 3]


async def test_a_unit_cancelled_at_any_moment_is_stored_whole_or_not_at_all(notes: Engine) -> None:
    """Cancel after 0, 1, 2 … turns of the loop: before its turn, in the middle, while COMMIT is under way, after."""
    for turns in range(40):
        first = turns * 10
        neighbour = asyncio.create_task(write(notes, first + 5, first + 6))
        task = asyncio.create_task(write(notes, first + 1, first + 2))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        outcome = (await asyncio.gather(task, return_exceptions=True))[0]
        await neighbour
        await write(notes, first + 9)
        stored = [number - first for number in await ids(notes) if number >= first]
        assert stored in ([5, 6, 9], [1, 2, 5, 6, 9]), f"half a unit after {turns} turns"
        if outcome is None:
            assert stored == [1, 2, 5, 6, 9], "acknowledged and lost"


async def test_one_stuck_caller_cannot_stop_the_office(database_url: str) -> None:
    async with open_engine(database_url, unit_limit_s=0.3) as engine:
        await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY)")
        inside = asyncio.Event()

        async def stuck() -> None:
            async with engine.atomic():
                await engine.execute("INSERT INTO note (id) VALUES (1)")
                inside.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(stuck())
        await inside.wait()
        await asyncio.wait_for(write(engine, 2), timeout=5)
        with pytest.raises(UnitTooLong) as refusal:
            await task
        assert refusal.value.code == "engine.unit_too_long"
        assert refusal.value.retryable
        assert not task.cancelled()
        assert await ids(engine) == [2]


async def test_a_caller_that_ignores_its_time_limit_stops_nobody_and_writes_nothing_more(
    database_url: str,
) -> None:
    async with open_engine(database_url, unit_limit_s=0.1) as engine:
        await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY)")

        async def stubborn() -> None:
            async with engine.atomic():
                with pytest.raises(asyncio.CancelledError):
                    await asyncio.sleep(60)
                await asyncio.wait_for(
                    asyncio.create_task(write(engine, 2), context=contextvars.Context()), 5
                )
                await engine.execute("INSERT INTO note (id) VALUES (1)")

        with pytest.raises(UnitTooLong):
            await stubborn()
        assert await ids(engine) == [2]


@pytest.mark.parametrize(
    "sql",
    [
        "COMMIT",
        "  rollback",
        "-- a remark\nBEGIN",
        "/* a remark */ SAVEPOINT x",
        "RELEASE x",
        "END",
        "ATTACH 'other.db' AS other",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA synchronous(0)",
        "PRAGMA main.journal_mode=DELETE",
    ],
)
async def test_statements_that_belong_to_the_engine_are_refused(notes: Engine, sql: str) -> None:
    with pytest.raises(StatementRefused):
        await notes.execute(sql)
    with pytest.raises(StatementRefused):
        await notes.fetch(sql)
    async with notes.atomic():
        await notes.execute("INSERT INTO note (id) VALUES (1)")
        with pytest.raises(StatementRefused):
            await notes.execute(sql)
    assert await ids(notes) == [1]


async def test_a_unit_rolled_back_by_hand_takes_no_more_statements(notes: Engine) -> None:
    async with notes.transaction() as unit:
        await notes.execute("INSERT INTO note (id) VALUES (1)")
        await unit.rollback()
        with pytest.raises(UnitFinished):
            await notes.execute("INSERT INTO note (id) VALUES (2)")
    assert await ids(notes) == []


async def test_a_unit_committed_by_hand_is_stored_whatever_follows(notes: Engine) -> None:
    async def commit_early() -> None:
        async with notes.transaction() as unit:
            await notes.execute("INSERT INTO note (id) VALUES (1)")
            await unit.commit()
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await commit_early()
    assert await ids(notes) == [1]


async def test_savepoints_by_hand_work_as_in_piccolo(notes: Engine) -> None:
    async with notes.transaction() as unit:
        await notes.execute("INSERT INTO note (id) VALUES (1)")
        mark = await unit.savepoint()
        await notes.execute("INSERT INTO note (id) VALUES (2)")
        await mark.rollback_to()
        await unit.savepoint("named")
        await notes.execute("INSERT INTO note (id) VALUES (3)")
        await unit.rollback_to("named")
        released = await unit.savepoint()
        await notes.execute("INSERT INTO note (id) VALUES (4)")
        await released.release()
    assert await ids(notes) == [1, 4]


async def test_nesting_can_be_forbidden(notes: Engine) -> None:
    async with notes.atomic():
        with pytest.raises(TransactionError):
            async with notes.transaction(allow_nested=False):
                pass


async def test_many_rows_are_written_together_or_not_at_all(notes: Engine) -> None:
    await notes.execute_many("INSERT INTO note (id, text) VALUES (?, ?)", [(1, "a"), (2, "b")])
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await notes.execute_many("INSERT INTO note (id, text) VALUES (?, ?)", [(3, "c"), (1, "again")])
    assert await ids(notes) == [1, 2]
    assert await notes.execute("UPDATE note SET text = ? WHERE id > ?", ("x", 0)) == 2
    assert await notes.execute("DELETE FROM note WHERE id = ?", (7,)) == 0


async def test_rows_written_without_a_savepoint_are_undone_with_their_unit(notes: Engine) -> None:
    insert = "INSERT INTO note (id) VALUES (?)"

    async def write_twice() -> None:
        async with notes.atomic():
            await notes.execute("INSERT INTO note (id) VALUES (0)")
            await notes.execute_many(insert, [(1,), (2,), (1,)], savepoint=False)

    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await write_twice()
    assert await ids(notes) == []
    await notes.execute_many(insert, [(1,), (2,)], savepoint=False)
    assert await ids(notes) == [1, 2]


async def test_rows_can_be_had_without_the_names_of_their_columns(notes: Engine) -> None:
    await notes.execute_many("INSERT INTO note (id, text) VALUES (?, ?)", [(1, "a"), (2, "b")])
    query, args = "SELECT text, id FROM note WHERE id > ? ORDER BY id", (0,)
    assert [tuple(row) for row in await notes.fetch_tuples(query, args)] == [("a", 1), ("b", 2)]
    assert await notes.fetch_tuples(query, (5,)) == []
    async with notes.atomic():
        await notes.execute("UPDATE note SET text = 'x' WHERE id = 1")
        assert [tuple(row) for row in await notes.fetch_tuples(query, args)] == [("x", 1), ("b", 2)]
    async with notes.long_read():
        await asyncio.create_task(write(notes, 100), context=contextvars.Context())
        assert [tuple(row) for row in await notes.fetch_tuples(query, args)] == [("x", 1), ("b", 2)]


async def test_a_long_read_sees_one_moment_and_cannot_write(notes: Engine) -> None:
    await notes.execute_many("INSERT INTO note (id) VALUES (?)", [(number,) for number in range(25)])
    async with notes.long_read() as snapshot:
        await asyncio.create_task(write(notes, 100), context=contextvars.Context())
        assert len(await snapshot.fetch("SELECT id FROM note WHERE id >= ?", (0,))) == 25
        assert len(await notes.fetch("SELECT id FROM note")) == 25, (
            "the engine's own fetch reads the same moment"
        )
        parts = [part async for part in snapshot.stream("SELECT id FROM note ORDER BY id", size=10)]
        assert [len(part) for part in parts] == [10, 10, 5]
        assert parts[2][-1] == {"id": 24}
    assert len(await notes.fetch("SELECT id FROM note")) == 26


@pytest.mark.parametrize("sql", ["INSERT INTO note (id) VALUES (1)", "DELETE FROM note"])
async def test_a_write_through_a_long_read_is_refused(notes: Engine, sql: str) -> None:
    from ledger.store.engine import ReadOnly

    async with notes.long_read() as snapshot:
        with pytest.raises(ReadOnly):
            await notes.execute(sql)
        with pytest.raises(ReadOnly):
            await snapshot.fetch(sql)
    assert await ids(notes) == []


async def test_a_long_read_inside_a_unit_is_refused(notes: Engine) -> None:
    async with notes.atomic():
        with pytest.raises(NotInsideUnit):
            async with notes.long_read():
                pass


async def test_what_comes_first_in_every_unit_is_stored_with_it_or_not_at_all(notes: Engine) -> None:
    async def first() -> None:
        await notes.execute("INSERT INTO note (id) VALUES ((SELECT 100 + count(*) FROM note))")

    with notes.first_in_units(first):
        await write(notes, 1)
        with pytest.raises(ChangedMyMind):
            await write(notes, 2, fail=True)
        async with notes.atomic():
            await write(notes, 3)
    await write(notes, 4)
    assert await ids(notes) == [1, 3, 4, 100, 102]


async def test_a_unit_whose_first_step_fails_never_runs_and_frees_the_writer(notes: Engine) -> None:
    async def first() -> None:
        await notes.execute("INSERT INTO note (id) VALUES (100)")
        raise ChangedMyMind

    with notes.first_in_units(first), pytest.raises(ChangedMyMind):
        await write(notes, 1)
    await write(notes, 2)
    assert await ids(notes) == [2]
    assert not notes.in_unit()


async def test_what_comes_first_is_for_one_context_only(notes: Engine) -> None:
    async def first() -> None:
        await notes.execute("INSERT INTO note (id) VALUES (100)")

    with notes.first_in_units(first):
        await asyncio.create_task(write(notes, 1), context=contextvars.Context())
    assert await ids(notes) == [1]
