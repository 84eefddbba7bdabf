"""What is particular to PostgreSQL: pools, collisions, broken connections."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator

import asyncpg
import pytest

from ledger.store.engine import (
    BackupRefused,
    CannotOpen,
    CommitFailed,
    CommitUncertain,
    EngineNotOpen,
    PostgresEngine,
    SerializationConflict,
    UnitLost,
    UnsupportedUrl,
    WriterBusy,
    open_engine,
)


@pytest.fixture
async def server(postgres_url: str) -> AsyncIterator[PostgresEngine]:
    """A PostgreSQL engine with two connections, a parent and a child table; the foreign key is checked at COMMIT.

    The tables come from a connection of their own: a unit that is stored gives its connection back behind its caller, and
    the tests count connections.
    """
    owner = await asyncpg.connect(postgres_url)
    await owner.execute(
        "CREATE TABLE note (id INTEGER PRIMARY KEY, minutes INTEGER NOT NULL DEFAULT 0);"
        "CREATE TABLE child (id INTEGER PRIMARY KEY, note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    await owner.close()
    async with PostgresEngine(postgres_url, connections_max=2, lock_wait_s=0.5) as engine:
        yield engine


async def write(engine: PostgresEngine, number: int) -> None:
    async with engine.atomic():
        await engine.execute("INSERT INTO note (id) VALUES (?)", (number,))


async def ids(engine: PostgresEngine) -> list[int]:
    return [row["id"] for row in await engine.fetch("SELECT id FROM note ORDER BY id")]


def free_connections(engine: PostgresEngine) -> int:
    """How many connections nobody holds."""
    pool = engine.pool
    assert pool is not None
    return int(pool.get_max_size()) - int(pool.get_size()) + int(pool.get_idle_size())


async def test_a_failed_commit_gives_its_connection_back_and_leaves_no_unit_behind(
    server: PostgresEngine,
) -> None:
    for number in range(4):  # more often than there are connections
        with pytest.raises(CommitFailed):
            async with server.atomic():
                await server.execute("INSERT INTO child VALUES (?, -1)", (number,))
        assert not server.in_unit()
    assert free_connections(server) == 2

    async def rolled_back() -> None:
        async with server.atomic():
            await server.execute("INSERT INTO note (id) VALUES (1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await rolled_back()
    assert await ids(server) == [], "the next unit in the same task is a real one"


async def test_a_unit_that_went_on_after_a_failed_statement_is_not_taken_for_stored(
    server: PostgresEngine,
) -> None:
    async def careless() -> None:
        async with server.atomic():
            await server.execute("INSERT INTO note (id) VALUES (1)")
            with pytest.raises(asyncpg.UniqueViolationError):
                await server.execute("INSERT INTO note (id) VALUES (1)")

    with pytest.raises(UnitLost):
        await careless()
    assert await ids(server) == []


async def test_units_that_collide_are_told_so_and_can_be_tried_again(postgres_url: str) -> None:
    async with PostgresEngine(postgres_url) as engine:
        await engine.execute("CREATE TABLE purse (id INTEGER PRIMARY KEY, minutes INTEGER)")
        await engine.execute("INSERT INTO purse VALUES (1, 0)")
        collisions = 0

        async def add() -> None:
            nonlocal collisions
            while True:
                try:
                    async with engine.atomic(isolation="serializable"):
                        row = (await engine.fetch("SELECT minutes FROM purse WHERE id = 1"))[0]
                        await engine.execute(
                            "UPDATE purse SET minutes = ? WHERE id = 1", (row["minutes"] + 1,)
                        )
                    return
                except SerializationConflict:
                    collisions += 1

        await asyncio.gather(*(add() for _ in range(8)))
        assert await engine.fetch("SELECT minutes FROM purse") == [{"minutes": 8}]
        assert collisions > 0
        assert SerializationConflict.retryable


async def test_a_deadlock_is_a_collision_too(server: PostgresEngine) -> None:
    await write(server, 1)
    await write(server, 2)
    both_hold = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with server.atomic():
            await server.execute("UPDATE note SET minutes = 1 WHERE id = ?", (first,))
            await both_hold.wait()
            await server.execute("UPDATE note SET minutes = 2 WHERE id = ?", (second,))

    results = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "SerializationConflict"]


async def test_a_statement_cancelled_under_way_gives_its_connection_back(server: PostgresEngine) -> None:
    async def slow() -> None:
        async with server.atomic():
            await server.execute("INSERT INTO note (id) VALUES (1)")
            await server.fetch("SELECT pg_sleep(60)")

    for _ in range(4):
        task = asyncio.create_task(slow())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert free_connections(server) == 2
    assert await ids(server) == []


async def test_waiting_for_a_connection_has_an_end(server: PostgresEngine) -> None:
    async with server.atomic():
        inside = asyncio.Event()

        async def hold() -> None:
            async with server.atomic():
                inside.set()
                await asyncio.sleep(60)

        holder = asyncio.create_task(hold(), context=contextvars.Context())
        await inside.wait()
        late = asyncio.create_task(write(server, 1), context=contextvars.Context())
        with pytest.raises(WriterBusy):
            await late
        holder.cancel()
        await asyncio.gather(holder, return_exceptions=True)
    await write(server, 2)


async def test_a_connection_that_breaks_loses_its_unit_and_no_other(server: PostgresEngine) -> None:
    async def broken() -> None:
        async with server.atomic():
            pid = (await server.fetch("SELECT pg_backend_pid() AS pid"))[0]["pid"]
            await server.execute("INSERT INTO note (id) VALUES (1)")
            killer = await asyncpg.connect(server.url)
            await killer.execute("SELECT pg_terminate_backend($1)", pid)
            await killer.close()
            await asyncio.sleep(0.05)
            await server.execute("INSERT INTO note (id) VALUES (2)")

    with pytest.raises(UnitLost):
        await broken()
    await write(server, 3)
    assert await ids(server) == [3]


async def test_a_server_that_goes_away_is_told_as_the_engines_own_trouble(
    server: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError("no socket here any more")

    assert server.pool is not None
    monkeypatch.setattr(type(server.pool), "acquire", gone)
    for asking in (server.fetch("SELECT 1 AS n"), server.call("SELECT 1 AS n", [])):
        with pytest.raises(CannotOpen):
            await asking
    with pytest.raises(CannotOpen):
        async with server.atomic():
            await server.fetch("SELECT 1 AS n")


@pytest.mark.parametrize("broken", [ConnectionResetError(), asyncpg.InterfaceError("closed under way")])
async def test_a_statement_outside_of_a_unit_whose_connection_breaks_is_lost(
    server: PostgresEngine, monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    async def breaks(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr(asyncpg.Connection, "fetch", breaks)
    with pytest.raises(UnitLost):
        await server.fetch("SELECT 1 AS n")


async def test_a_value_that_no_column_holds_is_no_trouble_of_the_server(server: PostgresEngine) -> None:
    for asking in (server.fetch("SELECT ?::int AS n", ["x"]), server.call("SELECT ?::int AS n", ["x"])):
        with pytest.raises(asyncpg.DataError):
            await asking


async def test_a_connection_that_breaks_before_the_commit_leaves_the_outcome_open(
    server: PostgresEngine,
) -> None:
    async def broken() -> None:
        async with server.atomic():
            pid = (await server.fetch("SELECT pg_backend_pid() AS pid"))[0]["pid"]
            killer = await asyncpg.connect(server.url)
            await killer.execute("SELECT pg_terminate_backend($1)", pid)
            await killer.close()

    with pytest.raises(CommitUncertain):
        await broken()
    assert free_connections(server) == 2


async def test_a_hundred_writers_share_the_pool_without_an_error(postgres_url: str) -> None:
    async with PostgresEngine(postgres_url, connections_max=5) as engine:
        await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY)")
        await asyncio.gather(*(write(engine, number) for number in range(100)))
        assert await ids(engine) == list(range(100))


async def test_close_lets_the_unit_at_work_finish_and_holds_nothing(postgres_url: str) -> None:
    engine = PostgresEngine(postgres_url)
    await engine.start()
    await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY)")
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with engine.atomic():
            await engine.execute("INSERT INTO note (id) VALUES (1)")
            inside.set()
            await go_on.wait()

    task = asyncio.create_task(slow())
    await inside.wait()
    closing = asyncio.create_task(engine.close())
    await asyncio.sleep(0.02)
    assert not closing.done()
    with pytest.raises(EngineNotOpen):
        await write(engine, 2)
    go_on.set()
    await asyncio.gather(task, closing)
    watcher = await asyncpg.connect(postgres_url)
    assert (
        await watcher.fetchval("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        == 1
    )
    assert await watcher.fetchval("SELECT count(*) FROM note") == 1
    await watcher.close()


async def test_a_server_that_is_not_there_is_refused_at_start_not_at_import() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(CannotOpen):
        await engine.start()


async def test_a_copy_is_left_to_the_servers_own_tools(server: PostgresEngine) -> None:
    with pytest.raises(BackupRefused) as refusal:
        await server.backup("copy.db")
    assert "pg_dump" in str(refusal.value)


@pytest.mark.parametrize("url", ["mysql://root:secret@host/db", "office.db", "sqlite://office.db", ""])
def test_other_addresses_are_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(UnsupportedUrl) as refusal:
        open_engine(url)
    assert "secret" not in str(refusal.value)


async def test_a_statement_planned_for_a_small_table_finds_its_row_by_index_when_the_table_is_large(
    server: PostgresEngine,
) -> None:
    await write(server, 1)
    await server.execute("ANALYZE note")

    async def plan() -> str:
        async with server.atomic():
            lines = await server.fetch("EXPLAIN SELECT * FROM note WHERE id = 1")
        return str(lines[0]["QUERY PLAN"])

    assert "Index" in await plan()
    assert (await server.fetch("SHOW enable_seqscan"))[0]["enable_seqscan"] == "on", "reports may read it all"
