"""The books: written, read back by beancount's own loader, equal row for row; what is altered in them is reported."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import AccountKind, CloseAccount, OpenAccount, ReopenAccount, ReverseTransfer, Sheet
from ledger.books import (
    BookData,
    check,
    compare,
    export,
    export_months,
    load,
    row_of,
    write_book,
    write_month,
)
from ledger.books.load import BookDoesNotLoad
from ledger.chain import genesis
from ledger.replay import replay
from ledger.rows import Head
from ledger.store import Book
from tests.ledger.conftest import Neighbourhood

DECEMBER = datetime(2026, 12, 3, 1, tzinfo=UTC)
DAY = date(2026, 11, 20)


async def data_of(book: Book) -> BookData:
    accounts = await book.accounts()
    return BookData(
        book=book.code,
        timezone=book.timezone,
        accounts=accounts,
        entries=await book.transfers(limit=10**6),
        periods=await book.periods(),
        labels={account.code: account.label for account in accounts if account.label},
    )


async def test_every_month_loads_without_errors_and_gives_back_the_same_rows(
    any_town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(any_town)
    written = await export(any_town.book, tmp_path / "books")

    names = [path.name for path in written]
    assert names[-2:] == ["book.beancount", "audit.beancount"]
    assert names[:-2] == sorted(names[:-2])
    assert [error for path in written for error in check(path)] == []
    ours = [row_of(entry) for entry in await any_town.book.transfers(limit=10**6)]
    assert compare(ours, [row for path in written[:-2] for row in load(path)]) == []
    assert compare(ours, load(tmp_path / "books" / "book.beancount")) == []
    assert len(ours) > 100
    assert sorted(path.name for path in (tmp_path / "books").iterdir()) == sorted(names), (
        "nothing hidden is left behind"
    )


async def test_the_months_need_beancount_and_nothing_of_ours(
    town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(town)
    months = await export_months(town.book, tmp_path)
    script = (
        "import sys; sys.modules['ledger'] = None\n"
        "from beancount import loader\n"
        "for path in sys.argv[1:]:\n"
        "    entries, errors, _ = loader.load_file(path)\n"
        "    assert entries and not errors, (path, errors)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *months], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


async def test_the_streamed_files_are_byte_for_byte_what_the_pure_writer_gives(
    town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(town)
    data = await data_of(town.book)
    written = await export(town.book, tmp_path)
    for path in written[:-2]:
        assert path.read_text("utf-8") == write_month(data, path.stem)
    assert (tmp_path / "book.beancount").read_text("utf-8") == write_book(data)


async def test_the_months_can_be_written_alone_and_without_names(
    town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(town)
    written = await export_months(town.book, tmp_path, labels=False)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in written}
    assert not any("张三" in path.read_text("utf-8") for path in written)
    assert not any("label:" in path.read_text("utf-8") for path in written)


async def test_the_file_of_a_closed_month_never_changes_again(
    town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(town)
    data = await data_of(town.book)
    before = write_month(replace(data, labels={}), "2026-10")
    await town.book.set_label(town.zhang, "")
    await town.post(town.earn(town.zhang, 60, effective_on=date(2026, 12, 2)), at=DECEMBER)
    opened = OpenAccount(
        key="new", code="Liabilities:Member:New", kind=AccountKind.LIABILITY, opened_on=date(2026, 12, 2)
    )
    await town.post(opened, at=DECEMBER)
    after = write_month(replace(await data_of(town.book), labels={}), "2026-10")
    assert after == before
    assert 'custom "seal" "2026-10"' in before


async def test_a_replay_says_where_a_journal_leaves_the_rules(town: Neighbourhood, lived_in: Any) -> None:
    await lived_in(town, steps=20)
    entries = await town.book.transfers(limit=10**6)
    entries[8] = entries[8]._replace(memo="changed")
    start = Head(seq=0, hash=genesis(town.book.code, town.book.timezone))
    sheet = Sheet(book="dongqu", zone=_zone(town.book), head=start, commodities=frozenset({"MIN", "PTS"}))
    found = replay(sheet, entries)
    assert found is not None
    assert (found.seq, found.detail) == (9, "another hash on replay")


def _zone(book: Book) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(book.timezone)


# What an auditor's tools say about a book somebody altered.

FAULTS: dict[str, tuple[str, Any, str]] = {
    "one minute more": (r"  (Liabilities:Member:M00001)  -(\d+) MIN", lambda m: f"  {m[1]}  -{int(m[2]) + 1} MIN", "balance"),
    "a memo": ('"S1"', '"S2"', "hash does not follow"),
    "a later day": ("2026-09-2", "2026-09-1", "hash does not follow"),
    "a key": ('key: "k7"', 'key: "k7x"', "hash does not follow"),
    "a hash": (r'  hash: "(....)', lambda m: '  hash: "0000', "hash does not follow"),
    "a seq used twice": ("  seq: 9\n", "  seq: 8\n", "appears twice"),
    "another genesis": ('"Asia/Shanghai"', '"Asia/Urumqi"', "genesis"),
    "an unreadable seq": ("  seq: 9\n", '  seq: "nine"\n', "cannot be read"),
    "a lower floor hidden": (r'\\"floor\\":0', r'\\"floor\\":90', "floor"),
    "another head in the seal": (r'  head: "(....)', lambda m: '  head: "0000', "names another head"),
    "no name": ('custom "book"', 'custom "novel"', "names itself once"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_planted_in_the_books_is_reported(
    town: Neighbourhood, lived_in: Any, tmp_path: Path, fault: Any
) -> None:
    await lived_in(town, steps=40)
    await export(town.book, tmp_path)
    assert check(tmp_path / "audit.beancount") == []
    path = tmp_path / "book.beancount"
    pattern, replacement, said = FAULTS[fault]
    text = path.read_text("utf-8")
    altered = re.sub(pattern, replacement, text, count=1)
    assert altered != text
    path.write_text(altered, "utf-8")
    assert any(said in error for error in check(tmp_path / "audit.beancount")), check(
        tmp_path / "audit.beancount"
    )


async def test_an_entry_taken_out_of_a_month_is_missed(
    town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(town, steps=60)
    await export(town.book, tmp_path)
    path = tmp_path / "2026-10.beancount"
    entries = re.split(r"(?=^2026-10-\d\d [*!] )", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text("".join(entries[:2] + entries[3:]), "utf-8")
    assert check(path) != []
    alone = 'plugin "ledger.books.plugin"\ninclude "2026-10.beancount"\n'
    (tmp_path / "alone.beancount").write_text(alone, "utf-8")
    ours = [
        row_of(entry) for entry in await town.book.transfers(limit=10**6) if entry.effective_on.month == 10
    ]
    with pytest.raises(BookDoesNotLoad):
        load(path)
    assert len(ours) > len(entries[3:])
    assert any(
        "is missing" in error or "balance" in error.lower() for error in check(tmp_path / "alone.beancount")
    )


async def test_each_month_passes_the_plugin_by_itself(
    town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(town)
    for path in (await export(town.book, tmp_path))[:-2]:
        alone = tmp_path / "alone.beancount"
        alone.write_text(f'plugin "ledger.books.plugin"\ninclude "{path.name}"\n', "utf-8")
        assert check(alone) == []


async def test_the_comparison_names_the_seq_and_the_field(town: Neighbourhood, lived_in: Any) -> None:
    await lived_in(town, steps=12)
    ours = [row_of(entry) for entry in await town.book.transfers(limit=10**6)]
    altered = [replace(ours[0], memo="x"), *ours[1:5], *ours[6:], ours[9]]
    told = compare(ours, altered)
    assert told[0] == "seq 1: memo is '', the books say 'x'"
    assert told[1] == "seq 6: 1 in the database, 0 in the books"
    assert told[2] == "seq 10: 1 in the database, 2 in the books"
    assert len(told) == 3


SCRIPT = """
import asyncio, hashlib, sys
from datetime import UTC, date, datetime
from ledger import AccountKind, Leg, OpenAccount, Transfer
from ledger.books.export import export
from ledger.store import MemoryBook

async def run(directory):
    book = MemoryBook(code="dongqu")
    await book.create(("PTS", "MIN"))
    at = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    for code, kind in [("Equity:DQ", AccountKind.EQUITY), ("Liabilities:M1", AccountKind.LIABILITY)]:
        await book.post(OpenAccount(key=code, code=code, kind=kind, floor=None, opened_on=date(2026, 1, 1)), at=at)
    for n in range(20):
        legs = (Leg("Equity:DQ", 5), Leg("Liabilities:M1", -5))
        await book.post(Transfer(key=f"k{n}", legs=legs, meta={"zz": n, "aa": "张三"}), at=at)
    for path in await export(book, directory):
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())

asyncio.run(run(sys.argv[1]))
"""


def test_the_bytes_are_the_same_under_other_zones_locales_and_hash_seeds(tmp_path: Path) -> None:
    told = set()
    for zone, seed, locale in [("Asia/Shanghai", "1", "C"), ("America/New_York", "2", "C.UTF-8")]:
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale}
        told.add(
            subprocess.run(
                [sys.executable, "-c", SCRIPT, str(tmp_path / seed)], env=environment, check=True,
                capture_output=True, text=True, cwd=Path(__file__).parents[3],
            ).stdout
        )  # fmt: skip
    assert len(told) == 1
    assert "2026-11.beancount" in told.pop()


def test_reading_a_book_writes_no_hidden_files_whoever_imported_beancount_first(tmp_path: Path) -> None:
    """Beancount keeps a cache of what takes a second to load; waiting for none makes it keep all."""
    (tmp_path / "book.beancount").write_text("2026-01-01 open Assets:A MIN\n", "utf-8")
    script = (
        "import sys, beancount.loader\nbeancount.loader.PICKLE_CACHE_THRESHOLD = 0.0\n"
        "beancount.loader.initialize(use_cache=True)\n"
        "if sys.argv[2] == 'ours': from ledger.books import check as load\n"
        "else: load = beancount.loader.load_file\n"
        "load(sys.argv[1])"
    )

    def files_after(which: str) -> list[str]:
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "book.beancount"), which],
            check=True, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        return sorted(path.name for path in tmp_path.iterdir())

    assert files_after("ours") == ["book.beancount"]
    assert len(files_after("theirs")) == 2, "otherwise this proves nothing"


async def test_an_account_that_came_back_stays_closed_in_the_months_it_was_away(
    town: Neighbourhood, tmp_path: Path
) -> None:
    """The file of the month in which it was closed does not change when it is opened again."""
    october = [datetime(2026, 10, day, 1, tzinfo=UTC) for day in (5, 9)]
    await town.post(town.earn(town.zhang, 60, effective_on=date(2026, 10, 5)), at=october[0])
    await town.post(town.pay(town.zhang, town.li, 60, effective_on=date(2026, 10, 6)), at=october[1])
    await town.post(CloseAccount(key="c", code=town.zhang, effective_on=date(2026, 10, 9)), at=october[1])
    await town.book.close_month("2026-10", at=datetime(2026, 11, 2, tzinfo=UTC))
    await export(town.book, tmp_path / "before")
    await town.post(town.earn(town.li, 5, effective_on=DAY))
    await town.post(ReopenAccount(key="r", code=town.zhang, effective_on=date(2026, 12, 3)))
    await town.post(town.earn(town.zhang, 5, effective_on=date(2026, 12, 4)))
    for path in await export(town.book, tmp_path / "after"):
        assert check(path) == []
    name = "2026-10.beancount"
    assert (tmp_path / "after" / name).read_text() == (tmp_path / "before" / name).read_text()
    assert f"open {town.zhang}" not in (tmp_path / "after" / "2026-11.beancount").read_text()


async def test_a_slip_into_the_future_that_was_taken_back_loads_although_its_account_is_closed(
    town: Neighbourhood, tmp_path: Path
) -> None:
    slip = await town.post(town.earn(town.zhang, 60, effective_on=date(2026, 12, 24)))
    await town.post(ReverseTransfer(key="back", transfer=slip.uid))
    await town.post(CloseAccount(key="c", code=town.zhang, effective_on=DAY))
    for path in await export(town.book, tmp_path):
        assert check(path) == []
