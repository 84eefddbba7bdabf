"""Reading a book's rows back from SQLite or PostgreSQL: the same statements on both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from ledger.commands import SETTINGS
from ledger.errors import BookMissing
from ledger.rows import Entry, Head, Hold, Period, Posting, Remembered, Seal
from ledger.sheet import Place
from ledger.store.engine.interface import DurableEngine, Row
from ledger.store.rows import read
from ledger.store.storage import RawRows
from ledger.values import Account, Counters

T = TypeVar("T")

CHUNK = 256
"""Most values of one IN list; shorter lists are filled up to a power of two, so that few statements are prepared."""


class SqlReading:
    """What is read of one book, whoever writes it."""

    def __init__(self, engine: DurableEngine, code: str) -> None:
        self._engine = engine
        self._code = code
        self._id: int | None = None

    def _lists(self, values: Iterable[T]) -> Iterator[tuple[list[object], str]]:
        """The values as arguments of few statements, with what follows the column's name.

        PostgreSQL takes them as one array. SQLite takes at most CHUNK at a time, and short lists repeat their last value.
        """
        rest = list(values)
        if self._engine.dialect == "postgres":
            if rest:
                yield [rest], "= ANY(?)"
            return
        for start in range(0, len(rest), CHUNK):
            part: list[object] = [*rest[start : start + CHUNK]]
            size = 1 << (len(part) - 1).bit_length()
            part += part[-1:] * (size - len(part))
            yield part, "IN (" + ", ".join("?" * size) + ")"

    async def _book_row(self, query: str = "SELECT * FROM ledger_book WHERE code = ?") -> Row:
        rows = await self._engine.fetch(query, [self._code])
        if not rows:
            raise BookMissing(book=self._code)
        return rows[0]

    async def _book_id(self) -> int:
        if self._id is None:
            self._id = (await self._book_row())["id"]
        return self._id

    async def head(self) -> Head:
        return read.head(await self._book_row())

    async def commodities(self) -> frozenset[str]:
        rows = await self._engine.fetch(
            "SELECT c.code FROM ledger_commodity c JOIN ledger_book b ON b.id = c.book_id WHERE b.code = ?",
            [self._code],
        )
        return frozenset(row["code"] for row in rows)

    async def seals(self) -> list[Seal]:
        rows = await self._engine.fetch(
            "SELECT * FROM ledger_seal WHERE book_id = ? ORDER BY sealed_on", [await self._book_id()]
        )
        return [read.seal(row) for row in rows]

    async def last_seq_before(self, after_seq: int, recorded_before_us: int) -> int:
        rows = await self._engine.fetch(
            "SELECT MAX(seq) AS last FROM ledger_transfer WHERE book_id = ? AND seq > ? AND recorded_at_us < ?",
            [await self._book_id(), after_seq, recorded_before_us],
        )
        return int(rows[0]["last"] or after_seq)

    async def accounts(self, code: str | None = None) -> list[Account]:
        where, args = ("", []) if code is None else (" AND code = ?", [code])
        rows = await self._engine.fetch(
            f"SELECT * FROM ledger_account WHERE book_id = ?{where} ORDER BY number",
            [await self._book_id(), *args],
        )
        return [read.account(row) for row in rows]

    async def entries(self, after_seq: int, limit: int) -> list[Entry]:
        book_id = await self._book_id()
        rows = await self._engine.fetch_tuples(
            read.ENTRIES + "WHERE book_id = ? AND seq > ? ORDER BY seq LIMIT ?",
            [book_id, after_seq, limit],
        )
        if not rows:
            return []
        postings = await self._engine.fetch_tuples(
            read.POSTINGS + "WHERE book_id = ? AND seq BETWEEN ? AND ? ORDER BY seq, leg",
            [book_id, rows[0][0], rows[-1][0]],
        )
        return read.entries(rows, postings, await self._places(postings))

    async def _places(self, postings: Iterable[Sequence[Any]]) -> dict[int, tuple[str, str]]:
        """Code and commodity of the accounts of these rows of POSTINGS, by number."""
        found: dict[int, tuple[str, str]] = {}
        for part, among in self._lists({row[2] for row in postings}):
            rows = await self._engine.fetch_tuples(
                f"SELECT number, code, commodity FROM ledger_account WHERE book_id = ? AND number {among}",
                [await self._book_id(), *part],
            )
            found |= {number: (code, commodity) for number, code, commodity in rows}
        return found

    async def entries_by_uid(self, uids: Iterable[str]) -> list[Entry]:
        return await self._entries_where("uid", uids)

    async def entries_at(self, seqs: Sequence[int]) -> list[Entry]:
        return await self._entries_where("seq", seqs)

    async def _entries_where(self, column: str, values: Iterable[str] | Iterable[int]) -> list[Entry]:
        book_id = await self._book_id()
        found: list[Entry] = []
        for part, among in self._lists(values):
            rows = await self._engine.fetch_tuples(
                read.ENTRIES + f"WHERE book_id = ? AND {column} {among} ORDER BY seq",
                [book_id, *part],
            )
            if not rows:
                continue
            seqs, seq_among = next(self._lists([row[0] for row in rows]))
            postings = await self._engine.fetch_tuples(
                read.POSTINGS + f"WHERE book_id = ? AND seq {seq_among} ORDER BY seq, leg",
                [book_id, *seqs],
            )
            found += read.entries(rows, postings, await self._places(postings))
        return found

    async def reversals(self, uids: Iterable[str]) -> dict[str, str]:
        book_id = await self._book_id()
        found: dict[str, str] = {}
        for part, among in self._lists(uids):
            rows = await self._engine.fetch(
                f"SELECT uid, reverses_uid FROM ledger_transfer WHERE book_id = ? AND reverses_uid {among}",
                [book_id, *part],
            )
            found |= {row["reverses_uid"]: row["uid"] for row in rows}
        return found

    async def hashes(self, first_seq: int, last_seq: int) -> list[bytes]:
        rows = await self._engine.fetch(
            "SELECT hash FROM ledger_transfer WHERE book_id = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            [await self._book_id(), first_seq, last_seq],
        )
        return [read.digest(row["hash"]) for row in rows]

    async def postings_of(
        self, code: str, commodity: str, *, before_seq: int | None, limit: int, on: date | None = None
    ) -> list[tuple[int, Posting]]:
        where, args = "", list[object]()
        if before_seq is not None:
            where, args = " AND p.seq < ?", [before_seq]
        if on is not None:
            where += (
                " AND EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.book_id = p.book_id AND t.seq = p.seq "
                "AND t.effective_on <= ?)"
            )
            args.append(on.isoformat())
        rows = await self._engine.fetch_tuples(
            read.POSTINGS_NAMED + f"WHERE a.book_id = ? AND a.code = ? AND a.commodity = ?{where} "
            "ORDER BY p.version DESC LIMIT ?",
            [await self._book_id(), code, commodity, *args, limit],
        )
        return [(row[0], read.posting(row)) for row in rows]

    async def raw_entries(self, after_seq: int, limit: int) -> tuple[RawRows, RawRows] | None:
        book_id = await self._book_id()
        rows = await self._engine.fetch_tuples(
            read.ENTRIES + "WHERE book_id = ? AND seq > ? AND seq <= ? ORDER BY seq",
            [book_id, after_seq, after_seq + limit],
        )
        postings = await self._engine.fetch_tuples(
            read.POSTINGS + "WHERE book_id = ? AND seq > ? AND seq <= ? ORDER BY seq, leg",
            [book_id, after_seq, after_seq + limit],
        )
        return rows, postings

    async def account_names(self) -> dict[int, tuple[str, str]]:
        rows = await self._engine.fetch_tuples(
            "SELECT number, code, commodity FROM ledger_account WHERE book_id = ?", [await self._book_id()]
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    async def last_days_at(self, seq: int) -> dict[Place, date]:
        rows = await self._engine.fetch_tuples(
            "SELECT a.code, a.commodity, MAX(t.effective_on) FROM ledger_posting p "
            "JOIN ledger_transfer t ON t.book_id = p.book_id AND t.seq = p.seq "
            "JOIN ledger_account a ON a.book_id = p.book_id AND a.number = p.account "
            "WHERE p.book_id = ? AND p.seq <= ? GROUP BY a.code, a.commodity",
            [await self._book_id(), seq],
        )
        return {(row[0], row[1]): date.fromisoformat(row[2]) for row in rows}

    async def reversed_uids(self) -> dict[str, str]:
        rows = await self._engine.fetch_tuples(
            "SELECT reverses_uid, uid FROM ledger_transfer WHERE book_id = ? AND reverses_uid IS NOT NULL",
            [await self._book_id()],
        )
        return {row[0]: row[1] for row in rows}

    async def posting_count(self, after_seq: int = 0) -> int:
        rows = await self._engine.fetch(
            "SELECT COUNT(*) AS many FROM ledger_posting WHERE book_id = ? AND seq > ?",
            [await self._book_id(), after_seq],
        )
        return int(rows[0]["many"])

    async def entry_count(self, after_seq: int = 0) -> int:
        rows = await self._engine.fetch(
            "SELECT COUNT(*) AS many FROM ledger_transfer WHERE book_id = ? AND seq > ?",
            [await self._book_id(), after_seq],
        )
        return int(rows[0]["many"])

    async def posting_at(self, code: str, commodity: str, seq: int) -> Posting | None:
        """Versions and seqs of an account grow together, so the last version is found by halving."""
        book_id = await self._book_id()
        row = await self._engine.fetch_tuples(
            "SELECT number, version FROM ledger_account WHERE book_id = ? AND code = ? AND commodity = ?",
            [book_id, code, commodity],
        )
        if not row:
            return None
        number, above = row[0][0], row[0][1] + 1
        at_most = 0
        while above - at_most > 1:
            middle = (at_most + above) // 2
            found = await self._engine.fetch_tuples(
                "SELECT seq FROM ledger_posting WHERE book_id = ? AND account = ? AND version = ?",
                [book_id, number, middle],
            )
            if found and found[0][0] <= seq:
                at_most = middle
            else:
                above = middle
        rows = await self._engine.fetch_tuples(
            read.POSTINGS_NAMED + "WHERE p.book_id = ? AND p.account = ? AND p.version = ?",
            [book_id, number, at_most],
        )
        return read.posting(rows[0]) if rows else None

    async def seq_at(self, recorded_us: int) -> int:
        """Recorded times grow with the seqs from one reset of the clock to the next, so each stretch is halved."""
        book_id = await self._book_id()
        head = await self.head()
        resets = await self._engine.fetch_tuples(
            f"SELECT seq FROM ledger_transfer {read.rare(self._engine.dialect)} AND kind = 'clock' ORDER BY seq DESC",
            [book_id],
        )
        above = head.seq + 1
        for first in [*(row[0] for row in resets), 1]:
            found = await self._last_in_stretch(first, above, recorded_us)
            if found:
                return found
            above = first
        return 0

    async def _last_in_stretch(self, first: int, above: int, recorded_us: int) -> int:
        """The last of the entries from `first` to before `above` that was recorded by then; 0 for none."""
        found, low = 0, first
        while low < above:
            middle = (low + above) // 2
            rows = await self._engine.fetch_tuples(
                "SELECT recorded_at_us FROM ledger_transfer WHERE book_id = ? AND seq = ?",
                [await self._book_id(), middle],
            )
            if rows and rows[0][0] <= recorded_us:
                found, low = middle, middle + 1
            else:
                above = middle
        return found

    async def counters_at(self, seq: int) -> dict[Place, Counters]:
        book_id = await self._book_id()
        rows = await self._engine.fetch_tuples(
            "SELECT a.code, a.commodity, p.dr_posted, p.cr_posted, p.dr_pending, p.cr_pending, p.version "
            "FROM (SELECT account, MAX(version) AS version FROM ledger_posting WHERE book_id = ? AND seq <= ? "
            "GROUP BY account) AS last "
            "JOIN ledger_posting p ON p.book_id = ? AND p.account = last.account AND p.version = last.version "
            "JOIN ledger_account a ON a.book_id = p.book_id AND a.number = p.account",
            [book_id, seq, book_id],
        )
        return {(row[0], row[1]): (row[2], row[3], row[4], row[5], row[6]) for row in rows}

    async def counters_on(
        self, day: date, place: Place | None = None, *, before_seq: int | None = None
    ) -> dict[Place, Counters]:
        where, args = "p.book_id = ? AND t.effective_on <= ?", [await self._book_id(), day.isoformat()]
        if place is not None:
            where += " AND a.code = ? AND a.commodity = ?"
            args += place
        if before_seq is not None:
            where += " AND p.seq < ?"
            args.append(before_seq)
        rows = await self._engine.fetch_tuples(
            read.COUNTERS_ADDED + f"WHERE {where} GROUP BY a.code, a.commodity", args
        )
        return {(row[0], row[1]): (row[2], row[3], row[4], row[5], row[6]) for row in rows}

    async def settings(self) -> list[Entry]:
        rows = await self._engine.fetch_tuples(
            read.ENTRIES + read.rare(self._engine.dialect) + " ORDER BY seq",
            [await self._book_id()],
        )
        return [entry for entry in read.entries(rows, (), {}) if entry.kind in SETTINGS]

    async def holds(self, uids: Iterable[str] | None = None) -> list[Hold]:
        book_id = await self._book_id()
        if uids is None:
            rows = await self._engine.fetch(
                "SELECT * FROM ledger_hold WHERE book_id = ? ORDER BY opened_seq", [book_id]
            )
            return [read.hold(row) for row in rows]
        found: list[Hold] = []
        for part, among in self._lists(uids):
            rows = await self._engine.fetch(
                f"SELECT * FROM ledger_hold WHERE book_id = ? AND uid {among}", [book_id, *part]
            )
            found += [read.hold(row) for row in rows]
        return found

    async def open_holds(self, code: str, commodity: str, *, at_seq: int | None = None) -> list[Hold]:
        stood, args = "state = 'pending'", list[object]()
        if at_seq is not None:
            stood, args = "opened_seq <= ? AND (ended_seq = 0 OR ended_seq > ?)", [at_seq, at_seq]
        rows = await self._engine.fetch(
            f"SELECT * FROM ledger_hold WHERE book_id = ? AND {stood} AND commodity = ? "
            "AND (payer = ? OR payee = ?) ORDER BY opened_seq",
            [await self._book_id(), *args, commodity, code, code],
        )
        return [read.hold(row) for row in rows]

    async def holds_due(self, until_us: int, codes: Iterable[str] | None, limit: int) -> list[Hold]:
        found: list[Hold] = []
        where = "SELECT * FROM ledger_hold WHERE book_id = ? AND state = 'pending' AND expires_at_us <= ?"
        args: list[object] = [await self._book_id(), until_us]
        if codes is None:
            rows = await self._engine.fetch(where + " ORDER BY expires_at_us, uid LIMIT ?", [*args, limit])
            return [read.hold(row) for row in rows]
        for part, among in self._lists(codes):
            rows = await self._engine.fetch(
                f"{where} AND (payer {among} OR payee {among})", [*args, *part, *part]
            )
            found += [read.hold(row) for row in rows]
        unique = {hold.uid: hold for hold in found}
        return sorted(unique.values(), key=lambda hold: (hold.expires_at_us, hold.uid))[:limit]

    async def remembered(self) -> list[Remembered]:
        rows = await self._engine.fetch(
            "SELECT * FROM ledger_rejection WHERE book_id = ? ORDER BY uid", [await self._book_id()]
        )
        return [read.remembered(row) for row in rows]

    async def periods(self) -> list[Period]:
        rows = await self._engine.fetch(
            "SELECT * FROM ledger_period WHERE book_id = ? ORDER BY month", [await self._book_id()]
        )
        return [read.period(row) for row in rows]
