"""Twenty thousand transactions with everything people write: loaded without an error, equal row for row, in little memory."""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger import AccountKind, Leg, OpenAccount, PlaceHold, Transfer, VoidHold
from ledger.books import BookDoesNotLoad, compare, load, row_of
from ledger.chain import uid_of
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine

TRANSACTIONS = 20_000
MEMORY_MIB_MAX = 20
AT = datetime(2026, 11, 30, 3, 4, 5, 678901, tzinfo=UTC)
ISSUER = "Equity:Community:DQ:Issued"
MEMBERS = [f"Liabilities:Member:M{number:05d}" for number in range(60)]
NAMES = [
    "张三",
    'O\'Neill "Red"',
    "两行\n第二行",
    "😀👵🏽‍🦳",
    "a\\b\\",
    "",
    "tab\there",
    "; no comment",
    "ِعلي",
    "䶮㙦",
    "%s {0} $1",
]

EXPORT = """
import asyncio, hashlib, sys
from pathlib import Path
from ledger.books import export
from ledger.store import Book
from ledger.store.engine import open_engine

def peak_kib():
    # Not getrusage: its peak is inherited from the process that started this one.
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1])

async def main(url, directory):
    async with open_engine(url) as engine:
        book = Book(engine, code="dongqu")
        await book.transfers(limit=1000)
        before = peak_kib()
        paths = await export(book, directory)
        print((peak_kib() - before) // 1024)
    for path in paths:
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())

asyncio.run(main(*sys.argv[1:]))
"""


def commands() -> Any:
    """A year's posts of a large street, in four months, in the order in which offices send them."""
    dice = random.Random(20)
    holds: list[str] = []
    for number in range(TRANSACTIONS):
        told: dict[str, Any] = {
            "key": f"单号{number}", "memo": dice.choice(NAMES), "meta": {"name": dice.choice(NAMES), "number": number},
            "effective_on": date(2026, 8, 1) + timedelta(days=dice.randrange(120)),
            "occurred_at": AT - timedelta(microseconds=dice.randrange(10**13)),
        }  # fmt: skip
        one, other = dice.sample(MEMBERS, 2)
        if number % 10 == 8:
            holds.append(uid_of("dongqu", told["key"]))
            yield PlaceHold(payer=one, payee=other, amount=1, expires_at=AT + timedelta(days=900), **told)
        elif number % 10 == 9 and number % 20 == 9:
            yield VoidHold(hold=holds.pop(), **told)
        elif number % 2:
            yield Transfer(legs=(Leg(one, 7), Leg(other, -7)), **told)
        else:
            yield Transfer(legs=(Leg(ISSUER, 60), Leg(one, -30), Leg(other, -30)), **told)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with all of it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('street')}/street.db"

    async def fill() -> None:
        async with open_engine(url) as engine:
            await migrate_ledger(engine)
            book = Book(engine, code="dongqu")
            await book.create(("MIN",))
            for code in (ISSUER, *MEMBERS):
                kind = AccountKind.EQUITY if code == ISSUER else AccountKind.LIABILITY
                floor = None if code == ISSUER else -100_000
                opened = OpenAccount(key=code, code=code, kind=kind, floor=floor, opened_on=date(2026, 1, 1))
                await book.post(opened, at=AT)
            for number, code in enumerate(MEMBERS):
                await book.set_label(code, NAMES[number % len(NAMES)])
            answers = await book.post_many(list(commands()), at=AT)
            assert not [answer for answer in answers if isinstance(answer, Exception)]

    asyncio.run(fill())
    return url


@pytest.fixture(scope="module")
def written(street: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """(the directory of the books, what each of two exports under different circumstances printed)."""
    said = []
    for zone, seed in (("Asia/Shanghai", "1"), ("America/New_York", "2")):
        directory = tmp_path_factory.mktemp("books")
        done = subprocess.run(
            [sys.executable, "-c", EXPORT, street, str(directory)],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3], capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    return directory, said


def test_the_bytes_are_the_same_in_another_zone_and_under_another_hash_seed(written: Any) -> None:
    first, second = (said.splitlines()[1:] for said in written[1])
    assert first == second
    assert len(first) == 7, "January's openings, four months, the whole history and its audit"


def test_the_export_of_them_all_holds_few_at_a_time(written: Any) -> None:
    for said in written[1]:
        assert int(said.splitlines()[0]) < MEMORY_MIB_MAX


async def test_beancount_loads_them_all_without_an_error_and_gives_back_the_same_rows(
    street: str, written: Any
) -> None:
    directory, _ = written
    months = sorted(path for path in directory.iterdir() if path.stem.startswith("2026-"))
    rows = [row for path in months for row in await asyncio.to_thread(load, path)]
    async with open_engine(street) as engine:
        ours = [row_of(entry) async for page in Book(engine, code="dongqu").journal() for entry in page]
    assert compare(ours, rows) == []
    assert len(rows) == TRANSACTIONS + 1 + len(MEMBERS)
    assert {row.memo for row in rows} == set(NAMES)


def test_one_minute_altered_in_one_month_is_reported_with_its_line(written: Any) -> None:
    directory, _ = written
    month = directory / "2026-09.beancount"
    text = month.read_text("utf-8")
    altered = re.sub(
        r"  Liabilities:Member:M00007  7 MIN", "  Liabilities:Member:M00007  8 MIN", text, count=1
    )
    month.write_text(altered, "utf-8")
    with pytest.raises(BookDoesNotLoad) as caught:
        load(month)
    month.write_text(text, "utf-8")
    transaction = (
        text[: text.rindex("\n2026-", 0, text.index("Liabilities:Member:M00007  7 MIN"))].count("\n") + 2
    )
    assert any(f"2026-09.beancount:{transaction}: " in error for error in caught.value.errors)
    assert any("Balance failed for 'Liabilities:Member:M00007'" in error for error in caught.value.errors)
