"""What a book needs from whatever keeps its rows; the memory and the SQL store are two such keepers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Any, Protocol

from ledger.horizon import Reach
from ledger.rows import Entry, Head, Hold, Period, Posted, Posting, Remembered, Seal
from ledger.sequence import Request
from ledger.sheet import Place, Sheet
from ledger.values import Account, Counters

RawRows = Sequence[Sequence[Any]]
Done = Callable[[list[Posted], Exception | None], None]


class Storage(Protocol):
    """Loads sheets, writes their changes, and reads rows back; it decides nothing."""

    @property
    def url(self) -> str:
        """Where another process finds the same rows; "" when it cannot."""

    async def create(self, commodities: Iterable[str]) -> None:
        """Make the book and add missing commodities; harmless when they are there."""

    def unit(self) -> AbstractAsyncContextManager[object]:
        """All or nothing; joins the caller's unit of work when there is one."""

    def in_unit(self) -> bool:
        """Whether the caller is inside a unit of work of its own."""

    def view(self) -> AbstractAsyncContextManager[object]:
        """Reads inside see one consistent state of the book, whatever is posted meanwhile."""

    def at_once(self, requests: Sequence[Request], reach: Reach, done: Done) -> bool:
        """Post the first commands, as far as they are plain, by the direct lane; False when that cannot be done now.

        `done` is told their answers when they are durable, or the error when nothing is written.
        """

    async def post_plain(self, requests: Sequence[Request], reach: Reach) -> list[Posted]:
        """The same for a caller that waits, or within the caller's unit; the answers of the first commands, [] for none."""

    async def load(self, requests: Sequence[Request]) -> Sheet:
        """A sheet with all that the requests name, locked against other writers until the unit ends."""

    async def load_lapsed(self, at: datetime, limit: int) -> Sheet:
        """A sheet with the open holds whose time is over, and their accounts."""

    async def save(self, sheet: Sheet) -> None:
        """Write the sheet's changes."""

    async def save_period(self, period: Period) -> None: ...

    async def head(self) -> Head: ...

    async def commodities(self) -> frozenset[str]: ...

    async def accounts(self, code: str | None = None) -> list[Account]:
        """All accounts in order of opening, or those of one code."""

    async def entries(self, after_seq: int, limit: int) -> list[Entry]:
        """Entries with their postings, oldest first."""

    async def entries_by_uid(self, uids: Iterable[str]) -> list[Entry]: ...

    async def entries_at(self, seqs: Sequence[int]) -> list[Entry]: ...

    async def reversals(self, uids: Iterable[str]) -> dict[str, str]:
        """Which of these entries were reversed, and by which entry."""

    async def hashes(self, first_seq: int, last_seq: int) -> list[bytes]: ...

    async def postings_of(
        self, code: str, commodity: str, *, before_seq: int | None, limit: int, on: date | None = None
    ) -> list[tuple[int, Posting]]:
        """(seq, posting) of one account, newest first; with `on`, those that count for that day or before."""

    async def posting_count(self, after_seq: int = 0) -> int: ...

    async def entry_count(self, after_seq: int = 0) -> int: ...

    async def raw_entries(self, after_seq: int, limit: int) -> tuple[RawRows, RawRows] | None:
        """Rows of `read.ENTRIES` and `read.POSTINGS`, oldest first; None for a store that has no rows."""

    async def account_names(self) -> dict[int, tuple[str, str]]:
        """Code and commodity of every account by its number."""

    async def last_days_at(self, seq: int) -> dict[Place, date]:
        """The latest day that a posting of each account counts for, of those up to entry `seq`."""

    async def reversed_uids(self) -> dict[str, str]:
        """Every entry that another one takes back, and by which."""

    async def posting_at(self, code: str, commodity: str, seq: int) -> Posting | None:
        """The account's last posting at or before `seq`."""

    async def seq_at(self, recorded_us: int) -> int:
        """The last entry recorded at or before that moment, 0 for none."""

    async def counters_at(self, seq: int) -> dict[Place, Counters]:
        """Every account's counters right after entry `seq`; accounts without a posting by then are left out."""

    async def counters_on(
        self, day: date, place: Place | None = None, *, before_seq: int | None = None
    ) -> dict[Place, Counters]:
        """The counters that the postings counting for `day` or before add up to; of one account, or of all."""

    async def settings(self) -> list[Entry]:
        """The entries that opened, closed, reopened an account or changed its bounds, oldest first."""

    async def holds(self, uids: Iterable[str] | None = None) -> list[Hold]:
        """The named holds, or all of them in order of opening."""

    async def open_holds(self, code: str, commodity: str, *, at_seq: int | None = None) -> list[Hold]:
        """The account's open holds in order of opening, now or right after entry `at_seq`."""

    async def holds_due(self, until_us: int, codes: Iterable[str] | None, limit: int) -> list[Hold]:
        """Open holds whose time is over by that moment, earliest deadline first; of some accounts, or of all."""

    async def remembered(self) -> list[Remembered]: ...

    async def periods(self) -> list[Period]: ...

    async def save_seal(self, seal: Seal) -> None: ...

    async def seals(self) -> list[Seal]:
        """All daily seals, oldest first."""

    async def last_seq_before(self, after_seq: int, recorded_before_us: int) -> int:
        """The last entry beyond `after_seq` that was recorded before that moment; `after_seq` when there is none."""

    async def missing_guards(self) -> list[str]:
        """Names of the triggers on frozen rows that are not there or switched off; [] where there are none to have."""

    async def set_label(self, code: str, label: str) -> int:
        """Name an account for people, or forget the name with ""; how many rows it touched."""
