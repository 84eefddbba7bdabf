"""A beancount plugin that checks in a book what beancount itself does not: `plugin "ledger.books.plugin"`.

In any book: no sequence number, `tid` or key twice; every hash follows from the one before and from the entry's own
bytes; what is posted and what is held balance apart from each other; a hold ends once and pays no more than it held;
nothing in a sealed month was recorded after its seal, and the seal names the right head. In the book of the whole history
also everything the auditor knows: bounds, lifetimes, reversals, closed months, batches.

An auditor needs the book, beancount and this package; no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from beancount.core.data import Custom

from ledger.audit import Auditor
from ledger.books.compare import Row, entry_of
from ledger.books.load import rows_from
from ledger.books.text import month_of
from ledger.chain import chained, genesis
from ledger.commands import EntryKind
from ledger.values import Layer

__plugins__ = ("audit_book",)


class LedgerFault(NamedTuple):
    """An error as beancount shows it."""

    source: Mapping[str, Any]
    message: str
    entry: object


class Found(NamedTuple):
    seq: int
    message: str


def audit_book(
    entries: Sequence[Any], options_map: Mapping[str, Any]
) -> tuple[Sequence[Any], list[LedgerFault]]:
    """Beancount's plugin entry: the entries unchanged, and what is wrong with them."""
    nowhere = {"filename": options_map.get("filename", ""), "lineno": 0}
    try:
        by_seq = {int(entry.meta["seq"]): entry for entry in entries if "seq" in (entry.meta or {})}
        found_faults = faults(entries)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        return entries, [LedgerFault(nowhere, f"an entry cannot be read: {error!r}", None)]

    def fault(found: Found) -> LedgerFault:
        entry = by_seq.get(found.seq)
        return LedgerFault(entry.meta if entry else nowhere, f"seq {found.seq}: {found.message}", entry)

    return entries, [fault(found) for found in found_faults]


def faults(entries: Sequence[Any]) -> list[Found]:
    """What is wrong in a book, in order of seq."""
    titles = [entry for entry in entries if isinstance(entry, Custom) and entry.type == "book"]
    if len(titles) != 1:
        return [Found(0, f"a book names itself once; this one does so {len(titles)} times")]
    book, timezone = (str(value.value) for value in titles[0].values[:2])
    rows = rows_from(entries)
    previous = {
        int(entry.meta["seq"]): entry.meta["prev"] for entry in entries if "prev" in (entry.meta or {})
    }
    found = [*_repeated(rows), *_unchained(book, rows, previous), *_lopsided(rows), *_overheld(rows)]
    found += _sealed_wrongly(
        rows, [entry for entry in entries if isinstance(entry, Custom) and entry.type == "seal"]
    )
    if [row.seq for row in rows] == list(range(1, len(rows) + 1)) and rows:
        found += _whole_history(book, timezone, rows, previous.get(1, ""))
    return sorted(set(found))


def _repeated(rows: Sequence[Row]) -> Iterator[Found]:
    for name in ("seq", "uid", "key"):
        seen: set[object] = set()
        for row in rows:
            value = getattr(row, name)
            if value in seen:
                yield Found(row.seq, f"{name} {value} appears twice")
            seen.add(value)


def _unchained(book: str, rows: Sequence[Row], previous: Mapping[int, str]) -> Iterator[Found]:
    hashes = {row.seq: row.hash for row in rows}
    for row in rows:
        before = previous.get(row.seq) or hashes.get(row.seq - 1)
        if before is None:
            yield Found(row.seq, f"the entry before it, {row.seq - 1}, is missing")
        elif chained(bytes.fromhex(before), book, entry_of(row)).hex() != row.hash:
            yield Found(row.seq, "its hash does not follow from what it says and from the hash before it")
        if row.seq - 1 in hashes and previous.get(row.seq) not in (None, hashes[row.seq - 1]):
            yield Found(row.seq, "it names another hash before it than the entry before it has")


def _lopsided(rows: Sequence[Row]) -> Iterator[Found]:
    for row in rows:
        sums: dict[tuple[str, str], int] = {}
        for _, amount, commodity, layer in row.legs:
            sums[commodity, layer] = sums.get((commodity, layer), 0) + amount
        for (commodity, layer), total in sums.items():
            if total:
                yield Found(row.seq, f"{layer} {commodity} sums to {total}")


def _overheld(rows: Sequence[Row]) -> Iterator[Found]:
    """Holds that end twice or pay more than they held, as far as this book tells of them."""
    amounts = {row.uid: row.legs[0][1] for row in rows if row.kind == EntryKind.HOLD.value and row.legs}
    ended: set[str] = set()
    for row in rows:
        if not row.hold:
            continue
        if row.hold in ended:
            yield Found(row.seq, f"hold {row.hold} had ended before")
        ended.add(row.hold)
        paid = sum(amount for _, amount, _, layer in row.legs if layer == Layer.POSTED.value and amount > 0)
        if paid > amounts.get(row.hold, paid):
            yield Found(row.seq, f"hold {row.hold} of {amounts[row.hold]} paid {paid}")


def _sealed_wrongly(rows: Sequence[Row], seals: Sequence[Any]) -> Iterator[Found]:
    hashes = {row.seq: row.hash for row in rows}
    for seal in seals:
        month, last = str(seal.values[0].value), int(seal.meta["last"])
        for row in rows:
            if month_of(row.effective_on) == month and row.seq > last:
                yield Found(row.seq, f"dated in {month}, which was sealed at {last}")
        if hashes.get(last, seal.meta["head"]) != seal.meta["head"]:
            yield Found(last, f"the seal of {month} names another head")


def _whole_history(book: str, timezone: str, rows: Sequence[Row], first_previous: str) -> Iterator[Found]:
    if first_previous != genesis(book, timezone).hex():
        yield Found(1, "the first entry does not start from this book's genesis")
    auditor = Auditor(book=book, timezone=timezone, running=False)
    auditor.feed(entry_of(row) for row in rows)
    for problem in auditor.problems:
        if problem.code not in ("chain", "unbalanced"):
            yield Found(problem.seq, f"{problem.code}: {problem.detail}")
