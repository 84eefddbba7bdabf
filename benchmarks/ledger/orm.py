"""The same rows as an application would write them with Piccolo on its own SQLite engine, set up as well as it can be."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

from piccolo.columns import BigInt, Column, Integer, Serial, Varchar
from piccolo.engine.sqlite import SQLiteEngine, TransactionType
from piccolo.table import Table

from benchmarks.ledger.turns import Subject, shared_by


class OrmAccount(Table, tablename="account"):
    """An account and its balance."""

    id: Serial
    balance = BigInt()
    version = BigInt()


class OrmTransfer(Table, tablename="transfer"):
    """A transfer under its key."""

    key = Varchar(length=80, unique=True)


class OrmPosting(Table, tablename="posting"):
    """One leg."""

    transfer = Integer()
    account = Integer()
    amount = BigInt()
    balance_after = BigInt()
    version = BigInt()


TABLES = (OrmAccount, OrmTransfer, OrmPosting)


async def with_piccolo(name: str, path: Path, *, accounts: int, clients: int, each: int) -> Subject:
    """`clients` that each post in a transaction of their own."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    engine = SQLiteEngine(path=str(path), timeout=60)
    for table in TABLES:
        table._meta._db = engine
        await table.create_table()
    await OrmAccount.insert(*(OrmAccount(balance=0, version=0) for _ in range(accounts + 1)))

    async def post(number: int) -> None:
        async with engine.transaction(transaction_type=TransactionType.immediate):
            [transfer] = await OrmTransfer.insert(OrmTransfer(key=f"key/{number}"))
            for account, amount in ((1, -5), (2 + number % accounts, 5)):
                [row] = await OrmAccount.select().where(OrmAccount.id == account)
                balance, version = row["balance"] + amount, row["version"] + 1
                changed: dict[Column | str, int] = {OrmAccount.balance: balance, OrmAccount.version: version}
                await OrmAccount.update(changed).where(OrmAccount.id == account)
                posting = {"transfer": transfer["id"], "account": account, "amount": amount}
                await OrmPosting.insert(OrmPosting(**posting, balance_after=balance, version=version))

    numbers = itertools.count()
    return Subject(name, shared_by(clients, each, post, lambda: next(numbers)))
