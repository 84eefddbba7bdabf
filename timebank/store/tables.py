"""Definitions of the app's tables; queries live in the modules beside this one.

What names a person (name, phone, address, health) stands in `Person` alone, so that it can be erased while every
other row keeps the opaque `uid`. Rows belong to a community by its code.
"""

from __future__ import annotations

from piccolo.columns import (
    BigInt,
    Boolean,
    Date,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


def moment(*, null: bool = False, index: bool = False) -> Timestamptz:
    """A point in time that the caller must give: no column reads a clock of its own."""
    return Timestamptz(default=None, null=null, index=index)


class Setting(Table, tablename="tb_setting"):
    """A fact about this installation, such as the demo's clock offset."""

    key = Varchar(length=60, unique=True)
    value = Text(default="")


class Community(Table, tablename="tb_community"):
    """One neighbourhood office with its own lists and its own book."""

    code = Varchar(length=20, unique=True)
    name = Varchar(length=80)
    name_en = Varchar(length=80, default="")
    phone = Varchar(length=40, default="")
    address = Varchar(length=120, default="")


class Area(Table, tablename="tb_area"):
    """A grid, building or other place inside a community."""

    code = Varchar(length=40, unique=True)
    community = Varchar(length=20, index=True)
    kind = Varchar(length=20)
    name = Varchar(length=80)
    parent = Varchar(length=40, default="")


class Member(Table, tablename="tb_member"):
    """Somebody who takes part, without anything that names them."""

    uid = Varchar(length=16, unique=True)
    community = Varchar(length=20, index=True)
    number = Varchar(length=8, default="")
    area = Varchar(length=40, default="")
    account = Varchar(length=60, default="")
    minor = Boolean(default=False)
    guardian_consent = Boolean(default=False)
    lang = Varchar(length=8, default="")
    size = Varchar(length=12, default="")
    skills = Text(default="")
    status = Varchar(length=12, default="active")
    line_key = Varchar(length=64, default="", index=True)
    created_at = moment()


class Person(Table, tablename="tb_person"):
    """What names a member; erased on request, never copied elsewhere."""

    member = Varchar(length=16, unique=True)
    name = Varchar(length=60)
    called = Varchar(length=30, default="")
    phone = Varchar(length=24, default="", index=True)
    phone_written = Varchar(length=40, default="")
    address = Varchar(length=120, default="")
    identity = Varchar(length=60, default="")
    health_note = Text(default="")
    wishes = Text(default="")
    born_on = Date(null=True, default=None)


class RoleGrant(Table, tablename="tb_role"):
    """A role a member holds; leaders, unit contacts and proxies follow from their own tables."""

    member = Varchar(length=16, index=True)
    role = Varchar(length=16)


class Team(Table, tablename="tb_team"):
    """A volunteer team (服务队)."""

    code = Varchar(length=20, unique=True)
    community = Varchar(length=20, index=True)
    name = Varchar(length=80)
    kind = Varchar(length=20, default="")
    leader = Varchar(length=16, default="")
    deputy = Varchar(length=16, default="")


class Membership(Table, tablename="tb_membership"):
    """A member of a team since a day."""

    team = Varchar(length=20, index=True)
    member = Varchar(length=16, index=True)
    since_on = Date()


class PartnerUnit(Table, tablename="tb_unit"):
    """A co-building unit (共建单位); `name` is how its lines on the lists call it."""

    code = Varchar(length=20, unique=True)
    community = Varchar(length=20, index=True)
    name = Varchar(length=80)
    kind = Varchar(length=30, default="")


class UnitContact(Table, tablename="tb_unit_contact"):
    """Who may act for a unit."""

    unit = Varchar(length=20, index=True)
    member = Varchar(length=16, index=True)


class Mandate(Table, tablename="tb_mandate"):
    """A proxy's recorded mandate to act for an elder, until a day or until taken back."""

    uid = Varchar(length=16, unique=True)
    elder = Varchar(length=16, index=True)
    proxy = Varchar(length=16, index=True)
    scope = Varchar(length=40, default="requests")
    relation = Varchar(length=30, default="")
    recorded_by = Varchar(length=16)
    recorded_at = moment()
    until_on = Date(null=True, default=None)
    revoked_at = moment(null=True)


class Password(Table, tablename="tb_password"):
    """A staff password, as an argon2 hash."""

    member = Varchar(length=16, unique=True)
    login = Varchar(length=40, unique=True)
    hash = Text()


class SignInCode(Table, tablename="tb_sign_in_code"):
    """A one-time code, link or card; only its hash is kept."""

    hash = Varchar(length=64, unique=True)
    member = Varchar(length=16, index=True)
    acting_for = Varchar(length=16, default="")
    kind = Varchar(length=8)
    uses_left = Integer(default=1)
    tries_left = Integer(default=5)
    expires_at = moment()
    made_by = Varchar(length=16, default="")


class Session(Table, tablename="tb_session"):
    """Somebody signed in on one device; only the hash of the bearer token is kept."""

    hash = Varchar(length=64, unique=True)
    member = Varchar(length=16, index=True)
    acting_for = Varchar(length=16, default="")
    level = Varchar(length=8, default="full")
    created_at = moment()
    seen_at = moment()
    idle_minutes = Integer()
    expires_at = moment()


class Throttle(Table, tablename="tb_throttle"):
    """Wrong tries per account and per source, kept in the database so that restarts do not forget them."""

    key = Varchar(length=80, unique=True)
    tries = Integer(default=0)
    until_at = moment()


class Service(Table, tablename="tb_service"):
    """One piece of help at a time and place; values in `timebank.rules.attendance.Service`."""

    uid = Varchar(length=16, unique=True)
    community = Varchar(length=20, index=True)
    kind = Varchar(length=8)
    title = Varchar(length=120)
    category = Varchar(length=40, default="")
    need_key = Varchar(length=80, default="", index=True)
    recipient = Varchar(length=16, default="", index=True)
    team = Varchar(length=20, default="", index=True)
    unit = Varchar(length=20, default="")
    lead = Varchar(length=16, default="")
    place = Varchar(length=120, default="")
    place_exact = Varchar(length=160, default="")
    note_private = Text(default="")
    starts_at = moment(index=True)
    ends_at = moment()
    capacity = Integer(default=1)
    payer = Varchar(length=12, default="institution")
    hold_uid = Varchar(length=40, default="")
    state = Varchar(length=12, default="planned")
    reasons = Text(default="[]")
    created_by = Varchar(length=16, default="")
    created_at = moment()


class Attendance(Table, tablename="tb_attendance"):
    """One person's part in a service; values in `timebank.rules.attendance.Attendance`."""

    uid = Varchar(length=16, unique=True)
    service = Varchar(length=16, index=True)
    member = Varchar(length=16, index=True)
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
    note = Text(default="")


class RequestKey(Table, tablename="tb_request_key"):
    """The first answer given to an Idempotency-Key, kept for ever."""

    key = Varchar(length=255)
    actor = Varchar(length=16)
    fingerprint = Varchar(length=64)
    status = Integer()
    body = Text()
    made_at = moment()


class Outbox(Table, tablename="tb_outbox"):
    """A notice written with the change it tells of, carried after the commit."""

    uid = Varchar(length=16, unique=True)
    community = Varchar(length=20, index=True)
    member = Varchar(length=16)
    kind = Varchar(length=30)
    known = Text(default="{}")
    made_at = moment()
    sent_at = moment(null=True)
    tries = Integer(default=0)


class Import(Table, tablename="tb_import"):
    """A file the office brought in: what its tables were read as, and how much it changed.

    Its rows with their verdicts stand in `marketplace.store`; here is what this office did with them.
    """

    uid = Varchar(length=16, unique=True)
    community = Varchar(length=20, index=True)
    fingerprint = Varchar(length=64)
    name = Varchar(length=160)
    filed_on = Date()
    tables = Text(default="[]")
    changes = Integer(default=0)
    made_by = Varchar(length=16, default="")
    made_at = moment()


class ImportAnswer(Table, tablename="tb_import_answer"):
    """What a row was saved as, and what the desk decided where it was doubted."""

    file = Varchar(length=16, index=True)
    sheet = Varchar(length=80)
    row_number = Integer()
    target = Varchar(length=64, default="")
    answer = Varchar(length=12, default="")
    answered_by = Varchar(length=16, default="")
    answered_at = moment(null=True)


class AuditLine(Table, tablename="tb_audit"):
    """Who did what to which object, by opaque ids only; rows can be added, never changed."""

    number = BigInt(unique=True)
    at = moment()
    community = Varchar(length=20, index=True)
    actor = Varchar(length=16)
    acting_for = Varchar(length=16, default="")
    action = Varchar(length=40)
    object = Varchar(length=80, default="")
    reason = Varchar(length=120, default="")
    prev_hash = Varchar(length=64)
    hash = Varchar(length=64)


TABLES: tuple[type[Table], ...] = (
    Setting, Community, Area, Member, Person, RoleGrant, Team, Membership, PartnerUnit, UnitContact, Mandate,
    Password, SignInCode, Session, Throttle, Service, Attendance, RequestKey, Outbox, Import,
    ImportAnswer, AuditLine,
)  # fmt: skip
