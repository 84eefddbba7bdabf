"""A book in plain dictionaries: the reference that the SQL stores are compared with, and the quickest thing in tests."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ledger.chain import genesis
from ledger.commands import SETTINGS, EntryKind
from ledger.horizon import Reach
from ledger.rows import Entry, Head, Hold, Period, Posted, Posting, Remembered, Seal
from ledger.sequence import Request
from ledger.sheet import Changes, Place, Sheet
from ledger.store.storage import Done
from ledger.values import Account, Counters, counted


class MemoryStorage:
    """Keeps one sheet with everything; forgets all when it goes."""

    def __init__(self, code: str, timezone: str) -> None:
        self._sheet = Sheet(
            book=code, zone=ZoneInfo(timezone), head=Head(seq=0, hash=genesis(code, timezone))
        )
        self._journal: list[Entry] = []
        self._by_place: dict[Place, list[tuple[int, Posting]]] = {}
        self._periods: list[Period] = []
        self._seals: list[Seal] = []

    @property
    def url(self) -> str:
        return ""

    async def create(self, commodities: Iterable[str]) -> None:
        self._sheet.commodities |= frozenset(commodities)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[None]:
        # Nothing inside awaits anything that could let another task in, so a unit cannot be cut in two.
        yield

    view = unit

    def in_unit(self) -> bool:
        return False

    def at_once(self, requests: Sequence[Request], reach: Reach, done: Done) -> bool:
        return False

    async def post_plain(self, requests: Sequence[Request], reach: Reach) -> list[Posted]:
        return []  # always the long way: the reference that the lanes are compared with

    async def load(self, requests: Sequence[Request]) -> Sheet:
        return self._sheet

    async def load_lapsed(self, at: datetime, limit: int) -> Sheet:
        return self._sheet

    async def save(self, sheet: Sheet) -> None:
        for entry in sheet.changes.entries:
            self._journal.append(entry)
            for posting in entry.postings:
                lines = self._by_place.setdefault((posting.account, posting.commodity), [])
                lines.append((entry.seq, posting))
        sheet.changes = Changes()

    async def save_period(self, period: Period) -> None:
        self._periods.append(period)

    async def head(self) -> Head:
        return self._sheet.head

    async def commodities(self) -> frozenset[str]:
        return self._sheet.commodities

    async def accounts(self, code: str | None = None) -> list[Account]:
        return [account for account in self._sheet.accounts.values() if code in (None, account.code)]

    async def entries(self, after_seq: int, limit: int) -> list[Entry]:
        return self._journal[after_seq : after_seq + limit]

    async def entries_by_uid(self, uids: Iterable[str]) -> list[Entry]:
        return [self._sheet.entries[uid] for uid in uids if uid in self._sheet.entries]

    async def entries_at(self, seqs: Sequence[int]) -> list[Entry]:
        return [self._journal[seq - 1] for seq in seqs]

    async def reversals(self, uids: Iterable[str]) -> dict[str, str]:
        return {uid: self._sheet.reversals[uid] for uid in uids if uid in self._sheet.reversals}

    async def hashes(self, first_seq: int, last_seq: int) -> list[bytes]:
        return [entry.hash for entry in self._journal[first_seq - 1 : last_seq]]

    async def postings_of(
        self, code: str, commodity: str, *, before_seq: int | None, limit: int, on: date | None = None
    ) -> list[tuple[int, Posting]]:
        lines = self._by_place.get((code, commodity), [])
        newest_first = (
            line
            for line in reversed(lines)
            if (before_seq is None or line[0] < before_seq)
            and (on is None or self._journal[line[0] - 1].effective_on <= on)
        )
        return [line for line, _ in zip(newest_first, range(limit), strict=False)]

    async def posting_count(self, after_seq: int = 0) -> int:
        return sum(line[0] > after_seq for lines in self._by_place.values() for line in lines)

    async def entry_count(self, after_seq: int = 0) -> int:
        return sum(entry.seq > after_seq for entry in self._journal)

    async def raw_entries(self, after_seq: int, limit: int) -> None:
        return None

    async def account_names(self) -> dict[int, tuple[str, str]]:
        return {}

    async def last_days_at(self, seq: int) -> dict[Place, date]:
        return {
            place: max(self._journal[line[0] - 1].effective_on for line in lines if line[0] <= seq)
            for place, lines in self._by_place.items()
            if lines[0][0] <= seq
        }

    async def reversed_uids(self) -> dict[str, str]:
        return dict(self._sheet.reversals)

    async def posting_at(self, code: str, commodity: str, seq: int) -> Posting | None:
        lines = self._by_place.get((code, commodity), [])
        count = bisect_right(lines, seq, key=lambda line: line[0])
        return lines[count - 1][1] if count else None

    async def seq_at(self, recorded_us: int) -> int:
        found = (entry.seq for entry in self._journal if entry.recorded_at_us <= recorded_us)
        return max(found, default=0)

    async def counters_at(self, seq: int) -> dict[Place, Counters]:
        found = {place: await self.posting_at(*place, seq) for place in self._by_place}
        return {place: posting[5:] for place, posting in found.items() if posting is not None}

    async def counters_on(
        self, day: date, place: Place | None = None, *, before_seq: int | None = None
    ) -> dict[Place, Counters]:
        found: dict[Place, Counters] = {}
        for entry in self._journal[: None if before_seq is None else before_seq - 1]:
            if entry.effective_on > day:
                continue
            for leg in entry.postings:
                where = (leg.account, leg.commodity)
                if place in (None, where):
                    opening = entry.kind is EntryKind.HOLD
                    found[where] = counted(
                        found.get(where, (0, 0, 0, 0, 0)), leg.amount, leg.layer, opening=opening
                    )
        return found

    async def settings(self) -> list[Entry]:
        return [entry for entry in self._journal if entry.kind in SETTINGS]

    async def holds(self, uids: Iterable[str] | None = None) -> list[Hold]:
        if uids is None:
            return list(self._sheet.holds.values())
        return [self._sheet.holds[uid] for uid in uids if uid in self._sheet.holds]

    async def open_holds(self, code: str, commodity: str, *, at_seq: int | None = None) -> list[Hold]:
        seq = self._sheet.head.seq if at_seq is None else at_seq
        return [
            hold
            for hold in self._sheet.holds.values()
            if hold.open_after(seq) and hold.commodity == commodity and code in (hold.payer, hold.payee)
        ]

    async def holds_due(self, until_us: int, codes: Iterable[str] | None, limit: int) -> list[Hold]:
        among = None if codes is None else set(codes)
        due = [
            hold
            for hold in self._sheet.open.values()
            if hold.expires_at_us <= until_us and (among is None or {hold.payer, hold.payee} & among)
        ]
        return sorted(due, key=lambda hold: (hold.expires_at_us, hold.uid))[:limit]

    async def remembered(self) -> list[Remembered]:
        return sorted(self._sheet.remembered.values(), key=lambda kept: kept.uid)

    async def periods(self) -> list[Period]:
        return list(self._periods)

    async def save_seal(self, seal: Seal) -> None:
        self._seals.append(seal)

    async def seals(self) -> list[Seal]:
        return list(self._seals)

    async def last_seq_before(self, after_seq: int, recorded_before_us: int) -> int:
        found = (
            entry.seq for entry in self._journal[after_seq:] if entry.recorded_at_us < recorded_before_us
        )
        return max(found, default=after_seq)

    async def missing_guards(self) -> list[str]:
        return []

    async def set_label(self, code: str, label: str) -> int:
        places = [place for place in self._sheet.accounts if place[0] == code]
        for place in places:
            self._sheet.accounts[place] = self._sheet.accounts[place]._replace(label=label)
        return len(places)
