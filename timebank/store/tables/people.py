"""Members and everything that is known of them."""

from __future__ import annotations

from piccolo.columns import Boolean, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import day, key_of, moment


class Household(Table, tablename="tb_household"):
    """People who live together; no name, no description."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code", index=True)
    area = key_of("Area", "code", null=True)


class Member(Table, tablename="tb_member"):
    """Somebody who takes part, without anything that names them.

    `life` is active, left, died, joined (to another record of the same person) or erased.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code")
    number = Varchar(length=8, null=True, default=None)
    area = key_of("Area", "code", index=True)
    household = key_of("Household", "uid", null=True, index=True)
    account = Varchar(length=60, unique=True)
    life = Varchar(length=8, default="active")
    life_since_on = day()
    joined_to = key_of("Member", "uid", null=True, index=True)
    lang = Varchar(length=8, default="")
    size = Varchar(length=12, default="")
    created_at = moment()


class Person(Table, tablename="tb_person"):
    """What names a member; erased on request, never copied elsewhere."""

    id: Serial
    member = key_of("Member", "uid")
    community = key_of("Community", "code")
    name = Varchar(length=60)
    name_key = Varchar(length=60)
    sound = Varchar(length=120, default="")
    called = Varchar(length=30, default="")
    called_key = Varchar(length=30, default="")
    address = Varchar(length=120, default="")
    door_key = Varchar(length=120, default="")
    occupation = Varchar(length=60, default="")
    health_note = Text(default="")
    salt = Varchar(length=16, default="")


class Phone(Table, tablename="tb_phone"):
    """A number somebody can be reached at; `whose` is "" for the member's own, else whose it is; erasable."""

    id: Serial
    member = key_of("Member", "uid")
    community = key_of("Community", "code")
    place = Integer()
    number = Varchar(length=20, default="")
    extension = Varchar(length=8, default="")
    tail = Varchar(length=4, default="")
    whose = Varchar(length=20, default="")
    note = Varchar(length=60, default="")
    written = Varchar(length=60, default="")
    salt = Varchar(length=16, default="")


class Age(Table, tablename="tb_age"):
    """A dated fact about somebody's age with its source; erasable."""

    id: Serial
    member = key_of("Member", "uid", index=True)
    sort = Varchar(length=12)
    value = Varchar(length=20)
    said_on = day()
    source = Varchar(length=40, default="")
    recorded_by = Varchar(length=16, default="")
    salt = Varchar(length=16, default="")


class Consent(Table, tablename="tb_consent"):
    """A yes for one purpose, given by the member or, for a minor, by the guardian."""

    id: Serial
    member = key_of("Member", "uid")
    purpose = Varchar(length=30)
    given_by = Varchar(length=16, default="")
    heard = Varchar(length=8)
    given_on = day()
    until_on = day(null=True)
    text_version = Varchar(length=20, default="")
    withdrawn_on = day(null=True)
    recorded_by = Varchar(length=16, default="")


class Profile(Table, tablename="tb_profile"):
    """What a member asks for and offers, in their own words and as read; erasable."""

    id: Serial
    member = key_of("Member", "uid")
    asks = Boolean(default=False)
    gives = Boolean(default=False)
    skills = Text(default="")
    serves = Text(default="")
    times = Text(default="")
    languages = Text(default="")
    limits = Text(default="")
    wishes = Text(default="")


class SourceKey(Table, tablename="tb_source_key"):
    """A row of an office's list that was this member: one person stands in many lists."""

    id: Serial
    community = key_of("Community", "code")
    source = Varchar(length=60)
    row_key = Varchar(length=64)
    member = key_of("Member", "uid", index=True)


class IdentityAnswer(Table, tablename="tb_identity_answer"):
    """What a person decided about a description: this member, or not; asked once, kept for ever; erasable."""

    id: Serial
    community = key_of("Community", "code")
    described = Varchar(length=64)
    member = key_of("Member", "uid", index=True)
    same = Boolean()
    answered_by = Varchar(length=16, default="")
    answered_at = moment()


class IdentityQuestion(Table, tablename="tb_identity_question"):
    """A description that may be somebody who is known; open until answered."""

    id: Serial
    community = key_of("Community", "code")
    described = Varchar(length=64)
    why = Varchar(length=30)
    uids = Text(default="[]")
    seen_in = Varchar(length=120, default="")
    asked_at = moment()
    answered_at = moment(null=True)


class Absence(Table, tablename="tb_absence"):
    """Days on which a member is away; without an end it is a pause. No reason: it would be a health fact."""

    id: Serial
    member = key_of("Member", "uid")
    from_on = day()
    to_on = day(null=True)
