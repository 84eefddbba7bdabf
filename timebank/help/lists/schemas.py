"""What the forms and the API of the lists accept, and what the API shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from marketplace.claims import Claim, Stage
from marketplace.claims import Side as ClaimSide
from timebank.web.fields import Body, Clock, Count, Form, Out, TypedCount

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


class CardOut(Out):
    """One line as everybody may read it; the fields are those of the page's card."""

    kind: str
    key: str
    title: str
    category: str
    grid: str
    when: str
    quantity: str
    urgency: str
    source: str
    lead: str
    about: str
    reach: str
    state: str
    filed_on: date | None
    unpaid: bool
    percent: int | None


class ListOut(Out):
    """One list as public cards; `total` counts the lines before they were narrowed."""

    community: str
    kind: str
    total: int
    lines: tuple[CardOut, ...]


class ClaimOut(Out):
    """A claim for programs: ids and names of bodies, no personal detail.

    Attributes:
        with_line: the claimant's own line that meets it; "" when none is named.
        title: of the line, in lists of claims; who: the claimant in words, for whoever answers.
    """

    uid: str
    side: ClaimSide
    line: str
    with_line: str = Field(validation_alias=AliasChoices("with_line", "with"), serialization_alias="with")
    claimant: str
    quantity: int
    stage: Stage
    starts_at: datetime | None
    ends_at: datetime | None
    expires_at: datetime
    reason: str
    title: str = ""
    who: str = ""

    @classmethod
    def told(cls, claim: Claim, *, title: str = "", who: str = "") -> ClaimOut:
        return cls(
            uid=claim.uid,
            side=claim.side,
            line=claim.line_key,
            with_line=claim.with_key,
            claimant=claim.claimant,
            quantity=claim.quantity,
            stage=claim.stage,
            starts_at=claim.window.starts_at if claim.window else None,
            ends_at=claim.window.ends_at if claim.window else None,
            expires_at=claim.expires_at,
            reason=claim.reason,
            title=title,
            who=who,
        )


class ClaimsOut(Out):
    """Claims to answer, and one's own."""

    to_answer: tuple[ClaimOut, ...]
    mine: tuple[ClaimOut, ...]


class AgreedOut(Out):
    """The service that a claim became."""

    claim: str
    service: str
    starts_at: datetime
    ends_at: datetime


class WhenOut(Out):
    """A time as it was said, and as it was understood."""

    phrase: str
    zh: str
    en: str


class OfferOut(Out):
    """A unit's offer as it was read."""

    key: str
    title: str
    categories: tuple[str, ...]
    when: WhenOut
    amount: int
    unit: str
