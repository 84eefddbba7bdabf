"""The part of a book that a decision looks at: head, accounts, holds, known keys. Plain dictionaries, no I/O.

A store loads a sheet with everything the commands name, `ledger.decide` reads it, accepted entries are applied to it,
and the store writes the sheet's `changes`. The memory store simply keeps one sheet with everything.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ledger.rows import Entry, Head, Hold, HoldState, Remembered, microseconds
from ledger.values import Account

Place = tuple[str, str]
"""Account code and commodity."""


@dataclass(slots=True)
class Changes:
    """What must be written, in order; accounts and holds in their last state."""

    entries: list[Entry] = field(default_factory=list)
    remembered: list[Remembered] = field(default_factory=list)
    accounts: dict[Place, Account] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entries or self.remembered)


@dataclass(slots=True)
class Sheet:
    """What is known of one book.

    Attributes:
        open: those of the holds that have not ended.
        reversals: uid of a reversed entry → uid of the entry that reversed it.
        changes: everything applied since the sheet was loaded.
    """

    book: str
    zone: ZoneInfo
    head: Head
    commodities: frozenset[str] = frozenset()
    accounts: dict[Place, Account] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    open: dict[str, Hold] = field(default_factory=dict)
    reversals: dict[str, str] = field(default_factory=dict)
    remembered: dict[str, Remembered] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)

    def local_day(self, at: datetime) -> date:
        """The calendar day of `at` where the book is kept."""
        return at.astimezone(self.zone).date()

    def know(self, hold: Hold) -> None:
        """Take in a hold as it stands."""
        self.holds[hold.uid] = hold
        if hold.state is HoldState.PENDING:
            self.open[hold.uid] = hold
        else:
            self.open.pop(hold.uid, None)

    def lapsed(self, codes: Container[str], at: datetime) -> list[Hold]:
        """Open holds on these accounts whose time is over at `at`, oldest deadline first."""
        now_us = microseconds(at)
        found = [
            hold
            for hold in self.open.values()
            if hold.expires_at_us <= now_us and (hold.payer in codes or hold.payee in codes)
        ]
        return sorted(found, key=lambda hold: (hold.expires_at_us, hold.uid))

    def apply(
        self, entries: Iterable[Entry], accounts: Iterable[Account], holds: Iterable[Hold], head: Head
    ) -> None:
        """Take in what a decision accepted."""
        for entry in entries:
            self.entries[entry.uid] = entry
            self.changes.entries.append(entry)
            if entry.reverses:
                self.reversals[entry.reverses] = entry.uid
        for account in accounts:
            place = (account.code, account.commodity)
            self.accounts[place] = self.changes.accounts[place] = account
        for hold in holds:
            self.know(hold)
            self.changes.holds[hold.uid] = hold
        self.head = head

    def remember(self, refusal: Remembered) -> None:
        """Keep a refusal under its key."""
        self.remembered[refusal.uid] = refusal
        self.changes.remembered.append(refusal)

    def scratch(self) -> Sheet:
        """A copy to try a batch on; what happens there leaves this sheet as it is."""
        return Sheet(
            book=self.book,
            zone=self.zone,
            head=self.head,
            commodities=self.commodities,
            accounts=dict(self.accounts),
            entries=dict(self.entries),
            holds=dict(self.holds),
            open=dict(self.open),
            reversals=dict(self.reversals),
            remembered=self.remembered,
        )
