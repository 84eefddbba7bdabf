"""When accounts were closed and opened again, as a month's book must tell it: by what counted by the end of that month."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

from ledger.commands import EntryKind
from ledger.rows import Entry
from ledger.sheet import Place
from ledger.values import Account


@dataclass(slots=True)
class Lifetimes:
    """Feed it the journal in order.

    Attributes:
        events: per account, the day it was closed, or None where it was opened again, with the day that counts.
        last_on: the latest day a posting counted for, so far.
    """

    events: dict[Place, list[tuple[date, date | None]]] = field(default_factory=dict)
    last_on: dict[Place, date] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Take in one more entry."""
        if entry.postings:
            for posting in entry.postings:
                place = (posting.account, posting.commodity)
                if entry.effective_on > self.last_on.get(place, date.min):
                    self.last_on[place] = entry.effective_on
        elif entry.kind in (EntryKind.CLOSE, EntryKind.REOPEN):
            detail = json.loads(entry.detail)
            place = (detail["account"], detail["commodity"])
            closed = entry.effective_on if entry.kind is EntryKind.CLOSE else None
            if closed is not None and self.last_on.get(place, date.min) > closed:
                # Something dated later was taken back on its own day; beancount must still know the account then.
                closed = self.last_on[place]
            self.events.setdefault(place, []).append((entry.effective_on, closed))

    def account_at(self, account: Account, ends_on: date) -> Account:
        """The account with the closing that counted before `ends_on`, if it was not opened again before that."""
        closed_on = None
        for on, closed in self.events.get((account.code, account.commodity), ()):
            if on < ends_on:
                closed_on = closed
        return account._replace(closed_on=closed_on)
