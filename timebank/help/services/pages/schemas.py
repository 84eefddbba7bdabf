"""What the forms and the API of services accept, and what the API shows: allow-lists both ways."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, field_validator

from timebank.help.services.words.confirming import Confirmed, ConfirmedService
from timebank.rules.parts.attendance import Kind, ServiceState, State
from timebank.rules.parts.roster_grid import Row
from timebank.web.fields import Body, Clock, Form, Note, Out, Uid, Whole, WholeTyped, Word


class StepForm(Form):
    """A step that needs no more than a press of the button."""


class CheckInForm(Form):
    """Arriving, with the four digits of the place when they are at hand."""

    code: str = Field(default="", max_length=40)


class CheckOutForm(Form):
    """Leaving; the leader may write down the hour."""

    at: Clock | None = None


class CloseForm(Form):
    """Closing a shift: the hour, and that somebody has looked at those never ticked."""

    at: Clock | None = None
    absent: str = Field(default="", pattern="^(|known)$")


class PersonForm(Form):
    """Somebody who came or who will go: a member by id, or a name and a phone as people say them."""

    member: Uid | None = None
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    minor: str = Field(default="", pattern="^(|yes)$")
    first_time: str = Field(default="", pattern="^(|yes)$")


class NoteForm(Form):
    """A word about why."""

    note: str = Field(min_length=2, max_length=200)


class CancelForm(Form):
    """Not coming; why is welcome but not asked."""

    note: Note = ""


class ResolveForm(Form):
    """What the desk found out: the minutes it really took, or that it did not take place."""

    found: str = Field(pattern="^(served|not_served)$")
    minutes: Annotated[int, Field(ge=0, le=1440), WholeTyped] | None = None
    note: str = Field(min_length=2, max_length=200)


class CheckInBody(Body):
    """Arriving through the API."""

    code: str = Field(default="", max_length=40)


class NoteBody(Body):
    """A word about why."""

    note: str = Field(min_length=2, max_length=200)


class CancelBody(Body):
    """Not coming."""

    note: Note = ""


class CheckOutBody(Body):
    """Leaving; `at` is an hour of the service's day, for the leader or the desk."""

    at: Clock | None = None


class CloseBody(Body):
    """Closing a shift."""

    at: Clock | None = None
    absent_known: bool = False


class PersonBody(Body):
    """Somebody who came or who will go."""

    member: Uid | None = None
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    minor: bool = False
    first_time: bool = False


class ResolveBody(Body):
    """What the desk found out; no minutes means that it did not take place."""

    minutes: Annotated[int, Field(ge=0, le=1440), Whole] | None = None
    note: str = Field(min_length=2, max_length=200)


class ManyForm(Form):
    """Which of several visits were so."""

    parts: list[Uid] = Field(default_factory=list, max_length=200)

    @field_validator("parts", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class ManyBody(Body):
    """Which of several visits were so."""

    parts: list[Uid] = Field(max_length=200)


class PaperForm(Form):
    """The paper roster as it was typed in, column by column; the foot as the paper has it."""

    part: list[Uid] = Field(default_factory=list, max_length=300)
    arrived: list[str] = Field(default_factory=list, max_length=300)
    left: list[str] = Field(default_factory=list, max_length=300)
    name: list[str] = Field(default_factory=list, max_length=50)
    came: list[str] = Field(default_factory=list, max_length=50)
    went: list[str] = Field(default_factory=list, max_length=50)
    heads: Annotated[int, Field(ge=0, le=5_000), WholeTyped] | None = None
    minutes: Annotated[int, Field(ge=0, le=5_000_000), WholeTyped] | None = None

    @field_validator("part", "arrived", "left", "name", "came", "went", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    def rows(self) -> list[Row]:
        """The rows of those on the roster."""
        return [
            Row(key=part, arrived=arrived, left=left)
            for part, arrived, left in zip(self.part, self.arrived, self.left, strict=False)
        ]

    def new_rows(self) -> list[tuple[str, Row]]:
        """(name or number, row) of those who are on the paper alone."""
        return [
            (name, Row(key=f"new-{at}", arrived=came, left=went))
            for at, (name, came, went) in enumerate(zip(self.name, self.came, self.went, strict=False))
            if name
        ]


class PaperRowBody(Body):
    """One row of the paper: a part by id, or a name or vest number; clocks in any writing."""

    part: Uid | None = None
    name: str = Field(default="", max_length=60)
    arrived: str = Field(default="", max_length=20)
    left: str = Field(default="", max_length=20)


class PaperBody(Body):
    """The paper roster, row by row, and its foot."""

    rows: list[PaperRowBody] = Field(max_length=300)
    heads: int | None = Field(default=None, ge=0, le=5_000)
    minutes: int | None = Field(default=None, ge=0, le=5_000_000)


class PaperOut(Out):
    """How many rows were written, and how many of one's own were left to somebody else."""

    written: int
    own: int


class ServiceOut(Out):
    """A service without anybody's name or door."""

    uid: str
    kind: Kind
    title: str
    category: str
    place: str
    team: str
    starts_at: datetime
    ends_at: datetime
    minutes_planned: int
    capacity: int
    state: ServiceState


class AttendanceOut(Out):
    """One person's part, by opaque ids."""

    uid: str
    service: str
    member: str
    state: State
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    evidence: Word
    minutes_served: int
    minutes_credited: int
    waits: str = ""
    grade: str = ""
    transfer_uid: str


class CutOut(Out):
    """One rule that changed the minutes."""

    rule: str
    minutes: int
    zh: str
    en: str


class CreditOut(Out):
    """Why these minutes, with every rule that cut some."""

    minutes_served: int
    minutes_credited: int
    cuts: tuple[CutOut, ...]


class ConfirmedOut(Out):
    """A confirmed part and what it earned."""

    attendance: AttendanceOut
    credit: CreditOut

    @classmethod
    def told(cls, done: Confirmed) -> ConfirmedOut:
        return cls(attendance=AttendanceOut.of(done.part), credit=CreditOut.of(done.credit))


class UnpostedOut(Out):
    """A part that could not be posted, and why."""

    attendance: str
    code: str
    zh: str
    en: str


class ManyOut(Out):
    """Which parts have the word now, and which could not have it."""

    confirmed: tuple[str, ...]
    refused: tuple[UnpostedOut, ...]


class ConfirmedServiceOut(Out):
    """What confirming a whole service came to, part by part; `second` wait for somebody else's word, `own` are one's own."""

    service: ServiceOut
    posted: tuple[ConfirmedOut, ...]
    second: tuple[ConfirmedOut, ...]
    own: tuple[str, ...]
    refused: tuple[UnpostedOut, ...]

    @classmethod
    def told(cls, done: ConfirmedService) -> ConfirmedServiceOut:
        return cls(
            service=ServiceOut.of(done.service),
            posted=tuple(ConfirmedOut.told(one) for one in done.posted),
            second=tuple(ConfirmedOut.told(one) for one in done.second),
            own=tuple(part.uid for part in done.own),
            refused=tuple(
                UnpostedOut(attendance=part.uid, code=why.code, zh=why.zh, en=why.en)
                for part, why in done.refused
            ),
        )


class MyPartOut(Out):
    """A service with the asker's part in it."""

    service: ServiceOut
    attendance: AttendanceOut


class OpenShiftOut(Out):
    """A shift that can be joined."""

    service: ServiceOut
    places_left: int


class MyServicesOut(Out):
    """What a volunteer has before them, and the minutes in store."""

    coming: tuple[MyPartOut, ...]
    waiting: tuple[MyPartOut, ...]
    open_shifts: tuple[OpenShiftOut, ...]
    minutes_stored: int


class ServiceWithParts(Out):
    """A service with everybody's part, by opaque ids; names and doors stay on the pages."""

    service: ServiceOut
    attendances: tuple[AttendanceOut, ...]


class ClosedOut(Out):
    """A shift that ended: who left, and who was never there."""

    service: ServiceOut
    left: tuple[AttendanceOut, ...]
    absent: tuple[AttendanceOut, ...]
