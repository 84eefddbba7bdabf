"""What the request forms and the API accept, and what the API answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from marketplace.values import Need, Urgency
from timebank.web.fields import Out

Uid = Annotated[str, Field(min_length=2, max_length=16, pattern=r"^[A-Za-z0-9]+$")]
Urgent = Literal["urgent", "normal", "low"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class AskForm(_Form):
    """The last of the three taps: what and when were tapped before, the rest may stay empty."""

    what: str = Field(min_length=1, max_length=20)
    day: str = Field(min_length=1, max_length=10)
    part: str = Field(min_length=1, max_length=10)
    say: str = Field(default="", max_length=300)
    once_more: Literal["", "yes"] = ""
    idempotency_key: str = Field(default="", max_length=255)


class TimeForm(_Form):
    """Another time: one of the hours offered, or a tapped choice."""

    day: str = Field(default="any", max_length=10)
    part: str = Field(default="day", max_length=10)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None


class CancelForm(_Form):
    """Why a request is not needed any more."""

    reason: str = Field(default="", max_length=120)


class PhoneForm(_Form):
    """The whole phone intake on one sheet; `step` says which button was pressed, `at` in which field.

    `phone` is whatever finds the caller: a number, its last four digits, a name; `sought` what it was when last looked up.
    `kind` is the digit of a picture, 0 to ring back, 9 for what is not needed any more.

    Every field may be empty while the call goes on; the flow says what is missing before anything is saved.
    """

    step: Literal["next", "find", "read", "check", "back", "save"] = "check"
    at: str = Field(default="", max_length=12)
    sought: str = Field(default="", max_length=40)
    kind: str = Field(default="", max_length=1, pattern=r"^[0-9]?$")
    phone: str = Field(default="", max_length=40)
    member: str = Field(default="", max_length=16)
    name: str = Field(default="", max_length=60)
    called: str = Field(default="", max_length=30)
    area: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=120)
    what: str = Field(default="", max_length=120)
    category: str = Field(default="", max_length=40)
    when: str = Field(default="", max_length=120)
    confirm_reading: str = Field(default="", max_length=8)
    where: str = Field(default="", max_length=120)
    minutes: int = Field(default=60, ge=15, le=480)
    urgency: Urgent = "normal"
    note: str = Field(default="", max_length=500)
    caller: str = Field(default="", max_length=60)
    idempotency_key: str = Field(default="", max_length=255)


class EditForm(_Form):
    """Corrections to a need by the desk."""

    what: str = Field(min_length=1, max_length=120)
    category: str = Field(default="", max_length=40)
    when: str = Field(default="", max_length=120)
    confirm_reading: str = Field(default="", max_length=8)
    where: str = Field(default="", max_length=120)
    minutes: int = Field(default=60, ge=15, le=480)
    urgency: Urgent = "normal"
    note: str = Field(default="", max_length=500)


class OwnerForm(_Form):
    """Whose need it is."""

    other: Uid


def _whole(value: object) -> object:
    if type(value) is not int:
        raise ValueError("minutes are a whole number")
    return value


class ApiRequestIn(_Form):
    """A request made by a program for the person signed in, or for the elder they act for.

    Attributes:
        elder: uid of the elder; the person themselves when left out.
        when: a time phrase as people say it, Chinese or English.
        confirm_reading: go on although the phrase was only partly understood.
    """

    elder: Uid | None = None
    what: str = Field(min_length=1, max_length=120)
    category: str = Field(default="", max_length=40)
    when: str = Field(default="", max_length=120)
    confirm_reading: bool = False
    where: str = Field(default="", max_length=120)
    minutes: Annotated[int, Field(ge=15, le=480), BeforeValidator(_whole)] = 60
    urgency: Urgent = "normal"
    note: str = Field(default="", max_length=500)


class ApiCancelIn(_Form):
    """Why a request is cancelled."""

    reason: str = Field(default="", max_length=120)


class WhenOut(Out):
    """A time as it was said, and as it was understood."""

    phrase: str
    zh: str
    en: str


class RequestOut(Out):
    """A need as everybody may read it, with how far it has come."""

    key: str
    title: str
    categories: tuple[str, ...]
    grid: str
    when: WhenOut
    urgency: Urgency
    filed_on: date
    state: str
    step: int

    @classmethod
    def public(cls, need: Need, *, state: str, step: int) -> RequestOut:
        return cls(
            key=need.line_key,
            title=need.title,
            categories=need.categories,
            grid=need.place.grid,
            when=WhenOut(phrase=need.when.phrase, zh=need.when.said_zh, en=need.when.said_en),
            urgency=need.urgency,
            filed_on=need.filed_on,
            state=state,
            step=step,
        )


class PrivateRequestOut(RequestOut):
    """The same with the note and the exact place, for the people on its private card."""

    elder: str
    where: str
    note: str

    @classmethod
    def private(cls, need: Need, *, state: str, step: int) -> PrivateRequestOut:
        public = RequestOut.public(need, state=state, step=step)
        return cls(**dict(public), elder=need.owner, where=need.place.text, note=need.private_note)


class RequestsOut(Out):
    """Requests as public cards."""

    requests: tuple[RequestOut, ...]


class CancelledOut(Out):
    """A request that was called off."""

    key: str
    state: str = "cancelled"
