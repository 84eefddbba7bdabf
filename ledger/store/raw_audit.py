"""The auditor's rules over raw rows: one loop for plain transfers, the `Auditor` itself for every other entry.

It only says whether all is well. Where it is not, the whole book is read again by the `Auditor`, which names what does not hold;
so this loop may be brief, as long as it lets nothing pass that the `Auditor` would not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from ledger.audit import Auditor
from ledger.chain import UID_DOMAIN, pack
from ledger.store.rows import read

Rows = Sequence[Sequence[Any]]


@dataclass(slots=True)
class ChainAudit:
    """The chain alone, over any stretch of the journal: numbers, hashes, uids, and the hashes that were published."""

    book: str
    seq: int
    hash: bytes
    names: Mapping[int, tuple[str, str]]
    witnessed: Mapping[int, bytes] = field(default_factory=dict)

    def feed(self, rows: Rows, postings: Rows) -> bool:
        """Whether the next rows (of `read.ENTRIES` and `read.POSTINGS`) follow; go no further when they do not."""
        book, names, uid_start = self.book, self.names, UID_DOMAIN + b"\0" + self.book.encode() + b"\0"
        seq, previous = self.seq, self.hash
        legs = iter(postings)
        leg = next(legs, None)
        for row in rows:
            (
                number,
                uid,
                key,
                kind,
                reason,
                on,
                occurred,
                recorded,
                actor,
                memo,
                meta,
                detail,
                hold,
                back,
                batch,
                stored,
            ) = row
            seq += 1
            if number != seq or sha256(uid_start + key.encode()).hexdigest()[:24] != uid:
                return False
            fields = [
                book,
                str(seq),
                uid,
                key,
                kind,
                reason,
                hold,
                back,
                batch,
                on,
                str(occurred),
                str(recorded),
            ]
            fields += (actor, memo, meta, detail)
            while leg is not None and leg[0] == seq:
                fields += names[leg[2]]
                fields += (str(leg[3]), leg[4])
                leg = next(legs, None)
            previous = sha256(previous + pack(fields)).digest()
            if previous != stored:
                return False
        if leg is not None or any(
            stored != self.witnessed.get(row[0], stored) for row in rows for stored in row[15:]
        ):
            return False
        self.seq, self.hash = seq, previous
        return True


@dataclass(slots=True)
class RulesAudit:
    """Everything but the chain: sums, counters, bounds, lifetimes, days, holds, reversals, batches, seals, closed months.

    Attributes:
        auditor: holds all state, and judges whatever is no plain transfer; its `problems` stay empty while all is well.
        names: code and commodity by the account's number.
        reversed: uids of entries that some other entry takes back.
    """

    auditor: Auditor
    names: Mapping[int, tuple[str, str]]
    reversed: frozenset[str]
    posting_count: int = 0

    def feed(self, rows: Rows, postings: Rows) -> bool:
        """Whether the next rows keep the rules; go no further when they do not."""
        auditor, count = self.auditor, len(postings)
        self.posting_count += count
        start = 0
        for row in rows:
            seq = row[0]
            if seq != auditor.seq + 1 or (start < count and postings[start][0] < seq):
                return False
            end = start
            while end < count and postings[end][0] == seq:
                end += 1
            legs = postings[start:end]
            start = end
            auditor.note(seq, row[15])
            if (
                row[3] == "transfer"
                and not row[11]
                and not row[14]
                and not auditor.batch[1]
                and self._plain(row, legs)
            ):
                auditor.recorded_at_us = row[7]
                if row[1] in self.reversed:
                    auditor.moved[row[1]] = tuple([(*self.names[leg[2]], leg[3]) for leg in legs])
            else:
                auditor.rules(read.entries([row], legs, self.names)[0])
            if auditor.problems:
                return False
        return start == count

    def _plain(self, row: Sequence[Any], legs: Rows) -> bool:
        """Whether a transfer keeps every rule without a doubt; then its accounts are moved, and otherwise they are not."""
        auditor, names = self.auditor, self.names
        on, recorded = row[5], row[7]
        if recorded < auditor.recorded_at_us or len(legs) < 2:
            return False
        day = _day(on)
        if auditor.closed_through is not None and day <= auditor.closed_through:
            return False
        total, commodity, moved = 0, names[legs[0][2]][1], []
        for number, (_, leg, account, amount, layer, dr, cr, dr_pending, cr_pending, version) in enumerate(
            legs
        ):
            name = names[account]
            place = auditor.places.get(name)
            if place is None or place.closed_on is not None or day < place.opened_on or place.waived:
                return False
            if leg != number or layer != "posted" or name[1] != commodity or type(amount) is not int:
                return False
            total += amount
            before_dr, before_cr, before_dr_pending, before_cr_pending, before_version = place.counters
            if amount > 0:
                before_dr += amount
            else:
                before_cr -= amount
            after = (before_dr, before_cr, before_dr_pending, before_cr_pending, before_version + 1)
            if after != (dr, cr, dr_pending, cr_pending, version):
                return False
            if place.floor is not None or place.ceiling is not None:
                owed = before_cr - before_dr
                low, high = owed - before_dr_pending, owed + before_cr_pending
                if not place.grows_by_credit:
                    low, high = -owed - before_cr_pending, before_dr_pending - owed
                if (place.floor is not None and low < place.floor) or (
                    place.ceiling is not None and high > place.ceiling
                ):
                    return False
            moved.append((place, after))
        if total != 0 or len({id(place) for place, _ in moved}) != len(moved):
            return False
        for place, after in moved:
            place.counters = after
            if place.last_on is None or place.last_on < day:
                place.last_on = day
        return True


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return date.fromisoformat(text)
