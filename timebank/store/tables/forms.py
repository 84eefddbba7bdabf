"""What was typed and not yet done: a page that answered a press, and a form whose sign-in ended while it was filled."""

from __future__ import annotations

from piccolo.columns import Boolean, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import key_of, moment


class Draft(Table, tablename="tb_draft"):
    """A page that answered a press, so that it has an address of its own; gone after minutes."""

    id: Serial
    hash = Varchar(length=64, unique=True)
    owner = Varchar(length=64, index=True)
    status = Integer()
    html = Text()
    once = Boolean(default=False)
    until_at = moment(index=True)


class KeptForm(Table, tablename="tb_kept_form"):
    """What somebody had typed when their sign-in had ended; theirs for half an hour."""

    id: Serial
    hash = Varchar(length=64, unique=True)
    member = key_of("Member", "uid", null=True, index=True)
    acting_for = key_of("Member", "uid", null=True)
    path = Varchar(length=300)
    page = Varchar(length=300, default="")
    body = Text()
    device = Varchar(length=80, default="")
    until_at = moment(index=True)
