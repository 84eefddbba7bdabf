"""The same steps to a book of ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from ledger import (
    AccountKind,
    BalancingTransfer,
    Batch,
    Command,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    Posted,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of
from ledger.errors import BatchRefused
from ledger.store import Book
from tests.ledger.oracle.drawing import (
    ACCOUNTS,
    OVERDRAFT_REFUSED,
    SURPLUS_REFUSED,
    Answer,
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
        case Verb.MOST:
            return BalancingTransfer(
                key=key, payer=code(step.debit), payee=code(step.credit), at_most=step.amount
            )
        case Verb.HOLD:
            told = {"payer": code(step.debit), "payee": code(step.credit), "amount": step.amount}
            return PlaceHold(key=key, expires_at=FAR, **told)  # type: ignore[arg-type]
        case Verb.POST:
            return SettleHold(key=key, hold=hold, amount=step.amount)
        case Verb.VOID:
            return VoidHold(key=key, hold=hold, memo=str(step.amount))


async def taken(book: Book, chains: Sequence[Chain]) -> list[Answer]:
    """What became of each chain."""
    answers = await book.post_many([command_of(book.code, chain) for chain in chains], at=AT)
    return [_answer(answer) for answer in answers]


def _answer(answer: Posted | LedgerRefusal) -> Answer:
    if isinstance(answer, BatchRefused):
        return Answer(False, answer.refusal.code)
    if isinstance(answer, LedgerRefusal):
        return Answer(False, answer.code)
    return Answer(True, "replayed" if answer.replayed else "posted")


async def counters(book: Book) -> dict[int, tuple[int, int, int, int]]:
    found = {}
    for account in await book.accounts():
        stood = (account.dr_pending, account.dr_posted, account.cr_pending, account.cr_posted)
        found[int(account.code.removeprefix("Liabilities:N"))] = stood
    return found
