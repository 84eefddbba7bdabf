"""What can be asked of a book: balances, statements, entries, holds; now, as of a moment, or on a day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime

from ledger import errors as no
from ledger.check import check_moment
from ledger.commands import EntryKind
from ledger.rows import Entry, Head, Hold, HoldState, Period, microseconds
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
from ledger.store.past import When, account_then, accounts_then, recounted, released, seq_of
from ledger.store.storage import Storage
from ledger.values import Account, Balance


class BookReading:
    """The reading half of a book."""

    _storage: Storage

    def view(self) -> AbstractAsyncContextManager[object]:
        """`async with book.view():` every read inside sees the same state, whatever is posted meanwhile."""
        return self._storage.view()

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
        reversals = await self.reversals([entry.uid for entry in entries.values()])
        return Statement(
            account=code,
            commodity=commodity,
            balance=(await account_then(self._storage, account, when)).as_balance(),
            lines=tuple(line_of(account, entries[seq], posting, holds, reversals) for seq, posting in page),
            next_before_seq=page[-1][0] if len(found) > limit else None,
        )

    async def reversals(self, uids: Sequence[str]) -> dict[str, str]:
        """Which of these entries are taken back, and by which entry; one whose reversal was taken back stands."""
        found = await self._storage.reversals(uids)
        if not found:
            return found
        undone = await self.reversals(list(found.values()))
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


def _holds_named(entries: Iterable[Entry]) -> list[str]:
    named = (entry.uid if entry.kind is EntryKind.HOLD else entry.hold for entry in entries)
    return sorted({uid for uid in named if uid})
