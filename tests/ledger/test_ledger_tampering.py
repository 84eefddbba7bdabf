"""What somebody with the database file in hand can do, and that `verify` finds it with the first bad seq."""

from __future__ import annotations

import random
import shutil
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger import Batch, ChangeLimits, LedgerRefusal, ReverseTransfer, SettleHold
from ledger.store import Book, MemoryBook
from ledger.store.engine import open_engine
from tests.ledger.conftest import Neighbourhood

DAY = date(2026, 11, 20)
FROZEN = ["ledger_transfer", "ledger_posting", "ledger_rejection", "ledger_period", "ledger_seal"]


async def fill(town: Neighbourhood) -> None:
    """A little of everything: 30 entries and one remembered refusal."""
    await town.post(town.earn(town.zhang, 300, memo="S1", effective_on=date(2026, 10, 5)))
    await town.post(town.pay(town.zhang, town.li, 30))
    hold = await town.post(town.hold(town.zhang, town.li, 60))
    await town.post(SettleHold(key="settle", hold=hold.uid, amount=45, actor="W1"))
    await town.post(town.hold(town.zhang, town.wang, 20))
    mistake = await town.post(town.earn(town.li, 15))
    await town.post(ReverseTransfer(key="reverse", transfer=mistake.uid))
    await town.post(Batch(key="batch", commands=tuple(town.earn(town.wang, n) for n in (5, 6, 7))))
    await town.post(ChangeLimits(key="limits", code=town.li, floor=-20, ceiling=500))
    with pytest.raises(LedgerRefusal):
        await town.post(town.pay(town.li, town.wang, 400))
    await town.book.close_month("2026-10", at=town.at)
    await town.post(town.earn(town.li, 1), at=town.at)
    await town.book.seal_day(DAY, at=town.at + timedelta(days=1))
    for _ in range(12):
        await town.post(town.earn(town.zhang, 1))


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize("verb", ["UPDATE {t} SET book_id = book_id", "DELETE FROM {t}"])
async def test_the_database_itself_refuses_to_change_or_delete_what_was_written(
    stored_town: Neighbourhood, table: Any, verb: str
) -> None:
    await fill(stored_town)
    with pytest.raises(Exception, match="rows of the ledger never change"):
        await stored_town.engine.execute(verb.format(t=table))
    assert await stored_town.book.verify() == []


async def test_postgres_refuses_to_empty_the_journal(stored_town: Neighbourhood) -> None:
    if stored_town.engine.dialect == "sqlite":
        return
    with pytest.raises(Exception, match="never change"):
        await stored_town.engine.execute("TRUNCATE ledger_rejection")


async def test_the_database_guards_bounds_as_well_as_the_rules_do(stored_town: Neighbourhood) -> None:
    await fill(stored_town)
    for change in (
        "dr_posted = dr_posted + 100000",
        "cr_pending = -1",
        "closed_on = '2026-11-20'",
        "kind = 'Money'",
    ):
        with pytest.raises(Exception, match=r"(?i)check|constraint"):
            await stored_town.engine.execute(
                f"UPDATE ledger_account SET {change} WHERE code = ?", [stored_town.zhang]
            )


# One change per kind, with the seq it must be found at; None where any seq will do.
TAMPERINGS = {
    "a memo": ("UPDATE ledger_transfer SET memo = 'S2' WHERE seq = 5", 5),
    "an actor": ("UPDATE ledger_transfer SET actor = 'W2' WHERE seq = 8", 8),
    "a reason": ("UPDATE ledger_transfer SET reason = 'gift' WHERE seq = 6", 6),
    "a recorded time": ("UPDATE ledger_transfer SET recorded_at_us = recorded_at_us - 1 WHERE seq = 7", 7),
    "an occurred time": ("UPDATE ledger_transfer SET occurred_at_us = occurred_at_us + 1 WHERE seq = 7", 7),
    "a day": ("UPDATE ledger_transfer SET effective_on = '2026-11-19' WHERE seq = 6", 6),
    "a key": ("UPDATE ledger_transfer SET key = 'other' WHERE seq = 6", 6),
    "a uid": ("UPDATE ledger_transfer SET uid = 'a' || substr(uid, 2) WHERE seq = 6", 6),
    "a hash": ("UPDATE ledger_transfer SET hash = zeroblob(32) WHERE seq = 6", 6),
    "an amount": ("UPDATE ledger_posting SET amount = amount + 1 WHERE seq = 5 AND leg = 0", 5),
    "both amounts": ("UPDATE ledger_posting SET amount = amount * 2 WHERE seq = 5", 5),
    "an account": ("UPDATE ledger_posting SET account = 4, version = 50 WHERE seq = 6 AND leg = 1", 6),
    "a layer": ("UPDATE ledger_posting SET layer = 'posted' WHERE seq = 7", 7),
    "a running balance": ("UPDATE ledger_posting SET cr_posted = cr_posted + 1 WHERE seq = 9 AND leg = 1", 9),
    "a version": ("UPDATE ledger_posting SET version = 99 WHERE seq = 9 AND leg = 1", 9),
    "a deleted leg": ("DELETE FROM ledger_posting WHERE seq = 6 AND leg = 1", 6),
    "a deleted entry": ("DELETE FROM ledger_transfer WHERE seq = 6", 6),
    "the deleted last entry": (
        "DELETE FROM ledger_transfer WHERE seq = (SELECT MAX(seq) FROM ledger_transfer)",
        None,
    ),
    "two entries swapped": (
        "UPDATE ledger_transfer SET seq = -5 WHERE seq = 5; UPDATE ledger_transfer SET seq = 5 WHERE seq = 6; "
        "UPDATE ledger_transfer SET seq = 6 WHERE seq = -5",
        5,
    ),
    "a reversal hidden": ("UPDATE ledger_transfer SET reverses_uid = NULL WHERE kind = 'reverse'", None),
    "a batch broken": ("UPDATE ledger_transfer SET batch_uid = NULL WHERE key = 'k8'", None),
    "a detail": (
        "UPDATE ledger_transfer SET detail = replace(detail, '500', '900') WHERE kind = 'limits'",
        None,
    ),
    "hours on an account": ("UPDATE ledger_account SET cr_posted = cr_posted + 600 WHERE number = 3", None),
    "a floor": ("UPDATE ledger_account SET floor = -9000 WHERE number = 2", None),
    "an account made up": (
        "INSERT INTO ledger_account SELECT book_id, 99, 'Liabilities:Member:Ghost', commodity, kind, '', 0, NULL, "
        "opened_on, NULL, 0, 0, 0, 0, 0, 0, NULL FROM ledger_account WHERE number = 2",
        None,
    ),
    "a posting of no entry": (
        "INSERT INTO ledger_posting SELECT book_id, 900, leg, account, amount, layer, dr_posted, cr_posted, dr_pending, "
        "cr_pending, version + 900 FROM ledger_posting WHERE seq = 5",
        None,
    ),
    "a daily seal": ("UPDATE ledger_seal SET merkle_root = zeroblob(32)", None),
    "a daily seal moved": ("UPDATE ledger_seal SET last_seq = 900", None),
    "a sealed day that is none": ("UPDATE ledger_seal SET sealed_on = 'Tuesday'", None),
    "a sealed root": ("UPDATE ledger_period SET merkle_root = zeroblob(32)", None),
    "a kind that is none": ("UPDATE ledger_transfer SET kind = 'gift' WHERE seq = 6", 6),
    "a day that is none": ("UPDATE ledger_transfer SET effective_on = 'tomorrow' WHERE seq = 6", 6),
    "an account kind that is none": ("UPDATE ledger_account SET kind = 'Money' WHERE number = 2", None),
    "a hold revived": ("UPDATE ledger_hold SET state = 'pending', settled = 0, ended_seq = 0", None),
    "a hold lengthened": (
        "UPDATE ledger_hold SET expires_at_us = expires_at_us + 1 WHERE state = 'pending'",
        None,
    ),
    "a head moved back": ("UPDATE ledger_book SET seq = seq - 1", None),
    "a month reopened": ("UPDATE ledger_book SET closed_through = NULL", None),
}


@pytest.fixture
async def filled_book(sqlite_town: Neighbourhood, tmp_path: Path) -> Any:
    """A copy of a filled SQLite book."""
    await fill(sqlite_town)
    assert await sqlite_town.book.verify() == []
    await sqlite_town.engine.backup(tmp_path / "filled.db")
    return tmp_path / "filled.db"


@pytest.mark.parametrize("what", TAMPERINGS)
async def test_a_tampered_copy_is_found_out(tmp_path: Path, what: Any, filled_book: Any) -> None:
    sql, bad_seq = TAMPERINGS[what]
    copy = tmp_path / "copy.db"
    shutil.copy(filled_book, copy)
    connection = sqlite3.connect(copy)
    _disarm(connection)
    connection.executescript(f"PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}")
    connection.close()
    async with open_engine(f"sqlite:///{copy}") as engine:
        problems = [one for one in await Book(engine, code="dongqu").verify() if one.code != "guard"]
    assert problems, what
    if bad_seq is not None:
        assert problems[0].seq == bad_seq, problems[:3]


async def test_random_bytes_flipped_in_the_journal_are_all_found(tmp_path: Path, filled_book: Any) -> None:
    """Every column of every row is fair game; each change must be named at or before its own seq."""
    dice = random.Random(20261122)
    for round_number in range(60):
        copy = tmp_path / f"copy{round_number}.db"
        shutil.copy(filled_book, copy)
        connection = sqlite3.connect(copy)
        _disarm(connection)
        seq = _flip(connection, dice)
        connection.close()
        async with open_engine(f"sqlite:///{copy}") as engine:
            problems = [one for one in await Book(engine, code="dongqu").verify() if one.code != "guard"]
        assert problems, round_number
        assert problems[0].seq <= seq + 1


def _disarm(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def _flip(connection: sqlite3.Connection, dice: random.Random) -> int:
    """Change one value of one journal row; its seq."""
    table = dice.choice(["ledger_transfer", "ledger_posting"])
    columns = [
        row[1]
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row[1] not in ("book_id", "seq")
    ]
    column = dice.choice(columns)
    rows = connection.execute(
        f"SELECT seq, {'leg' if table == 'ledger_posting' else '0'}, {column} FROM {table}"
    ).fetchall()
    seq, leg, value = dice.choice(rows)
    if isinstance(value, int):
        changed: object = value ^ (1 << dice.randrange(4))
    elif isinstance(value, bytes):
        position = dice.randrange(len(value))
        changed = value[:position] + bytes([value[position] ^ 1]) + value[position + 1 :]
    else:
        changed = (value or "") + dice.choice("x1")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    where = f"seq = {seq}" + (f" AND leg = {leg}" if table == "ledger_posting" else "")
    try:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", [changed])
    except sqlite3.IntegrityError:
        return _flip(connection, dice)  # the indexes allow no such change; take another
    connection.commit()
    return int(seq)


async def test_a_chain_recomputed_from_scratch_is_caught_by_a_published_hash(town: Neighbourhood) -> None:
    """Whoever can rewrite everything can make a chain that verifies by itself, but not the hash others already have."""
    await fill(town)
    witnessed = {entry.seq: entry.hash for entry in await town.book.transfers() if entry.seq in (10, 25)}
    assert await town.book.verify(witnessed=witnessed) == []

    forged = Neighbourhood(MemoryBook(code="dongqu"))
    await forged.open_everyone()
    await forged.post(forged.earn(forged.li, 299, memo="S1", effective_on=date(2026, 10, 5)))
    for _ in range(10):
        await forged.post(forged.earn(forged.li, 1))

    assert await forged.book.verify() == []
    told = [(problem.code, problem.seq) for problem in await forged.book.verify(witnessed=witnessed)]
    assert told == [("witness", 10), ("witness", 16)]
