"""The ledger itself, through its public API: validation, rules, key, chain, durable when it answers."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from benchmarks.ledger.turns import Subject, shared_by
from ledger import AccountKind, Leg, OpenAccount, Transfer
from ledger.store import Book, migrate_ledger
from ledger.store.engine import DurableEngine

ACCOUNTS = 100
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
DAY = date(2026, 11, 20)
ISSUER = "Equity:DQ:Issued"


def member(number: int) -> str:
    return f"Liabilities:Member:M{number % ACCOUNTS:05d}"


def credit(number: int) -> Transfer:
    """A visit paid by the community: every post meets in one hot account."""
    legs = (Leg(ISSUER, 5), Leg(member(number), -5))
    return Transfer(key=f"visit/{number}", legs=legs, effective_on=DAY, actor="W1")


def gift(number: int) -> Transfer:
    """Five minutes from one member to another; no account is busier than the rest."""
    legs = (Leg(member(number), 5), Leg(member(number * 7 + 1), -5))
    return Transfer(key=f"gift/{number}", legs=legs, effective_on=DAY, actor="W1")


async def open_book(
    engine: DurableEngine,
    code: str,
    *,
    floor: int | None = 0,
    at: datetime = AT,
    opened_on: date = date(2026, 1, 1),
) -> Book:
    """A book with an issuer and its members; `floor` is the members'."""
    await migrate_ledger(engine)
    book = Book(engine, code=code)
    await book.create(("MIN",))
    accounts: list[tuple[str, AccountKind, int | None]] = [(ISSUER, AccountKind.EQUITY, None)]
    accounts += [(member(number), AccountKind.LIABILITY, floor) for number in range(ACCOUNTS)]
    commands = [
        OpenAccount(key=code, code=code, kind=kind, floor=floor, opened_on=opened_on)
        for code, kind, floor in accounts
    ]
    await book.post_many(commands, at=at)
    return book


def singly(name: str, book: Book, *, clients: int, each: int, command: object = credit) -> Subject:
    """`clients` that each wait until their own post is durable."""
    numbers = itertools.count()

    async def post(number: int) -> object:
        return await book.post(command(number), at=AT)  # type: ignore[operator]

    return Subject(name, shared_by(clients, each, post, lambda: next(numbers)))


def together(name: str, book: Book, *, posts: int) -> Subject:
    """`posts` handed over at once."""
    numbers = itertools.count()

    async def slice() -> int:
        answers = await book.post_many([credit(next(numbers)) for _ in range(posts)], at=AT)
        return len(answers)

    return Subject(name, slice)
