"""The engines under test, each with its own file: ours (twice), Piccolo's own, and bare sqlite3 with one COMMIT per unit.

One unit of work is what a flow does: read a row by key, change it, add a row. All three run on a WAL file with
synchronous=FULL.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Protocol

from piccolo.columns import BigInt, Integer, Serial, Varchar
from piccolo.engine.sqlite import SQLiteEngine as StockEngine
from piccolo.engine.sqlite import TransactionType
from piccolo.query import Insert, Update
from piccolo.query.methods.select import First
from piccolo.table import Table

from ledger.store.engine import SQLiteEngine, bind, prepared

ACCOUNTS = 200


class Account(Table, tablename="account"):
    """An account with a balance."""

    id: Serial
    code = Varchar(length=20, index=True)
    minutes = BigInt()


class Entry(Table, tablename="entry"):
    """A change of one account."""

    account = Integer()
    minutes = BigInt()
    memo = Varchar(length=80)


class Subject(Protocol):
    """One engine, ready to work."""

    name: str

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def unit(self, number: int) -> None: ...

    async def point_read(self, number: int) -> None: ...

    async def stored(self) -> int: ...


async def _orm_unit(number: int) -> None:
    key = number % ACCOUNTS + 1
    [row] = await Account.select(Account.id, Account.minutes).where(Account.id == key).limit(1)
    await Account.update({Account.minutes: row["minutes"] + 60}).where(Account.id == key)
    await Entry.insert(Entry(account=key, minutes=60, memo="red-vest shift"))


@prepared
def _find(key: int) -> First:
    return Account.select(Account.id, Account.minutes).where(Account.id == key).first()


@prepared
def _move(key: int, minutes: int) -> Update[Account]:
    return Account.update({Account.minutes: minutes}).where(Account.id == key)


@prepared
def _note(key: int, minutes: int) -> Insert[Entry]:
    return Entry.insert(Entry(account=key, minutes=minutes, memo="red-vest shift"))


@prepared
def _read(key: int) -> First:
    return Account.select().where(Account.id == key).first()


async def _prepared_unit(number: int) -> None:
    key = number % ACCOUNTS + 1
    row = await _find(key)
    assert row is not None
    await _move(key, row["minutes"] + 60)
    await _note(key, 60)


async def _orm_read(number: int) -> None:
    row = await Account.select().where(Account.id == number % ACCOUNTS + 1).first()
    assert row is not None


class Ours:
    """Piccolo on the durable engine, its queries written in the ordinary way."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._engine = SQLiteEngine(folder / f"{self.name}.db")

    async def open(self) -> None:
        await self._engine.start()
        bind(self._engine, Account, Entry)
        await _make_tables()

    async def close(self) -> None:
        await self._engine.close()

    async def unit(self, number: int) -> None:
        bind(self._engine, Account, Entry)
        async with self._engine.atomic():
            await _orm_unit(number)

    async def point_read(self, number: int) -> None:
        bind(self._engine, Account, Entry)
        await _orm_read(number)

    async def stored(self) -> int:
        return int((await self._engine.fetch("SELECT count(*) AS n FROM entry"))[0]["n"])


class Prepared(Ours):
    """The same with prepared queries: Piccolo builds each of them once."""

    name = "prepared"

    async def unit(self, number: int) -> None:
        bind(self._engine, Account, Entry)
        async with self._engine.atomic():
            await _prepared_unit(number)

    async def point_read(self, number: int) -> None:
        bind(self._engine, Account, Entry)
        row = await _read(number % ACCOUNTS + 1)
        assert row is not None


class Stock:
    """Piccolo on its own SQLite engine, set up as well as it can be."""

    name = "stock"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "stock.db"
        self._engine = StockEngine(path=str(self._path), timeout=60)

    async def open(self) -> None:
        with sqlite3.connect(self._path) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        self._bind()
        await _make_tables()

    def _bind(self) -> None:
        for table in (Account, Entry):
            table._meta._db = self._engine

    async def close(self) -> None:
        return None

    async def unit(self, number: int) -> None:
        self._bind()
        async with self._engine.transaction(transaction_type=TransactionType.immediate):
            await _orm_unit(number)

    async def point_read(self, number: int) -> None:
        self._bind()
        await _orm_read(number)

    async def stored(self) -> int:
        self._bind()
        return int(await Entry.count())


class Raw:
    """Bare sqlite3 on one connection, no ORM, one COMMIT per unit: what the disk allows without grouping."""

    name = "raw"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "raw.db", isolation_level=None)

    async def open(self) -> None:
        run = self._connection.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("CREATE TABLE account (id INTEGER PRIMARY KEY, code VARCHAR(20), minutes BIGINT)")
        run("CREATE INDEX account_code ON account (code)")
        run(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER, minutes BIGINT, memo TEXT)"
        )
        rows = ((number, f"M{number:05}", 0) for number in range(1, ACCOUNTS + 1))
        self._connection.executemany("INSERT INTO account VALUES (?, ?, ?)", rows)

    async def close(self) -> None:
        self._connection.close()

    async def unit(self, number: int) -> None:
        run, key = self._connection.execute, number % ACCOUNTS + 1
        run("BEGIN IMMEDIATE")
        minutes = run("SELECT id, minutes FROM account WHERE id = ?", (key,)).fetchone()[1]
        run("UPDATE account SET minutes = ? WHERE id = ?", (minutes + 60, key))
        run("INSERT INTO entry (account, minutes, memo) VALUES (?, ?, ?)", (key, 60, "red-vest shift"))
        run("COMMIT")

    async def point_read(self, number: int) -> None:
        self._connection.execute("SELECT * FROM account WHERE id = ?", (number % ACCOUNTS + 1,)).fetchone()

    async def stored(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM entry").fetchone()[0])


async def build_queries(number: int) -> None:
    """The three queries of a unit as SQL text, without running them."""
    key = number % ACCOUNTS + 1
    queries = (
        Account.select(Account.id, Account.minutes).where(Account.id == key).limit(1),
        Account.update({Account.minutes: number}).where(Account.id == key),
        Entry.insert(Entry(account=key, minutes=60, memo="red-vest shift")),
    )
    for query in queries:
        for querystring in query.querystrings:
            querystring.compile_string("sqlite")


async def _make_tables() -> None:
    await Account.create_table()
    await Entry.create_table()
    await Account.insert(*(Account(code=f"M{number:05}", minutes=0) for number in range(1, ACCOUNTS + 1)))
