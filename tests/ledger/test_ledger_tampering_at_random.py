"""A thousand random changes to a copy of the database, each found with the first bad seq; and forgeries that only a witness sees.

The copy lies in memory, without triggers, constraints or the engine: every change goes through, and costs milliseconds.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger import EntryKind
from ledger.audit import Problem
from ledger.replay import command_of, grouped
from ledger.store import Book, MemoryBook
from ledger.store.engine.sqlite.connection import run, run_tuples
from tests.ledger.conftest import Neighbourhood
from tests.ledger.test_ledger_tampering import fill

TAMPERINGS = 1000
CODE, ZONE = "dongqu", "Asia/Shanghai"


class Copy:
    """As much of an engine as reading needs, over a copied database."""

    dialect = "sqlite"

    def __init__(self, image: bytes) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.deserialize(image)

    def in_unit(self) -> bool:
        return False

    def long_read(self) -> Any:
        return nullcontext()

    async def fetch(self, sql: str, args: Any = ()) -> Any:
        return run(self.connection, sql, args)

    async def fetch_tuples(self, sql: str, args: Any = ()) -> Any:
        return run_tuples(self.connection, sql, args)[1]


@pytest.fixture
async def image(sqlite_town: Neighbourhood, tmp_path: Path) -> bytes:
    """The bytes of a filled book's database: the rows alone, in tables without triggers, indexes or constraints."""
    await fill(sqlite_town)
    await sqlite_town.engine.backup(tmp_path / "filled.db")
    connection = sqlite3.connect(tmp_path / "filled.db", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'ledger%'")
    for (name,) in tables.fetchall():
        connection.execute(f"CREATE TABLE bare AS SELECT * FROM {name}")
        connection.execute(f"DROP TABLE {name}")
        connection.execute(f"ALTER TABLE bare RENAME TO {name}")
    connection.execute("VACUUM")
    found = connection.serialize()
    connection.close()
    return found


# -- the ways of tampering; each changes the copy and says which seq is the first bad one, or None for what has no seq


def a_byte_of_an_entry(db: Any, dice: random.Random, last: Any) -> Any:
    return _change(db, dice, "ledger_transfer", dice.randrange(1, last + 1))


def a_byte_of_a_posting(db: Any, dice: random.Random, last: Any) -> Any:
    return _change(db, dice, "ledger_posting", _seq_with_postings(db, dice))


def a_byte_of_what_stands_beside(db: Any, dice: random.Random, last: Any) -> None:
    table = dice.choice(["ledger_account", "ledger_hold", "ledger_period", "ledger_seal", "ledger_book"])
    _change(db, dice, table, None)


def an_entry_deleted(db: Any, dice: random.Random, last: Any) -> Any:
    seq = dice.randrange(1, last + 1)
    db.execute("DELETE FROM ledger_transfer WHERE seq = ?", [seq])
    if dice.random() < 0.5:
        db.execute("DELETE FROM ledger_posting WHERE seq = ?", [seq])
    return seq


def a_leg_deleted(db: Any, dice: random.Random, last: Any) -> Any:
    seq = _seq_with_postings(db, dice)
    db.execute("DELETE FROM ledger_posting WHERE seq = ? AND leg = ?", [seq, dice.randrange(2)])
    return seq


def an_entry_inserted(db: Any, dice: random.Random, last: Any) -> Any:
    """A copy of one entry at another's place; those behind it move up."""
    seq = dice.randrange(1, last + 2)
    for table in ("ledger_transfer", "ledger_posting"):
        db.execute(f"UPDATE {table} SET seq = -seq WHERE seq >= ?", [seq])
        db.execute(f"UPDATE {table} SET seq = 1 - seq WHERE seq < 0")
    source = dice.choice([one for one in range(1, last + 2) if one != seq])
    columns = [row[1] for row in db.execute("PRAGMA table_info(ledger_transfer)")]
    told = ", ".join({"seq": str(seq), "uid": "'b' || substr(uid, 2)"}.get(name, name) for name in columns)
    db.execute(
        f"INSERT INTO ledger_transfer ({', '.join(columns)}) SELECT {told} FROM ledger_transfer WHERE seq = ?",
        [source],
    )
    return seq


def a_leg_inserted(db: Any, dice: random.Random, last: Any) -> Any:
    seq = _seq_with_postings(db, dice)
    columns = [row[1] for row in db.execute("PRAGMA table_info(ledger_posting)")]
    told = ", ".join({"leg": "leg + 2", "version": "version + 900"}.get(name, name) for name in columns)
    db.execute(
        f"INSERT INTO ledger_posting ({', '.join(columns)}) SELECT {told} FROM ledger_posting WHERE seq = ? AND leg < 2",
        [seq],
    )
    return seq


def two_entries_swapped(db: Any, dice: random.Random, last: Any) -> Any:
    one, other = sorted(dice.sample(range(1, last + 1), 2))
    for table in ("ledger_transfer", "ledger_posting"):
        db.execute(f"UPDATE {table} SET seq = -1 WHERE seq = ?", [one])
        db.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", [one, other])
        db.execute(f"UPDATE {table} SET seq = ? WHERE seq = -1", [other])
    return one


def the_tail_cut(db: Any, dice: random.Random, last: Any) -> Any:
    """With all its postings; sometimes the head is set back as well, but not the accounts."""
    kept = dice.randrange(last)
    db.execute("DELETE FROM ledger_transfer WHERE seq > ?", [kept])
    db.execute("DELETE FROM ledger_posting WHERE seq > ?", [kept])
    if kept and dice.random() < 0.5:
        db.execute(
            "UPDATE ledger_book SET (seq, hash) = (SELECT seq, hash FROM ledger_transfer WHERE seq = ?)",
            [kept],
        )
        return None
    return kept + 1


WAYS = [
    *[a_byte_of_an_entry] * 5,
    *[a_byte_of_a_posting] * 4,
    *[a_byte_of_what_stands_beside] * 3,
    an_entry_deleted,
    a_leg_deleted,
    an_entry_inserted,
    a_leg_inserted,
    two_entries_swapped,
    the_tail_cut,
]

NOT_UNDER_THE_CHAIN = {
    "ledger_transfer": {"book_id", "seq"},
    "ledger_posting": {"book_id", "seq", "leg"},
    # The label is for people and can be erased; how many numbers were given out is the store's own business.
    "ledger_account": {"book_id", "number", "label"},
    "ledger_hold": {"book_id"},
    "ledger_period": {"book_id"},
    "ledger_seal": {"book_id"},
    "ledger_book": {"id", "code", "timezone", "accounts", "recorded_at_us"},
}


def _seq_with_postings(db: Any, dice: random.Random) -> int:
    return int(
        dice.choice([seq for (seq,) in db.execute("SELECT DISTINCT seq FROM ledger_posting ORDER BY seq")])
    )


def _change(db: Any, dice: random.Random, table: str, seq: int | None) -> int | None:
    """One value of one row becomes another: a bit, a letter, another type, or nothing."""
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    column = dice.choice([name for name in columns if name not in NOT_UNDER_THE_CHAIN[table]])
    where = "" if seq is None else f" WHERE seq = {seq}"
    rowid, value = dice.choice(db.execute(f"SELECT rowid, {column} FROM {table}{where}").fetchall())
    changed = _otherwise(dice, value)
    db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [changed, rowid])
    stored = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", [rowid]).fetchone()[0]
    # A column may turn what it is given into its own type, or refuse NULL by turning it back.
    return seq if (type(stored), stored) != (type(value), value) else _change(db, dice, table, seq)


def _otherwise(dice: random.Random, value: Any) -> Any:
    roll = dice.random()
    if roll < 0.04 and value:
        return dice.choice(["x", b"x", 2**62])
    if isinstance(value, int):
        return value ^ (1 << dice.randrange(40 if roll < 0.3 else 4))
    if isinstance(value, bytes):
        at = dice.randrange(len(value))
        return value[:at] + bytes([value[at] ^ (1 << dice.randrange(8))]) + value[at + 1 :]
    if not value:
        return dice.choice(["x", "1"])
    at = dice.randrange(len(value))
    return value[:at] + dice.choice([chr(ord(value[at]) ^ 1), "", "é"]) + value[at + 1 :]


def without_guards(problems: list[Problem]) -> list[Problem]:
    """What the rows say; that the copies have no triggers is known."""
    return [one for one in problems if one.code != "guard"]


async def test_a_thousand_random_tamperings_are_all_found_with_the_first_bad_seq(image: Any) -> None:
    last = (await Book(Copy(image), code=CODE).head()).seq  # type: ignore[arg-type]
    assert without_guards(await Book(Copy(image), code=CODE).verify()) == []  # type: ignore[arg-type]
    dice = random.Random(20261125)
    for number in range(TAMPERINGS):
        way = dice.choice(WAYS)
        copy = Copy(image)
        bad_seq = way(copy.connection, dice, last)
        problems = without_guards(await Book(copy, code=CODE).verify())  # type: ignore[arg-type]
        copy.connection.close()
        assert problems, (number, way.__name__)
        if bad_seq is not None:
            assert problems[0].seq == bad_seq, (number, way.__name__, bad_seq, problems[:3])


async def test_a_chain_recomputed_from_any_entry_on_verifies_and_is_caught_by_the_witness(
    town: Neighbourhood,
) -> None:
    """The forger replays the journal with one entry changed, seals and all: only what others hold gives it away."""
    await fill(town)
    journal = await town.book.transfers()
    witness: dict[str, Any] = await town.book.witness()
    witnessed = {seal["seq"]: bytes.fromhex(seal["hash"]) for seal in witness["seals"]}
    witnessed[journal[-1].seq] = journal[-1].hash
    assert await town.book.verify(witnessed=witnessed) == []
    groups = list(grouped(journal))
    dice = random.Random(6)
    for _ in range(25):
        forged_at = dice.choice([n for n, group in enumerate(groups) if group[0].kind is EntryKind.TRANSFER])
        forged = MemoryBook(code=CODE)
        await forged.create(("MIN", "PTS"))
        for number, group in enumerate(groups):
            command = command_of(group)
            if number == forged_at:
                command = replace(command, memo="forged")
            await forged.post(command, at=group[0].recorded_at)
        for seal in await town.book.seals():
            await forged.seal_day(seal.sealed_on, at=town.at.replace(year=2027))
        assert await forged.verify() == []
        problems = await forged.verify(witnessed=witnessed)
        seq = groups[forged_at][0].seq
        assert [one.code for one in problems] == ["witness"] * len(problems)
        assert problems[0].seq == min(seen for seen in witnessed if seen >= seq)
