"""One community's book: post, read, verify, close. The same object over memory, SQLite and PostgreSQL.

Posting inside `async with engine.atomic():` joins the caller's unit, so that the caller's rows and the hours are stored
together or not at all; outside, each post is a unit of its own and returns when it is durable. A refusal that depends on
the book's state is remembered under its key; inside a caller's unit it is remembered only if that unit is kept.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ledger import errors as no
from ledger import merkle
from ledger.audit import Problem
from ledger.chain import genesis
from ledger.check import check_moment
from ledger.commands import ClosePeriod, Command, EntryKind
from ledger.decide import screen
from ledger.horizon import Horizon, Reach
from ledger.receipt import receipt_for
from ledger.replay import command_of, grouped, replay
from ledger.rows import Entry, Head, Hold, HoldState, Period, Posted, Seal, microseconds
from ledger.sequence import Answer, Request, book_time, expire, made_by_the_book, sequence
from ledger.sheet import Sheet
from ledger.statement import (
    Coverage,
    Statement,
    Subtotal,
    TrialBalance,
    coverage,
    line_of,
    subtotals,
    trial_balance,
)
from ledger.store.engine.interface import DurableEngine
from ledger.store.memory import MemoryStorage
from ledger.store.past import When, account_then, accounts_then, recounted, released, seq_of
from ledger.store.sequencer import GROUP, Sequencer
from ledger.store.snapshot import snapshot_of
from ledger.store.sql import SqlStorage
from ledger.store.storage import Done, Storage
from ledger.store.verifying import UNREADABLE, Task, problems_in
from ledger.values import Account, Balance
from ledger.witness import Witness

Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    """Now, by this machine."""
    return datetime.now(tz=UTC)


class Book:
    """The hours of one community, in the database behind `engine`.

    Args:
        clock: what time it is; the machine's own clock when not given. It guards against a moment of recording far ahead.
        horizon: how far moments and days of new entries may lie from now.
    """

    def __init__(
        self,
        engine: DurableEngine,
        *,
        code: str,
        timezone: str = "Asia/Shanghai",
        clock: Clock | None = None,
        horizon: Horizon = Horizon(),  # noqa: B008 - frozen
    ) -> None:
        self._set_up(SqlStorage(engine, code, timezone), code, timezone, clock, horizon)

    def _set_up(
        self, storage: Storage, code: str, timezone: str, clock: Clock | None, horizon: Horizon
    ) -> None:
        self.code = code
        self.timezone = timezone
        self._storage = storage
        self._clock = clock or machine_clock
        self._horizon = horizon
        self._sequencer = Sequencer(self._post_group, self._post_at_once)

    def _reach(self, *, confirmed: bool = False) -> Reach:
        return Reach(self._horizon, None if confirmed else self._clock())

    # -- writing

    async def create(self, commodities: Iterable[str] = ("MIN", "PTS")) -> None:
        """Make the book, or add commodities to it; doing it twice is harmless.

        Raises:
            BookDiffers: the stored book is kept in another time zone.
        """
        await self._storage.create(commodities)

    async def post(self, command: Command, *, at: datetime, clock_confirmed: bool = False) -> Posted:
        """Do one command, durably (or within the caller's unit), and say what it came to.

        Args:
            at: the moment of recording, aware; the book's clock never runs backwards.
            clock_confirmed: a person says that `at` is right although it lies a day or more ahead of the book and the clock.

        Raises:
            LedgerRefusal: the subclass names the cause; nothing was written but the refusal itself.
        """
        check_moment("at", at)
        malformed = screen(command)
        if malformed is not None:
            raise malformed
        if clock_confirmed or self._storage.in_unit():
            reach = self._reach(confirmed=clock_confirmed)
            answer = await self._post_alone((command, at), reach)
        else:
            answer = await self._sequencer.post((command, at))
        if isinstance(answer, no.LedgerRefusal):
            raise answer
        return answer

    async def post_many(self, commands: Sequence[Command], *, at: datetime) -> list[Answer]:
        """Do many commands in order, each for itself: what each came to, posted or refused, at its place.

        They are written in groups; a group is durable as a whole before this returns.
        """
        check_moment("at", at)
        malformed = [screen(command) for command in commands]
        sound = [(command, at) for command, fault in zip(commands, malformed, strict=True) if fault is None]
        answers: list[Answer] = []
        for start in range(0, len(sound), GROUP):
            answers += await self._post_group(sound[start : start + GROUP])
        in_order = iter(answers)
        return [next(in_order) if fault is None else fault for fault in malformed]

    def _post_at_once(self, requests: Sequence[Request], done: Done) -> bool:
        return self._storage.at_once(requests, self._reach(), done)

    async def _post_group(self, requests: Sequence[Request]) -> list[Answer]:
        reach = self._reach()
        answers: list[Answer] = [*await self._storage.post_plain(requests, reach)]
        rest = requests[len(answers) :]
        return [*answers, *await self._post_the_long_way(rest, reach)] if rest else answers

    async def _post_alone(self, request: Request, reach: Reach) -> Answer:
        plain = await self._storage.post_plain([request], reach)
        return plain[0] if plain else (await self._post_the_long_way([request], reach))[0]

    async def _post_the_long_way(self, requests: Sequence[Request], reach: Reach) -> list[Answer]:
        async with self._storage.unit():
            sheet = await self._storage.load(requests)
            answers = sequence(sheet, requests, reach)
            await self._save(sheet)
        return answers

    async def _save(self, sheet: Sheet) -> None:
        if not sheet.changes:
            return
        closings = [entry for entry in sheet.changes.entries if entry.kind is EntryKind.PERIOD]
        await self._storage.save(sheet)
        for entry in closings:
            await self._seal_period(entry)

    async def expire_lapsed(self, *, at: datetime, limit: int = 500) -> list[Posted]:
        """Write down the end of holds whose time is over, oldest first; what was written.

        Nothing depends on this being called: a post frees the lapsed holds it meets, and reads given `lapsed_by` see
        through them. It keeps the journal tidy.

        Raises:
            ClockAhead: `at` lies too far ahead of the book and of the clock.
        """
        check_moment("at", at)
        async with self._storage.unit():
            sheet = await self._storage.load_lapsed(at, limit)
            self._reach().check_moment(sheet.head, at)
            codes = {code for code, _ in sheet.accounts}
            due = sheet.lapsed(codes, book_time(sheet.head, at))
            posted = [expire(sheet, hold.uid, at) for hold in due[:limit]]
            if posted:
                await self._storage.save(sheet)
        return posted

    async def close_month(self, month: str, *, at: datetime, actor: str = "") -> Posted:
        """Close every day up to the end of `month` (`2026-10`) and seal what was recorded since the last close.

        Raises:
            PeriodNotOver, PeriodClosed: too early, or a later month is closed already. Closing the same month again
                gives the first answer.
        """
        return await self.post(ClosePeriod(key=f"close/{month}", month=month, actor=actor), at=at)

    async def _seal_period(self, entry: Entry) -> None:
        periods = await self._storage.periods()
        first_seq = max((period.seq for period in periods), default=0) + 1
        hashes = await self._storage.hashes(first_seq, entry.seq)
        assert len(hashes) == entry.seq - first_seq + 1, "the journal has no gaps"
        await self._storage.save_period(
            Period(
                month=json.loads(entry.detail)["month"],
                first_seq=first_seq,
                seq=entry.seq,
                hash=entry.hash,
                merkle_root=merkle.root(hashes),
                recorded_at_us=entry.recorded_at_us,
            )
        )

    async def restore(self, entries: Iterable[Entry]) -> None:
        """Write a journal again as it was recorded, such as one loaded from beancount books; entries that are here stay.

        Every entry goes through the rules and must come out with its own hash. Groups are durable one after another, so
        a restore that was cut short is simply started again.

        Raises:
            JournalDiverges: an entry is missing or is not what the rules make of it; what stands before it is sound.
        """
        head = await self.head()
        group: list[Entry] = []
        for linked in grouped(_beyond(head, entries)):
            group += linked
            if len(group) >= GROUP:
                await self._restore(group)
                group = []
        if group:
            await self._restore(group)

    async def _restore(self, entries: Sequence[Entry]) -> None:
        requests = []
        for linked in grouped(entries):
            try:
                command = command_of(linked)
            except (*UNREADABLE, IndexError) as error:
                raise no.JournalDiverges(seq=linked[0].seq, detail=f"it cannot be read: {error!r}") from error
            fault = None if made_by_the_book(command) else screen(command)
            if fault is not None:
                raise no.JournalDiverges(seq=linked[0].seq, detail=fault.en.rstrip("."))
            requests.append((command, linked[0].recorded_at))
        async with self._storage.unit():
            sheet = await self._storage.load(requests)
            found = replay(sheet, entries)
            await self._save(sheet)
        if found is not None:
            raise no.JournalDiverges(seq=found.seq, detail=found.detail)

    async def seal_day(self, day: date, *, at: datetime) -> Seal | None:
        """Put every entry recorded by the end of `day` and not yet sealed under one root; None when there is none.

        Sealing the same day again gives the first seal.

        Raises:
            DayNotOver: where the book is kept, `day` is not over at `at`.
            ClockAhead: `at` lies too far ahead of the book and of the clock.
        """
        check_moment("at", at)
        midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.timezone))
        if at < midnight:
            raise no.DayNotOver(day=day.isoformat())
        async with self._storage.unit():
            sheet = await self._storage.load([])
            self._reach().check_moment(sheet.head, at)
            seals = await self._storage.seals()
            for seal in seals:
                if seal.sealed_on >= day:
                    return seal if seal.sealed_on == day else None
            first_seq = seals[-1].last_seq + 1 if seals else 1
            last_seq = await self._storage.last_seq_before(first_seq - 1, microseconds(midnight))
            hashes = await self._storage.hashes(first_seq, last_seq)
            if not hashes:
                return None
            root = merkle.root(hashes)
            seal = Seal(
                sealed_on=day, first_seq=first_seq, last_seq=last_seq, hash=hashes[-1], merkle_root=root
            )
            await self._storage.save_seal(seal)
        return seal

    async def seals(self) -> list[Seal]:
        """The daily seals, oldest first."""
        return await self._storage.seals()

    async def witness(self) -> dict[str, object]:
        """What a partner unit keeps, JSON-ready: the sealed days and the head; see `ledger.witness`."""
        async with self.view():
            return Witness(
                book=self.code,
                timezone=self.timezone,
                head=await self.head(),
                seals=tuple(await self.seals()),
            ).as_dict()

    async def receipt(self, uid: str) -> dict[str, object]:
        """Proof that an entry is under a sealed day; `ledger.receipt.receipt_holds` checks it offline.

        Raises:
            UnknownTransfer, NotSealed: there is no such entry, or no seal over it yet.
        """
        entry = await self.transfer(uid)
        for seal in await self.seals():
            if seal.first_seq <= entry.seq <= seal.last_seq:
                hashes = await self._storage.hashes(seal.first_seq, seal.last_seq)
                before = await self._storage.hashes(entry.seq - 1, entry.seq - 1)
                previous = before[0] if before else genesis(self.code, self.timezone)
                return receipt_for(self.code, entry, previous, seal, hashes)
        raise no.NotSealed(transfer=uid)

    async def set_label(self, code: str, label: str) -> None:
        """Name an account for people, or forget the name with "". Labels are no part of the chain."""
        if not await self._storage.set_label(code, label):
            raise no.UnknownAccount(account=code, commodity="*")

    # -- reading

    async def balance(
        self,
        code: str,
        commodity: str = "MIN",
        *,
        as_of: datetime | None = None,
        as_of_seq: int | None = None,
        on: date | None = None,
        lapsed_by: datetime | None = None,
    ) -> Balance:
        """How the account stands now, or how it stood. At most one of the first three:

        Args:
            as_of: a moment of recording: what the book said then.
            as_of_seq: right after this entry.
            on: a day: what counts for it or before, as far as is known today.
            lapsed_by: without the others: holds that have lapsed by then count as released although nobody wrote that
                down yet.

        Raises:
            UnknownAccount: not open in that commodity.
        """
        account = await self._account(code, commodity)
        when = When(seq=as_of_seq, moment=as_of, day=on)
        if not when.now:
            return (await account_then(self._storage, account, when)).as_balance()
        if lapsed_by is not None and (account.dr_pending or account.cr_pending):
            account = released(account, await self._storage.open_holds(code, commodity), lapsed_by)
        return account.as_balance()

    async def balances(self) -> dict[tuple[str, str], Balance]:
        """Every account's balance by (code, commodity), in order of opening."""
        return {(one.code, one.commodity): one.as_balance() for one in await self._storage.accounts()}

    async def accounts(self) -> list[Account]:
        """Every account in order of opening."""
        return await self._storage.accounts()

    async def has_account(self, code: str, commodity: str = "MIN") -> bool:
        """Whether the account was ever opened in that commodity."""
        return any(account.commodity == commodity for account in await self._storage.accounts(code))

    async def _account(self, code: str, commodity: str) -> Account:
        for account in await self._storage.accounts(code):
            if account.commodity == commodity:
                return account
        await self._storage.head()
        raise no.UnknownAccount(account=code, commodity=commodity)

    async def statement(
        self,
        code: str,
        *,
        commodity: str = "MIN",
        before_seq: int | None = None,
        limit: int = 50,
        as_of: datetime | None = None,
        on: date | None = None,
    ) -> Statement:
        """A page of the account's postings, newest first, `limit` at most.

        Args:
            as_of: only what was recorded by that moment.
            on: only what counts for that day or before; balances after each line leave the rest out.

        Raises:
            UnknownAccount: not open in that commodity.
        """
        account = await self._account(code, commodity)
        when = When(moment=as_of, day=on)
        last = await seq_of(self._storage, when)
        if last is not None:
            before_seq = last + 1 if before_seq is None else min(before_seq, last + 1)
        found = await self._storage.postings_of(
            code, commodity, before_seq=before_seq, limit=limit + 1, on=on
        )
        page = found[:limit]
        if len(found) > limit:
            # A page never cuts an entry in two, unless the entry alone is longer than the page.
            whole = [line for line in page if line[0] != found[limit][0]]
            page = whole or page
        entries = {entry.seq: entry for entry in await self._entries_at([seq for seq, _ in page])}
        if on is not None and page:
            place = (code, commodity)
            newest = await self._storage.counters_on(on, place, before_seq=page[0][0] + 1)
            page = recounted(page, entries, newest[place])
        holds = {hold.uid: hold for hold in await self._storage.holds(_holds_named(entries.values()))}
        reversals = await self._standing_reversals([entry.uid for entry in entries.values()])
        return Statement(
            account=code,
            commodity=commodity,
            balance=(await account_then(self._storage, account, when)).as_balance(),
            lines=tuple(line_of(account, entries[seq], posting, holds, reversals) for seq, posting in page),
            next_before_seq=page[-1][0] if len(found) > limit else None,
        )

    async def _standing_reversals(self, uids: Sequence[str]) -> dict[str, str]:
        """Which of these entries are taken back, and by which entry; one whose reversal was taken back stands."""
        found = await self._storage.reversals(uids)
        if not found:
            return found
        undone = await self._standing_reversals(list(found.values()))
        return {uid: by for uid, by in found.items() if by not in undone}

    async def _entries_at(self, seqs: Sequence[int]) -> list[Entry]:
        return await self._storage.entries_at(sorted(set(seqs)))

    async def transfers(self, *, after_seq: int = 0, limit: int = 1000) -> list[Entry]:
        """Entries of every kind with their postings, oldest first."""
        return await self._storage.entries(after_seq, limit)

    async def journal(self, *, size: int = 1000) -> AsyncIterator[list[Entry]]:
        """The whole journal in lists of at most `size`, so that memory stays bounded."""
        seq = 0
        while entries := await self._storage.entries(seq, size):
            yield entries
            seq = entries[-1].seq

    async def transfer(self, uid: str) -> Entry:
        """The entry with this uid.

        Raises:
            UnknownTransfer: there is none.
        """
        found = await self._storage.entries_by_uid([uid])
        if not found:
            raise no.UnknownTransfer(transfer=uid)
        return found[0]

    async def hold(self, uid: str) -> Hold:
        """The hold with this uid.

        Raises:
            UnknownHold: there is none.
        """
        found = await self._storage.holds([uid])
        if not found:
            raise no.UnknownHold(hold=uid)
        return found[0]

    async def holds(self, *, state: HoldState | None = None) -> list[Hold]:
        """All holds in order of opening, or those in one state."""
        return [hold for hold in await self._storage.holds() if state in (None, hold.state)]

    async def holds_due(
        self, until: datetime, *, codes: Iterable[str] | None = None, limit: int = 500
    ) -> list[Hold]:
        """Open holds whose time is over by `until`, earliest deadline first; of some accounts, or of all."""
        check_moment("until", until)
        return await self._storage.holds_due(microseconds(until), codes, limit)

    async def head(self) -> Head:
        """Where the chain stands."""
        return await self._storage.head()

    async def commodities(self) -> frozenset[str]:
        return await self._storage.commodities()

    async def periods(self) -> list[Period]:
        """The closed months, oldest first."""
        return await self._storage.periods()

    async def is_closed(self, day: date) -> bool:
        """Whether nothing more can be dated to `day`."""
        closed = (await self._storage.head()).closed_through
        return closed is not None and day <= closed

    async def accounts_then(self, *, as_of: datetime | None = None, on: date | None = None) -> list[Account]:
        """Every account that was there, with the counters, bounds and lifetime it had; see `balance`."""
        if as_of is None and on is None:
            return await self._storage.accounts()
        async with self.view():
            return await accounts_then(self._storage, When(moment=as_of, day=on))

    async def trial_balance(self, *, as_of: datetime | None = None, on: date | None = None) -> TrialBalance:
        """All accounts with their totals, now, as of a moment or on a day; `off_by` is 0 for every commodity."""
        return trial_balance(await self.accounts_then(as_of=as_of, on=on))

    async def coverage(self, *, as_of: datetime | None = None, on: date | None = None) -> dict[str, Coverage]:
        """Per commodity: hours owed to members, hours issued, and what the reserve allows, now or then."""
        return coverage(await self.accounts_then(as_of=as_of, on=on))

    async def subtree(
        self, root: str, *, as_of: datetime | None = None, on: date | None = None
    ) -> dict[str, Subtotal]:
        """Per commodity: the sums of an account and of all below it, such as `Liabilities:Member`; now or then."""
        return subtotals(await self.accounts_then(as_of=as_of, on=on), root)

    # -- proving

    def view(self) -> AbstractAsyncContextManager[object]:
        """`async with book.view():` every read inside sees the same state, whatever is posted meanwhile."""
        return self._storage.view()

    async def verify(
        self, *, witnessed: Mapping[int, bytes] | None = None, since: int = 0, processes: int = 1
    ) -> list[Problem]:
        """What does not hold in the stored rows, first bad seq first; [] for a sound book.

        Args:
            witnessed: published hashes by seq. Without any, somebody who can rewrite the whole database can also
                recompute the whole chain; with one, they cannot.
            since: start at this entry, one of those witnessed, and take what stands before it as sound; the last sealed day
                in a partner unit's file, say. 0 for the beginning.
            processes: how many may share the work, for a large book. They are new processes, so a script that asks for more
                than one keeps its own doings under `if __name__ == "__main__":`.

        Raises:
            ValueError: `since` is not among the witnessed entries.
        """
        if since and since not in (witnessed or {}):
            raise ValueError("since names an entry whose hash was witnessed")
        async with self.view():
            return await self._verify(witnessed or {}, since, processes)

    async def _verify(
        self, witnessed: Mapping[int, bytes], since: int = 0, processes: int = 1
    ) -> list[Problem]:
        task = Task(
            book=self.code,
            timezone=self.timezone,
            witnessed=witnessed,
            since=since,
            processes=processes,
            url=self._storage.url,
        )
        return await problems_in(self._storage, task)

    async def snapshot(self) -> dict[str, object]:
        """Accounts, journal, head and problems, JSON-ready and the same for the same rows."""
        async with self.view():
            entries = [entry async for page in self.journal() for entry in page]
            return snapshot_of(
                book=self.code,
                timezone=self.timezone,
                accounts=await self._storage.accounts(),
                entries=entries,
                holds=await self._storage.holds(),
                head=await self.head(),
                problems=await self._verify({}),
            )


class MemoryBook(Book):
    """The same book in memory: for tests, and for trying a policy on a copy."""

    def __init__(
        self,
        *,
        code: str,
        timezone: str = "Asia/Shanghai",
        clock: Clock | None = None,
        horizon: Horizon = Horizon(),  # noqa: B008 - frozen
    ) -> None:
        self._set_up(MemoryStorage(code, timezone), code, timezone, clock, horizon)


def _beyond(head: Head, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Those after the head; the one at the head must be the book's own."""
    met = head.seq == 0
    for entry in entries:
        if entry.seq == head.seq and entry.hash == head.hash:
            met = True
        elif entry.seq > head.seq:
            if not met:
                break
            yield entry
    if not met:
        raise no.JournalDiverges(seq=head.seq, detail="the book holds another entry there")


def _holds_named(entries: Iterable[Entry]) -> list[str]:
    named = (entry.uid if entry.kind is EntryKind.HOLD else entry.hold for entry in entries)
    return sorted({uid for uid in named if uid})
