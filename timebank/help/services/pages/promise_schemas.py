"""What a press carries, and how a promise looks to a program."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from timebank.help.promises.seen import Promise
from timebank.help.services.keeping.doing import Pressed
from timebank.rules.parts.promises import Person, Standing
from timebank.web.fields import Body, Clock, Form, Note, Out, Uid, Whole, WholeTyped, clock_time


class PressForm(Form):
    """One press on a page, with what was typed beside it."""

    press: str = Field(pattern="^[a-z_0-9]{2,20}$")
    part: Uid | None = None
    note: Note = ""
    arrived: Clock | None = None
    left: Clock | None = None
    minutes: Annotated[int, Field(ge=0, le=1440), WholeTyped] | None = None
    found: str = Field(default="", pattern="^(|served|not_served)$")
    to: str = Field(default="", max_length=16)
    of_office: str = Field(default="", pattern="^(|yes)$")

    def pressed(self, to: datetime | None) -> Pressed:
        minutes = None if self.found == "not_served" else self.minutes
        return Pressed(
            name=self.press, part=self.part or "", note=self.note, arrived=clock_time(self.arrived),
            left=clock_time(self.left), minutes=minutes, to=to, of_office=self.of_office == "yes",
        )  # fmt: skip


class SendForm(Form):
    """Who goes instead, and of whom."""

    member: Uid
    part: Uid | None = None


class SendBody(Body):
    """Who goes instead, and of whom."""

    member: Uid
    part: Uid | None = None


class TakeBackForm(Form):
    """Which of one's own presses is taken back."""

    statement: str = Field(min_length=2, max_length=20)


class PressBody(Body):
    """One press by a program."""

    press: str = Field(pattern="^[a-z_0-9]{2,20}$")
    part: Uid | None = None
    note: Note = ""
    arrived: Clock | None = None
    left: Clock | None = None
    minutes: Annotated[int, Field(ge=0, le=1440), Whole] | None = None
    to: datetime | None = None

    def pressed(self) -> Pressed:
        return Pressed(
            name=self.press, part=self.part or "", note=self.note, arrived=clock_time(self.arrived),
            left=clock_time(self.left), minutes=self.minutes, to=self.to,
        )  # fmt: skip


class TakeBackBody(Body):
    """Which of one's own presses is taken back."""

    statement: str = Field(min_length=2, max_length=20)


class PromiseOut(Out):
    """A promise as the asker sees it: where it stands, the sentence, what may be pressed, what can be taken back."""

    service: str
    part: str
    as_person: Person
    standing: Standing
    says: str
    sentence: str
    presses: tuple[str, ...]
    undo: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def told(cls, one: Promise) -> PromiseOut:
        return cls(
            service=one.service.uid, part=one.part.uid if one.part else "", as_person=one.person, standing=one.standing,
            says=one.says, sentence=one.sentence, presses=tuple(name for name, _press in one.presses), undo=one.undo,
            starts_at=one.service.starts_at, ends_at=one.service.ends_at,
        )  # fmt: skip


class StandInOut(Out):
    """Who could go instead, by opaque id, and why: a person, or a unit by its line on the resource list."""

    member: str
    line: str
    why_zh: str
    why_en: str


class EveningRowOut(Out):
    """One promise that needs somebody now, with who could go instead."""

    promise: PromiseOut
    stand_ins: tuple[StandInOut, ...]


class EveningOut(Out):
    """What nobody has said a word about, the worst first."""

    rows: tuple[EveningRowOut, ...]
    waiting: int
