"""A beancount plugin that checks in a book what beancount itself does not: `plugin "ledger.books.plugin"`.

In any book: no sequence number, `tid` or key twice; every hash follows from the one before and from the entry's own
bytes; what is posted and what is held balance apart from each other; a hold ends once and pays no more than it held;
nothing in a sealed month was recorded after its seal, and the seal names the right head. In the book of the whole history
also everything the auditor knows: bounds, lifetimes, reversals, closed months, batches.

Given the file a partner unit keeps, it also says where the book differs from it:
`plugin "ledger.books.plugin" "witness.json"`.

An auditor needs the book, beancount and this package; no database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from beancount.core.data import Custom

from ledger.audit import Auditor
from ledger.books.compare import Row, entry_of
from ledger.books.load import BookDoesNotLoad, rows_from
from ledger.books.text import month_of
from ledger.chain import chained, genesis
from ledger.commands import EntryKind
from ledger.values import Layer
from ledger.witness import Witness, WitnessUnreadable, against_hashes, read_witness

__plugins__ = ("audit_book",)


class LedgerFault(NamedTuple):
    """An error as beancount shows it."""

    source: Mapping[str, Any]
    message: str
    entry: object


class Found(NamedTuple):
    seq: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the directives of one or several books of a ledger say.

    Attributes:
        previous: the hash before an entry, where its book names it.
    """

    book: str
    timezone: str
    rows: Sequence[Row]
    previous: Mapping[int, str]
    seals: Sequence[Any]


def audit_book(
    entries: Sequence[Any], options_map: Mapping[str, Any], config: str = ""
) -> tuple[Sequence[Any], list[LedgerFault]]:
    """Beancount's plugin entry: the entries unchanged, and what is wrong with them.

    Args:
        config: the path of a witness file, from the book's own directory; "" for none.
    """
    filename = str(options_map.get("filename", ""))
    nowhere = {"filename": filename, "lineno": 0}
    try:
        told = told_by(entries)
        found_faults = faults(told)
        if config:
            found_faults += witnessed(told, witness_file(Path(filename).parent / config))
    except (BookDoesNotLoad, ValueError, KeyError, TypeError, IndexError, OSError) as error:
        return entries, [LedgerFault(nowhere, f"the book cannot be audited: {error}", None)]
    by_seq = {int(entry.meta["seq"]): entry for entry in entries if "seq" in (entry.meta or {})}

    def fault(found: Found) -> LedgerFault:
        entry = by_seq.get(found.seq)
        return LedgerFault(entry.meta if entry else nowhere, f"seq {found.seq}: {found.message}", entry)

    return entries, [fault(found) for found in found_faults]


def told_by(*books: Sequence[Any]) -> Told:
    """What the loaded directives of these books say together.

    Raises:
        BookDoesNotLoad: an entry cannot be read, or they are not books of one ledger.
    """
    entries = [entry for book in books for entry in book]
    names = [
        tuple(str(value.value) for value in entry.values[:2])
        for entry in entries
        if isinstance(entry, Custom) and entry.type == "book"
    ]
    if len(names) != len(books) or len(set(names)) != 1:
        raise BookDoesNotLoad([f"a book names itself once; {len(books)} did so {len(names)} times: {names}"])
    return Told(
        book=names[0][0],
        timezone=names[0][1],
        rows=rows_from(entries),
        previous={
            int(entry.meta["seq"]): str(entry.meta["prev"])
            for entry in entries
            if "prev" in (entry.meta or {})
        },
        seals=[entry for entry in entries if isinstance(entry, Custom) and entry.type == "seal"],
    )


def faults(told: Told) -> list[Found]:
    """What is wrong in a book, in order of seq."""
    rows = told.rows
    found = [
        *_repeated(rows),
        *_unchained(told.book, rows, told.previous),
        *_lopsided(rows),
        *_overheld(rows),
        *_sealed_wrongly(rows, told.seals),
    ]
    if is_whole(told):
        found += _whole_history(told.book, told.timezone, rows, told.previous.get(1, ""))
    return sorted(set(found))


def is_whole(told: Told) -> bool:
    """Whether the rows run from the first entry on without a gap."""
    return bool(told.rows) and [row.seq for row in told.rows] == list(range(1, len(told.rows) + 1))


def witness_file(path: str | Path) -> Witness:
    """The witness kept in a file.

    Raises:
        WitnessUnreadable, OSError: it is something else, or not there.
    """
    try:
        told = json.loads(Path(path).read_text("utf-8"))
    except ValueError as error:
        raise WitnessUnreadable(f"{path} is no JSON") from error
    return read_witness(told if isinstance(told, dict) else {})


def witnessed(told: Told, witness: Witness) -> list[Found]:
    """What the book says otherwise than a partner unit's witness."""
    if (witness.book, witness.timezone) != (told.book, told.timezone):
        return [Found(0, f"the witness is of {witness.book}, the book of {told.book}")]
    hashes = {row.seq: bytes.fromhex(row.hash) for row in told.rows}
    said = against_hashes(witness, hashes, whole=is_whole(told))
    return [Found(0, f"against the witness: {one}") for one in said]


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
