"""A whole ledger read back from the directory of its monthly books, and written into a database again.

The books are enough: their entries go through the rules once more and must come out hash for hash. What books do not
carry is what never was an entry: remembered refusals, daily seals (`Book.seal_day` makes the same ones again), and names
when the books were exported without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from beancount.core.data import Commodity, Custom, Open

from ledger.books.compare import Row, entry_of
from ledger.books.load import BookDoesNotLoad, rows_from, sound
from ledger.books.spool import SpooledRows
from ledger.rows import Entry

MONTH_FILE = re.compile(r"\d{4}-\d{2}\.beancount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a directory of monthly books says of one ledger.

    Attributes:
        rows: every entry, in order of seq; they wait on disk, so that one month is in memory at a time.
        labels: names by account code, empty when the books were written without.
        months: how many monthly books were read.
    """

    book: str
    timezone: str
    commodities: frozenset[str]
    labels: Mapping[str, str]
    rows: Collected
    months: int


class Collected(Protocol):
    """Rows that can be gone through more than once."""

    def __iter__(self) -> Iterator[Row]: ...

    def __len__(self) -> int: ...


class Restorable(Protocol):
    """What rebuilding needs of a book; `ledger.store.Book` has it."""

    code: str
    timezone: str

    async def create(self, commodities: Iterable[str] = ...) -> None: ...

    async def restore(self, entries: Iterable[Entry]) -> None: ...

    async def set_label(self, code: str, label: str) -> None: ...


def read_books(directory: str | Path) -> Recovered:
    """Everything in the monthly books (`2026-10.beancount`) of a directory.

    Raises:
        BookDoesNotLoad: no monthly book is there, beancount reports an error in one, they speak of different ledgers, or an
            entry is missing between them.
    """
    names: set[tuple[str, str]] = set()
    commodities: set[str] = set()
    labels: dict[str, str] = {}
    rows = SpooledRows()
    paths = month_files(directory)
    for path in paths:
        _read_month(path, names, commodities, labels, rows)
    if len(names) != 1:
        raise BookDoesNotLoad([f"{len(names)} ledgers in the {len(paths)} monthly books of {directory}"])
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected:
            raise BookDoesNotLoad([f"where entry {expected} belongs stands entry {row.seq}"])
    [(book, timezone)] = names
    return Recovered(
        book=book,
        timezone=timezone,
        commodities=frozenset(commodities),
        labels=labels,
        rows=rows,
        months=len(paths),
    )


def _read_month(
    path: Path,
    names: set[tuple[str, str]],
    commodities: set[str],
    labels: dict[str, str],
    rows: SpooledRows,
) -> None:
    """Add what one month says; what beancount made of it is let go before the next month is read."""
    directives = sound(path)
    rows.add(rows_from(directives))
    for directive in directives:
        if isinstance(directive, Custom) and directive.type == "book":
            names.add((str(directive.values[0].value), str(directive.values[1].value)))
        elif isinstance(directive, Commodity):
            commodities.add(directive.currency)
        elif isinstance(directive, Open) and "label" in directive.meta:
            labels[directive.account] = str(directive.meta["label"])


def month_files(directory: str | Path) -> list[Path]:
    """The monthly books of a directory, oldest first."""
    return sorted(path for path in Path(directory).iterdir() if MONTH_FILE.fullmatch(path.name))


async def rebuild(book: Restorable, recovered: Recovered) -> None:
    """Write a ledger into `book` again, as it was recorded; started twice, it goes on where it stopped.

    `book` has the code and the time zone that `recovered` names.

    Raises:
        JournalDiverges: the book holds other entries, or the rules make something else of one.
    """
    assert (book.code, book.timezone) == (recovered.book, recovered.timezone), "a ledger keeps its name"
    await book.create(recovered.commodities)
    await book.restore(entry_of(row) for row in recovered.rows)
    for code, label in recovered.labels.items():
        await book.set_label(code, label)
