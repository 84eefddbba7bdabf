"""Accounts as the last post of this process left them, so that the next one need not read them again.

They are good as long as the stored head is the head they were left at: every change of an account moves the head, and the
hash says that the history up to it is the same, whoever wrote since, whatever was rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.rows import Head
from ledger.sheet import Place
from ledger.store.write import SqlSheet
from ledger.values import Account

ACCOUNTS_MAX = 50_000
"""Beyond this many, about 20 MB, the memory starts anew."""


@dataclass(slots=True)
class WarmAccounts:
    """Whole accounts, in every commodity they are open in, with their numbers."""

    head: Head | None = None
    accounts: dict[str, dict[Place, tuple[Account, int]]] = field(default_factory=dict)

    def give(self, sheet: SqlSheet, codes: Iterable[str]) -> list[str]:
        """Put what is known of these codes on the sheet; the codes that must be read."""
        if self.head != sheet.head or len(self.accounts) > ACCOUNTS_MAX:
            self.accounts.clear()
            self.head = sheet.head
        missing = []
        for code in codes:
            places = self.accounts.get(code)
            if places is None:
                missing.append(code)
                continue
            for place, (account, number) in places.items():
                sheet.accounts[place] = account
                sheet.numbers[place] = number
        return missing

    def take(self, sheet: SqlSheet, places: Iterable[Place]) -> None:
        """Remember these accounts of the sheet as they stand at its head."""
        self.head = sheet.head
        for place in places:
            self.accounts.setdefault(place[0], {})[place] = (sheet.accounts[place], sheet.numbers[place])
