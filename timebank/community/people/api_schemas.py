"""What programs say and are told about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Self, TypeVar

from pydantic import Field, JsonValue

from marketplace.store.codec import plain
from timebank.community.people import views
from timebank.community.people.copying import Copy
from timebank.community.people.correcting import Corrections, OnRecord, Wants
from timebank.community.people.newcomers import Told
from timebank.community.people.schemas import Size
from timebank.community.reading import WhoLooked
from timebank.web.fields import Body, Out, Uid, Word

Codes = list[str]
OutT = TypeVar("OutT", bound=Out)

# ---- said


class SearchIn(Body):
    """A name, a part of it, its sound, a number, a phone or its last four digits; in a body, never in an address."""

    q: str = Field(min_length=1, max_length=60)


class RegisterIn(Body):
    """Somebody new; `who` is the uid of the person on record who is meant, or `another` for none of those named.

    phone, guardian_phone, age: as written on paper; several numbers with 、 between.
    """

    name: str = Field(min_length=1, max_length=60)
    called: str = Field(default="", max_length=30)
    number: str = Field(default="", max_length=8)
    phone: str = Field(default="", max_length=120)
    guardian_phone: str = Field(default="", max_length=60)
    address: str = Field(default="", max_length=120)
    occupation: str = Field(default="", max_length=60)
    health_note: str = Field(default="", max_length=500)
    size: Size = ""
    age: str = Field(default="", max_length=30)
    area: str = Field(default="", max_length=40)
    asks: bool = False
    gives: bool = False
    consented: bool = False
    who: str = Field(default="", max_length=16, pattern="^[A-Za-z0-9]*$")

    def told(self) -> Told:
        return Told(**self.model_dump())


class CorrectIn(Body):
    """What is otherwise now; what is left out stays as it is, and "" takes the old word away."""

    name: str | None = Field(default=None, max_length=60)
    called: str | None = Field(default=None, max_length=30)
    number: str | None = Field(default=None, max_length=8)
    phone: str | None = Field(default=None, max_length=120)
    guardian_phone: str | None = Field(default=None, max_length=60)
    emergency_phone: str | None = Field(default=None, max_length=60)
    address: str | None = Field(default=None, max_length=120)
    occupation: str | None = Field(default=None, max_length=60)
    health_note: str | None = Field(default=None, max_length=500)
    size: Size | None = None
    age: str | None = Field(default=None, max_length=30)
    consented: bool = False

    def on(self, found: OnRecord) -> Corrections:
        """The whole record with these words in it."""
        said = self.model_dump(exclude_none=True, exclude={"consented"})
        return Corrections(**found.typed() | said, consented=self.consented)


class ProfileIn(Body):
    """The whole profile, as `ApiMemberProfile` tells it; services and declines are category codes, grids names."""

    asks: bool = False
    gives: bool = False
    services: Codes = Field(default_factory=list, max_length=40)
    declines: Codes = Field(default_factory=list, max_length=40)
    skills: str = Field(default="", max_length=120)
    serves: str = Field(default="", max_length=120)
    times: str = Field(default="", max_length=120)
    languages: str = Field(default="", max_length=60)
    grids: Codes = Field(default_factory=list, max_length=40)
    hours_per_week_max: int = Field(default=0, ge=0, le=60)
    notice_days: int = Field(default=0, ge=0, le=30)
    same_building: bool = False
    light_work_only: bool = False
    limits: str = Field(default="", max_length=300)

    def wants(self) -> Wants:
        said = self.model_dump(exclude={"services", "declines", "grids"})
        return Wants(
            **said, services=tuple(self.services), declines=tuple(self.declines), grids=tuple(self.grids)
        )


class MoveIn(Body):
    """A new door inside the community."""

    area: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=120)


class LeaveIn(Body):
    """Why they go: moved away, or not any more."""

    reason: Literal["moved", "resigned"]


class DeathIn(Body):
    """The day of death."""

    died_on: date


class OtherIn(Body):
    """Another person on record."""

    other: Uid


# ---- told


class MemberLine(Out):
    """One line of the list of people."""

    uid: str
    number: str
    name: str
    called: str
    area: str
    minor: bool
    life: Word


class MembersOut(Out):
    """One page of them; `after` asks for the next page, "" when this is the last."""

    members: list[MemberLine]
    after: str = ""


class RegisteredOut(Out):
    """Who it is, and whether they are new."""

    uid: str
    new: bool


class PhoneOut(Out):
    """A number; `whose` is "" for their own."""

    number: str
    extension: str
    whose: str
    note: str
    written: str


class NamedOut(Out):
    """Somebody else."""

    uid: str
    says: str
    number: str


class DaysOut(Out):
    """Days away; without a last day it is a pause."""

    from_on: date
    to_on: date | None


class DutyOut(Out):
    """A relationship that the person holds."""

    uid: str
    kind_zh: str
    kind_en: str
    towards: str
    since_on: date
    until_on: date | None


class MemberOut(Out):
    """One person as the desk sees them; minutes are those that can be used now."""

    uid: str
    number: str
    name: str
    called: str
    life: Word
    area: str
    address: str
    health_note: str
    phones: list[PhoneOut]
    minor: Word
    minutes: int
    household: list[NamedOut]
    same_name: list[NamedOut]
    same_phone: list[NamedOut]
    absences: list[DaysOut]
    duties: list[DutyOut]
    duties_count: int
    asked: list[DutyOut]

    @classmethod
    def shown(cls, page: views.MemberPage) -> Self:
        return cls(
            uid=page.member.uid, number=page.member.number, name=page.card.name, called=page.card.called,
            life=page.member.life, area=page.card.area, address=page.card.address, health_note=page.card.health_note,
            phones=_all(PhoneOut, page.phones), minor=page.minor, minutes=page.minutes,
            household=_all(NamedOut, page.household), same_name=_all(NamedOut, page.same_name),
            same_phone=_all(NamedOut, page.same_phone), absences=_all(DaysOut, page.absences),
            duties=_all(DutyOut, page.duties), duties_count=page.duties_count, asked=_all(DutyOut, page.asked),
        )  # fmt: skip


class ProfileOut(Out):
    """What somebody offers and asks, in the shape in which it is saved."""

    asks: bool
    gives: bool
    services: Codes
    declines: Codes
    skills: str
    serves: str
    times: str
    languages: str
    grids: Codes
    hours_per_week_max: int
    notice_days: int
    same_building: bool
    light_work_only: bool
    limits: str


class HelpedOut(Out):
    """One service: when, what, with whom, and the minutes that were recorded."""

    on: date
    title: str
    with_whom: str
    minutes: int


class EntryOut(Out):
    """One entry of the passbook, in minutes."""

    uid: str
    on: date
    reason: str
    minutes: int


class CopyOut(Out):
    """Everything that is kept about somebody: tables with their columns, their lines of the lists, their hours."""

    uids: list[str]
    made_at: datetime
    kept: dict[str, list[dict[str, JsonValue]]]
    needs: list[dict[str, JsonValue]]
    resources: list[dict[str, JsonValue]]
    hours: list[EntryOut]
    minutes: int

    @classmethod
    def told(cls, one: Copy) -> Self:
        return cls(
            uids=list(one.uids), made_at=one.made_at,
            kept={table: [_plain(row) for row in rows] for table, rows in one.kept.items()},
            needs=[plain(need) for need in one.needs], resources=[plain(offer) for offer in one.resources],
            hours=[EntryOut.of(entry) for entry in one.hours], minutes=one.minutes,
        )  # fmt: skip


def _plain(row: dict[str, object]) -> dict[str, JsonValue]:
    return {
        name: value if value is None or isinstance(value, int | float) else str(value)
        for name, value in row.items()
    }


class LookedOut(Out):
    """One reader, reason and day, and why in both languages."""

    name: str
    as_what: Word
    zh: str
    en: str
    first_at: datetime
    last_at: datetime
    times: int


class WhoLookedOut(Out):
    """Who read somebody's private card, the latest first."""

    member: str
    lines: list[LookedOut]

    @classmethod
    def told(cls, one: WhoLooked) -> Self:
        return cls(member=one.member, lines=_all(LookedOut, one.lines))


class ArchiveOut(Out):
    """Everything on record of somebody; `duties`, `given` and `received` are the latest, counts and minutes those of all."""

    uid: str
    number: str
    name: str
    called: str
    life: Word
    area: str
    address: str
    phones: list[PhoneOut]
    duties: list[DutyOut]
    duties_count: int
    given: list[HelpedOut]
    given_count: int
    given_minutes: int
    received: list[HelpedOut]
    received_count: int
    minutes: int

    @classmethod
    def shown(cls, one: views.Archive) -> Self:
        return cls(
            uid=one.member.uid, number=one.member.number, name=one.card.name, called=one.card.called,
            life=one.member.life, area=one.card.area, address=one.card.address, phones=_all(PhoneOut, one.phones),
            duties=_all(DutyOut, one.duties), duties_count=one.duties_count, given=_all(HelpedOut, one.given), given_count=one.given_count,
            given_minutes=one.given_minutes, received=_all(HelpedOut, one.received),
            received_count=one.received_count, minutes=one.minutes,
        )  # fmt: skip


class MovedOut(Out):
    """Where they live now, and the duties that no longer fit there, by the uid of the relationship."""

    uid: str
    asked: list[str]


class LifeOut(Out):
    """Whether somebody takes part."""

    uid: str
    life: Word


class ChangeOut(Out):
    """A change that takes two people."""

    uid: str
    kind: Word
    member: str
    other: str
    on_date: date
    state: Word
    entered_by: str
    second_by: str


class ChangesOut(Out):
    """Those that wait for a second person."""

    changes: list[ChangeOut]


def _all(kind: type[OutT], values: Sequence[object]) -> list[OutT]:
    return [kind.of(value) for value in values]
