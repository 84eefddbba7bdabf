"""What the relationship forms accept, and what programs are told."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from timebank.catalogue import Heard, Side
from timebank.community.relationships.away import AwayShown
from timebank.community.relationships.flow import Shown

PARTY = r"^(member|household|organisation|area|line|category):[^:]{1,64}$"
KIND = Field(min_length=1, max_length=30)
HEARD = Field(default="", pattern="^(|page|told|paper|list)$")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class OfferIn(_Form):
    """A relationship proposed: each side as `sort:code`, or a person by name with phone or vest number.

    `holder_yes` and `target_yes` say how a yes is known that came with it; "" where none did.
    """

    target: str = Field(default="", pattern=f"^$|{PARTY}")
    kind: str = KIND
    holder: str = Field(default="", pattern=f"^$|{PARTY}")
    holder_name: str = Field(default="", max_length=60)
    holder_phone: str = Field(default="", max_length=30)
    target_name: str = Field(default="", max_length=60)
    target_phone: str = Field(default="", max_length=30)
    scope: list[str] | str = Field(default_factory=list)
    since_on: date | None = None
    until_on: date | None = None
    note: str = Field(default="", max_length=200)
    holder_yes: str = HEARD
    target_yes: str = HEARD

    @property
    def scopes(self) -> tuple[str, ...]:
        return (self.scope,) if isinstance(self.scope, str) else tuple(self.scope)

    def heard(self, side: Side) -> Heard | None:
        word = self.holder_yes if side is Side.HOLDER else self.target_yes
        return Heard(word) if word else None


class OfferForm(OfferIn):
    """The same from a page, with where to go on and whether the holder's age was asked."""

    of_age: str = Field(default="", pattern="^(|yes)$")
    back: str = Field(default="", max_length=200)


class AnswerForm(_Form):
    """Yes or no of one side; `heard` when the desk writes down what it was told."""

    side: str = Field(pattern="^(holder|target)$")
    answer: str = Field(pattern="^(yes|no)$")
    heard: str = Field(default="page", pattern="^(page|told|paper)$")


class EndForm(_Form):
    """Why it ends."""

    reason: str = Field(default="no_longer_needed", max_length=20)


class RenewForm(_Form):
    """Offered anew; `heard` when the desk knows every yes."""

    until_on: date | None = None
    heard: str = Field(default="", pattern="^(|told|paper)$")


class AbsenceIn(_Form):
    """From when to when they cannot come; no last day for a pause. Nobody is asked why."""

    from_on: date
    to_on: date | None = None


class BackIn(_Form):
    """The absence that ends, by its first day."""

    from_on: date


class PostForm(_Form):
    """A new post."""

    kind: str = KIND
    title: str = Field(min_length=2, max_length=60)
    places: int = Field(default=1, ge=1, le=500)
    grid: str = Field(default="", max_length=40)
    duties: str = Field(default="", max_length=300)


class ClaimPostForm(_Form):
    """A word with the claim."""

    note: str = Field(default="", max_length=200)


class AnswerIn(_Form):
    """Yes or no of one side, by a program on behalf of who is signed in."""

    side: str = Field(pattern="^(holder|target)$")
    answer: str = Field(pattern="^(yes|no)$")


class RelationshipOut(BaseModel):
    """A relationship as its sides read it."""

    uid: str
    kind: str
    kind_zh: str
    kind_en: str
    holder: str
    holder_name: str
    target: str
    target_name: str
    state: str
    in_force: bool
    since_on: date
    until_on: date | None
    scope: list[str]
    waits_for: list[str]
    end_reason: str

    @classmethod
    def of(cls, shown: Shown) -> Self:
        one = shown.one
        waits = [side.value for side in shown.missing] + (["second_person"] if shown.unapproved else [])
        return cls(
            uid=one.uid, kind=one.kind, kind_zh=shown.kind.zh, kind_en=shown.kind.en, holder=one.holder.key,
            holder_name=shown.holder, target=one.target.key, target_name=shown.target, state=one.state.value,
            in_force=shown.holds, since_on=one.since_on, until_on=one.until_on, scope=list(one.scope),
            waits_for=waits, end_reason=one.end_reason.value if one.end_reason else "",
        )  # fmt: skip


class OwnOut(BaseModel):
    """Everything between somebody and others: a page of each list, and how many there are."""

    asked: list[RelationshipOut]
    waiting: list[RelationshipOut]
    mine: list[RelationshipOut]
    towards_me: list[RelationshipOut]
    mine_count: int
    towards_count: int


class RowOut(BaseModel):
    """What became of one row of a list."""

    row: int
    became: str
    code: str
    reason: str


class ListOut(BaseModel):
    """What became of a list."""

    made: int
    same: int
    refused: int
    rows: list[RowOut]


class AbsenceOut(BaseModel):
    """Days away; without a last day it is a pause."""

    from_on: date
    to_on: date | None


class StandInOut(BaseModel):
    """Who stands in, by the relationship that says so; one that is not in force waits for an answer."""

    relationship: str
    holder: str
    name: str
    in_force: bool


class DutyOut(BaseModel):
    """What has to be done meanwhile: the kind of duty and where."""

    kind: str
    at: str


class AbsencesOut(BaseModel):
    """Days away that are not over, who stands in, and for what."""

    member: str
    absences: list[AbsenceOut]
    stand_ins: list[StandInOut]
    duties: list[DutyOut]

    @classmethod
    def of(cls, shown: AwayShown) -> Self:
        return cls(
            member=shown.member,
            absences=[AbsenceOut(from_on=one.from_on, to_on=one.to_on) for one in shown.away],
            stand_ins=[
                StandInOut(
                    relationship=one.one.uid, holder=one.one.holder.key, name=one.name, in_force=one.in_force
                )
                for one in shown.stand_ins
            ],
            duties=[DutyOut(kind=kind, at=name) for kind, name in shown.duties],
        )
