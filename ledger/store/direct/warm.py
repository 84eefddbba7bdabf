"""Accounts as the last post of this process left them, so that the next one need not read them again.

They are good as long as the stored head is the head they were left at: every change of an account moves the head, and the
hash says that the history up to it is the same, whoever wrote since, whatever was rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.rows import Head
from ledger.sheet import Place
from ledger.store.direct.plain import Standing
from ledger.store.rows.write import SqlSheet

ACCOUNTS_MAX = 50_000
"""Beyond this many, about 30 MB, the memory starts anew."""


@dataclass(slots=True)
class WarmAccounts:
    """Whole accounts, in every commodity they are open in, with their numbers.

    Attributes:
        codes: the accounts known, with the commodities each is open in.
    """

    head: Head | None = None
    standings: dict[Place, Standing] = field(default_factory=dict)
    codes: dict[str, list[Place]] = field(default_factory=dict)

    def forget(self) -> None:
        """Know nothing: a pass that moved the standings did not come to its end."""
        self.head = None
        self.standings.clear()
        self.codes.clear()

    def stand_at(self, head: Head) -> None:
        """Keep what is known if it was left at this very head."""
        if self.head != head or len(self.standings) > ACCOUNTS_MAX:
            self.forget()
            self.head = head

    def held(self, codes: Iterable[str]) -> set[str]:
        """Those of these accounts that have an open hold in any commodity."""
        found = set()
        for code in codes:
            for place in self.codes.get(code, ()):
                one = self.standings[place]
                if one.dr_pending or one.cr_pending:
                    found.add(code)
        return found

    def give(self, sheet: SqlSheet, codes: Iterable[str]) -> list[str]:
        """Put what is known of these codes on the sheet; the codes that must be read."""
        self.stand_at(sheet.head)
        missing = []
        for code in codes:
            places = self.codes.get(code)
            if places is None:
                missing.append(code)
                continue
            for place in places:
                one = self.standings[place]
                sheet.accounts[place] = one.as_account()
                sheet.numbers[place] = one.number
        return missing

    def take(self, sheet: SqlSheet, places: Iterable[Place]) -> None:
        """Remember these accounts of the sheet as they stand at its head."""
        self.head = sheet.head
        for place in places:
            self.note(place, Standing(sheet.numbers[place], sheet.accounts[place]))

    def note(self, place: Place, standing: Standing) -> None:
        """Remember one account; every commodity its code is open in must be noted before the next post."""
        if place not in self.standings:
            self.codes.setdefault(place[0], []).append(place)
        self.standings[place] = standing
