"""What deciding a command comes to: accepted with rows, known already, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.errors import LedgerRefusal
from ledger.rows import Entry, Head, Hold, Posted
from ledger.values import Account


class Accepted(NamedTuple):
    """Rows to write, and where the head stands after them. The first entry answers the command."""

    entries: tuple[Entry, ...]
    accounts: tuple[Account, ...]
    holds: tuple[Hold, ...]
    head: Head

    @property
    def posted(self) -> Posted:
        return posted_from(self.entries[0], self.entries[1:])


@dataclass(frozen=True, slots=True)
class Replayed:
    """The key was known with the same body; nothing is to be written."""

    posted: Posted


@dataclass(frozen=True, slots=True)
class Rejected:
    """No. `remember` says whether the refusal is to be kept under its key."""

    refusal: LedgerRefusal
    remember: bool = False

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def fields(self) -> dict[str, object]:
        return self.refusal.fields


def posted_from(entry: Entry, members: Sequence[Entry] = ()) -> Posted:
    """The answer that `entry` stands for."""
    told = tuple(posted_from(member) for member in members) if members else ()
    return Posted(entry.uid, entry.seq, entry.hash, entry.recorded_at_us, entry.kind, False, told)
