"""What a member reads: lines newest first, each with the balance after it; and what an auditor reads: the totals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ledger.commands import EntryKind
from ledger.rows import Entry, Hold, HoldState, Posting
from ledger.values import Account, AccountKind, Balance, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One posting as its account's owner sees it.

    Attributes:
        amount: from the account's own side: +60 earned, −60 spent; in the pending layer −60 set aside, +60 given back.
        balance_after, available_after: right after this posting.
        counterparties: the other accounts of the same entry, layer and commodity.
        hold: uid of the hold concerned, "" for none; hold_state where it stands today.
        reverses: uid of the entry that this one takes back, "" for none.
        reversed_by: uid of the entry that took it back, "" while it stands; taking back the reversal lets it stand again.
    """

    seq: int
    uid: str
    key: str
    kind: EntryKind
    effective_on: date
    occurred_at: datetime
    recorded_at: datetime
    reason: str
    actor: str
    memo: str
    meta: Mapping[str, str | int]
    layer: Layer
    amount: int
    balance_after: int
    available_after: int
    counterparties: tuple[str, ...]
    hold: str
    hold_state: HoldState | None
    reverses: str
    reversed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A page of an account's lines, newest first.

    Attributes:
        next_before_seq: ask again with this for the older page; None on the last one.
    """

    account: str
    commodity: str
    balance: Balance
    lines: tuple[Line, ...]
    next_before_seq: int | None


def line_of(
    account: Account, entry: Entry, posting: Posting, holds: Mapping[str, Hold], reversals: Mapping[str, str]
) -> Line:
    """The line that `posting` of `entry` is to the owner of `account`."""
    side = -1 if account.kind.grows_by_credit else 1
    balance = side * (posting.dr_posted - posting.cr_posted)
    out = posting.dr_pending if account.kind.grows_by_credit else posting.cr_pending
    others = [
        other.account
        for other in entry.postings
        if other.layer is posting.layer
        and other.commodity == posting.commodity
        and other.account != posting.account
    ]
    hold = entry.uid if entry.kind is EntryKind.HOLD else entry.hold
    return Line(
        seq=entry.seq,
        uid=entry.uid,
        key=entry.key,
        kind=entry.kind,
        effective_on=entry.effective_on,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        reason=entry.reason,
        actor=entry.actor,
        memo=entry.memo,
        meta=json.loads(entry.meta) if entry.meta else {},
        layer=posting.layer,
        amount=side * posting.amount,
        balance_after=balance,
        available_after=balance - out,
        counterparties=tuple(dict.fromkeys(others)),
        hold=hold,
        hold_state=holds[hold].state if hold in holds else None,
        reverses=entry.reverses,
        reversed_by=reversals.get(entry.uid, ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One account's posted totals, as they came."""

    account: str
    commodity: str
    label: str
    debit: int
    credit: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """All accounts, and per commodity debits − credits, which is 0 in a book that is right."""

    rows: tuple[TrialRow, ...]
    off_by: Mapping[str, int]


def trial_balance(accounts: Iterable[Account]) -> TrialBalance:
    """The trial balance of these accounts, in order of code."""
    rows = []
    off_by: dict[str, int] = {}
    for account in sorted(accounts, key=lambda one: (one.code, one.commodity)):
        rows.append(
            TrialRow(
                account=account.code,
                commodity=account.commodity,
                label=account.label,
                debit=account.dr_posted,
                credit=account.cr_posted,
                balance=account.balance,
            )
        )
        off_by[account.commodity] = off_by.get(account.commodity, 0) + account.dr_posted - account.cr_posted
    return TrialBalance(rows=tuple(rows), off_by=off_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtotal:
    """The sums of an account and of all below it in one commodity, told from the side of their kind.

    Attributes:
        accounts: how many there are.
        pending: what open holds will take out of them.
    """

    commodity: str
    accounts: int
    debit: int
    credit: int
    balance: int
    pending: int


def subtotals(accounts: Iterable[Account], root: str) -> dict[str, Subtotal]:
    """Per commodity, over `root` and everything whose code starts with `root:`; {} when there is none."""
    of: dict[str, list[Account]] = {}
    for account in accounts:
        if account.code == root or account.code.startswith(root + ":"):
            of.setdefault(account.commodity, []).append(account)
    return {
        commodity: Subtotal(
            commodity=commodity,
            accounts=len(group),
            debit=sum(one.dr_posted for one in group),
            credit=sum(one.cr_posted for one in group),
            balance=sum(one.balance for one in group),
            pending=sum(one.pending for one in group),
        )
        for commodity, group in sorted(of.items())
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whether the hours owed to members can be answered for.

    Attributes:
        owed: the sum of what liability accounts hold above zero: hours that members may ask for.
        issued: what the equity accounts have given out, net.
        reserve: the sum of their limits (−floor), None when one of them has no limit.
        left: what may still be issued, None without a limit; open holds are counted.
        permille: left / owed in thousandths, None when nothing is owed or there is no limit.
    """

    commodity: str
    owed: int
    issued: int
    reserve: int | None
    left: int | None
    permille: int | None


def coverage(accounts: Iterable[Account]) -> dict[str, Coverage]:
    """Coverage per commodity."""
    of: dict[str, list[Account]] = {}
    for account in accounts:
        of.setdefault(account.commodity, []).append(account)
    return {commodity: _coverage(commodity, of[commodity]) for commodity in sorted(of)}


def _coverage(commodity: str, accounts: list[Account]) -> Coverage:
    issuers = [account for account in accounts if account.kind is AccountKind.EQUITY]
    owed = sum(max(0, account.balance) for account in accounts if account.kind is AccountKind.LIABILITY)
    floors = [account.floor for account in issuers]
    reserve = left = None
    if None not in floors:
        reserve = -sum(floor for floor in floors if floor is not None)
        left = reserve + sum(account.available for account in issuers)
    return Coverage(
        commodity=commodity,
        owed=owed,
        issued=-sum(account.balance for account in issuers),
        reserve=reserve,
        left=left,
        permille=None if left is None or owed == 0 else left * 1000 // owed,
    )
