"""The stored rows against the auditor: first as a quick loop over raw rows, and entry by entry where that finds anything.

The quick loop is two passes that need not wait for each other, the chain and the rules; the chain may be cut into stretches and
shared among processes. It may also start at an entry whose hash a partner unit has kept, and then takes what stands before it
as sound. Whatever it finds amiss is found again, and named, by the `Auditor` from the first entry on.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ledger.audit import Auditor, Place, Problem
from ledger.chain import genesis
from ledger.rows import HoldState
from ledger.store.past import When, accounts_then
from ledger.store.raw_audit import ChainAudit, RulesAudit
from ledger.store.storage import RawRows, Storage
from ledger.uncollected import uncollected

UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, AttributeError)
"""What reading a row raises that somebody has made into something else."""

PAGE = 1000
STRETCH_MIN = 20_000
"""Shorter stretches are not worth a process of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to verify, and how.

    Attributes:
        since: an entry among the witnessed ones from which to start; 0 for the beginning.
        processes: how many may share the work; 1 for this one alone.
        url: where another process finds the book; "" when it cannot.
    """

    book: str
    timezone: str
    witnessed: Mapping[int, bytes] = field(default_factory=dict)
    since: int = 0
    processes: int = 1
    url: str = ""


async def problems_in(storage: Storage, task: Task) -> list[Problem]:
    """What does not hold in the rows of a book, first bad seq first, then guards that are gone; call it inside a view."""
    guards = [
        Problem(code="guard", seq=0, detail=f"{name} is not there as it was made")
        for name in await storage.missing_guards()
    ]
    try:
        if await _all_well(storage, task):
            return guards
    except UNREADABLE:
        pass
    return await _named(storage, task) + guards


async def _all_well(storage: Storage, task: Task) -> bool:
    """Whether the quick loops find nothing; False also for a store without rows."""
    if await storage.raw_entries(0, 1) is None:
        return False
    head = await storage.head()
    names = await storage.account_names()
    auditor = await _started(storage, task)
    if auditor is None:
        return False
    first_seq, first_hash = auditor.seq, auditor.hash
    rules = RulesAudit(auditor, names, frozenset(await storage.reversed_uids()))
    chain = ChainAudit(task.book, first_seq, first_hash, names, task.witnessed)
    # One process does the rules and what is left of the chain; a rule costs about half of a link.
    others = _stretches(first_seq, head.seq, task)
    own_last = others[0][0] if others else head.seq
    with _pool(len(others)) as pool:
        loop = asyncio.get_running_loop()
        asked = [loop.run_in_executor(pool, _stretch_is_well, task, low, high) for low, high in others]
        well = await _feed(storage, rules, chain, own_last)
        well = all(await asyncio.gather(*asked)) and well
    if not well or any(seq > head.seq for seq in task.witnessed):
        return False
    found = auditor.finish(head, await storage.accounts(), await storage.holds(), await storage.periods())
    return (
        not found
        and await storage.posting_count(first_seq) == rules.posting_count
        and await storage.entry_count(first_seq) == head.seq - first_seq
    )


def _stretches(first: int, last: int, task: Task) -> list[tuple[int, int]]:
    """(after, through) of the stretches of the chain that other processes look at."""
    count = min(task.processes, (last - first) // STRETCH_MIN) if task.url else 1
    if count < 2:
        return []
    # Shares of 1 for each of the others, and for this one what the rules leave of it.
    rules = 0.5
    share = max(0.0, (1 - rules * (count - 1)) / count)
    own = first + int((last - first) * share)
    size = (last - own) / (count - 1)
    cuts = [own + int(size * number) for number in range(count - 1)] + [last]
    return list(pairwise(cuts))


def _pool(count: int) -> AbstractContextManager[ProcessPoolExecutor | None]:
    if not count:
        return nullcontext()
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))


async def _feed(storage: Storage, rules: RulesAudit, chain: ChainAudit, chain_last: int) -> bool:
    """Every page through the rules, and through the chain up to `chain_last`."""
    while True:
        # Page by page, so that a long journal keeps neither the collector nor the loop from its work for long.
        with uncollected():
            seq = rules.auditor.seq
            page = await storage.raw_entries(seq, min(PAGE, chain_last - seq) if seq < chain_last else PAGE)
            if page is None or not page[0]:
                return page is not None and not page[1]
            if not await asyncio.to_thread(_one_page, page, rules, chain if seq < chain_last else None):
                return False


def _one_page(page: tuple[RawRows, RawRows], rules: RulesAudit, chain: ChainAudit | None) -> bool:
    rows, postings = page
    return (chain is None or chain.feed(rows, postings)) and rules.feed(rows, postings)


def _stretch_is_well(task: Task, after: int, through: int) -> bool:
    """In a process of its own: the chain from the entry after `after` to `through`."""
    return asyncio.run(_stretch(task, after, through))


async def _stretch(task: Task, after: int, through: int) -> bool:
    # Only here, because the storage itself verifies through this module.
    from ledger.store.engine import open_engine
    from ledger.store.sql import SqlStorage

    async with open_engine(task.url) as engine:
        storage = SqlStorage(engine, task.book, task.timezone)
        async with storage.view():
            [before] = await storage.hashes(after, after) if after else [genesis(task.book, task.timezone)]
            chain = ChainAudit(task.book, after, before, await storage.account_names(), task.witnessed)
            while chain.seq < through:
                with uncollected():
                    page = await storage.raw_entries(chain.seq, min(PAGE, through - chain.seq))
                    if page is None or not page[0] or not await asyncio.to_thread(chain.feed, *page):
                        return False
    return True


async def _started(storage: Storage, task: Task) -> Auditor | None:
    """An auditor that stands at the beginning, or at the witnessed entry to start from; None where that differs."""
    seals = await storage.seals()
    auditor = Auditor(book=task.book, timezone=task.timezone, seals=seals)
    since = task.since
    if not since:
        return auditor
    hashes = await storage.hashes(since, since)
    if hashes != [task.witnessed.get(since)]:
        return None
    [entry] = await storage.entries_at([since])
    auditor.seq, auditor.hash, auditor.recorded_at_us = since, entry.hash, entry.recorded_at_us
    auditor.periods = [period for period in await storage.periods() if period.seq <= since]
    last_days = await storage.last_days_at(since)
    for account in await accounts_then(storage, When(seq=since)):
        where = (account.code, account.commodity)
        auditor.places[where] = Place(
            kind=account.kind,
            floor=account.floor,
            ceiling=account.ceiling,
            opened_on=account.opened_on,
            closed_on=account.closed_on,
            last_on=last_days.get(where),
            counters=account.counters,
        )
        low, high = auditor.places[where].levels()
        auditor.places[where].waived = (account.floor is not None and low < account.floor) or (
            account.ceiling is not None and high > account.ceiling
        )
    for hold in await storage.holds():
        if hold.opened_seq <= since:
            pending = replace(hold, state=HoldState.PENDING, settled=0, ended_seq=0)
            auditor.holds[hold.uid] = pending if hold.open_after(since) else hold
    await _take_in_seals(storage, auditor)
    reversals = await storage.reversed_uids()
    for entry in await storage.entries_by_uid(reversals):
        if entry.seq <= since:
            auditor.take_back(entry)
    by = {entry.uid: entry.seq for entry in await storage.entries_by_uid(reversals.values())}
    auditor.reversed_by = {uid: other for uid, other in reversals.items() if by[other] <= since}
    return auditor


async def _take_in_seals(storage: Storage, auditor: Auditor) -> None:
    """What daily seals and closed months had gathered when the auditor starts."""
    since = auditor.seq
    met = [seal for seal in auditor.seals if seal.last_seq <= since]
    auditor.seals_met = len(met)
    auditor.since_seal = await storage.hashes((met[-1].last_seq if met else 0) + 1, since)
    closed = auditor.periods[-1].seq if auditor.periods else 0
    auditor.unsealed = await storage.hashes(closed + 1, since)
    if auditor.periods:
        auditor.close_through(auditor.periods[-1].month)


async def _named(storage: Storage, task: Task) -> list[Problem]:
    """Every problem by name, from the first entry on."""
    try:
        seals = await storage.seals()
    except UNREADABLE as error:
        return [Problem(code="unreadable", seq=0, detail=f"the seals: {error!r}")]
    auditor = Auditor(book=task.book, timezone=task.timezone, witnessed=task.witnessed, seals=seals)
    try:
        await _feed_all(storage, auditor)
    except UNREADABLE:
        await _feed_singly(storage, auditor)
        return auditor.found()
    try:
        found = auditor.finish(
            await storage.head(), await storage.accounts(), await storage.holds(), await storage.periods()
        )
    except UNREADABLE as error:
        return [
            *auditor.found(),
            Problem(code="unreadable", seq=auditor.seq, detail=f"beside the journal: {error!r}"),
        ]
    strays = await storage.posting_count() - auditor.posting_count
    beyond = await storage.entry_count() - auditor.seq
    told = [(strays, "postings belong to no entry"), (beyond, "entries stand behind the end")]
    return found + [
        Problem(code="stray", seq=auditor.seq, detail=f"{count} {what}") for count, what in told if count
    ]


async def _feed_all(storage: Storage, auditor: Auditor) -> None:
    seq, more = 0, True
    while more:
        with uncollected():
            entries = await storage.entries(seq, PAGE)
            await asyncio.to_thread(auditor.feed, entries)
        more = bool(entries)
        seq = entries[-1].seq if entries else seq


async def _feed_singly(storage: Storage, auditor: Auditor) -> None:
    """Go on entry by entry to the first row that cannot be read, and stop there."""
    try:
        while entries := await storage.entries(auditor.seq, 1):
            auditor.feed(entries)
    except UNREADABLE as error:
        auditor.unreadable(repr(error))
