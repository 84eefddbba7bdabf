"""The same steps to a book of ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from ledger import (
    AccountKind,
    Batch,
    Command,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of
from ledger.store import Book
from tests.ledger.oracle.drawing import (
    ACCOUNTS,
    OVERDRAFT_REFUSED,
    SURPLUS_REFUSED,
    Chain,
    Step,
    Verb,
)

AT = datetime(2026, 11, 20, tzinfo=UTC)
FAR = datetime(2036, 1, 1, tzinfo=UTC)


def code(number: int) -> str:
    return f"Liabilities:N{number}"


async def opened(book: Book) -> Book:
    """The book with its twelve accounts."""
    await book.create(("MIN",))
    for number in range(1, ACCOUNTS + 1):
        command = OpenAccount(
            key=f"open/{number}",
            code=code(number),
            kind=AccountKind.LIABILITY,
            floor=0 if number in OVERDRAFT_REFUSED else None,
            ceiling=0 if number in SURPLUS_REFUSED else None,
            opened_on=date(2026, 1, 1),
        )
        await book.post(command, at=AT)
    return book


def command_of(book: str, chain: Chain) -> Command:
    commands = [_command(book, step) for step in chain]
    return commands[0] if len(commands) == 1 else Batch(key=f"chain/{chain[0].id}", commands=tuple(commands))


def _command(book: str, step: Step) -> Command:
    key, hold = str(step.id), uid_of(book, str(step.pending))
    match step.verb:
        case Verb.MOVE:
            legs = (Leg(code(step.debit), step.amount), Leg(code(step.credit), -step.amount))
            return Transfer(key=key, legs=legs)
        case Verb.HOLD:
            told = {"payer": code(step.debit), "payee": code(step.credit), "amount": step.amount}
            return PlaceHold(key=key, expires_at=FAR, **told)  # type: ignore[arg-type]
        case Verb.POST:
            return SettleHold(key=key, hold=hold, amount=step.amount)
        case Verb.VOID:
            return VoidHold(key=key, hold=hold, memo=str(step.amount))


async def taken(book: Book, chains: Sequence[Chain]) -> list[bool]:
    """Which of the chains passed, or had passed before."""
    answers = await book.post_many([command_of(book.code, chain) for chain in chains], at=AT)
    return [not isinstance(answer, LedgerRefusal) for answer in answers]


async def counters(book: Book) -> dict[int, tuple[int, int, int, int]]:
    found = {}
    for account in await book.accounts():
        stood = (account.dr_pending, account.dr_posted, account.cr_pending, account.cr_posted)
        found[int(account.code.removeprefix("Liabilities:N"))] = stood
    return found
