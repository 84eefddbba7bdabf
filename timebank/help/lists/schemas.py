"""What the forms and the API of the lists accept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from timebank.web.fields import Body, Clock, Count, Form, TypedCount

Key = Annotated[str, Field(min_length=2, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Side = Literal["need", "resource"]
Kind = Literal["people", "place", "equipment", "vehicle", "meals", "goods", "funds"]


class ClaimForm(Form):
    """A claim from a line's page; `window` is one of the stretches listed there, `from_clock` an hour within it."""

    side: Side
    key: Key
    as_whom: str = Field(default="", max_length=30)
    window: str = Field(max_length=80)
    from_clock: Clock | None = None
    quantity: TypedCount = 1
    with_key: str = Field(default="", max_length=64)


class AnswerForm(Form):
    """An answer to a claim; a no and a calling-off give their reason."""

    reason: str = Field(default="", max_length=120)


class OfferForm(Form):
    """One thing a unit offers; `step` shows our reading first."""

    step: Literal["read", "save"] = "read"
    unit: str = Field(default="", max_length=20)
    key: str = Field(default="", max_length=64)
    title: str = Field(min_length=2, max_length=120)
    when: str = Field(default="", max_length=120)
    quantity: str = Field(default="", max_length=60)
    kind: Kind = "people"
    conditions: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=60)
    reach: str = Field(default="", max_length=60)
    free: Literal["yes", "no"] = "yes"


class UnitForm(Form):
    """Which of one's units a step is for."""

    unit: str = Field(default="", max_length=20)


class NoForm(Form):
    """A press that needs no words."""


class TurnForm(Form):
    """A step of a turn; `other` is the month to swap with, or the unit that stood in."""

    step: Literal["ask_swap", "agree_swap", "decline_swap", "take_back", "hold", "miss", "cover"]
    other: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=120)


class ClaimIn(Body):
    """A claim by a program. `window` is `start/end`, both ISO 8601 with an offset."""

    side: Side
    line: Key
    as_whom: str = Field(default="", max_length=30)
    window: str = Field(max_length=80)
    quantity: Count = 1
    with_need: str = Field(default="", max_length=64)


class ReasonIn(Body):
    """Why a claim is turned down or called off."""

    reason: str = Field(default="", max_length=120)


class OfferIn(Body):
    """A unit's offer by a program; `confirm_reading` says that our reading of a doubted time or quantity is right."""

    key: str = Field(default="", max_length=64)
    title: str = Field(min_length=2, max_length=120)
    when: str = Field(default="", max_length=120)
    quantity: str = Field(default="", max_length=60)
    kind: Kind = "people"
    conditions: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=60)
    reach: str = Field(default="", max_length=60)
    free: bool = True
    confirm_reading: bool = False
