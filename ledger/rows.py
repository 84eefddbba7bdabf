"""What a book stores: the journal's entries with their postings, and the projections kept beside them.

Entries and postings are written once and never change. Accounts (`ledger.values.Account`), holds and the head are
projections: each can be rebuilt from the journal, and `verify` does so.

What every post makes several of is a named tuple rather than a dataclass: it costs a fifth to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from ledger.commands import EntryKind
from ledger.values import Layer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_US = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC of an aware time."""
    return (moment - EPOCH) // ONE_US


def moment(us: int) -> datetime:
    """The aware UTC time `us` microseconds after 1970."""
    return EPOCH + timedelta(microseconds=us)


class Posting(NamedTuple):
    """One leg as written, with the account's four counters right after it.

    Attributes:
        amount: debit positive, credit negative; in the pending layer a hold's end carries the opposite signs.
        version: 1 for the account's first posting, then without gaps.
    """

    leg: int
    account: str
    commodity: str
    amount: int
    layer: Layer
    dr_posted: int
    cr_posted: int
    dr_pending: int
    cr_pending: int
    version: int


class Entry(NamedTuple):
    """One line of the journal, sealed by its hash.

    Attributes:
        seq: 1, 2, 3, … without gaps in its book.
        uid: made from book and key, see `ledger.chain.uid_of`.
        hold: uid of the hold that a settle, void or expire ended.
        reverses: uid of the entry this one negates.
        batch: uid of the batch header it belongs to.
        meta, detail: canonical JSON; `detail` has what the kind needs beyond the postings, "" for nothing.
        hash: SHA-256 over the previous hash and the canonical bytes (`ledger.chain`).
    """

    seq: int
    uid: str
    key: str
    kind: EntryKind
    reason: str
    effective_on: date
    occurred_at_us: int
    recorded_at_us: int
    actor: str
    memo: str
    meta: str
    detail: str
    postings: tuple[Posting, ...]
    hold: str = ""
    reverses: str = ""
    batch: str = ""
    hash: bytes = b""

    @property
    def occurred_at(self) -> datetime:
        return moment(self.occurred_at_us)

    @property
    def recorded_at(self) -> datetime:
        return moment(self.recorded_at_us)


class HoldState(StrEnum):
    PENDING = "pending"
    SETTLED = "settled"
    VOIDED = "voided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Amount set aside from payer for payee; ends once.

    Attributes:
        settled: how much was paid when it ended; the rest was freed.
        ended_seq: the entry that ended it, 0 while pending.
    """

    uid: str
    payer: str
    payee: str
    commodity: str
    amount: int
    settled: int = 0
    state: HoldState = HoldState.PENDING
    expires_at_us: int
    opened_seq: int
    ended_seq: int = 0

    @property
    def expires_at(self) -> datetime:
        return moment(self.expires_at_us)

    def open_after(self, seq: int) -> bool:
        """Whether it stood open right after that entry."""
        return self.opened_seq <= seq and (self.ended_seq == 0 or self.ended_seq > seq)

    def lapsed(self, at: datetime) -> bool:
        """Whether it still stands as pending although its time is over."""
        return self.state is HoldState.PENDING and self.expires_at_us <= microseconds(at)


class Head(NamedTuple):
    """Where the chain stands: the last seq, its hash and time, and the last closed day."""

    seq: int
    hash: bytes
    recorded_at_us: int = 0
    closed_through: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A closed month: the entries recorded since the last close, their Merkle root, and the head at its end."""

    month: str
    first_seq: int
    seq: int
    hash: bytes
    merkle_root: bytes
    recorded_at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A day's entries under one Merkle root, ready to be published; days without entries have none.

    Attributes:
        sealed_on: the book's local day by whose end the entries were recorded.
        hash: the head of the chain at the end of that day.
    """

    sealed_on: date
    first_seq: int
    last_seq: int
    hash: bytes
    merkle_root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A refusal kept under its key, so that the same request gets the same answer."""

    uid: str
    key: str
    body: str
    code: str
    fields: str
    recorded_at_us: int


class Posted(NamedTuple):
    """What a post came to.

    Attributes:
        replayed: True when the key had been posted before and nothing was written now.
        members: for a batch, what each command came to, in order.
    """

    uid: str
    seq: int
    hash: bytes
    recorded_at_us: int
    kind: EntryKind
    replayed: bool = False
    members: tuple[Posted, ...] = ()

    @property
    def recorded_at(self) -> datetime:
        return moment(self.recorded_at_us)
