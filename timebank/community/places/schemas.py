"""What programs are told of a place."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel

from timebank.community.places.flow import NeedBelow, PlaceShown, SumBelow


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
