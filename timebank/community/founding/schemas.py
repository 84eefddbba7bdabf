"""What the office's own pages accept, and what programs are told of the guide."""

from __future__ import annotations

from pydantic import BaseModel, Field

from timebank.community.founding.office import Said
from timebank.community.guide import StepShown
from timebank.web.fields import Body, Form, Note, Out


class CommunityForm(Form):
    """What the office says of itself; a field left empty is empty."""

    name_en: str = Field(default="", max_length=80)
    phone: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=120)
    opens: str = Field(default="", max_length=120)
    page_text: str = Field(default="", max_length=2000)

    @property
    def said(self) -> Said:
        return Said(
            name_en=self.name_en, phone=self.phone, address=self.address, opens=self.opens, page_text=self.page_text
        )  # fmt: skip


class CommunityIn(Body):
    """The same from programs: all of it, every time."""

    name_en: str = Field(max_length=80)
    phone: str = Field(max_length=40)
    address: str = Field(max_length=120)
    opens: str = Field(max_length=120)
    page_text: str = Field(max_length=2000)

    @property
    def said(self) -> Said:
        return Said(
            name_en=self.name_en, phone=self.phone, address=self.address, opens=self.opens, page_text=self.page_text
        )  # fmt: skip


class CommunityOut(Out):
    """An office as it shows itself."""

    code: str
    name: str
    name_en: str
    phone: str
    address: str
    opens: str
    page_text: str


class SkipForm(Form):
    """Why a step is left out."""

    why: Note = ""


class SkipIn(Body):
    """Why a step is left out."""

    why: Note


class StepOut(BaseModel):
    """One step of the guide.

    Attributes:
        missing: how much is missing, 0 when it is done; names: of places and organisations; words: codes.
        skip: no or note. left_out: somebody left it out. why: what they said.
    """

    number: int
    code: str
    zh: str
    en: str
    page: str
    done: bool
    missing: int
    names: list[str]
    words: list[str]
    skip: str
    left_out: bool
    why: str

    @classmethod
    def of(cls, one: StepShown) -> StepOut:
        step = one.step
        return cls(
            number=step.number, code=step.code, zh=step.zh, en=step.en, page=step.page, done=one.done,
            missing=one.found.missing, names=list(one.found.names), words=list(one.found.words), skip=step.skip,
            left_out=one.left_out, why=one.skip.why if one.skip else "",
        )  # fmt: skip


class GuideOut(BaseModel):
    """The whole guide; `left` steps are neither done nor left out."""

    left: int
    steps: list[StepOut]
