"""The yardstick: the same rows by hand with `sqlite3` alone, and as good as one can do without the ledger's rules.

One transfer, two postings, two guarded balance updates, a unique key and a SHA-256 chain per post; no validation, no
replay, no holds.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

from benchmarks.ledger.turns import Subject

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE account (id INTEGER PRIMARY KEY, balance INT NOT NULL, version INT NOT NULL);
CREATE TABLE transfer (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, effective_on TEXT, recorded INT, hash BLOB);
CREATE TABLE posting (seq INT, leg INT, account INT, amount INT, balance_after INT, version INT,
                      PRIMARY KEY (seq, leg)) WITHOUT ROWID;
CREATE UNIQUE INDEX posting_account ON posting (account, version);
"""


class RawLedger:
    """A book by hand; `post` takes part in whatever transaction is open."""

    def __init__(self, path: Path, accounts: int) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(SCHEMA)
        self.connection.executemany(
            "INSERT INTO account VALUES (?, 0, 0)", [(n,) for n in range(accounts + 1)]
        )
        self.accounts = accounts
        self.seq, self.head = 0, b""

    def post(self, payee: int, minutes: int) -> None:
        run = self.connection.execute
        self.seq += 1
        self.head = sha256(self.head + f"{self.seq}|{payee}|{minutes}".encode()).digest()
        # As ours: a key that anyone may choose has no order, so its index takes what a hash makes of it.
        key = sha256(f"key/{self.seq}".encode()).hexdigest()[:24]
        row = (self.seq, key, "2026-11-20", self.seq, self.head)
        run("INSERT INTO transfer VALUES (?, ?, ?, ?, ?)", row)
        for leg, (account, amount) in enumerate(((0, -minutes), (payee, minutes))):
            [(balance, version)] = run(
                "UPDATE account SET balance = balance + ?, version = version + 1 WHERE id = ? "
                "AND (id = 0 OR balance + ? >= 0) RETURNING balance, version",
                (amount, account, amount),
            ).fetchall()
            run(
                "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?)",
                (self.seq, leg, account, amount, balance, version),
            )

    def post_all(self, count: int, *, per_commit: int) -> None:
        """`count` posts with one COMMIT for every `per_commit` of them."""
        for start in range(0, count, per_commit):
            self.connection.execute("BEGIN IMMEDIATE")
            for number in range(start, min(start + per_commit, count)):
                self.post(1 + number % self.accounts, 5)
            self.connection.execute("COMMIT")


def by_hand(name: str, path: Path, *, accounts: int, posts: int, per_commit: int) -> Subject:
    """`posts` per slice, `per_commit` in each COMMIT."""
    ledger = RawLedger(path, accounts)

    async def slice() -> int:
        ledger.post_all(posts, per_commit=per_commit)
        return posts

    return Subject(name, slice)
