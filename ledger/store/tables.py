"""The ledger's tables as Piccolo sees them: for reading, joining and admin. The ledger itself posts by raw SQL.

Definitions only. Rows of `LedgerTransfer` and `LedgerPosting` cannot be updated or deleted through any of them: triggers
in the database refuse. Times are microseconds since 1970 UTC, days ISO text, amounts whole numbers.
"""

from __future__ import annotations

from piccolo.columns import BigInt, Bytea, Integer, SmallInt, Text, Varchar
from piccolo.table import Table


class LedgerBook(Table, tablename="ledger_book"):
    id = Integer(primary_key=True)
    code = Varchar(length=40, unique=True)
    timezone = Varchar(length=60)
    seq = BigInt()
    hash = Bytea()
    recorded_at_us = BigInt()
    closed_through = Varchar(length=10, null=True)


class LedgerAccount(Table, tablename="ledger_account"):
    """One account in one commodity; `number` counts within its book."""

    book_id = Integer()
    number = Integer(primary_key=True)
    code = Varchar(length=120)
    commodity = Varchar(length=12)
    kind = Varchar(length=11)
    label = Varchar(length=480)
    floor = BigInt(null=True)
    ceiling = BigInt(null=True)
    opened_on = Varchar(length=10)
    closed_on = Varchar(length=10, null=True)
    waived = SmallInt()
    dr_posted = BigInt()
    cr_posted = BigInt()
    dr_pending = BigInt()
    cr_pending = BigInt()
    version = BigInt()
    last_on = Varchar(length=10, null=True)


class LedgerTransfer(Table, tablename="ledger_transfer"):
    """One entry of the journal."""

    book_id = Integer()
    seq = BigInt()
    uid = Varchar(length=24, primary_key=True)
    key = Varchar(length=255)
    kind = Varchar(length=8)
    reason = Varchar(length=120)
    hold_uid = Varchar(length=24, null=True)
    reverses_uid = Varchar(length=24, null=True)
    batch_uid = Varchar(length=24, null=True)
    effective_on = Varchar(length=10)
    occurred_at_us = BigInt()
    recorded_at_us = BigInt()
    actor = Varchar(length=120)
    memo = Text()
    meta = Text()
    detail = Text()
    hash = Bytea()


class LedgerPosting(Table, tablename="ledger_posting"):
    """One leg of an entry; its key is (book_id, seq, leg)."""

    book_id = Integer()
    seq = BigInt(primary_key=True)
    leg = SmallInt()
    account = Integer()
    amount = BigInt()
    layer = Varchar(length=7)
    dr_posted = BigInt()
    cr_posted = BigInt()
    dr_pending = BigInt()
    cr_pending = BigInt()
    version = BigInt()


class LedgerHold(Table, tablename="ledger_hold"):
    book_id = Integer()
    uid = Varchar(length=24, primary_key=True)
    payer = Varchar(length=120)
    payee = Varchar(length=120)
    commodity = Varchar(length=12)
    amount = BigInt()
    settled = BigInt()
    state = Varchar(length=7)
    expires_at_us = BigInt()
    opened_seq = BigInt()
    ended_seq = BigInt()


TABLES: list[type[Table]] = [LedgerBook, LedgerAccount, LedgerTransfer, LedgerPosting, LedgerHold]
