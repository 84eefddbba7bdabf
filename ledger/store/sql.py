"""A book in SQLite or PostgreSQL through the durable engine: the same statements on both.

The first thing a posting unit does is lock the book's row (PostgreSQL; on SQLite the unit owns the only writer), so
that posts of one book follow one another and the chain has no forks. A caller that also locks rows of its own should
lock those first and post last: then the book is held for a few statements only, and two callers cannot wait crosswise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from types import UnionType
from zoneinfo import ZoneInfo

from ledger.chain import genesis, uid_of
from ledger.commands import (
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
from ledger.errors import BookDiffers
from ledger.horizon import Reach
from ledger.names import accounts_named, uids_named
from ledger.rows import Entry, Period, Posted, Seal, microseconds
from ledger.sequence import Request, book_time
from ledger.sheet import Sheet
from ledger.store import columns
from ledger.store.direct.lane import DirectEngine, SqliteLane
from ledger.store.direct.lane_postgres import CallingEngine, PostgresLane
from ledger.store.direct.warm import WarmAccounts
from ledger.store.engine.interface import DurableEngine, Row
from ledger.store.functions import calling
from ledger.store.rows import guards, read, saving
from ledger.store.rows.write import SqlSheet
from ledger.store.sql_reading import SqlReading
from ledger.store.storage import Done

KNOWN_ON_POSTGRES = (
    "SELECT uid, written FROM (SELECT asked.uid, COALESCE("
    "(SELECT 1 FROM ledger_transfer t WHERE t.book_id = ? AND t.uid = asked.uid), "
    "(SELECT 0 FROM ledger_rejection r WHERE r.book_id = ? AND r.uid = asked.uid)) AS written "
    "FROM unnest(?::varchar[]) AS asked (uid)) AS known WHERE written IS NOT NULL"
)
"""One look into the index for each uid, on purpose: a plan for `uid = ANY(…)` made while the journal was small may go through
the whole book by another index, and a connection keeps its plans."""


class SqlStorage(SqlReading):
    """Loads, locks and writes the rows of one book, and reads them back."""

    def __init__(self, engine: DurableEngine, code: str, timezone: str) -> None:
        super().__init__(engine, code)
        self._timezone = timezone
        self._zone = ZoneInfo(timezone)
        self._warm = WarmAccounts()
        self._lane = self._own_lane()

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
