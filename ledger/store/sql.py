"""A book in SQLite or PostgreSQL through the durable engine: the same statements on both.

The first thing a posting unit does is lock the book's row (PostgreSQL; on SQLite the unit owns the only writer), so
that posts of one book follow one another and the chain has no forks. A caller that also locks rows of its own should
lock those first and post last: then the book is held for a few statements only, and two callers cannot wait crosswise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date, datetime
from types import UnionType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ledger.chain import genesis, uid_of
from ledger.commands import (
    SETTINGS,
    Batch,
    CloseAccount,
    Command,
    EntryKind,
    ExpireHold,
    OpenAccount,
    ReverseTransfer,
    SettleHold,
    VoidHold,
)
from ledger.errors import BookDiffers, BookMissing
from ledger.horizon import Reach
from ledger.names import accounts_named, uids_named
from ledger.rows import Entry, Head, Hold, Period, Posted, Posting, Remembered, Seal, microseconds
from ledger.sequence import Request, book_time
from ledger.sheet import Place, Sheet
from ledger.store import columns, guards, read, saving
from ledger.store.engine.interface import DurableEngine, Row
from ledger.store.functions import calling
from ledger.store.lane import DirectEngine, SqliteLane
from ledger.store.lane_postgres import CallingEngine, PostgresLane
from ledger.store.storage import Done, RawRows
from ledger.store.warm import WarmAccounts
from ledger.store.write import SqlSheet
from ledger.values import Account, Counters

T = TypeVar("T")

CHUNK = 256
"""Most values of one IN list; shorter lists are filled up to a power of two, so that few statements are prepared."""


KNOWN_ON_POSTGRES = (
    "SELECT uid, written FROM (SELECT asked.uid, COALESCE("
    "(SELECT 1 FROM ledger_transfer t WHERE t.book_id = ? AND t.uid = asked.uid), "
    "(SELECT 0 FROM ledger_rejection r WHERE r.book_id = ? AND r.uid = asked.uid)) AS written "
    "FROM unnest(?::varchar[]) AS asked (uid)) AS known WHERE written IS NOT NULL"
)
"""One look into the index for each uid, on purpose: a plan for `uid = ANY(…)` made while the journal was small may go through
the whole book by another index, and a connection keeps its plans."""


class SqlStorage:
    """Loads, locks and writes the rows of one book."""

    def __init__(self, engine: DurableEngine, code: str, timezone: str) -> None:
        self._engine = engine
        self._code = code
        self._timezone = timezone
        self._zone = ZoneInfo(timezone)
        self._id: int | None = None
        self._warm = WarmAccounts()
        self._lane = self._own_lane()

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

    # -- the book itself

    async def create(self, commodities: Iterable[str]) -> None:
        start = genesis(self._code, self._timezone)
        async with self._engine.atomic():
            if self._engine.dialect == "postgres":
                made = [self._code, self._timezone, start, sorted(set(commodities))]
                await self._engine.fetch_tuples(calling("ledger_found"), made)
                self._same_zone(await self._book_row())
                return
            await self._engine.execute(
                "INSERT INTO ledger_book (id, code, timezone, seq, hash, recorded_at_us, accounts) "
                "SELECT COALESCE(MAX(id), 0) + 1, ?, ?, 0, ?, 0, 0 FROM ledger_book WHERE 1 = 1 "
                "ON CONFLICT (code) DO NOTHING",
                [self._code, self._timezone, start],
            )
            row = await self._book_row()
            self._same_zone(row)
            for code in sorted(set(commodities) - await self.commodities()):
                await self._engine.execute(
                    "INSERT INTO ledger_commodity (book_id, code) VALUES (?, ?)", [row["id"], code]
                )

    def _same_zone(self, row: Row) -> None:
        if row["timezone"] != self._timezone:
            raise BookDiffers(book=self._code, kept=row["timezone"], asked=self._timezone)

    def unit(self) -> AbstractAsyncContextManager[object]:
        return self._engine.atomic()

    def in_unit(self) -> bool:
        return self._engine.in_unit()

    def view(self) -> AbstractAsyncContextManager[object]:
        return nullcontext() if self._engine.in_unit() else self._engine.long_read()

    @property
    def url(self) -> str:
        return str(getattr(self._engine, "url", ""))

    async def _locked_row(self) -> Row:
        if self._engine.dialect == "sqlite":
            return await self._book_row()
        return await self._book_row("SELECT * FROM ledger_lock(?)")

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

    # -- the direct lane

    def _own_lane(self) -> SqliteLane | PostgresLane | None:
        if isinstance(self._engine, DirectEngine):
            return SqliteLane(self._engine, self._code, self._zone, self._warm)
        if isinstance(self._engine, CallingEngine):
            return PostgresLane(self._engine, self._code, self._zone)
        return None

    def at_once(self, requests: Sequence[Request], reach: Reach, done: Done) -> bool:
        return isinstance(self._lane, SqliteLane) and self._lane.at_once(requests, reach, done)

    async def post_plain(self, requests: Sequence[Request], reach: Reach) -> list[Posted]:
        return [] if self._lane is None else await self._lane.post(requests, reach)

    # -- loading a sheet

    async def load(self, requests: Sequence[Request]) -> Sheet:
        sheet = await self._blank_sheet()
        commands = [command for command, _ in requests]
        uids: set[str] = set().union(*(uids_named(self._code, command) for command in commands))
        await self._load_known(sheet, uids)
        if any(_names(command, SettleHold | VoidHold | ExpireHold) for command in commands):
            for hold in await self.holds(uids):
                sheet.know(hold)
        codes: set[str] = set().union(*(accounts_named(sheet, command) for command in commands))
        await self._load_accounts(sheet, codes)
        if any(_names(command, OpenAccount) for command in commands):
            sheet.commodities = await self.commodities()
        if any(_names(command, CloseAccount | ReverseTransfer) for command in commands):
            await self._load_standing(sheet, requests)
        if any(account.dr_pending or account.cr_pending for account in sheet.accounts.values()):
            latest = max(at for _, at in requests)
            await self._load_lapsed_on(sheet, codes, book_time(sheet.head, latest))
        return sheet

    async def _load_standing(self, sheet: SqlSheet, requests: Sequence[Request]) -> None:
        """Entries that count for a day after an account's closing, and every reversal of those on the sheet, and theirs."""
        for command, at in _each(requests):
            if not isinstance(command, CloseAccount):
                continue
            place = (command.code, command.commodity)
            account = sheet.accounts.get(place)
            if account is None or account.last_on is None:
                continue
            closed_on = command.effective_on or sheet.local_day(book_time(sheet.head, at))
            if account.last_on <= closed_on:
                continue
            rows = await self._engine.fetch_tuples(
                "SELECT DISTINCT p.seq FROM ledger_posting p "
                "JOIN ledger_transfer t ON t.book_id = p.book_id AND t.seq = p.seq "
                "WHERE p.book_id = ? AND p.account = ? AND t.effective_on > ?",
                [sheet.book_id, sheet.numbers[place], closed_on.isoformat()],
            )
            await self._take_entries(sheet, await self.entries_at([row[0] for row in rows]))
        known = 0
        while known != len(sheet.entries):
            known = len(sheet.entries)
            below = {entry.reverses for entry in sheet.entries.values() if entry.reverses}
            wanted = (below | set(sheet.reversals.values())) - sheet.entries.keys()
            await self._take_entries(sheet, await self.entries_by_uid(wanted))

    async def _take_entries(self, sheet: SqlSheet, entries: Iterable[Entry]) -> None:
        taken = {entry.uid: entry for entry in entries}
        sheet.entries |= taken
        sheet.reversals |= await self.reversals(taken)

    async def load_lapsed(self, at: datetime, limit: int) -> Sheet:
        sheet = await self._blank_sheet()
        rows = await self._engine.fetch(
            "SELECT * FROM ledger_hold WHERE book_id = ? AND state = 'pending' AND expires_at_us <= ? "
            "ORDER BY expires_at_us, uid LIMIT ?",
            [sheet.book_id, microseconds(book_time(sheet.head, at)), limit],
        )
        await self._take_holds(sheet, rows)
        return sheet

    async def _blank_sheet(self) -> SqlSheet:
        row = await self._locked_row()
        return SqlSheet(
            book=self._code,
            zone=self._zone,
            head=read.head(row),
            before=read.head(row),
            book_id=row["id"],
            account_count=row["accounts"],
        )

    async def _load_known(self, sheet: SqlSheet, uids: set[str]) -> None:
        """Entries and remembered refusals under these uids. New keys find nothing, in one query."""
        found = await self._known(sheet.book_id, uids)
        if not found:
            return
        written = [uid for uid, is_written in found.items() if is_written]
        refused = [uid for uid, is_written in found.items() if not is_written]
        entries = await self.entries_by_uid(written)
        for header in [entry for entry in entries if entry.kind is EntryKind.BATCH]:
            members = [uid_of(self._code, key) for key in json.loads(header.detail)["keys"]]
            entries += await self.entries_by_uid(set(members) - set(written))
        sheet.entries |= {entry.uid: entry for entry in entries}
        sheet.reversals |= await self.reversals(written)
        for part, among in self._lists(refused):
            rows = await self._engine.fetch(
                f"SELECT * FROM ledger_rejection WHERE book_id = ? AND uid {among}",
                [sheet.book_id, *part],
            )
            sheet.remembered |= {row["uid"]: read.remembered(row) for row in rows}

    async def _known(self, book_id: int, uids: set[str]) -> dict[str, int]:
        """Those of the uids that were used before: 1 for an entry, 0 for a remembered refusal."""
        if self._engine.dialect == "postgres":
            rows = await self._engine.fetch_tuples(KNOWN_ON_POSTGRES, [book_id, book_id, list(uids)])
            return {row[0]: row[1] for row in rows}
        found: dict[str, int] = {}
        for part, among in self._lists(uids):
            rows = await self._engine.fetch_tuples(
                f"SELECT uid, 1 FROM ledger_transfer WHERE book_id = ? AND uid {among} UNION ALL "
                f"SELECT uid, 0 FROM ledger_rejection WHERE book_id = ? AND uid {among}",
                [book_id, *part, book_id, *part],
            )
            found |= {row[0]: row[1] for row in rows}
        return found

    async def _load_accounts(self, sheet: SqlSheet, codes: Iterable[str]) -> None:
        read_now = []
        for part, among in self._lists(self._warm.give(sheet, codes)):
            rows = await self._engine.fetch(
                f"SELECT * FROM ledger_account WHERE book_id = ? AND code {among}",
                [sheet.book_id, *part],
            )
            for row in rows:
                place = (row["code"], row["commodity"])
                sheet.accounts[place] = read.account(row)
                sheet.numbers[place] = row["number"]
                read_now.append(place)
        self._warm.take(sheet, read_now)

    async def _load_lapsed_on(self, sheet: SqlSheet, codes: set[str], at: datetime) -> None:
        for part, among in self._lists(codes):
            rows = await self._engine.fetch(
                "SELECT * FROM ledger_hold WHERE book_id = ? AND state = 'pending' AND expires_at_us <= ? "
                f"AND (payer {among} OR payee {among})",
                [sheet.book_id, microseconds(at), *part, *part],
            )
            await self._take_holds(sheet, rows)

    async def _take_holds(self, sheet: SqlSheet, rows: Iterable[Row]) -> None:
        holds = [read.hold(row) for row in rows]
        for hold in holds:
            sheet.know(hold)
        known = {code for code, _ in sheet.accounts}
        await self._load_accounts(
            sheet, {code for hold in holds for code in (hold.payer, hold.payee)} - known
        )

    # -- writing a sheet's changes

    async def save(self, sheet: Sheet) -> None:
        assert isinstance(sheet, SqlSheet)
        await saving.save(self._engine, sheet)
        self._warm.take(sheet, sheet.changes.accounts)

    async def save_period(self, period: Period) -> None:
        row: list[object] = [await self._book_id(), period.month, period.first_seq, period.seq, period.hash]
        row += [period.merkle_root, period.recorded_at_us]
        await saving.insert(self._engine, columns.PERIOD, [row])

    async def save_seal(self, seal: Seal) -> None:
        row = [await self._book_id(), seal.sealed_on.isoformat(), seal.first_seq, seal.last_seq]
        await saving.insert(self._engine, columns.SEAL, [[*row, seal.hash, seal.merkle_root]])

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

    async def missing_guards(self) -> list[str]:
        return await guards.missing(self._engine)

    async def set_label(self, code: str, label: str) -> int:
        if self._engine.dialect == "postgres":
            named = [await self._book_id(), code, label]
            return int((await self._engine.fetch_tuples(calling("ledger_label"), named))[0][0])
        return await self._engine.execute(
            "UPDATE ledger_account SET label = ? WHERE book_id = ? AND code = ?",
            [label, await self._book_id(), code],
        )

    # -- reading back

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
            f"SELECT seq FROM ledger_transfer WHERE book_id = ? AND {read.RARE} AND kind = 'clock' ORDER BY seq DESC",
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
            read.ENTRIES + f"WHERE book_id = ? AND {read.RARE} ORDER BY seq",
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


def _each(requests: Iterable[Request]) -> Iterator[Request]:
    """Each command, and each member of a batch, with its moment."""
    for command, at in requests:
        yield command, at
        if isinstance(command, Batch):
            yield from ((member, at) for member in command.commands)


def _names(command: Command, kind: type[Command] | UnionType) -> bool:
    """Whether the command, or one inside its batch, is of this kind."""
    if isinstance(command, Batch):
        return any(isinstance(one, kind) for one in command.commands)
    return isinstance(command, kind)
