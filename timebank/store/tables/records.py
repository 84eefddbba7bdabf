"""Records on their way: people who ask to join, changes that take a second person; and who read whose card."""

from __future__ import annotations

from piccolo.columns import Boolean, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import day, key_of, moment


class Applicant(Table, tablename="tb_applicant"):
    """Somebody who asked to join and waits for the desk's word; erasable."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code")
    name = Varchar(length=60, default="")
    phone = Varchar(length=60, default="")
    age = Varchar(length=30, default="")
    area = key_of("Area", "code", null=True)
    says = Varchar(length=200, default="")
    asks = Boolean(default=False)
    gives = Boolean(default=False)
    fingerprint = Varchar(length=64)
    applied_at = moment()
    answer = Varchar(length=10, default="")
    answered_by = Varchar(length=16, default="")
    answered_at = moment(null=True)
    member = key_of("Member", "uid", null=True)


class RecordChange(Table, tablename="tb_record_change"):
    """A move, a death, its undoing or two records joined: entered by one person, approved by another, kept for ever.

    `kept` is what undoing needs, as JSON of ids and days.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code")
    kind = Varchar(length=10)
    member = key_of("Member", "uid")
    other = key_of("Member", "uid", null=True)
    on_date = day()
    state = Varchar(length=10)
    entered_by = Varchar(length=16)
    entered_at = moment()
    second_by = Varchar(length=16, default="")
    second_at = moment(null=True)
    kept = Text(default="{}")


class CardReading(Table, tablename="tb_card_reading"):
    """Somebody read somebody's private card: one row for each reader, reason and day; shown to the person on asking."""

    id: Serial
    community = key_of("Community", "code")
    member = key_of("Member", "uid", index=True)
    reader = Varchar(length=16)
    as_what = Varchar(length=8)
    why = Varchar(length=8)
    on_date = day()
    first_at = moment()
    last_at = moment()
    times = Integer(default=1)
