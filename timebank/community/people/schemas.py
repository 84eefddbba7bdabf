"""What the forms about people accept."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from timebank.web.fields import Form, Uid

Yes = Annotated[str, Field(pattern="^(|yes)$")]
Size = Literal["", "standard", "elder", "elder-xl"]


def _several(value: object) -> object:
    # One ticked box of a group arrives as text, several as a list.
    return [value] if isinstance(value, str) else value


Codes = Annotated[list[Annotated[str, Field(max_length=40)]], BeforeValidator(_several), Field(max_length=40)]


class SearchForm(Form):
    """A name, a phone or a member number; posted, so that it never stands in an address."""

    q: str = Field(default="", max_length=60)


class PersonForm(Form):
    """What is on record of somebody; shared by registering and correcting."""

    name: str = Field(default="", max_length=60)
    called: str = Field(default="", max_length=30)
    number: str = Field(default="", max_length=8)
    phone: str = Field(default="", max_length=120)
    guardian_phone: str = Field(default="", max_length=60)
    address: str = Field(default="", max_length=120)
    occupation: str = Field(default="", max_length=60)
    health_note: str = Field(default="", max_length=500)
    size: Size = ""
    age: str = Field(default="", max_length=30)
    consented: Yes = ""


class RegisterForm(PersonForm):
    """Somebody at the counter; `who` says which of those shown is meant, or `another`."""

    area: str = Field(default="", max_length=40)
    asks: Yes = ""
    gives: Yes = ""
    who: str = Field(default="", max_length=16, pattern="^[A-Za-z0-9]*$")


class CorrectForm(PersonForm):
    """Corrections by the desk."""

    emergency_phone: str = Field(default="", max_length=60)


class JoinForm(Form):
    """Somebody who wants to join, in one minute."""

    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    age: str = Field(default="", max_length=30)
    area: str = Field(default="", max_length=40)
    says: str = Field(default="", max_length=200)
    wants: Codes = Field(default_factory=list)


class ApplicantForm(Form):
    """The desk's word about somebody who asked to join."""

    step: Literal["confirm", "decline"]
    who: str = Field(default="", max_length=16, pattern="^[A-Za-z0-9]*$")
    consented: Yes = ""


class ProfileForm(Form):
    """What somebody offers and asks."""

    asks: Yes = ""
    gives: Yes = ""
    services: Codes = Field(default_factory=list)
    declines: Codes = Field(default_factory=list)
    skills: str = Field(default="", max_length=120)
    serves: str = Field(default="", max_length=120)
    times: str = Field(default="", max_length=120)
    languages: str = Field(default="", max_length=60)
    grids: Codes = Field(default_factory=list)
    hours_per_week_max: int = Field(default=0, ge=0, le=60)
    notice_days: int = Field(default=0, ge=0, le=30)
    same_building: Yes = ""
    light_work_only: Yes = ""
    limits: str = Field(default="", max_length=300)


class MoveForm(Form):
    """A new door inside the community."""

    area: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=120)


class DutyForm(Form):
    """A duty that ends because its holder lives elsewhere now."""

    relationship: Uid


class LeaveForm(Form):
    """Why they go: moved away, or not any more."""

    reason: Literal["moved", "resigned"]


class DeathForm(Form):
    """The day of death."""

    died_on: date


class OtherForm(Form):
    """Another person on record."""

    other: Uid


class EmptyForm(Form):
    """A press without anything to fill in."""
