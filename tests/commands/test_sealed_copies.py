"""A copy that was changed by whatever hand, in whatever table, is not restored as if it were whole, and what differs is named."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from timebank.adapters import sealing

SECRET = "9f2c1b7a04de83655c1f0e9ab7d42c68"
TAMPERINGS = int(os.environ.get("TAMPERINGS", "150"))
BEARING = (
    "tb_attendance", "tb_statement", "tb_service", "tb_audit", "tb_relationship", "tb_member", "tb_person", "tb_phone",
    "tb_rule", "tb_session", "tb_hand_use", "tb_way_in", "tb_news", "tb_setting", "ledger_transfer", "ledger_posting",
    "ledger_account", "migration",
)  # fmt: skip
"""Tables that bear on hours, rights or the log; those that the demo leaves empty can only be added to."""


@pytest.fixture
def copy(timebank: Any, tmp_path: Path) -> Path:
    """A sealed backup of the demo database."""
    made = tmp_path / "copy.db"
    timebank("backup", made, secret=SECRET)
    return made


def change(copy: Path, *statements: str) -> None:
    """What somebody with the file does; guards that stand in the way are taken off and put back as they were."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(statement)
        for _name, sql in guards:
            connection.execute(sql)


def restored(timebank: Any, copy: Path, tmp_path: Path, *words: str, **settings: str) -> Any:
    return timebank(
        "restore", copy, *words, check=False, secret=settings.pop("secret", SECRET),
        database=f"sqlite:///{tmp_path}/restored.db",
    )  # fmt: skip


def test_a_whole_copy_is_restored_and_bears_no_seal_any_more(
    timebank: Any, copy: Path, tmp_path: Path
) -> None:
    assert sealing.differences(copy, SECRET) == []
    done = restored(timebank, copy, tmp_path)
    assert done.returncode == 0, done.stderr
    assert sealing.differences(tmp_path / "restored.db", SECRET)[0].startswith("no seal")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE tb_relationship SET kind = 'worker' WHERE id = (SELECT MAX(id) FROM tb_relationship)", "tb_relationship"),
        ("INSERT INTO tb_password (member, login, hash, way) SELECT uid, 'thief', 'x', '' FROM tb_member LIMIT 1", "tb_password"),
        ("UPDATE tb_phone SET number = '19900009999'", "tb_phone"),
        ("UPDATE tb_audit SET actor = 'X' WHERE number = (SELECT MAX(number) FROM tb_audit)", "tb_audit"),
        ("DELETE FROM tb_audit WHERE number > (SELECT MAX(number) - 5 FROM tb_audit)", "tb_audit"),
        ("DELETE FROM tb_audit", "tb_audit"),
        ("UPDATE tb_setting SET value = 'x' WHERE key = 'clock_offset_seconds'", "tb_setting"),
        ("CREATE TABLE more (a INTEGER)", "more: was not there"),
    ],
)  # fmt: skip
def test_what_was_changed_in_a_copy_is_named(
    timebank: Any, copy: Path, tmp_path: Path, statement: str, named: str
) -> None:
    change(copy, statement)
    refused = restored(timebank, copy, tmp_path)
    assert refused.returncode == 1
    assert named in refused.stderr
    assert not (tmp_path / "restored.db").exists()


def test_guards_that_were_taken_off_or_weakened_are_named(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        [name, _sql] = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchone()
        connection.execute(f'DROP TRIGGER "{name}"')
    assert sealing.differences(copy, SECRET)[0].startswith("schema: ")
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(f'CREATE TRIGGER "{name}" BEFORE UPDATE ON tb_audit WHEN 0 BEGIN SELECT 1; END')
    assert sealing.differences(copy, SECRET) == ["schema: changed"]


def test_a_seal_that_is_gone_forged_or_anothers_is_named_and_the_operator_may_insist(
    timebank: Any, copy: Path, tmp_path: Path
) -> None:
    other = restored(timebank, copy, tmp_path, secret="0123456789abcdef0123456789abcdef")
    assert "TIMEBANK_SECRET" in other.stderr
    sealing.seal(copy, "a guess at the secret")
    assert "the seal was changed" in restored(timebank, copy, tmp_path).stderr
    sealing.unseal(copy)
    assert "no seal" in restored(timebank, copy, tmp_path).stderr
    assert restored(timebank, copy, tmp_path, "--unsealed").returncode == 0


def test_what_was_changed_is_named_by_the_log_where_nobody_asks_for_a_seal(
    timebank: Any, copy: Path, tmp_path: Path
) -> None:
    change(copy, "UPDATE tb_phone SET number = '19900009999'")
    sealing.unseal(copy)
    refused = restored(timebank, copy, tmp_path, "--unsealed")
    assert refused.returncode == 1
    assert "audit log: tb_phone " in refused.stderr


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"parts": 1, "mac": 2}', '{"parts": {"x": 1}, "mac": ""}', "\x00"]
)
def test_nonsense_instead_of_a_seal_is_no_seal(copy: Path, text: str) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE tb_setting SET value = ? WHERE key = ?", [text, sealing.SEAL])
    assert "the seal was changed" in sealing.differences(copy, SECRET)[0]


def test_every_random_change_of_any_table_is_named(copy: Path) -> None:
    """Rows changed, added, doubled and taken out, tails cut off, guards dropped: one at a time, each named by its table."""
    chance = random.Random(20261130)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with closing(sqlite3.connect(copy)) as source:
        source.backup(connection)
    guards = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    ).fetchall()
    for name in guards:
        connection.execute(f'DROP TRIGGER "{name[0]}"')
    # Sealed once more without its guards, which would only stand in the way of the changes here.
    sealing.close_with(connection, SECRET)
    tables = [name for name in BEARING if connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]]
    assert len(tables) >= 12
    unseen = []
    for _number in range(TAMPERINGS):
        table = chance.choice(tables)
        connection.execute("SAVEPOINT before")
        said = _tampered(connection, table, chance)
        named = sealing.differences_in(connection, SECRET)
        if said and [line.split(":")[0] for line in named] != [table]:
            unseen.append((said, named))
        connection.execute("ROLLBACK TO before")
        connection.execute("RELEASE before")
    assert unseen == []


def _tampered(connection: sqlite3.Connection, table: str, chance: random.Random) -> str:
    """One change of a table, as words; "" where it changed nothing after all."""
    described = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    columns = [row[1] for row in described]
    key = next((f'"{row[1]}"' for row in described if row[5]), "rowid")
    but = f" WHERE key <> '{sealing.SEAL}'" if table == "tb_setting" else ""
    ids = [row[0] for row in connection.execute(f'SELECT {key} FROM "{table}"{but} ORDER BY {key}')]
    before = connection.total_changes
    kind = chance.choice(("change", "take out", "cut the tail", "double"))
    try:
        if kind == "change":
            column, one = chance.choice(columns), chance.choice(ids)
            [old] = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE {key} = ?', [one]).fetchone()
            new = old + 1 if isinstance(old, int) else f"{old or ''}x"
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {key} = ?', [new, one])
        elif kind == "take out":
            connection.execute(f'DELETE FROM "{table}" WHERE {key} = ?', [chance.choice(ids)])
        elif kind == "cut the tail":
            tail = ids[-chance.randint(1, min(5, len(ids))) :][0]
            connection.execute(
                f'DELETE FROM "{table}" WHERE {key} >= ?{but.replace(" WHERE", " AND")}', [tail]
            )
        else:
            one = chance.choice(ids)
            named = ", ".join(f'"{name}"' for name in columns if name != "id")
            connection.execute(
                f'INSERT INTO "{table}" ({named}) SELECT {named} FROM "{table}" WHERE {key} = ?', [one]
            )
    except sqlite3.IntegrityError:
        return ""  # a key or a check stands in the way: nothing was changed
    return f"{kind} in {table}" if connection.total_changes > before else ""
