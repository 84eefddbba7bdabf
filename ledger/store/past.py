"""How accounts stood: right after an entry, at a moment of recording, or on a day by what counts for it.

Two different questions. *As of a moment* is what the book itself said then: nothing written later is in it. *On a day* is what
is known today of that day: an entry recorded later and dated back is in it, one dated ahead is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ledger.commands import EntryKind
from ledger.rows import Entry, Hold, Posting, microseconds
from ledger.sheet import Place
from ledger.store.storage import Storage
from ledger.values import Account, Counters

NOTHING: Counters = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A point in the book's past; at most one of the three.

    Attributes:
        seq: right after this entry.
        moment: as it was recorded by then; holds whose time was over by then count as released.
        day: by the days that postings count for.
    """

    seq: int | None = None
    moment: datetime | None = None
    day: date | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.seq, self.moment, self.day)) > 1:
            raise ValueError("one of as_of_seq, as_of and on, not several")
        if isinstance(self.day, datetime):
            raise ValueError("on is a day; a moment is as_of")

    @property
    def now(self) -> bool:
        return self.seq is None and self.moment is None and self.day is None


async def seq_of(storage: Storage, when: When) -> int | None:
    """The last entry that `when` knows of; None where every entry may matter."""
    if when.moment is not None:
        return await storage.seq_at(microseconds(when.moment))
    return when.seq


async def account_then(storage: Storage, account: Account, when: When) -> Account:
    """One account with the counters it had."""
    place = (account.code, account.commodity)
    if when.day is not None:
        return _with(account, (await storage.counters_on(when.day, place)).get(place, NOTHING))
    seq = await seq_of(storage, when)
    if seq is None:
        return account
    posting = await storage.posting_at(*place, seq)
    then = _with(account, NOTHING if posting is None else posting[5:])
    if when.moment is None or not (then.dr_pending or then.cr_pending):
        return then
    return released(then, await storage.open_holds(*place, at_seq=seq), when.moment)


def released(account: Account, holds: Iterable[Hold], at: datetime) -> Account:
    """The account as if somebody had written down the end of each of its holds that lapsed by `at`."""
    due = [hold for hold in holds if hold.expires_at_us <= microseconds(at)]
    return account._replace(
        dr_pending=account.dr_pending - sum(hold.amount for hold in due if hold.payer == account.code),
        cr_pending=account.cr_pending - sum(hold.amount for hold in due if hold.payee == account.code),
    )


async def accounts_then(storage: Storage, when: When) -> list[Account]:
    """All accounts that were there, with the counters, bounds and lifetimes they had; in order of opening."""
    accounts = await storage.accounts()
    if when.now:
        return accounts
    settings = await storage.settings()
    if when.day is not None:
        day = when.day
        counters = await storage.counters_on(day)
        return _as_set(accounts, counters, settings, lambda entry: entry.effective_on <= day)
    seq = await seq_of(storage, when)
    assert seq is not None
    found = _as_set(accounts, await storage.counters_at(seq), settings, lambda entry: entry.seq <= seq)
    if when.moment is None:
        return found
    return [
        released(one, await storage.open_holds(one.code, one.commodity, at_seq=seq), when.moment)
        if one.dr_pending or one.cr_pending
        else one
        for one in found
    ]


def _as_set(
    accounts: Iterable[Account],
    counters: dict[Place, Counters],
    settings: Sequence[Entry],
    known: Callable[[Entry], bool],
) -> list[Account]:
    there: dict[Place, Account] = {}
    for account in accounts:
        place = (account.code, account.commodity)
        there[place] = _with(account, counters.get(place, NOTHING))
    order = list(there)
    unknown = {_place_of(entry) for entry in settings if not known(entry)}
    for place in unknown:
        told = [entry for entry in settings if known(entry) and _place_of(entry) == place]
        then = _set(there.pop(place), told)
        if then is not None:
            there[place] = then
    return [there[place] for place in order if place in there]


def _place_of(entry: Entry) -> Place:
    detail = json.loads(entry.detail)
    return detail["account"], detail["commodity"]


def _set(account: Account, told: Iterable[Entry]) -> Account | None:
    """The account as these of its settings leave it, None when they do not open it."""
    opened = False
    account = account._replace(closed_on=None)
    for entry in told:
        detail = json.loads(entry.detail)
        opened = opened or entry.kind is EntryKind.OPEN
        if entry.kind in (EntryKind.OPEN, EntryKind.LIMITS):
            account = account._replace(floor=detail["floor"], ceiling=detail["ceiling"])
        elif entry.kind is EntryKind.CLOSE:
            account = account._replace(closed_on=entry.effective_on)
        else:
            account = account._replace(closed_on=None)
    return account if opened else None


def _with(account: Account, counters: Counters) -> Account:
    return Account._make((*account[:10], *counters))


def recounted(
    lines: Sequence[tuple[int, Posting]], entries: dict[int, Entry], newest: Counters
) -> list[tuple[int, Posting]]:
    """The lines, newest first, with counters that leave out what does not count: `newest` are those after the first one."""
    dr, cr, dr_pending, cr_pending, version = newest
    told = []
    for seq, posting in lines:
        told.append((seq, Posting._make((*posting[:5], dr, cr, dr_pending, cr_pending, version))))
        opening = entries[seq].kind is EntryKind.HOLD
        version -= 1
        if posting.layer.value == "posted":
            dr, cr = dr - max(posting.amount, 0), cr + min(posting.amount, 0)
        elif (posting.amount > 0) is opening:
            dr_pending -= posting.amount
        else:
            cr_pending += posting.amount
    return told
