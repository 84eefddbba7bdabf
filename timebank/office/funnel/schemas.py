"""What programs are told of the funnel."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from timebank.office.funnel.flow import ACTIVE_DAYS, Funnel, Listed
from timebank.store.office.funnel import Stage
from timebank.web.fields import Form


class SearchForm(Form):
    """What stands in the field above a list of people."""

    q: str = Field(default="", max_length=40)


class FigureOut(BaseModel):
    """How many people stand at a stage, and the percentage of those registered, with one decimal."""

    stage: Stage
    people: int
    percent: str


class FunnelOut(BaseModel):
    """The funnel: registered, docked, placed, active; each stage is part of the one before it."""

    area: str
    team: str
    source: str
    active_days: int
    figures: list[FigureOut]

    @classmethod
    def of(cls, shown: Funnel) -> Self:
        return cls(
            area=shown.narrowed.area,
            team=shown.narrowed.team,
            source=shown.narrowed.source,
            active_days=ACTIVE_DAYS,
            figures=[
                FigureOut(stage=one.stage, people=one.people, percent=one.percent) for one in shown.figures
            ],
        )


class PersonOut(BaseModel):
    """Somebody who stands at a stage."""

    uid: str
    number: str
    name: str
    area: str


class StageOut(BaseModel):
    """A page of the people behind a figure; `following` begins the next page, "" when there is none."""

    stage: Stage
    people: int
    listed: list[PersonOut]
    following: str

    @classmethod
    def of(cls, shown: Listed) -> Self:
        return cls(
            stage=shown.figure.stage,
            people=shown.figure.people,
            listed=[
                PersonOut(uid=one.uid, number=one.number, name=one.name, area=one.area)
                for one in shown.people
            ],
            following=shown.following,
        )
