"""One store's rows as they are after a step, and a tally kept from the postings alone."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from ledger import (
    Account,
    Balance,
    Entry,
    EntryKind,
    Head,
    Hold,
    Layer,
    LedgerRefusal,
    Posted,
    Posting,
    Sheet,
)
from ledger.chain import genesis
from ledger.commands import SETTINGS
from ledger.rows import Period, Seal
from ledger.store import Book, MemoryBook

Place = tuple[str, str]
WINDOW = 4
"""How many earlier entries a database reads again after each step; memory reads all, and so does everyone at the end."""


@dataclass
class Tally:
    """What the postings of one account add up to."""

    dr_posted: int = 0
    cr_posted: int = 0
    dr_pending: int = 0
    cr_pending: int = 0
    version: int = 0
    kind: str = ""
    floor: int | None = None
    ceiling: int | None = None
    opened_on: date = date.max
    closed_on: date | None = None
    closed_seq: int = 0

    @property
    def counters(self) -> tuple[int, int, int, int]:
        return self.dr_posted, self.cr_posted, self.dr_pending, self.cr_pending

    def take_in(self, posting: Posting, *, opening: bool) -> None:
        """One more posting; in the pending layer a hold's end carries the opposite signs of its start."""
        self.version += 1
        debit, credit = max(posting.amount, 0), max(-posting.amount, 0)
        if posting.layer is Layer.POSTED:
            self.dr_posted += debit
            self.cr_posted += credit
        elif opening:
            self.dr_pending += debit
            self.cr_pending += credit
        else:
            self.dr_pending -= credit
            self.cr_pending -= debit

    def beyond(self) -> tuple[int, int]:
        """How far below the floor and above the ceiling, open holds counted."""
        net, going, coming = self.cr_posted - self.dr_posted, self.dr_pending, self.cr_pending
        if self.kind in ("Assets", "Expenses"):
            net, going, coming = -net, coming, going
        low = 0 if self.floor is None else max(0, self.floor - (net - going))
        high = 0 if self.ceiling is None else max(0, net + coming - self.ceiling)
        return low, high


@dataclass(frozen=True)
class Followed:
    """A posting, and what the tally says right after it."""

    seq: int
    posting: Posting
    counters: tuple[int, int, int, int]
    version: int


@dataclass(frozen=True)
class Moved:
    """How far an entry found an account beyond its bounds, and how far it left it."""

    entry: Entry
    place: Place
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass
class Seen:
    """Everything the invariants look at, of one store.

    Attributes:
        in_one_view: whether all is read in one view; on PostgreSQL that is half the work, on SQLite twice.
        old, new: entries of earlier steps, and those this step wrote.
        again: some of the old entries, read once more.
        acknowledged: what `post` answered in this step.
        followed, moved: the step's postings and accounts against the tally.
        own_count: how many entries the book wrote of itself, the ends of lapsed holds.
        seals_checked, periods_checked: those whose root earlier steps have recomputed.
        as_of: answers given earlier for (account, commodity, seq), and what the same question gives now.
    """

    book: Book
    in_one_view: bool = False
    old: list[Entry] = field(default_factory=list)
    new: list[Entry] = field(default_factory=list)
    again: list[Entry] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    holds: dict[str, Hold] = field(default_factory=dict)
    head: Head = field(default_factory=lambda: Head(seq=0, hash=b""))
    periods: list[Period] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    acknowledged: list[Posted | LedgerRefusal] = field(default_factory=list)
    tally: dict[Place, Tally] = field(default_factory=lambda: defaultdict(Tally))
    followed: list[Followed] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    by_uid: dict[str, Entry] = field(default_factory=dict)
    own_count: int = 0
    ends: dict[str, Entry] = field(default_factory=dict)
    reversals: dict[str, Entry] = field(default_factory=dict)
    closed_through: date = date.min
    seals_checked: list[Seal] = field(default_factory=list)
    periods_checked: list[Period] = field(default_factory=list)
    as_of: dict[tuple[str, str, int], Balance] = field(default_factory=dict)
    as_of_now: dict[tuple[str, str, int], Balance] = field(default_factory=dict)
    replayed: Sheet | None = None
    step: int = 0

    @property
    def entries(self) -> list[Entry]:
        return self.old + self.new

    def entry(self, seq: int) -> Entry | None:
        """The entry of this number, None when it is not there."""
        if seq <= len(self.old):
            return self.old[seq - 1]
        return self.new[seq - len(self.old) - 1] if seq <= len(self.old) + len(self.new) else None

    @property
    def is_memory(self) -> bool:
        return isinstance(self.book, MemoryBook)

    async def look(self, acknowledged: list[Posted | LedgerRefusal], *, at_everything: bool = False) -> None:
        """Read the store after a step, through connections that see only what is committed."""
        async with self.book.view() if self.in_one_view else nullcontext():
            await self._look(acknowledged, at_everything)

    async def _look(self, acknowledged: list[Posted | LedgerRefusal], at_everything: bool) -> None:
        self.step += 1
        at_everything |= self.is_memory
        self.acknowledged = acknowledged
        self.old += self.new
        self.new = await self.book.transfers(after_seq=len(self.old), limit=10**6)
        first = 0 if at_everything else self.step * WINDOW % (len(self.old) + 1)
        limit = len(self.old) if at_everything else WINDOW
        self.again = await self.book.transfers(after_seq=first, limit=limit)
        self.accounts = await self.book.accounts()
        self.holds = {hold.uid: hold for hold in await self.book.holds()}
        self.head = await self.book.head()
        self.periods, self.seals = await self.book.periods(), await self.book.seals()
        await self._ask_as_of()
        self._follow()
        if self.replayed is None:
            start = Head(seq=0, hash=genesis(self.book.code, self.book.timezone))
            commodities = await self.book.commodities()
            zone = ZoneInfo(self.book.timezone)
            self.replayed = Sheet(book=self.book.code, zone=zone, head=start, commodities=commodities)

    def _follow(self) -> None:
        """Take the new entries into the tally, posting by posting."""
        self.followed, self.moved = [], []
        for entry in self.new:
            self._take_in_account(entry)
            places = {(posting.account, posting.commodity) for posting in entry.postings}
            before = {place: self.tally[place].beyond() for place in places}
            for posting in entry.postings:
                tally = self.tally[posting.account, posting.commodity]
                tally.take_in(posting, opening=entry.kind is EntryKind.HOLD)
                self.followed.append(Followed(entry.seq, posting, tally.counters, tally.version))
            self.moved += [Moved(entry, place, before[place], self.tally[place].beyond()) for place in places]

    def _take_in_account(self, entry: Entry) -> None:
        if entry.kind not in SETTINGS:
            return
        detail = json.loads(entry.detail)
        tally = self.tally[detail["account"], detail["commodity"]]
        if entry.kind is EntryKind.OPEN:
            tally.kind, tally.opened_on = detail["account_kind"], date.fromisoformat(detail["opened_on"])
        if entry.kind is EntryKind.CLOSE:
            tally.closed_on, tally.closed_seq = entry.effective_on, entry.seq
        elif entry.kind is EntryKind.REOPEN:
            assert tally.closed_on is not None
            assert entry.effective_on >= tally.closed_on
            tally.closed_on = None
        else:
            tally.floor, tally.ceiling = detail["floor"], detail["ceiling"]

    async def _ask_as_of(self) -> None:
        """Ask one of the old questions again, and put a new one on record."""
        self.as_of_now = {}
        if self.as_of:
            known = list(self.as_of)
            asked = known[self.step % len(known)]
            self.as_of_now[asked] = await self._as_of(asked)
        if self.accounts and self.new:
            account = self.accounts[self.step % len(self.accounts)]
            asked = (account.code, account.commodity, self.new[-1].seq)
            self.as_of[asked] = await self._as_of(asked)

    async def _as_of(self, asked: tuple[str, str, int]) -> Balance:
        code, commodity, seq = asked
        told = await self.book.balance(code, commodity, as_of_seq=seq)
        # Bounds are told as they are today, so they are no part of the answer.
        return replace(told, floor=None, ceiling=None)
