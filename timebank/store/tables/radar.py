"""Patterns in hours that are worth a look by somebody whom they do not concern."""

from __future__ import annotations

from piccolo.columns import Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import key_of, moment


class Flag(Table, tablename="tb_flag"):
    """One pattern, seen of some people; `parts` and `figures` are JSON of opaque ids and numbers.

    What whoever looked at it found stands in `says`: words, which go with the people they may name.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code", index=True)
    rule = Varchar(length=12)
    parts = Text()
    figures = Text()
    state = Varchar(length=10)
    seen_at = moment()
    looked_by = Varchar(length=16, default="")
    looked_at = moment(null=True)
    says = Text(default="")


class FlagPerson(Table, tablename="tb_flag_person"):
    """Somebody whom a flag names; they are never shown it."""

    id: Serial
    flag = Varchar(length=16, index=True)
    member = Varchar(length=16, index=True)
