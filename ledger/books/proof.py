"""The proof of the books: every month written, read back by beancount's own loader, and compared with the database.

One pass over the journal and one month in memory at a time. A row from a book is equal to the entry in the database when
its bytes, on top of the hash before it, give the entry's hash; only where they do not is the entry fetched again, to name
the fields that differ.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

from ledger.books.compare import Row, compare, row_hash, row_of
from ledger.books.export import Readable, export_files
from ledger.books.load import BookDoesNotLoad, load
from ledger.chain import genesis
from ledger.rows import Entry


class Provable(Readable, Protocol):
    """What a proof needs of a book; `ledger.store.Book` has it."""

    async def transfers(self, *, after_seq: int = 0, limit: int = 1000) -> list[Entry]: ...


async def prove(book: Provable, directory: str | Path, *, labels: bool = False) -> list[str]:
    """Write every monthly book into `directory`, load each and compare; one sentence per difference, [] for none."""
    hashes = [genesis(book.code, book.timezone)]

    def keep(entries: list[Entry]) -> None:
        hashes.extend(entry.hash for entry in entries)

    paths = await export_files(book, Path(directory), labels=labels, whole=False, seen=keep)
    found: list[str] = []
    met = bytearray(len(hashes))
    for path in paths:
        try:
            other = await asyncio.to_thread(_other_rows, path, book.code, hashes, met)
        except BookDoesNotLoad as refusal:
            return [*found, *refusal.errors]
        for row in other:
            stored = await book.transfers(after_seq=row.seq - 1, limit=1)
            found += compare(map(row_of, stored), [row])
    found += [f"seq {seq}: {met[seq]} in the books" for seq in range(1, len(hashes)) if met[seq] != 1]
    return found


def _other_rows(path: Path, code: str, hashes: list[bytes], met: bytearray) -> list[Row]:
    """The rows of one book that are not what the database's hashes say; every row met is counted in `met`."""
    other = []
    for row in load(path):
        if 1 <= row.seq < len(hashes):
            met[row.seq] = min(met[row.seq] + 1, 2)
            if row_hash(hashes[row.seq - 1], code, row) == hashes[row.seq]:
                continue
        other.append(row)
    return other
