"""All books of a ledger into a directory, in one pass over the journal, so that memory stays bounded.

Entries are spooled into one temporary file per month while the sums are kept; then each month's file is put together
and moved into place, so that a reader never sees half a book.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TextIO

from ledger.books.text import entry_text, month_of
from ledger.books.write import Header, Sums, add, book_text, merged, month_text
from ledger.rows import Entry, Period
from ledger.values import Account

BLOCK = 1 << 16


class Readable(Protocol):
    """What export needs of a book; `ledger.store.Book` has it."""

    code: str
    timezone: str

    def view(self) -> AbstractAsyncContextManager[object]: ...

    def journal(self, *, size: int = 1000) -> AsyncIterator[list[Entry]]: ...

    async def accounts(self) -> list[Account]: ...

    async def periods(self) -> list[Period]: ...


async def export(book: Readable, directory: str | Path, *, labels: bool = True) -> list[Path]:
    """Write every month, `book.beancount` and `audit.beancount` into `directory`; the files written, in order.

    `labels=False` leaves people's names out: then the files of closed months never change again.
    """
    return await export_files(book, Path(directory), labels=labels, whole=True)


async def export_months(book: Readable, directory: str | Path, *, labels: bool = True) -> list[Path]:
    """The same without the whole history."""
    return await export_files(book, Path(directory), labels=labels, whole=False)


async def export_files(
    book: Readable,
    directory: Path,
    *,
    labels: bool,
    whole: bool,
    seen: Callable[[list[Entry]], None] = lambda entries: None,
) -> list[Path]:
    """The files, in one pass over the journal; `seen` is shown every entry on the way."""
    async with book.view():
        accounts = await book.accounts()
        names = {account.code: account.label for account in accounts if account.label} if labels else {}
        header = Header(book.code, book.timezone, accounts, await book.periods(), names)
        writer = await asyncio.to_thread(_Spool, header, directory, whole=whole)
        try:
            async for entries in book.journal():
                seen(entries)
                await asyncio.to_thread(writer.take, entries)
            return await asyncio.to_thread(writer.put_together)
        finally:
            await asyncio.to_thread(writer.close)


class _Spool:
    """The bodies of all months on disk, their sums in memory."""

    def __init__(self, header: Header, directory: Path, *, whole: bool) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._header = header
        self._zone = header.zone
        self._target = directory
        self._spool = TemporaryDirectory(dir=directory, prefix=".writing-")
        self._directory = Path(self._spool.name)
        self._whole = whole
        self._files: dict[str, TextIO] = {}
        self._deltas: dict[str, Sums] = {}
        self._before = header.genesis
        self._last_month = ""

    def take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            month = month_of(entry.effective_on)
            add(self._deltas.setdefault(month, {}), entry)
            self._header.lifetimes.take(entry)
            linked = month == self._last_month
            self._write(month, entry_text(entry, self._zone, None if linked else self._before))
            if self._whole:
                self._write("book", entry_text(entry, self._zone, None if self._last_month else self._before))
            self._before, self._last_month = entry.hash, month

    def _write(self, name: str, text: str) -> None:
        if name not in self._files:
            self._files[name] = (self._directory / name).open("w", encoding="utf-8", newline="\n")
        self._files[name].write(text)

    def put_together(self) -> list[Path]:
        self._close_files()
        return [_put(self._target / name, pieces) for name, pieces in self.files()]

    def close(self) -> None:
        self._close_files()
        self._spool.cleanup()

    def _close_files(self) -> None:
        for file in self._files.values():
            file.close()

    def files(self) -> Iterator[tuple[str, Iterable[str]]]:
        opening: Sums = {}
        for month in sorted(self._deltas):
            moved = self._deltas[month]
            yield f"{month}.beancount", month_text(self._header, month, opening, moved, self._body(month))
            opening = merged(opening, moved)
        if self._whole:
            yield "book.beancount", book_text(self._header, self._deltas, self._body("book"))
            yield "audit.beancount", ['plugin "ledger.books.plugin"\n', 'include "book.beancount"\n']

    def _body(self, name: str) -> Iterator[str]:
        path = self._directory / name
        if path.exists():
            with path.open(encoding="utf-8", newline="\n") as file:
                while block := file.read(BLOCK):
                    yield block


def _put(path: Path, pieces: Iterable[str]) -> Path:
    """Write beside, then rename over: the file is either the old one or the new one."""
    beside = path.with_name(f".{path.name}.writing")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    return path
