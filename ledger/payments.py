"""A payment file: who gives and who receives, many to many, as one batch; shown before it is posted.

A sheet of three columns, in any order and in either language: account 账户, gives 付出, receives 收到 (and a fourth, commodity
计量单位, when it is not minutes). What is given and what is received must come to the same in each commodity. The batch is all or
none, and its key is made of the file's content, so the same file posted twice is posted once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ledger import errors as no
from ledger.check import check_account, check_amount, check_commodity
from ledger.commands import Batch, Transfer
from ledger.values import BATCH_MAX, Account, Leg

COLUMNS = {
    "account": ("account", "账户"),
    "gives": ("gives", "付出"),
    "receives": ("receives", "收到"),
    "commodity": ("commodity", "计量单位"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One line of the file; one of the two amounts is 0.

    Attributes:
        row: its number in the sheet, the heading being 1.
    """

    row: int
    account: str
    commodity: str
    gives: int
    receives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a file is not posted: the row (0 for the file as a whole), and the sentence in both languages."""

    row: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """What a payment would do to its account, told from the account's own side."""

    payment: Payment
    before: int
    after: int
    beyond_bounds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What posting the file would come to now; only a file without faults becomes a batch.

    Attributes:
        totals: how much moves, by commodity.
    """

    lines: tuple[PreviewLine, ...]
    totals: Mapping[str, int]
    faults: tuple[Fault, ...]


def read_sheet(path: str | Path) -> tuple[list[Payment], list[Fault]]:
    """The payments in the first sheet of an xlsx file, and what is wrong with its rows.

    Needs openpyxl (`pip install timebank-ledger[xlsx]`).
    """
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        return read_rows([tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)])
    finally:
        book.close()


def read_rows(rows: Sequence[Sequence[object]]) -> tuple[list[Payment], list[Fault]]:
    """The payments in rows of cells, the first of which is the heading, and what is wrong with them."""
    if not rows:
        return [], [Fault(row=0, zh="文件是空的。", en="The file is empty.")]
    heading = [str(cell or "").strip().lower() for cell in rows[0]]
    places = {
        name: next((heading.index(word) for word in words if word in heading), None)
        for name, words in COLUMNS.items()
    }
    missing = [name for name in ("account", "gives", "receives") if places[name] is None]
    if missing:
        zh = "、".join(COLUMNS[name][1] for name in missing)
        return [], [Fault(row=1, zh=f"缺少列：{zh}。", en=f"Columns are missing: {', '.join(missing)}.")]
    payments: list[Payment] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell not in (None, "") for cell in row):
            continue
        cells = {name: None if at is None or at >= len(row) else row[at] for name, at in places.items()}
        try:
            payment = _payment(number, cells)
        except no.Malformed as refusal:
            faults.append(Fault(row=number, zh=refusal.zh, en=refusal.en))
            continue
        first = seen.setdefault((payment.account, payment.commodity), number)
        if first != number:
            faults.append(
                Fault(
                    row=number,
                    zh=f"账户 {payment.account} 在第 {first} 行已经出现。",
                    en=f"The account {payment.account} stands in row {first} already.",
                )
            )
        payments.append(payment)
    return payments, faults + _uneven(payments)


def _payment(row: int, cells: Mapping[str, object]) -> Payment:
    account = str(cells["account"] or "").strip()
    commodity = str(cells["commodity"] or "MIN").strip()
    check_account(account)
    check_commodity(commodity)
    gives, receives = (_amount(name, cells[name]) for name in ("gives", "receives"))
    if bool(gives) == bool(receives):
        raise no.AmountZero(field="gives/receives")
    return Payment(row=row, account=account, commodity=commodity, gives=gives, receives=receives)


def _amount(field: str, cell: object) -> int:
    """A whole number; a sheet may write 5 as 5.0, and 5.5 is no number of minutes."""
    if cell in (None, "", 0):
        return 0
    number = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    check_amount(field, number)
    assert isinstance(number, int)
    return number


def _uneven(payments: Iterable[Payment]) -> list[Fault]:
    given: dict[str, int] = {}
    received: dict[str, int] = {}
    for one in payments:
        given[one.commodity] = given.get(one.commodity, 0) + one.gives
        received[one.commodity] = received.get(one.commodity, 0) + one.receives
    return [
        Fault(
            row=0,
            zh=f"{commodity}：付出共 {given[commodity]}，收到共 {received[commodity]}，两边不相等。",
            en=f"{commodity}: {given[commodity]} is given and {received[commodity]} received; they must be the same.",
        )
        for commodity in sorted(given)
        if given[commodity] != received[commodity]
    ]


def preview(payments: Sequence[Payment], faults: Sequence[Fault], accounts: Iterable[Account]) -> Preview:
    """What the payments would do to these accounts, as `Book.accounts` tells them."""
    there = {(account.code, account.commodity): account for account in accounts}
    lines, found = [], list(faults)
    for one in payments:
        account = there.get((one.account, one.commodity))
        if account is None or account.closed_on is not None:
            zh, en = (
                ("没有这个账户", "There is no such account")
                if account is None
                else ("已销户", "It is closed")
            )
            found.append(Fault(row=one.row, zh=f"{zh}：{one.account}。", en=f"{en}: {one.account}."))
            continue
        change = one.receives - one.gives if account.kind.grows_by_credit else one.gives - one.receives
        after = account.available + change
        beyond = (change < 0 and account.floor is not None and after < account.floor) or (
            change > 0 and account.ceiling is not None and account.prospective + change > account.ceiling
        )
        if beyond:
            zh, en = (
                f"{one.account} 会超出限额（变为 {after}）。",
                f"{one.account} would pass a bound (come to {after}).",
            )
            found.append(Fault(row=one.row, zh=zh, en=en))
        lines.append(PreviewLine(payment=one, before=account.available, after=after, beyond_bounds=beyond))
    totals: dict[str, int] = {}
    for one in payments:
        totals[one.commodity] = totals.get(one.commodity, 0) + one.gives
    return Preview(lines=tuple(lines), totals=totals, faults=tuple(found))


def batch_of(
    payments: Sequence[Payment], *, actor: str = "", reason: str = "payment", memo: str = ""
) -> Batch:
    """The payments as one batch, each giver paired with the receivers that come next; keys are made of the content.

    Raises:
        Unbalanced: what is given is not what is received.
        BatchTooLarge: more payments than a batch holds.
    """
    uneven = _uneven(payments)
    if uneven:
        total = sum(one.gives - one.receives for one in payments)
        raise no.Unbalanced(commodity=payments[0].commodity, sum=total)
    told = "\n".join(f"{one.account} {one.commodity} {one.gives} {one.receives}" for one in payments)
    digest = sha256(f"{reason}\n{memo}\n{told}".encode()).hexdigest()[:24]
    transfers = [
        Transfer(key=f"pay/{digest}/{number}", legs=legs, actor=actor, reason=reason, memo=memo)
        for number, legs in enumerate(_paired(payments), start=1)
    ]
    if len(transfers) > BATCH_MAX:
        raise no.BatchTooLarge(given=len(transfers), limit=BATCH_MAX)
    return Batch(key=f"pay/{digest}", commands=tuple(transfers), actor=actor, reason=reason, memo=memo)


def _paired(payments: Sequence[Payment]) -> Iterator[tuple[Leg, Leg]]:
    for commodity in sorted({one.commodity for one in payments}):
        of = [one for one in payments if one.commodity == commodity]
        givers = deque((one.account, one.gives) for one in of if one.gives)
        receivers = deque((one.account, one.receives) for one in of if one.receives)
        while givers and receivers:
            (giver, gives), (receiver, receives) = givers.popleft(), receivers.popleft()
            amount = min(gives, receives)
            yield Leg(giver, amount, commodity), Leg(receiver, -amount, commodity)
            if gives > amount:
                givers.appendleft((giver, gives - amount))
            if receives > amount:
                receivers.appendleft((receiver, receives - amount))
