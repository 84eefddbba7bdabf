"""Presses that a phone made without a network and sent later."""

from __future__ import annotations

from piccolo.columns import BigInt, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import key_of, moment


class QueuedPress(Table, tablename="tb_queued_press"):
    """One press by its own id, and what came of it; sent twice, it is found here."""

    id: Serial
    press = Varchar(length=40, unique=True)
    member = key_of("Member", "uid", index=True)
    op = Varchar(length=10)
    service = Varchar(length=16, index=True)
    part = Varchar(length=40, default="")
    body = Text(default="{}")
    said_ms = BigInt()
    happened_at = moment()
    doubt = Varchar(length=16)
    receipt = Varchar(length=20)
    state = Varchar(length=8)
    zh = Text(default="")
    en = Text(default="")
    received_at = moment()
