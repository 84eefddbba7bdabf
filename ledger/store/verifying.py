"""The stored rows against the auditor: read page by page, checked away from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ledger.audit import Auditor, Problem
from ledger.store.storage import Storage
from ledger.uncollected import uncollected

UNREADABLE = (ValueError, TypeError, KeyError, OverflowError)
"""What reading a row raises that somebody has made into something else."""

PAGE = 1000


async def problems_in(
    storage: Storage, *, book: str, timezone: str, witnessed: Mapping[int, bytes]
) -> list[Problem]:
    """What does not hold in the rows of `book`, first bad seq first; call it inside a view of the storage."""
    try:
        seals = await storage.seals()
    except UNREADABLE as error:
        return [Problem(code="unreadable", seq=0, detail=f"the seals: {error!r}")]
    auditor = Auditor(book=book, timezone=timezone, witnessed=witnessed, seals=seals)
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
    return found + [
        Problem(code="stray", seq=auditor.seq, detail=f"{strays} postings belong to no entry")
    ] * bool(strays)


async def _feed_all(storage: Storage, auditor: Auditor) -> None:
    seq, more = 0, True
    while more:
        # Page by page, so that a long journal keeps neither the collector nor the loop from its work for long.
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
