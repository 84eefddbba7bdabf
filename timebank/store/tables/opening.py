"""Hours brought forward from paper passbooks: batches by two people, and their lines."""

from __future__ import annotations

from piccolo.columns import Integer, Serial, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import day, key_of, moment


class Opening(Table, tablename="tb_opening"):
    """A batch of balances, its taking back, or the word that there are none: entered by one, approved by another.

    A large batch is approved by a third person, too: `second_seen` is the list that the second agreed to.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code")
    kind = Varchar(length=8)
    note = Varchar(length=200, default="")
    state = Varchar(length=10)
    entered_by = Varchar(length=16)
    entered_at = moment()
    second_by = Varchar(length=16, default="")
    second_at = moment(null=True)
    second_seen = Varchar(length=64, default="")
    third_by = Varchar(length=16, default="")
    third_at = moment(null=True)


class OpeningLine(Table, tablename="tb_opening_line"):
    """One paper passbook; `written`, `book` and `note` are erasable.

    `open_key` names the passbook while it counts, so that the database itself refuses it a second time.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    opening = key_of("Opening", "uid")
    member = key_of("Member", "uid", null=True)
    written = Varchar(length=60, default="")
    minutes = Integer()
    book = Varchar(length=40, default="")
    said_on = day(null=True)
    note = Varchar(length=200, default="")
    entered_by = Varchar(length=16)
    entered_at = moment()
    open_key = Varchar(length=80, null=True, unique=True)
    transfer = Varchar(length=32, default="")
    back = key_of("Opening", "uid", null=True)
