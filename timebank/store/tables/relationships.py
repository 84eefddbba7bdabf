"""Who stands to whom."""

from __future__ import annotations

from piccolo.columns import Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import day, key_of


class Relationship(Table, tablename="tb_relationship"):
    """One relationship of a kind of the catalogue; values in `timebank.rules.relationships`.

    Each possible side has a column of its own, so that each is a foreign key. `open_key` is held while offered or in
    force and `seat_key` while in force, so the database itself refuses the same relationship twice and a second
    holder of a single seat.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code", null=True)
    kind = Varchar(length=30)
    holder_member = key_of("Member", "uid", null=True)
    holder_organisation = key_of("Organisation", "code", null=True)
    to_member = key_of("Member", "uid", null=True)
    to_household = key_of("Household", "uid", null=True)
    to_organisation = key_of("Organisation", "code", null=True)
    to_area = key_of("Area", "code", null=True)
    to_line = Varchar(length=64, null=True, default=None)
    to_category = Varchar(length=60, null=True, default=None)
    since_on = day()
    until_on = day(null=True)
    state = Varchar(length=10)
    seat = Integer(default=0)
    scope = Varchar(length=80, default="")
    offered_by = Varchar(length=16, default="")
    holder_yes = Varchar(length=8, default="")
    holder_yes_by = Varchar(length=16, default="")
    holder_yes_on = day(null=True)
    target_yes = Varchar(length=8, default="")
    target_yes_by = Varchar(length=16, default="")
    target_yes_on = day(null=True)
    approved_by = Varchar(length=16, default="")
    end_reason = Varchar(length=20, default="")
    ended_on = day(null=True)
    ended_by = Varchar(length=16, default="")
    follows = Varchar(length=16, null=True, default=None)
    note = Text(default="")
    open_key = Varchar(length=160, null=True, default=None, unique=True)
    seat_key = Varchar(length=160, null=True, default=None, unique=True)
