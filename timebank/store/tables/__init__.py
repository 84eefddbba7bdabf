"""Definitions of the app's tables; queries live in the modules beside this folder.

What names a person (name, phones, ages, address, health, wishes) stands in erasable tables of its own, so that it can
go while every other row keeps the opaque `uid`. A key column without a value is NULL, never "".
"""

from piccolo.table import Table

from timebank.store.tables.channels import IncomingText, Kiosk
from timebank.store.tables.forms import Draft, KeptForm
from timebank.store.tables.identity import (
    KnownSource,
    Password,
    RecoveryCode,
    RequestKey,
    SecondFactor,
    Session,
    SignInCode,
    Throttle,
    WayIn,
)
from timebank.store.tables.news import Feed, FeedEntry, News, NewsTry, Reach
from timebank.store.tables.office import (
    AuditHead,
    AuditLine,
    Import,
    ImportAnswer,
    Layout,
    Publication,
    Rule,
    Setting,
)
from timebank.store.tables.opening import Opening, OpeningLine
from timebank.store.tables.people import (
    Absence,
    Age,
    Consent,
    Household,
    IdentityAnswer,
    IdentityQuestion,
    Member,
    Person,
    Phone,
    Profile,
    SourceKey,
)
from timebank.store.tables.places import (
    Area,
    AreaParent,
    Community,
    FoundingSkip,
    Organisation,
    OrganisationName,
    Way,
)
from timebank.store.tables.queue import QueuedPress
from timebank.store.tables.radar import Flag, FlagPerson
from timebank.store.tables.records import Applicant, CardReading, RecordChange
from timebank.store.tables.relationships import Relationship
from timebank.store.tables.services import Attendance, HandUse, Service, Statement

TABLES: tuple[type[Table], ...] = (
    Setting, Area, Community, AreaParent, Way, Organisation, OrganisationName, FoundingSkip, Household, Member, Person,
    Phone, Age, Consent, Profile, SourceKey, IdentityAnswer, IdentityQuestion, Absence, Relationship, Rule, Password,
    SecondFactor, RecoveryCode, SignInCode, Session, Throttle, KnownSource, WayIn, Service, Attendance, Statement, HandUse, RequestKey, Draft, KeptForm, QueuedPress, Kiosk, IncomingText,
    News, NewsTry, Reach, Feed, FeedEntry, Import, ImportAnswer, Layout, AuditLine, AuditHead, Publication, Applicant, RecordChange, CardReading, Opening, OpeningLine, Flag, FlagPerson,
)  # fmt: skip

__all__ = [
    "TABLES",
    "Absence",
    "Age",
    "Applicant",
    "Area",
    "AreaParent",
    "Attendance",
    "AuditHead",
    "AuditLine",
    "CardReading",
    "Community",
    "Consent",
    "Draft",
    "Feed",
    "FeedEntry",
    "Flag",
    "FlagPerson",
    "FoundingSkip",
    "HandUse",
    "Household",
    "IdentityAnswer",
    "IdentityQuestion",
    "Import",
    "ImportAnswer",
    "IncomingText",
    "KeptForm",
    "Kiosk",
    "KnownSource",
    "Layout",
    "Member",
    "News",
    "NewsTry",
    "Opening",
    "OpeningLine",
    "Organisation",
    "OrganisationName",
    "Password",
    "Person",
    "Phone",
    "Profile",
    "Publication",
    "QueuedPress",
    "Reach",
    "RecordChange",
    "RecoveryCode",
    "Relationship",
    "RequestKey",
    "Rule",
    "SecondFactor",
    "Service",
    "Session",
    "Setting",
    "SignInCode",
    "SourceKey",
    "Statement",
    "Throttle",
    "Way",
    "WayIn",
]
