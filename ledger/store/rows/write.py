"""The ledger's values as rows: columns, and the arguments in their order. The counterpart of `ledger.store.rows.read`."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.rows import Head, Hold
from ledger.sheet import Place, Sheet
from ledger.values import Account


@dataclass(slots=True)
class SqlSheet(Sheet):
    """A sheet that knows where its rows live: the book's id and every loaded account's number.

    Attributes:
        before: the stored head, which the changes go on from.
    """

    book_id: int = 0
    numbers: dict[Place, int] = field(default_factory=dict)
    account_count: int = 0
    before: Head = field(default_factory=lambda: Head(0, b""))


def transfer_rows(sheet: SqlSheet) -> list[tuple[object, ...]]:
    return [
        (
            sheet.book_id,
            entry.seq,
            entry.uid,
            entry.key,
            entry.kind.value,
            entry.reason,
            entry.hold or None,
            entry.reverses or None,
            entry.batch or None,
            entry.effective_on.isoformat(),
            entry.occurred_at_us,
            entry.recorded_at_us,
            entry.actor,
            entry.memo,
            entry.meta,
            entry.detail,
            entry.hash,
        )
        for entry in sheet.changes.entries
    ]


def posting_rows(sheet: SqlSheet) -> list[tuple[object, ...]]:
    return [
        (
            sheet.book_id,
            entry.seq,
            leg,
            sheet.numbers[account, commodity],
            amount,
            layer.value,
            *counters,
        )
        for entry in sheet.changes.entries
        for leg, account, commodity, amount, layer, *counters in entry.postings
    ]


def as_opened(account: Account) -> Account:
    """The account without bounds, closing, and anything on it."""
    bare = account._replace(floor=None, ceiling=None, closed_on=None, waived=False, last_on=None)
    return bare._replace(dr_posted=0, cr_posted=0, dr_pending=0, cr_pending=0, version=0)


def account_row(book_id: int, number: int, account: Account) -> tuple[object, ...]:
    """A row of `columns.ACCOUNT`."""
    return (
        book_id,
        number,
        account.code,
        account.commodity,
        account.kind.value,
        account.label,
        account.floor,
        account.ceiling,
        account.opened_on.isoformat(),
        account.closed_on.isoformat() if account.closed_on else None,
        int(account.waived),
        account.dr_posted,
        account.cr_posted,
        account.dr_pending,
        account.cr_pending,
        account.version,
        account.last_on.isoformat() if account.last_on else None,
    )


def moved_row(book_id: int, number: int, account: Account) -> tuple[object, ...]:
    """A row of `columns.MOVED`."""
    return (
        account.dr_posted,
        account.cr_posted,
        account.dr_pending,
        account.cr_pending,
        account.version,
        account.last_on.isoformat() if account.last_on else None,
        account.floor,
        account.ceiling,
        account.closed_on.isoformat() if account.closed_on else None,
        int(account.waived),
        book_id,
        number,
    )


def hold_row(book_id: int, hold: Hold) -> tuple[object, ...]:
    return (
        book_id,
        hold.uid,
        hold.payer,
        hold.payee,
        hold.commodity,
        hold.amount,
        hold.settled,
        hold.state.value,
        hold.expires_at_us,
        hold.opened_seq,
        hold.ended_seq,
    )


def rejection_rows(sheet: SqlSheet) -> list[tuple[object, ...]]:
    return [
        (sheet.book_id, kept.uid, kept.key, kept.body, kept.code, kept.fields, kept.recorded_at_us)
        for kept in sheet.changes.remembered
    ]
