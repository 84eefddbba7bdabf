"""Piccolo on the engines: every query as under its own, plus what its own get wrong."""

from __future__ import annotations

import asyncio
import datetime
import decimal
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from piccolo.columns import (
    JSON,
    UUID,
    Array,
    BigInt,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    Interval,
    Numeric,
    Real,
    Serial,
    Text,
    Time,
    Timestamp,
    Timestamptz,
    Varchar,
)
from piccolo.engine.sqlite import SQLiteEngine as StockEngine
from piccolo.query.functions.aggregate import Count
from piccolo.table import Table, create_db_tables, drop_db_tables

from ledger.store.engine import PostgresEngine, SQLiteEngine, bind, open_engine

Engine = SQLiteEngine | PostgresEngine
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


class Team(Table, tablename="team"):
    """A team."""

    id: Serial
    name = Varchar(length=50, unique=True)
    hours = Integer(default=0)


class Person(Table, tablename="person"):
    """A person of a team."""

    id: Serial
    name = Varchar(length=50)
    team = ForeignKey(Team)


class Everything(Table, tablename="everything"):
    """One column of each kind."""

    id: Serial
    text = Text(null=True)
    words = Varchar(length=80, null=True)
    small = Integer(null=True)
    big = BigInt(null=True)
    real = Real(null=True)
    exact = Numeric(digits=(10, 2), null=True)
    yes = Boolean(null=True)
    key = UUID(null=True, default=None)
    day = Date(null=True, default=None)
    clock = Time(null=True, default=None)
    local = Timestamp(null=True, default=None)
    moment = Timestamptz(null=True, default=None)
    length = Interval(null=True, default=None)
    data = JSON(null=True, default=None)
    numbers = Array(base_column=Integer(), null=True, default=None)
    days = Array(base_column=Date(), null=True, default=None)


FULL: dict[str, Any] = {
    "text": "䶮 says 'hello'\n?",
    "words": "张三",
    "small": -7,
    "big": 2**62,
    "real": 0.5,
    "exact": decimal.Decimal("12.25"),
    "yes": True,
    "key": uuid.UUID("12345678-1234-5678-1234-567812345678"),
    "day": datetime.date(2026, 11, 17),
    "clock": datetime.time(14, 30),
    "local": datetime.datetime(2026, 11, 17, 14, 30),
    "moment": datetime.datetime(2026, 11, 17, 14, 30, tzinfo=SHANGHAI),
    "length": datetime.timedelta(minutes=90),
    "data": '{"a": [1, true, null]}',
    "numbers": [1, 2, 3],
    "days": [datetime.date(2026, 11, 17)],
}
EMPTY: dict[str, Any] = dict.fromkeys(FULL)


@pytest.fixture
async def teams(engine: Engine) -> Engine:
    """An engine with Piccolo tables bound to it."""
    bind(engine, Team, Person, Everything)
    await create_db_tables(Team, Person, Everything)
    return engine


async def names() -> list[str]:
    rows = await Team.select(Team.name).order_by(Team.name)
    return [row["name"] for row in rows]


async def test_the_usual_queries_work_outside_and_inside_a_unit(teams: Engine) -> None:
    async def journey(name: str) -> None:
        await Team.insert(Team(name=name, hours=1), Team(name=name + "2"))
        await Team.update({Team.hours: Team.hours + 5}).where(Team.name == name)
        team = await Team.objects().get(Team.name == name)
        assert team is not None
        assert team.hours == 6
        team.hours = 7
        await team.save()
        person = await Person.objects().get_or_create(Person.name == "李四", defaults={Person.team: team.id})
        assert await Person.objects().get_or_create(Person.name == "李四") == person
        joined = await Person.select(Person.team.name, Person.team.hours).first()
        assert joined == {"team.name": name, "team.hours": 7}
        assert await Team.count().where(Team.name.like(name + "%")) == 2
        assert await Team.exists().where(Team.name == name)
        assert (await Team.select(Count()).first()) == {"count": await Team.count()}
        assert await Team.raw("SELECT hours FROM team WHERE name = {}", name) == [{"hours": 7}]
        assert await Team.select(Team.name).where(Team.hours == 7).output(as_list=True) == [name]
        await Person.delete().where(Person.id == person.id)
        await Team.delete().where(Team.name == name)
        await Team.delete().where(Team.name == name + "2")

    await journey("outside")
    async with teams.atomic():
        await journey("inside")
    assert await names() == []


async def test_a_frozen_query_can_be_run_again(teams: Engine) -> None:
    await Team.insert(Team(name="红马甲"))
    query = Team.select(Team.name).freeze()
    assert await query.run() == await query.run() == [{"name": "红马甲"}]  # type: ignore[no-untyped-call]


async def test_piccolos_transaction_is_a_unit_and_nests_for_real(teams: Engine) -> None:
    async def inner() -> None:
        async with teams.transaction():
            await Team.insert(Team(name="inner"))
            raise ZeroDivisionError

    async with teams.transaction():
        await Team.insert(Team(name="outer"))
        with pytest.raises(ZeroDivisionError):
            await inner()
    assert await names() == ["outer"]


async def test_piccolos_atomic_list_runs_all_or_none(teams: Engine) -> None:
    atomic = teams.atomic()
    atomic.add(Team.insert(Team(name="one")), Team.insert(Team(name="two")))
    await atomic.run()
    atomic.add(Team.insert(Team(name="three")), Team.insert(Team(name="one")))
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await atomic
    assert await names() == ["one", "two"]


async def test_foreign_keys_are_enforced(teams: Engine) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await Person.insert(Person(name="nobody", team=99))


async def test_tables_can_be_dropped(teams: Engine) -> None:
    await drop_db_tables(Person, Team, Everything)
    assert not await Team.table_exists()


@pytest.mark.parametrize("inside", [False, True], ids=["outside a unit", "inside a unit"])
async def test_batches_hand_out_every_row_and_pass_errors_on(teams: Engine, inside: bool) -> None:
    await Team.insert(*(Team(name=f"team {number:02}", hours=number) for number in range(25)))

    async def read() -> list[int]:
        query = Team.select(Team.name).where(Team.hours >= 0).where(Team.hours < 25).order_by(Team.name)
        async with await query.batch(batch_size=10) as batch:
            return [len(rows) async for rows in batch]

    async def fail() -> None:
        async with await Team.objects().batch(batch_size=10) as batch:
            async for _ in batch:
                raise ZeroDivisionError

    async def both() -> None:
        assert await read() == [10, 10, 5]
        with pytest.raises(ZeroDivisionError):
            await fail()

    if inside:
        async with teams.atomic():
            await both()
    else:
        await both()


@pytest.mark.parametrize("row", [FULL, EMPTY], ids=["full", "empty"])
async def test_every_column_comes_back_as_it_went_in(teams: Engine, row: dict[str, Any]) -> None:
    for number, inside in enumerate((False, True), start=1):
        if inside:
            async with teams.atomic():
                await Everything.insert(Everything(**row))
                stored = await Everything.select().where(Everything.id == number).first()
        else:
            await Everything.insert(Everything(**row))
            stored = await Everything.select().where(Everything.id == number).first()
        assert stored is not None
        if row["moment"] is not None:
            assert stored["moment"].utcoffset() == datetime.timedelta(0)
            assert json.loads(stored["data"]) == json.loads(row["data"])
        assert {name: stored[name] for name in row if name != "data"} == {
            name: row[name] for name in row if name != "data"
        }


async def test_sqlite_stores_and_reads_exactly_what_the_stock_engine_does(tmp_path: Path) -> None:
    stock = StockEngine(path=str(tmp_path / "stock.db"))
    seen: list[list[dict[str, Any]]] = []
    async with SQLiteEngine(tmp_path / "ours.db") as ours:
        for engine in (ours, stock):
            Everything._meta._db = engine
            await Everything.create_table()
            await Everything.insert(Everything(**FULL), Everything(**EMPTY))
            columns = ", ".join(f"typeof({name}), CAST({name} AS TEXT) AS {name}_text" for name in FULL)
            seen.append(await Everything.raw(f"SELECT {columns} FROM everything"))
            seen.append(await Everything.select())
        assert seen[0] == seen[2]
        assert seen[1] == seen[3]
        Everything._meta._db = ours
        assert await Everything.raw("SELECT typeof(yes) AS t FROM everything WHERE id = 1") == [
            {"t": "integer"}
        ]


async def test_run_sync_works_without_start_and_beside_a_running_loop(database_url: str) -> None:
    engine = open_engine(database_url)
    bind(engine, Team)

    def script() -> list[dict[str, Any]]:
        Team.create_table().run_sync()  # type: ignore[no-untyped-call]
        Team.insert(Team(name="脚本")).run_sync()
        engine.atomic().run_sync()
        return Team.select(Team.name).run_sync()

    assert await asyncio.to_thread(script) == [{"name": "脚本"}]
    await engine.start()
    assert Team.select(Team.name).run_sync() == [{"name": "脚本"}]
    await Team.insert(Team(name="循环"))
    assert len(await Team.select()) == 2
    await engine.close()


async def test_statements_can_be_printed(teams: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    teams.log_queries = True
    await Team.select().where(Team.name == "红马甲")
    assert "红马甲" in capsys.readouterr().out
