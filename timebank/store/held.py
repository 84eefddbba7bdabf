"""Rows whose every change the audit log holds: those that bear on hours, on rights or on the log itself.

A unit of work that changes such a row writes the row's new digest into the line of the log that tells of the unit (`store/audit.py`);
so the log says of each row how it has to look now, and a row that somebody changed, added or took out beside the app is named
(`store/audit_checks.py`). Statements are recognised by their text, as the engine runs them: no flow has to think of it.

Not held are words that are taken out when they are needed no longer (`UNHELD` names their columns, and
`tests/timebank/audit/test_audit_held.py` compares them with what erasing takes out): whoever knew the rest of a row could guess
them from the digest after they were erased. Rows that name somebody have a `salt` of their own, which goes with them.
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from ledger.store.engine import Watched
from ledger.store.engine.interface import Dialect

UNHELD: Mapping[str, frozenset[str]] = {
    # Hours.
    "tb_service": frozenset({"title", "place", "place_exact", "note_private", "reasons"}),
    "tb_attendance": frozenset({"note"}),
    "tb_statement": frozenset({"note"}),
    "tb_hand_use": frozenset(),
    "tb_opening": frozenset(),
    "tb_opening_line": frozenset({"written", "book", "note"}),
    "tb_record_change": frozenset({"kept"}),
    "tb_queued_press": frozenset({"body", "zh", "en"}),
    # Rights.
    "tb_setting": frozenset(),
    "tb_rule": frozenset(),
    "tb_community": frozenset(),
    "tb_area": frozenset(),
    "tb_area_parent": frozenset(),
    "tb_organisation": frozenset(),
    "tb_household": frozenset(),
    "tb_member": frozenset(),
    "tb_person": frozenset(),
    "tb_phone": frozenset(),
    "tb_age": frozenset(),
    "tb_consent": frozenset(),
    "tb_relationship": frozenset({"note"}),
    "tb_applicant": frozenset({"name", "phone", "age", "says", "fingerprint", "area"}),
    "tb_password": frozenset(),
    "tb_second_factor": frozenset(),
    "tb_recovery_code": frozenset(),
    "tb_way_in": frozenset(),
    "tb_sign_in_code": frozenset(),
    # That somebody is still there is written every minute, and opens nothing.
    "tb_session": frozenset({"seen_at"}),
    "tb_kiosk": frozenset(),
    "tb_feed": frozenset({"asked_at", "asked"}),
    # The log.
    "tb_card_reading": frozenset(),
    "tb_flag": frozenset({"says"}),
    "tb_flag_person": frozenset(),
    "tb_publication": frozenset(),
}
"""Every table that is held, and the columns of it that are not."""

SEALED_IN_COPIES = ("tb_setting", "key", "backup_seal")
"""(table, column, value) of the one row that stands in sealed copies only and was never written by a unit."""

_VERB = r"(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?"
_WRITE = re.compile(rf"\s*({_VERB})(tb_\w+)", re.IGNORECASE)
_INSIDE = re.compile(rf"\b{_VERB}(tb_\w+)", re.IGNORECASE)
_RETURNING = re.compile(r"\sRETURNING\s[^()']*$", re.IGNORECASE)
_SETTING = re.compile(r"\sSET\s(.*?)(?:\sWHERE\s|$)", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r"\"?(\w+)\"?\s*=")


def fresh_salt() -> str:
    """What makes the digest of a row that names somebody unguessable once the row is gone; opaque, and asked for by nobody."""
    return secrets.token_hex(8)


@lru_cache(maxsize=4096)
def watched(sql: str, dialect: Dialect) -> Watched | None:
    """The statement that returns the held rows it changes; None for one that changes none, or nothing of them that is held.

    Raises:
        ValueError: it changes held rows inside another statement, where nobody would see them.
    """
    found = _WRITE.match(sql)
    inside = {name.lower() for name in _INSIDE.findall(sql, found.end() if found else 0)}
    if inside & UNHELD.keys():
        raise ValueError(f"held rows are changed by statements of their own: {sql[:80]}")
    if found is None or (table := found[2].lower()) not in UNHELD:
        return None
    verb = found[1][:6].upper()
    if verb == "UPDATE" and _set_by(sql) <= UNHELD[table]:
        return None
    bare = _RETURNING.sub("", sql.rstrip().rstrip(";"))
    # A join would return the other table's columns as well; SQLite knows no `table.*` here, and no joined names.
    every = "*" if dialect == "sqlite" else f"{table}.*"
    return Watched(sql=f"{bare} RETURNING {every}", table=table, gone=verb == "DELETE")


def _set_by(sql: str) -> set[str]:
    """The columns that an UPDATE sets."""
    found = _SETTING.search(sql)
    return set(_COLUMN.findall(found[1])) if found else {"?"}


def digest_of(table: str, row: Mapping[str, Any]) -> str:
    """128 bits over what is held of a row, as 22 letters; the same on both databases, and for a column more that is empty."""
    parts = ["timebank/row/v1"]
    for name in _held_names(table, tuple(row.keys())):
        value = row[name]
        if value is not None:
            said = _PLAIN.get(type(value), _other)(value)
            parts.append(f"{name}={len(said)}:{said}")
    told = sha256("\0".join(parts).encode()).digest()
    return urlsafe_b64encode(told[:16]).rstrip(b"=").decode()


@lru_cache(maxsize=256)
def _held_names(table: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names) - UNHELD.get(table, frozenset())))


def _moment(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return f"t{aware.astimezone(UTC).isoformat(timespec='microseconds')}"


def _other(value: object) -> str:
    return f"{type(value).__name__}{value!r}"


_PLAIN: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: f"i{int(value)}",
    int: lambda value: f"i{value}",
    str: lambda value: f"s{value}",
    datetime: _moment,
    date: lambda value: f"d{value.isoformat()}",
}
"""Kind of a value -> the value with its kind; what both databases keep alike is alike."""
