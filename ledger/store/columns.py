"""The tables a book writes: their columns in the order of `ledger.store.rows.write`'s rows, with PostgreSQL's names of their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Written:
    """A table and its columns."""

    name: str
    types: Mapping[str, str]

    @property
    def columns(self) -> str:
        return ", ".join(self.types)

    @cached_property
    def insert_one(self) -> str:
        """SQLite: the statement for one row."""
        return f"INSERT INTO {self.name} ({self.columns}) VALUES ({', '.join('?' * len(self.types))})"


COUNTERS = {
    "dr_posted": "bigint",
    "cr_posted": "bigint",
    "dr_pending": "bigint",
    "cr_pending": "bigint",
    "version": "bigint",
}

TRANSFER = Written(
    "ledger_transfer",
    {
        "book_id": "int",
        "seq": "bigint",
        "uid": "varchar",
        "key": "varchar",
        "kind": "varchar",
        "reason": "varchar",
        "hold_uid": "varchar",
        "reverses_uid": "varchar",
        "batch_uid": "varchar",
        "effective_on": "varchar",
        "occurred_at_us": "bigint",
        "recorded_at_us": "bigint",
        "actor": "varchar",
        "memo": "text",
        "meta": "text",
        "detail": "text",
        "hash": "bytea",
    },
)
POSTING = Written(
    "ledger_posting",
    {
        "book_id": "int",
        "seq": "bigint",
        "leg": "smallint",
        "account": "int",
        "amount": "bigint",
        "layer": "varchar",
        **COUNTERS,
    },
)
ACCOUNT = Written(
    "ledger_account",
    {
        "book_id": "int",
        "number": "int",
        "code": "varchar",
        "commodity": "varchar",
        "kind": "varchar",
        "label": "varchar",
        "floor": "bigint",
        "ceiling": "bigint",
        "opened_on": "varchar",
        "closed_on": "varchar",
        "waived": "smallint",
        **COUNTERS,
        "last_on": "varchar",
    },
)
HOLD = Written(
    "ledger_hold",
    {
        "book_id": "int",
        "uid": "varchar",
        "payer": "varchar",
        "payee": "varchar",
        "commodity": "varchar",
        "amount": "bigint",
        "settled": "bigint",
        "state": "varchar",
        "expires_at_us": "bigint",
        "opened_seq": "bigint",
        "ended_seq": "bigint",
    },
)
REJECTION = Written(
    "ledger_rejection",
    {
        "book_id": "int",
        "uid": "varchar",
        "key": "varchar",
        "body": "text",
        "code": "varchar",
        "fields": "text",
        "recorded_at_us": "bigint",
    },
)
SEAL = Written(
    "ledger_seal",
    {
        "book_id": "int",
        "sealed_on": "varchar",
        "first_seq": "bigint",
        "last_seq": "bigint",
        "hash": "bytea",
        "merkle_root": "bytea",
    },
)
PERIOD = Written(
    "ledger_period",
    {
        "book_id": "int",
        "month": "varchar",
        "first_seq": "bigint",
        "seq": "bigint",
        "hash": "bytea",
        "merkle_root": "bytea",
        "recorded_at_us": "bigint",
    },
)
MOVED = Written(
    "moved",
    {
        **COUNTERS,
        "last_on": "varchar",
        "floor": "bigint",
        "ceiling": "bigint",
        "closed_on": "varchar",
        "waived": "smallint",
        "book_id": "int",
        "number": "int",
    },
)
"""What changes of an account, and which one it is."""
