"""What a statement is, told from its text: a read, a write, or one that only the engine may run.

Both functions are pure and cached: an application runs a few hundred different texts, each very often.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

_GAP = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_OWNED = re.compile(
    _GAP + r"(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ABORT|ROLLBACK|SAVEPOINT|RELEASE|PREPARE\s+TRANSACTION"
    r"|ATTACH|DETACH"
    # Settings that carry a promise of the engine; asking for their value is fine, changing it is not.
    r"|PRAGMA\s+(?:\w+\s*\.\s*)?(?:query_only|foreign_keys|journal_mode|synchronous|locking_mode|secure_delete"
    r"|recursive_triggers|trusted_schema|defer_foreign_keys|ignore_check_constraints|writable_schema|read_uncommitted|temp_store)\s*[=(])",
    re.IGNORECASE | re.DOTALL,
)
_READ = re.compile(_GAP + r"(?:SELECT|WITH|VALUES|EXPLAIN|PRAGMA|SHOW|TABLE)\b", re.IGNORECASE | re.DOTALL)

_PIECES = re.compile(
    r"'(?:[^']|'')*'"  # text
    r'|"(?:[^"]|"")*"'  # a quoted name
    r"|--[^\n]*"
    r"|/\*.*?\*/"
    r"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"  # dollar-quoted text
    r"|\?\?"  # the operator `?`, written twice
    r"|\?",
    re.DOTALL,
)


class Kind(Enum):
    """Where a statement may run."""

    READ = "read"
    WRITE = "write"
    OWNED = "owned"


@lru_cache(maxsize=4096)
def kind_of(sql: str) -> Kind:
    """READ when the text starts like a query (a reader may still find out that it writes), OWNED when refused."""
    if _OWNED.match(sql):
        return Kind.OWNED
    return Kind.READ if _READ.match(sql) else Kind.WRITE


@lru_cache(maxsize=4096)
def numbered(sql: str) -> str:
    """The statement with each `?` placeholder as `$1`, `$2`, …; text, names and comments stay; `??` becomes `?`."""
    count = 0

    def piece(match: re.Match[str]) -> str:
        nonlocal count
        text = match.group()
        if text == "??":
            return "?"
        if text != "?":
            return text
        count += 1
        return f"${count}"

    return _PIECES.sub(piece, sql)
