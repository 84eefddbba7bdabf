"""The nouns of the book: kinds of account, legs, the four counters of an account, and what they mean.

Debit is positive and credit negative, as in beancount. A member's hours are a debt of the time bank, so member accounts
are liabilities and grow on the credit side; `balance` is always told from the account's own side, so a volunteer who
earned an hour has +60, not −60. All amounts are whole numbers of the commodity (`MIN` is minutes).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

AMOUNT_MAX = 10**9
"""Largest amount of one leg: nineteen centuries of minutes."""

LEGS_MAX = 64
BATCH_MAX = 8190
MEMO_BYTES_MAX = 2000
META_BYTES_MAX = 4000
KEY_BYTES_MAX = 255
TEXT_BYTES_MAX = 120
"""Bound of reasons, actors and account codes."""


class AccountKind(StrEnum):
    """The five kinds of beancount; the value is the first component of the account's code."""

    ASSET = "Assets"
    LIABILITY = "Liabilities"
    EQUITY = "Equity"
    INCOME = "Income"
    EXPENSE = "Expenses"

    @property
    def grows_by_credit(self) -> bool:
        return self is not AccountKind.ASSET and self is not AccountKind.EXPENSE


class Layer(StrEnum):
    """POSTED moves the balance; PENDING sets aside for a hold, or gives back when the hold ends."""

    POSTED = "posted"
    PENDING = "pending"


class Leg(NamedTuple):
    """One side of a transfer: debit positive, credit negative.

    A tuple rather than a dataclass because a busy book makes two of them for every post.
    """

    account: str
    amount: int
    commodity: str = "MIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How an account stands in one commodity, told from its own side.

    Attributes:
        balance: posted credits − debits for liabilities, equity and income; debits − credits otherwise.
        pending: what open holds will take out of it; pending_in what they will bring.
        available: balance − pending; what can be spent is `available − floor`.
        floor, ceiling: the bounds in force, None for none.
    """

    account: str
    commodity: str
    kind: AccountKind
    balance: int
    pending: int
    pending_in: int
    floor: int | None
    ceiling: int | None
    version: int

    @property
    def available(self) -> int:
        return self.balance - self.pending


Counters = tuple[int, int, int, int, int]
"""Posted debits and credits, pending debits and credits, and the version."""


def counted(counters: Counters, amount: int, layer: Layer, *, opening: bool) -> Counters:
    """The counters after one more posting; `opening` for a hold's start, whose end carries the opposite signs."""
    dr, cr, dr_pending, cr_pending, version = counters
    if layer is Layer.POSTED:
        if amount > 0:
            return dr + amount, cr, dr_pending, cr_pending, version + 1
        return dr, cr - amount, dr_pending, cr_pending, version + 1
    if (amount > 0) is opening:
        return dr, cr, dr_pending + amount, cr_pending, version + 1
    return dr, cr, dr_pending, cr_pending - amount, version + 1


class Account(NamedTuple):
    """One account in one commodity: its bounds, its lifetime and its four counters; a tuple for the same reason as `Leg`.

    Attributes:
        label: a name for people; lives outside the chain and can be erased.
        closed_on: the last day it took postings, None while open.
        waived: True while an approved correction keeps it beyond a bound.
        dr_posted, cr_posted: sums of posted debits and credits; they only grow.
        dr_pending, cr_pending: what open holds set aside on each side.
        version: how many postings the account has had.
        last_on: the latest day any posting counts for, None before the first.
    """

    code: str
    commodity: str
    kind: AccountKind
    floor: int | None
    ceiling: int | None
    opened_on: date
    closed_on: date | None = None
    label: str = ""
    waived: bool = False
    last_on: date | None = None
    dr_posted: int = 0
    cr_posted: int = 0
    dr_pending: int = 0
    cr_pending: int = 0
    version: int = 0

    @property
    def counters(self) -> Counters:
        """The last five fields, in the order in which a posting carries them too."""
        return self[10:]

    def moved(self, last_on: date, counters: Counters) -> Account:
        """The account after one more posting."""
        return Account._make((*self[:9], last_on, *counters))

    @property
    def balance(self) -> int:
        owed = self.cr_posted - self.dr_posted
        return owed if self.kind.grows_by_credit else -owed

    @property
    def pending(self) -> int:
        return self.dr_pending if self.kind.grows_by_credit else self.cr_pending

    @property
    def pending_in(self) -> int:
        return self.cr_pending if self.kind.grows_by_credit else self.dr_pending

    @property
    def available(self) -> int:
        return self.balance - self.pending

    @property
    def prospective(self) -> int:
        """The balance if every open hold in its favour were settled; the ceiling looks at this."""
        return self.balance + self.pending_in

    @property
    def levels(self) -> tuple[int, int]:
        """(available, prospective): what the floor and what the ceiling look at."""
        owed = self.cr_posted - self.dr_posted
        if self.kind.grows_by_credit:
            return owed - self.dr_pending, owed + self.cr_pending
        return -owed - self.cr_pending, -owed + self.dr_pending

    def as_balance(self) -> Balance:
        return Balance(
            account=self.code,
            commodity=self.commodity,
            kind=self.kind,
            balance=self.balance,
            pending=self.pending,
            pending_in=self.pending_in,
            floor=self.floor,
            ceiling=self.ceiling,
            version=self.version,
        )
