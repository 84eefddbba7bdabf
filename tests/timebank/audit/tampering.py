"""What somebody with the database in hand may do to it, one change at a time, each told as a kind and where it was done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from timebank.store.held import SEALED_IN_COPIES, UNHELD

LEDGER = (
    "ledger_book", "ledger_commodity", "ledger_account", "ledger_transfer", "ledger_posting", "ledger_hold", "ledger_period",
)  # fmt: skip
LOG = ("tb_audit", "tb_audit_head")
Key = tuple[object, ...]
UNPROVEN = {
    # Names, for people; no part of any hash, and none is kept by the app.
    ("ledger_account", "label"),
    ("ledger_commodity", "label"),
}
"""Columns that nothing rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One tampering: its kind, and what has to be named for it."""

    kind: str
    named: str


def tampered(path: Path, kind: str, chance: Random) -> Done | None:
    """Do one thing of a kind to a copy of the database; None where nothing came of it."""
    with closing(sqlite3.connect(path)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        ).fetchall()
        if not kind.startswith("guard"):
            for name, _sql in guards:
                connection.execute(f'DROP TRIGGER "{name}"')
        before = connection.total_changes
        try:
            with connection:
                done = KINDS[kind](connection, chance)
        except sqlite3.IntegrityError:
            return None  # a key or a check stands in the way
        if not kind.startswith("guard"):
            if connection.total_changes == before:
                return None
            for _name, sql in guards:
                connection.execute(sql)
        connection.commit()
    return None if done is None else Done(kind=kind, named=done)


def tables(connection: sqlite3.Connection) -> list[str]:
    """The tables that bear on hours, rights or the log, those with rows."""
    return [
        name
        for name in (*UNHELD, *LEDGER, *LOG)
        if connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
    ]


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table that something rests on."""
    names = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    return [
        name for name in names if name not in UNHELD.get(table, frozenset()) and (table, name) not in UNPROVEN
    ]


def _table(connection: sqlite3.Connection, chance: Random) -> tuple[str, str, list[Key]]:
    """(a table, the condition that finds one row by its key, the keys of its rows)."""
    table = chance.choice(tables(connection))
    keys = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[5]]
    but = f"WHERE {SEALED_IN_COPIES[1]} <> '{SEALED_IN_COPIES[2]}'" if table == SEALED_IN_COPIES[0] else ""
    listed = ", ".join(_quoted(keys))
    where = " AND ".join(f"{name} = ?" for name in _quoted(keys))
    return (
        table,
        where,
        connection.execute(f'SELECT {listed} FROM "{table}" {but} ORDER BY {listed}').fetchall(),
    )


def _value(connection: sqlite3.Connection, chance: Random) -> str:
    table, where, rows = _table(connection, chance)
    column, one = chance.choice(columns(connection, table)), chance.choice(rows)
    [old] = connection.execute(f'SELECT "{column}" FROM "{table}" WHERE {where}', one).fetchone()
    connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {where}', [_other(old, chance), *one])
    return table


def _other(old: object, chance: Random) -> object:
    """Another value, of the same kind or none at all."""
    if isinstance(old, int):
        return chance.choice((old + 1, -old - 1, None))
    if isinstance(old, bytes):
        return bytes(reversed(old)) + b"x"
    if old is None:
        return chance.choice((1, "x", "2027-01-01"))
    text = str(old)
    if text[:4].isdigit() and text[4:5] == "-":  # a day or a moment
        return f"{int(text[:4]) + 1}{text[4:]}"
    return chance.choice((text + "x", text[:-1], "")) if text else "x"


def _taken_out(connection: sqlite3.Connection, chance: Random) -> str:
    table, where, rows = _table(connection, chance)
    connection.execute(f'DELETE FROM "{table}" WHERE {where}', chance.choice(rows))
    return table


def _added(connection: sqlite3.Connection, chance: Random) -> str:
    """A row like another one, with its unique words changed."""
    table, where, rows = _table(connection, chance)
    unique = {
        row[2]
        for index in connection.execute(f'PRAGMA index_list("{table}")').fetchall()
        if index[2]
        for row in connection.execute(f'PRAGMA index_info("{index[1]}")')
    }
    names = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[1] != "id"]
    row = connection.execute(
        f'SELECT {", ".join(_quoted(names))} FROM "{table}" WHERE {where}', chance.choice(rows)
    ).fetchone()
    values = [
        # Of the same book, half of the time: the rules of a foreign key would name it otherwise.
        _fresh(value) if name in unique and (name != "book_id" or chance.random() < 0.5) else value
        for name, value in zip(names, row, strict=True)
    ]
    marks = ", ".join("?" for _ in names)
    connection.execute(f'INSERT INTO "{table}" ({", ".join(_quoted(names))}) VALUES ({marks})', values)
    return table


def _fresh(value: object) -> object:
    if isinstance(value, bytes):
        return sha256(value).digest()[: len(value)]
    return value + 1_000_000 if isinstance(value, int) else value and f"{value}2"


def _swapped(connection: sqlite3.Connection, chance: Random) -> str | None:
    """Two rows change places: all that they say but their ids."""
    table, where, rows = _table(connection, chance)
    keys = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[5]}
    names = [name for name in columns(connection, table) if name not in keys]
    # Heads are known by their chains alone: two that change places are where they were.
    if len(rows) < 2 or not names or table == "tb_audit_head":
        return None
    some = chance.sample(rows, 2)
    one, other = (
        connection.execute(f'SELECT {", ".join(_quoted(names))} FROM "{table}" WHERE {where}', row).fetchone()
        for row in some
    )
    if one == other:
        return None
    aside = [value if value is None or isinstance(value, int) else _fresh(value) for value in one]
    setting = ", ".join(f"{name} = ?" for name in _quoted(names))
    for values, row in ((aside, some[0]), (one, some[1]), (other, some[0])):
        connection.execute(f'UPDATE "{table}" SET {setting} WHERE {where}', [*values, *row])
    return table


def _tail_cut(connection: sqlite3.Connection, chance: Random) -> str:
    """The end of the log is gone."""
    last = _tail(connection, chance)
    connection.execute("DELETE FROM tb_audit WHERE id >= ?", [last])
    return "tb_audit"


def _tail_cut_with_its_heads(connection: sqlite3.Connection, chance: Random) -> str:
    """The end of the log is gone, and the heads say that it never was."""
    _tail_cut(connection, chance)
    _heads_put_right(connection)
    return "tb_audit"


def _line_rewritten(connection: sqlite3.Connection, chance: Random) -> str:
    """A line says something else, and every hash from there on was computed anew, the head's too: what was published is left."""
    # Imported here as whoever does this has the program as well.
    from datetime import datetime

    from timebank.store.oversight.audit import Chained, Line, line_hash

    chain = chance.choice([row[0] for row in connection.execute("SELECT chain FROM tb_audit_head")])
    numbers = [
        row[0]
        for row in connection.execute("SELECT number FROM tb_audit WHERE chain = ? AND form = 2", [chain])
    ]
    first = chance.choice(numbers)
    connection.execute(
        "UPDATE tb_audit SET actor = 'MSOMEBODY' WHERE chain = ? AND number = ?", [chain, first]
    )
    names = ("id", "number", "at", "community", "actor", "acting_for", "action", "object", "reason", "held")
    before = connection.execute(
        "SELECT hash FROM tb_audit WHERE chain = ? AND number = ?", [chain, first - 1]
    ).fetchone()
    hash = before[0] if before else "0" * 64
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM tb_audit WHERE chain = ? AND number >= ? ORDER BY number",
        [chain, first],
    ).fetchall()
    for row in rows:
        said = dict(zip(names, row, strict=True))
        line = Line(
            number=said["number"], at=datetime.fromisoformat(said["at"]), community=said["community"], actor=said["actor"],
            acting_for=said["acting_for"], action=said["action"], object=said["object"], reason=said["reason"],
        )  # fmt: skip
        chained = Chained(id=said["id"], chain=chain, form=2, held=said["held"], prev_hash=hash, hash="")
        connection.execute("UPDATE tb_audit SET prev_hash = ? WHERE id = ?", [hash, said["id"]])
        hash = line_hash(hash, line, chained)
        connection.execute("UPDATE tb_audit SET hash = ? WHERE id = ?", [hash, said["id"]])
    _heads_put_right(connection)
    return "tb_audit"


def _heads_put_right(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM tb_audit_head WHERE chain NOT IN (SELECT chain FROM tb_audit)")
    connection.execute(
        "UPDATE tb_audit_head SET number = (SELECT MAX(number) FROM tb_audit a WHERE a.chain = tb_audit_head.chain)"
    )
    connection.execute(
        "UPDATE tb_audit_head SET hash ="
        " (SELECT hash FROM tb_audit a WHERE a.chain = tb_audit_head.chain AND a.number = tb_audit_head.number)"
    )


def _tail(connection: sqlite3.Connection, chance: Random) -> int:
    ids = [row[0] for row in connection.execute("SELECT id FROM tb_audit ORDER BY id DESC LIMIT 30")]
    return int(ids[chance.randrange(len(ids))])


def _guard_dropped(connection: sqlite3.Connection, chance: Random) -> str:
    name, _table = _guard(connection, chance)
    connection.execute(f'DROP TRIGGER "{name}"')
    return f"guard {name}"


def _guard_weakened(connection: sqlite3.Connection, chance: Random) -> str:
    """A trigger of the same name on the same table that never does anything."""
    name, table = _guard(connection, chance)
    connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(f'CREATE TRIGGER "{name}" BEFORE DELETE ON "{table}" WHEN 0 BEGIN SELECT 1; END')
    return f"guard {name}"


def _guard_of_ones_own(connection: sqlite3.Connection, chance: Random) -> str:
    """A trigger that works for whoever put it there."""
    table = chance.choice(tables(connection))
    connection.execute(f'CREATE TRIGGER "{table}_mine" AFTER INSERT ON "{table}" BEGIN SELECT 1; END')
    return f"guard {table}_mine"


def _guard_index_dropped(connection: sqlite3.Connection, chance: Random) -> str:
    """What kept two of the same from standing there."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    ).fetchall()
    [name] = chance.choice(names)
    connection.execute(f'DROP INDEX "{name}"')
    return f"index {name}"


def _guard(connection: sqlite3.Connection, chance: Random) -> tuple[str, str]:
    found: tuple[str, str] = chance.choice(
        connection.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        ).fetchall()
    )
    return found


def _one_id(connection: sqlite3.Connection, chance: Random, table: str, where: str = "1") -> int:
    return int(
        chance.choice(connection.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY id").fetchall())[0]
    )


def _password(connection: sqlite3.Connection, chance: Random) -> str:
    """A password that the thief knows, in place of a colleague's."""
    one = _one_id(connection, chance, "tb_password")
    connection.execute(
        "UPDATE tb_password SET hash = ? WHERE id = ?", ["$argon2id$v=19$m=8,t=1,p=1$x$y", one]
    )
    return "tb_password"


def _second_factor(connection: sqlite3.Connection, chance: Random) -> str | None:
    """The telephone that a colleague signs in with is taken away."""
    rows = connection.execute("SELECT id FROM tb_second_factor").fetchall()
    if not rows:
        member = connection.execute("SELECT member FROM tb_password ORDER BY RANDOM()").fetchone()[0]
        connection.execute(
            "INSERT INTO tb_second_factor (member, nonce, last_step, made_at) VALUES (?, 'n', 0, '2026-11-01')",
            [member],
        )
    else:
        connection.execute("DELETE FROM tb_second_factor WHERE id = ?", [chance.choice(rows)[0]])
    return "tb_second_factor"


def _role_given(connection: sqlite3.Connection, chance: Random) -> str:
    """Somebody is a worker of the desk now."""
    worker = _one_id(connection, chance, "tb_relationship", "kind = 'worker'")
    member = connection.execute("SELECT uid FROM tb_member ORDER BY RANDOM()").fetchone()[0]
    names = [
        row[1]
        for row in connection.execute("PRAGMA table_info(tb_relationship)")
        if row[1] not in ("id", "uid", "holder_member", "open_key", "seat_key")
    ]
    listed = ", ".join(_quoted(names))
    connection.execute(
        f"INSERT INTO tb_relationship (uid, holder_member, {listed}) SELECT 'RTHIEF', ?, {listed} FROM tb_relationship"
        " WHERE id = ?",
        [member, worker],
    )
    return "tb_relationship"


def _mandate_lengthened(connection: sqlite3.Connection, chance: Random) -> str:
    """A term that ends later than was agreed."""
    one = _one_id(connection, chance, "tb_relationship")
    connection.execute("UPDATE tb_relationship SET until_on = '2099-12-31' WHERE id = ?", [one])
    return "tb_relationship"


def _policy(connection: sqlite3.Connection, chance: Random) -> str:
    """Rules that nobody approved."""
    community, author = connection.execute(
        "SELECT community, uid FROM tb_member ORDER BY RANDOM()"
    ).fetchone()
    connection.execute(
        "INSERT INTO tb_rule (community, subject, number, starts_on, text, fingerprint, state, entered_by, entered_at,"
        " approved_by) VALUES (?, 'policy', 99, '2026-01-01', '[credit]', 'x', 'approved', ?, '2026-01-01', ?)",
        [community, author, author],
    )
    return "tb_rule"


def _hours_made(connection: sqlite3.Connection, chance: Random) -> str:
    """A part is worth more than was confirmed, in the lists alone."""
    one = _one_id(connection, chance, "tb_attendance")
    connection.execute(
        "UPDATE tb_attendance SET minutes_credited = minutes_credited + 600 WHERE id = ?", [one]
    )
    return "tb_attendance"


def _word_forged(connection: sqlite3.Connection, chance: Random) -> str:
    """Somebody else said it."""
    one = _one_id(connection, chance, "tb_statement")
    connection.execute('UPDATE tb_statement SET "by" = ? WHERE id = ?', ["MNOBODY", one])
    return "tb_statement"


def _quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names]


KINDS: dict[str, Callable[[sqlite3.Connection, Random], str | None]] = {
    "a value changed": _value,
    "a row taken out": _taken_out,
    "a row added": _added,
    "two rows swapped": _swapped,
    "log: tail cut off": _tail_cut,
    "log: tail cut off with its heads": _tail_cut_with_its_heads,
    "log: rewritten with every hash": _line_rewritten,
    "guard dropped": _guard_dropped,
    "guard weakened": _guard_weakened,
    "guard of one's own": _guard_of_ones_own,
    "guard: index dropped": _guard_index_dropped,
    "right: password replaced": _password,
    "right: second factor changed": _second_factor,
    "right: role given": _role_given,
    "right: term lengthened": _mandate_lengthened,
    "right: policy put in": _policy,
    "hours: made in a list": _hours_made,
    "hours: word forged": _word_forged,
}
