"""Services and everybody's part in them."""

from __future__ import annotations

from piccolo.columns import Boolean, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import key_of, moment


class Service(Table, tablename="tb_service"):
    """One piece of help at a time and place; values in `timebank.rules.attendance.Service`."""

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
    reasons = Text(default="[]")
    created_by = Varchar(length=16, default="")
    created_at = moment()


class Attendance(Table, tablename="tb_attendance"):
    """One person's part in a service; values in `timebank.rules.attendance.Attendance`."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    service = key_of("Service", "uid")
    member = key_of("Member", "uid", index=True)
    state = Varchar(length=12, default="signed_up")
    signed_up_at = moment()
    checked_in_at = moment(null=True)
    checked_out_at = moment(null=True)
    evidence = Varchar(length=12, default="")
    checked_in_by = Varchar(length=16, default="")
    confirmed_by = Varchar(length=16, default="")
    confirmed_at = moment(null=True)
    minutes_served = Integer(default=0)
    minutes_credited = Integer(default=0)
    policy_version = Varchar(length=30, default="")
    transfer_uid = Varchar(length=40, default="")
    cuts = Text(default="[]")
    counted = Text(default="[]")
    note = Text(default="")
