"""What auditors and workers look at: the state of the book in one screen, its entries page by page, one entry in full."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ledger import Coverage, Entry, EntryKind, LedgerRefusal
from ledger.statement import TrialRow
from ledger.values import Layer
from timebank.access import Actor, Facts, sees
from timebank.context import Context, fund_account, issuing_account
from timebank.errors import NotFound
from timebank.help.hours.books import quick_problems, waiting_in
from timebank.help.hours.followed import service_of
from timebank.help.hours.passbook import months_between

PAGE_ENTRIES = 40
LOOKED_THROUGH = 1_000
"""Entries of one page of corrections, or of what was written down late."""
# Up to here every look at the page checks the whole book; beyond it somebody asks for it.
CHECKED_AT_EVERY_LOOK = 2_000
COMMODITY = "MIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Accounts of one kind added up: how many, and what they hold from their own side."""

    kind: str
    accounts: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the book: closed with its seal, still open, or not over yet."""

    month: str
    state: str
    seal: str = ""
    waiting: int = 0
    has_entries: bool = True

    @property
    def first_on(self) -> date:
        return date.fromisoformat(f"{self.month}-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksHome:
    """The state of the book in one screen.

    Attributes:
        problems: None when nobody looked this time.
        off_by: debits − credits over all accounts, 0 in a book that is right.
    """

    groups: tuple[Group, ...]
    off_by: int
    coverage: Coverage | None
    seq: int
    hash: str
    months: tuple[Month, ...]
    problems: tuple[str, ...] | None
    audit_problems: tuple[str, ...] | None

    @property
    def fingerprint(self) -> str:
        return grouped(self.hash)

    @property
    def times_covered(self) -> str:
        """How many times over the hours owed could still be answered for, in words: 1.3, 12."""
        permille = self.coverage.permille if self.coverage and self.coverage.permille is not None else 0
        return str(permille // 1000) if permille >= 10_000 else f"{permille // 1000}.{permille % 1000 // 100}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of the journal with opaque ids only."""

    seq: int
    uid: str
    kind: str
    reason: str
    effective_on: date
    legs: tuple[tuple[str, int, str, bool], ...]
    hash: str
    reverses: str
    attendance: str
    service: str
    reversible: bool
    recorded_on: date
    reversed_by: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it was written down on a later day than it counts for."""
        return self.recorded_on > self.effective_on

    @property
    def fingerprint(self) -> str:
        return grouped(self.hash)


def grouped(text: str) -> str:
    """A long fingerprint in groups of eight, for copying by hand and for narrow screens."""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))


async def books_home(ctx: Context, actor: Actor, *, look: bool = False) -> BooksHome:
    """The book of the actor's community: is it whole, what is owed, what is closed."""
    sees(actor, "BooksHome", Facts(community=actor.community))
    book = ctx.book(actor.community)
    head = await book.head()
    trial = await book.trial_balance()
    problems: tuple[str, ...] | None = None
    audit_problems: tuple[str, ...] | None = None
    if look or head.seq <= CHECKED_AT_EVERY_LOOK:
        found, in_audit = await quick_problems(ctx, actor.community)
        problems, audit_problems = tuple(found), tuple(in_audit)
    return BooksHome(
        groups=_groups(actor.community, [row for row in trial.rows if row.commodity == COMMODITY]),
        off_by=trial.off_by.get(COMMODITY, 0),
        coverage=(await book.coverage()).get(COMMODITY),
        seq=head.seq,
        hash=head.hash.hex(),
        months=await _months(ctx, actor.community),
        problems=problems,
        audit_problems=audit_problems,
    )


def _groups(community: str, rows: Sequence[TrialRow]) -> tuple[Group, ...]:
    kinds = {issuing_account(community): "issued", fund_account(community): "fund"}
    sums: dict[str, list[int]] = {}
    for row in rows:
        kind = kinds.get(row.account) or (
            "members" if row.account.startswith("Liabilities:Member:") else "other"
        )
        sums.setdefault(kind, []).append(row.balance)
    order = ("members", "fund", "issued", "other")
    return tuple(
        Group(kind=kind, accounts=len(sums[kind]), balance=sum(sums[kind])) for kind in order if kind in sums
    )


async def _months(ctx: Context, community: str) -> tuple[Month, ...]:
    book = ctx.book(community)
    accounts = await book.accounts()
    if not accounts:
        return ()
    seals = {period.month: period.hash.hex() for period in await book.periods()}
    closed_through = (await book.head()).closed_through
    moved = {f"{one.last_on:%Y-%m}" for one in accounts if one.last_on}
    opened = {f"{one.opened_on:%Y-%m}" for one in accounts}
    this_month = f"{ctx.today():%Y-%m}"
    first_on = min(one.opened_on for one in accounts)
    found = []
    for month in months_between(first_on, ctx.today()):
        closed = closed_through is not None and month <= f"{closed_through:%Y-%m}"
        state = "closed" if closed else "running" if month == this_month else "open"
        found.append(
            Month(
                month=month,
                state=state,
                seal=seals.get(month, ""),
                waiting=0 if closed else await waiting_in(ctx, community, month),
                has_entries=month in moved | opened or bool(seals.get(month)),
            )
        )
    return tuple(found)


class Only(StrEnum):
    """Which entries of the journal are looked at."""

    ALL = "all"
    CORRECTIONS = "corrections"
    LATE = "late"


async def transfers(
    ctx: Context, actor: Actor, *, before: int = 0, only: Only = Only.ALL
) -> tuple[tuple[EntryLine, ...], int, int]:
    """(entries newest first, `before` of the newer page or 0, `before` of the older page or 0).

    A page of corrections, or of what was written down late, is what a longer stretch of the journal has of them.
    """
    sees(actor, "Transfers", Facts(community=actor.community))
    book = ctx.book(actor.community)
    stretch = PAGE_ENTRIES if only is Only.ALL else LOOKED_THROUGH
    head = (await book.head()).seq
    upto = min(before - 1, head) if before > 0 else head
    after = max(0, upto - stretch)
    entries = await book.transfers(after_seq=after, limit=upto - after) if upto > 0 else []
    lines = [_line(ctx, entry) for entry in reversed(entries)]
    newer = min(head + 1, upto + stretch + 1) if upto < head else 0
    return tuple(one for one in lines if _wanted(one, only)), newer, after + 1 if after > 0 else 0


def _wanted(line: EntryLine, only: Only) -> bool:
    if only is Only.CORRECTIONS:
        return line.kind == EntryKind.REVERSE or line.reason == "put_right"
    return line.is_late and bool(line.attendance) if only is Only.LATE else True


async def one_transfer(ctx: Context, actor: Actor, uid: str) -> EntryLine:
    """One entry of the actor's own community's book.

    Raises:
        NotFound: not in that book.
    """
    sees(actor, "ShowTransfer", Facts(community=actor.community))
    book = ctx.book(actor.community)
    try:
        entry = await book.transfer(uid)
    except LedgerRefusal as refusal:
        raise NotFound() from refusal
    return replace(
        _line(ctx, entry), service=await service_of(book, entry),
        reversed_by=(await book.reversals([uid])).get(uid, ""),
    )  # fmt: skip


def _line(ctx: Context, entry: Entry) -> EntryLine:
    meta = json.loads(entry.meta or "{}")
    return EntryLine(
        seq=entry.seq,
        uid=entry.uid,
        kind=entry.kind.value,
        reason=entry.reason,
        effective_on=entry.effective_on,
        legs=tuple(
            (posting.account, posting.amount, posting.commodity, posting.layer is Layer.PENDING)
            for posting in entry.postings
        ),
        hash=entry.hash.hex(),
        reverses=entry.reverses,
        attendance=str(meta.get("attendance", "")),
        service=str(meta.get("service", "")),
        reversible=entry.kind in {EntryKind.TRANSFER, EntryKind.SETTLE, EntryKind.ADJUST},
        recorded_on=entry.recorded_at.astimezone(ctx.zone).date(),
    )
