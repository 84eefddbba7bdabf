"""Monthly books are enough: a database rebuilt from them alone is the same database, hash for hash."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ledger import AccountKind, OpenAccount
from ledger import errors as no
from ledger.books import BookDoesNotLoad, export_months, prove, read_books, rebuild
from ledger.books.compare import entry_of
from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine
from tests.ledger.conftest import Neighbourhood


@pytest.fixture
async def books(town: Neighbourhood, lived_in: Any, tmp_path: Path) -> Any:
    """A town's monthly books and nothing else."""
    await lived_in(town)
    await export_months(town.book, tmp_path / "books")
    return tmp_path / "books"


async def test_a_database_rebuilt_from_books_alone_is_the_same_database(
    any_town: Neighbourhood, lived_in: Any, any_url: str, tmp_path: Path
) -> None:
    await lived_in(any_town)
    await export_months(any_town.book, tmp_path / "books")
    recovered = read_books(tmp_path / "books")

    async with open_engine(f"sqlite:///{tmp_path}/again.db") as engine:
        await migrate_ledger(engine)
        again = Book(engine, code=recovered.book, timezone=recovered.timezone)
        await rebuild(again, recovered)
        assert await again.verify() == []
        assert await again.head() == await any_town.book.head()
        accounts = await any_town.book.accounts()
        names = {account.code: account.label for account in accounts if account.label}
        assert await again.accounts() == [
            account._replace(label=names.get(account.code, "")) for account in accounts
        ], "bounds and counters too; a code has one name in all its commodities"
        assert await again.transfers(limit=10**6) == await any_town.book.transfers(limit=10**6)
        assert await again.holds() == await any_town.book.holds()
        assert await again.periods() == await any_town.book.periods()


async def test_a_rebuilt_book_goes_on_as_the_old_one_would_have(
    town: Neighbourhood, books: Path, lived_in: Any
) -> None:
    again = MemoryBook(code="dongqu")
    await rebuild(again, read_books(books))
    told = town.earn(town.zhang, 7, key="tomorrow", effective_on=None)
    assert (await again.post(told, at=town.at)).hash == (await town.book.post(told, at=town.at)).hash
    assert (await again.post(replace(told, memo=""), at=town.at)).replayed


async def test_a_rebuild_cut_short_is_started_again(books: Path, tmp_path: Path) -> None:
    recovered = read_books(books)
    entries = [entry_of(row) for row in recovered.rows]
    async with open_engine(f"sqlite:///{tmp_path}/cut.db") as engine:
        await migrate_ledger(engine)
        again = Book(engine, code="dongqu")
        await again.create(recovered.commodities)
        await again.restore(entries[:40])
        await rebuild(again, recovered)
        await rebuild(again, recovered)
        assert (await again.head()).seq == len(entries)
        assert await again.verify() == []


async def test_a_rebuild_holds_one_month_and_then_one_group_at_a_time(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Month(list[Any]):
        """What beancount made of a file, and whether it is still there."""

    reading = import_module("ledger.books.rebuild")
    sound, months = reading.sound, list[weakref.ref[Month]]()

    def watched(path: Path) -> Month:
        gc.collect()
        assert not [month for month in months if month() is not None], "an earlier month is still held"
        month = Month(sound(path))
        months.append(weakref.ref(month))
        return month

    monkeypatch.setattr(reading, "sound", watched)
    recovered = read_books(books)
    assert len(months) == recovered.months > 1

    asked, written, group = 0, 0, 5
    monkeypatch.setattr("ledger.store.book.GROUP", group)
    again = MemoryBook(code="dongqu")
    write = again._restore

    async def counted(entries: Any) -> None:
        nonlocal written
        assert asked - written <= group + 10, "a group, what is linked to its last entry, and the one after"
        await write(entries)
        written += len(entries)

    def rows() -> Any:
        nonlocal asked
        for asked, row in enumerate(recovered.rows, start=1):  # noqa: B007
            yield entry_of(row)

    monkeypatch.setattr(again, "_restore", counted)
    await again.create(recovered.commodities)
    await again.restore(rows())
    assert written == asked == len(recovered.rows) > 4 * group


async def test_a_book_with_other_entries_in_it_is_not_written_over(
    town: Neighbourhood, books: Path, lived_in: Any
) -> None:
    other = MemoryBook(code="dongqu")
    await other.create(("MIN", "PTS"))
    await other.post(
        OpenAccount(
            key="o", code="Liabilities:Other", kind=AccountKind.LIABILITY, opened_on=date(2026, 1, 1)
        ),
        at=town.at,
    )
    with pytest.raises(no.JournalDiverges) as caught:
        await rebuild(other, read_books(books))
    assert caught.value.fields["seq"] == 1
    assert (await other.head()).seq == 1


def times(row: Any, factor: Any) -> Any:
    return replace(row, legs=tuple((code, amount * factor, *rest) for code, amount, *rest in row.legs))


FORGERIES: dict[str, tuple[Any, str]] = {
    "an entry the rules make otherwise": (lambda row: replace(row, memo="changed"), "another hash"),
    "an amount of nothing": (lambda row: times(row, 0), "must not be 0|must not be zero"),
    "words no machine can read": (lambda row: replace(row, meta="{"), "cannot be read"),
    "a settlement of nothing": (
        lambda row: replace(row, kind="settle", hold="0" * 24, legs=()),
        "cannot be read",
    ),
    "hours beyond the reserve": (lambda row: times(row, 1000), "refused on replay: below_floor"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_entry_stops_the_rebuild_and_what_stands_before_it_is_sound(
    town: Neighbourhood, lived_in: Any, tmp_path: Path, forgery: Any
) -> None:
    await lived_in(town, steps=20)
    await export_months(town.book, tmp_path)
    recovered = read_books(tmp_path)
    rows = list(recovered.rows)
    forge, said = FORGERIES[forgery]
    earned = next(row.seq for row in rows if row.kind == "transfer")
    rows[earned - 1] = forge(rows[earned - 1])
    async with open_engine(f"sqlite:///{tmp_path}/forged.db") as engine:
        await migrate_ledger(engine)
        again = Book(engine, code="dongqu")
        with pytest.raises(no.JournalDiverges, match=said) as caught:
            await rebuild(again, replace(recovered, rows=rows))
        assert caught.value.fields["seq"] == earned
        assert await again.verify() == []
        assert (await again.head()).seq < earned


async def test_a_month_that_is_missing_and_a_folder_without_books_are_named(
    books: Path, tmp_path: Path
) -> None:
    (books / "2026-10.beancount").unlink()
    with pytest.raises(BookDoesNotLoad, match=r"where entry \d+ belongs stands entry"):
        read_books(books)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BookDoesNotLoad, match="0 ledgers in the 0 monthly books"):
        read_books(tmp_path / "empty")


async def test_the_proof_finds_no_difference_and_names_the_field_when_there_is_one(
    any_town: Neighbourhood, lived_in: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived_in(any_town)
    assert await prove(any_town.book, tmp_path) == []

    export = import_module("ledger.books.export")
    kept = export.entry_text

    def forgetful(entry: Any, *more: Any) -> Any:
        return kept(entry._replace(memo="S9") if entry.seq == 20 else entry, *more)

    monkeypatch.setattr(export, "entry_text", forgetful)
    [told] = await prove(any_town.book, tmp_path)
    assert told.startswith("seq 20: memo is ")
    assert told.endswith("the books say 'S9'")

    def careless(entry: Any, *more: Any) -> Any:
        return kept(entry, *more) * (0 if entry.seq == 5 else 2 if entry.seq == 6 else 1)

    monkeypatch.setattr(export, "entry_text", careless)
    assert await prove(any_town.book, tmp_path) == ["seq 5: 0 in the books", "seq 6: 2 in the books"]

    def doubling(entry: Any, *more: Any) -> Any:
        return kept(entry, *more) * (2 if entry.kind.value == "transfer" else 1)

    monkeypatch.setattr(export, "entry_text", doubling)
    assert any("Balance failed" in one for one in await prove(any_town.book, tmp_path))
