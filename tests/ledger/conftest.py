"""One small neighbourhood on every kind of store: an issuing account and three members."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ledger import AccountKind, Command, LedgerRefusal, Leg, OpenAccount, PlaceHold, Posted, Transfer
from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine

DAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@dataclass
class Neighbourhood:
    """A book with people on it, and short words for what they do."""

    book: Book
    at: datetime = MORNING
    engine: Any = None
    issuer: str = "Equity:Community:DQ:Issued"
    zhang: str = "Liabilities:Member:M00001"
    li: str = "Liabilities:Member:M00002"
    wang: str = "Liabilities:Member:M00003"
    numbers: list[int] = field(default_factory=lambda: [0])

    def key(self) -> str:
        self.numbers[0] += 1
        return f"k{self.numbers[0]}"

    def earn(self, who: str, minutes: int, **more: Any) -> Transfer:
        legs = (Leg(self.issuer, minutes), Leg(who, -minutes))
        return Transfer(**{"key": self.key(), "legs": legs, "effective_on": DAY, **more})

    def pay(self, payer: str, payee: str, minutes: int, **more: Any) -> Transfer:
        legs = (Leg(payer, minutes), Leg(payee, -minutes))
        return Transfer(**{"key": self.key(), "legs": legs, "effective_on": DAY, **more})

    def hold(self, payer: str, payee: str, minutes: int, **more: Any) -> PlaceHold:
        told: dict[str, Any] = {
            "key": self.key(),
            "payer": payer,
            "payee": payee,
            "amount": minutes,
            "effective_on": DAY,
        }
        return PlaceHold(**{**told, "expires_at": self.at + timedelta(days=7), **more})

    async def post(self, command: Command, *, at: datetime | None = None) -> Posted:
        return await self.book.post(command, at=at or self.at)

    async def refused(self, command: Command, *, at: datetime | None = None) -> LedgerRefusal:
        """The refusal of a command that must not pass."""
        with pytest.raises(LedgerRefusal) as caught:
            await self.book.post(command, at=at or self.at)
        return caught.value

    async def available(self, who: str) -> int:
        return (await self.book.balance(who)).available

    async def open_everyone(self) -> None:
        await self.book.create(("MIN", "PTS"))
        accounts = [(self.issuer, AccountKind.EQUITY, -6000), (self.zhang, AccountKind.LIABILITY, 0)]
        accounts += [(self.li, AccountKind.LIABILITY, 0), (self.wang, AccountKind.LIABILITY, 0)]
        for code, kind, floor in accounts:
            await self.post(
                OpenAccount(key=f"open/{code}", code=code, kind=kind, floor=floor, opened_on=date(2026, 1, 1))
            )


@pytest.fixture(autouse=True)
def a_clock_that_is_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories are told at moments of their own; whether the machine that tells them is behind must not matter."""
    monkeypatch.setattr("ledger.store.book.machine_clock", lambda: datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture
async def town() -> Neighbourhood:
    """The neighbourhood in memory."""
    made = Neighbourhood(MemoryBook(code="dongqu"))
    await made.open_everyone()
    return made


@pytest.fixture
async def sqlite_town(tmp_path: Path) -> AsyncIterator[Neighbourhood]:
    """The neighbourhood on SQLite alone, with its engine."""
    async with open_engine(f"sqlite:///{tmp_path}/town.db") as engine:
        await migrate_ledger(engine)
        made = Neighbourhood(Book(engine, code="dongqu"), engine=engine)
        await made.open_everyone()
        yield made


_book_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: str) -> str:
    """One migrated PostgreSQL database for the whole run; tests keep apart by keeping books of their own."""
    url = postgres_server.replace("/postgres?", "/ledger_tests?", 1)

    async def prepare() -> None:
        connection = await asyncpg.connect(postgres_server)
        await connection.execute("CREATE DATABASE ledger_tests")
        await connection.close()
        async with open_engine(url) as engine:
            await migrate_ledger(engine)

    with asyncio.Runner() as runner:
        runner.run(prepare())
    return url


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the book is kept: "memory", or the address of a database."""
    if request.param == "postgres":
        return str(request.getfixturevalue("shared_postgres_url"))
    return f"sqlite:///{tmp_path}/any.db" if request.param == "sqlite" else "memory"


@pytest.fixture
async def any_town(any_url: str) -> AsyncIterator[Neighbourhood]:
    """The neighbourhood on each of the three stores; on a database, with its engine."""
    if any_url == "memory":
        made = Neighbourhood(MemoryBook(code="dongqu"))
        await made.open_everyone()
        yield made
        return
    async with open_engine(any_url) as engine:
        await migrate_ledger(engine)
        made = Neighbourhood(Book(engine, code=f"dongqu{next(_book_numbers)}"), engine=engine)
        await made.open_everyone()
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def busy_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("shared_postgres_url"))
    return f"sqlite:///{tmp_path}/busy.db"


@pytest.fixture
async def stored_town(busy_url: str) -> AsyncIterator[Neighbourhood]:
    """The neighbourhood on SQLite and on PostgreSQL, with its engine."""
    async with open_engine(busy_url) as engine:
        await migrate_ledger(engine)
        made = Neighbourhood(Book(engine, code=f"dongqu{next(_book_numbers)}"), engine=engine)
        await made.open_everyone()
        yield made
