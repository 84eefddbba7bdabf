"""What programs are told of a place."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from timebank.community.places.flow import NeedBelow, PlaceShown, SumBelow
from timebank.community.places.loading import What
from timebank.community.places.tree import PlaceRow, TreeShown
from timebank.web.fields import Body, Form, Out
from timebank.web.uploads import PostedFile


class SumOut(BaseModel):
    """What stands below one place; null where so few people stand behind it that it could be about one of them."""

    code: str
    name: str
    kind: str
    people: int | None
    asking: int | None
    minutes: int | None

    @classmethod
    def of(cls, one: SumBelow) -> Self:
        return cls(
            code=one.code,
            name=one.name,
            kind=one.kind,
            people=one.people,
            asking=one.asking,
            minutes=one.minutes,
        )


class NeedBelowOut(BaseModel):
    """An open need by kind, place and time."""

    category: str
    place: str
    when: str
    urgent: bool
    filed_on: date | None

    @classmethod
    def of(cls, one: NeedBelow) -> Self:
        return cls(
            category=one.category,
            place=one.place,
            when=one.when.phrase,
            urgent=one.urgent,
            filed_on=one.filed_on,
        )


class PlaceOut(BaseModel):
    """A place with the sums of this month."""

    code: str
    name: str
    month_on: date
    sums: list[SumOut]

    @classmethod
    def of(cls, shown: PlaceShown) -> Self:
        return cls(
            code=shown.area.code, name=shown.area.name, month_on=shown.month_on,
            sums=[SumOut.of(one) for one in shown.sums],
        )  # fmt: skip


# ---- the tree as its desk keeps it


class AddForm(Form):
    """A new place under another one."""

    kind: str = Field(max_length=20)
    name: str = Field(max_length=80)


class RenameForm(Form):
    """Another name."""

    name: str = Field(max_length=80)


class MoveForm(Form):
    """Another parent, from a day on."""

    parent: str = Field(max_length=40)
    on: date


class EndForm(Form):
    """The last day."""

    on: date


class CareForm(Form):
    """`yes`: nobody is in charge, on purpose; "" takes it back."""

    uncared: str = Field(default="", max_length=3)


class WayForm(Form):
    """Minutes on foot to another place, by name or code."""

    other: str = Field(max_length=200)
    minutes: str = Field(max_length=12)


class LoadForm(Form):
    """Pasted lines, or a file."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    what: What = What.PLACES
    text: str = Field(default="", max_length=2_000_000)
    files: PostedFile | None = None


class AddIn(Body):
    """A new place; without a parent right below the community."""

    parent: str = Field(default="", max_length=40)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=80)


class RenameIn(Body):
    """Another name."""

    name: str = Field(max_length=80)


class MoveIn(Body):
    """Another parent, from a day on; today when none is given."""

    parent: str = Field(max_length=40)
    on: date | None = None


class EndIn(Body):
    """The last day; today when none is given."""

    on: date | None = None


class CareIn(Body):
    """Whether the place has nobody in charge, on purpose."""

    uncared: bool


class WayIn(Body):
    """Minutes on foot between two places, by code or name; 0 takes them back."""

    one: str = Field(max_length=200)
    other: str = Field(max_length=200)
    minutes: int = Field(ge=0, le=240)


class LoadIn(Body):
    """A list, one row a line."""

    what: What
    text: str = Field(max_length=2_000_000)


class AreaOut(Out):
    """A place of the tree."""

    code: str
    kind: str
    name: str
    parent: str
    since_on: date | None
    until_on: date | None


class AreaRowOut(BaseModel):
    """A place with what stands below it; `vacant`: it needs somebody in charge and has nobody."""

    code: str
    kind: str
    name: str
    below: int
    in_charge: int
    uncared: bool
    vacant: bool

    @classmethod
    def of(cls, row: PlaceRow) -> Self:
        return cls(
            code=row.area.code, kind=row.area.kind, name=row.area.name, below=row.below,
            in_charge=sum(one.in_charge for one in row.holders), uncared=row.area.uncared_on is not None,
            vacant=row.vacant,
        )  # fmt: skip


class WayOut(BaseModel):
    """Minutes on foot to another place."""

    other: str
    minutes: int


class TreeOut(BaseModel):
    """A place, one page of what stands right below, and minutes on foot to others."""

    place: AreaRowOut
    below: list[AreaRowOut]
    more: bool
    ways: list[WayOut]

    @classmethod
    def of(cls, shown: TreeShown) -> Self:
        return cls(
            place=AreaRowOut.of(shown.place),
            below=[AreaRowOut.of(row) for row in shown.rows],
            more=shown.more,
            ways=[WayOut(other=way.other.code, minutes=way.minutes) for way in shown.ways],
        )


class RowOut(BaseModel):
    """What became of one row of a list, or the code and sentence of why not."""

    row: int
    became: str
    code: str
    reason: str


class LoadOut(BaseModel):
    """What became of every row."""

    made: int
    same: int
    refused: int
    rows: list[RowOut]
