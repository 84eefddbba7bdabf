"""The seal in a backup: whoever changes a sealed copy, in any table, its guards or its rules, cannot make it look untouched.

A copy lies about: on a stick, on another machine, for years. Its books and its log prove themselves, but nobody's telephone number,
role or password does. So a backup is closed with a list of everything in it, table by table, signed with the installation's secret and
kept in the copy itself; restoring names what differs. The secret must not lie beside the copies.
"""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SEAL = "backup_seal"
"""The setting in a copy that holds its seal; it is no part of what is sealed."""
_SINCE = "tb_known_source"
"""A table that came with the first version that seals."""
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table's rows, or the schema's statements: how many, and a hash of all of them."""

    rows: int
    hash: str


def seal(path: Path, secret: str) -> None:
    """Close a copy, which nobody else has open; one of a version that bears no seals stays as it is."""
    if not bears_seals(path):
        return
    with closing(sqlite3.connect(path)) as connection, connection:
        close_with(connection, secret)


def close_with(connection: sqlite3.Connection, secret: str) -> None:
    """The same for a copy that is open."""
    parts = {name: [one.rows, one.hash] for name, one in _parts(connection).items()}
    text = json.dumps(parts, sort_keys=True)
    closed = json.dumps({"parts": parts, "mac": _mac(text, secret)}, sort_keys=True)
    connection.execute("DELETE FROM tb_setting WHERE key = ?", [SEAL])
    connection.execute("INSERT INTO tb_setting (key, value) VALUES (?, ?)", [SEAL, closed])


def differences(path: Path, secret: str) -> list[str]:
    """What of a copy is not as it was sealed, one line each; [] when all of it is.

    A seal that is missing or by another secret is one of them: without it nothing can be said.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return differences_in(connection, secret)


def differences_in(connection: sqlite3.Connection, secret: str) -> list[str]:
    """The same of a copy that is open."""
    rows = connection.execute("SELECT value FROM tb_setting WHERE key = ?", [SEAL]).fetchall()
    if not rows:
        return ["no seal: nobody can say whether it was changed / 没有封条，不知道改过没有"]
    try:
        closed = json.loads(rows[0][0])
        sealed = {name: Part(rows=int(one[0]), hash=str(one[1])) for name, one in closed["parts"].items()}
        text = json.dumps(closed["parts"], sort_keys=True)
        signed = hmac.compare_digest(str(closed["mac"]), _mac(text, secret))
    except (ValueError, LookupError, TypeError, AttributeError):
        signed = False
    if not signed:
        return ["the seal was changed, or made with another TIMEBANK_SECRET / 封条被改过，或密钥不同"]
    return list(_differing(sealed, _parts(connection)))


def bears_seals(path: Path) -> bool:
    """Whether a copy is of a version that seals: those of earlier ones have none, and nobody took it off."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return bool(connection.execute(asked, [_SINCE]).fetchall())


def unseal(path: Path) -> None:
    """Take the seal off what has become a database that lives."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM tb_setting WHERE key = ?", [SEAL])


def _differing(sealed: Mapping[str, Part], found: Mapping[str, Part]) -> Iterator[str]:
    for name in sorted({*sealed, *found}):
        was, now = sealed.get(name), found.get(name)
        if was is None:
            yield f"{name}: was not there when it was sealed"
        elif now is None:
            yield f"{name}: is gone"
        elif was.rows != now.rows:
            yield f"{name}: {was.rows} rows when it was sealed, {now.rows} now"
        elif was.hash != now.hash:
            yield f"{name}: changed"


def _parts(connection: sqlite3.Connection) -> dict[str, Part]:
    """Every table, and what the schema says: tables, indices and the triggers that guard them."""
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    found = {"schema": _part(connection.execute(schema))}
    tables = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    for name, sql in connection.execute(tables).fetchall():
        quoted = name.replace('"', '""')
        but = f" WHERE key <> '{SEAL}'" if name == "tb_setting" else ""
        order = "" if "WITHOUT ROWID" in sql.upper() else " ORDER BY rowid"
        found[name] = _part(connection.execute(f'SELECT * FROM "{quoted}"{but}{order}'))  # noqa: S608 a name out of the schema
    return found


def _part(cursor: sqlite3.Cursor) -> Part:
    digest, rows = sha256(), 0
    while some := cursor.fetchmany(_ROWS_AT_ONCE):
        rows += len(some)
        for row in some:
            # Of plain values `repr` says kind and content, and ends each.
            digest.update(repr(row).encode())
    return Part(rows=rows, hash=digest.hexdigest())


def _mac(text: str, secret: str) -> str:
    return hmac.new(b"timebank/backup/v1" + secret.encode(), text.encode(), sha256).hexdigest()
