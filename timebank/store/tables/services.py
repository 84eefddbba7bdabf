"""Services, everybody's part in them, and every statement about a part."""

from __future__ import annotations

from piccolo.columns import Boolean, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import day, key_of, moment


class Service(Table, tablename="tb_service"):
    """One piece of help at a time and place; values in `timebank.rules.parts.attendance.Service`."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code", index=True)
    kind = Varchar(length=8)
    title = Varchar(length=120)
    category = Varchar(length=40, default="")
    need_key = Varchar(length=80, default="", index=True)
    recipient = key_of("Member", "uid", null=True, index=True)
    team = key_of("Organisation", "code", null=True, index=True)
    unit = key_of("Organisation", "code", null=True)
    lead = key_of("Member", "uid", null=True)
    place = Varchar(length=120, default="")
    place_exact = Varchar(length=160, default="")
    note_private = Text(default="")
    starts_at = moment(index=True)
    ends_at = moment()
    capacity = Integer(default=1)
    free = Boolean(default=True)
    payer = Varchar(length=12, default="institution")
    hold_uid = Varchar(length=40, default="")
    state = Varchar(length=12, default="planned")
    off = Varchar(length=8, null=True)
    moved_to = Varchar(length=16, default="")
    reasons = Text(default="[]")
    created_by = Varchar(length=16, default="")
    created_at = moment()


class Attendance(Table, tablename="tb_attendance"):
    """One person's part in a service; values in `timebank.rules.parts.attendance.Attendance`."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    service = key_of("Service", "uid")
    member = key_of("Member", "uid", index=True)
    state = Varchar(length=12, default="signed_up")
    signed_up_at = moment()
    reminded_at = moment(null=True)
    sure_at = moment(null=True)
    on_way_at = moment(null=True)
    swap_at = moment(null=True)
    checked_in_at = moment(null=True)
    checked_out_at = moment(null=True)
    evidence = Varchar(length=12, default="")
    checked_in_by = Varchar(length=16, default="")
    confirmed_by = Varchar(length=16, default="")
    confirmed_at = moment(null=True)
    minutes_confirmed = Integer(null=True)
    decided_at = moment(null=True)
    rests_until = moment(null=True)
    said_not_at = moment(null=True)
    own_said = Varchar(length=10, default="")
    wrong_at = moment(null=True)
    ended_as = Varchar(length=14, default="")
    minutes_served = Integer(default=0)
    minutes_credited = Integer(default=0)
    minutes_before = Integer(null=True)
    posted_at = moment(null=True)
    policy_version = Varchar(length=30, default="")
    transfer_uid = Varchar(length=40, default="")
    reversed_uid = Varchar(length=40, default="")
    cuts = Text(default="[]")
    counted = Text(default="[]")
    note = Text(default="")
    waits = Varchar(length=12, default="")
    grade = Varchar(length=1, default="")


class Statement(Table, tablename="tb_statement"):
    """One thing said about a part; rows are added, never changed. The part's own row is what they leave."""

    id: Serial
    uid = Varchar(length=20, unique=True)
    part = Varchar(length=16, index=True)
    service = Varchar(length=16, index=True)
    what = Varchar(length=14)
    by = Varchar(length=16, default="")
    acting_for = Varchar(length=16, default="")
    said_at = moment()
    at = moment(null=True)
    minutes = Integer(null=True)
    evidence = Varchar(length=12, null=True)
    note = Text(default="")
    closing = Varchar(length=20, default="")
    retracts = Varchar(length=20, default="")
    via = Varchar(length=16, default="")
    standing = Varchar(length=8, null=True, default=None)
    transfer_uid = Varchar(length=40, default="")
    policy_version = Varchar(length=30, default="")


class HandUse(Table, tablename="tb_hand_use"):
    """What a decided part counts for: the day of its community, of whom it helped, and of each pair that vouched for it."""

    id: Serial
    part = Varchar(length=16, index=True)
    community = Varchar(length=40)
    key = Varchar(length=60)
    on_date = day()
    minutes = Integer()
