"""What the matching forms and the API accept, and what the API answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from marketplace.store import Proposal
from timebank.rules.parts.attendance import Kind, Service, ServiceState
from timebank.web.fields import Body, Clock, Form, Out

WeekText = Annotated[str, Field(pattern=r"^[0-9]{4}-W[0-9]{2}$")]
Key = Annotated[str, Field(max_length=64)]


class PlanForm(Form):
    """The week to plan."""

    week: WeekText


class AnswerForm(Form):
    """A yes or a no to a proposal; `reason` is asked for a no."""

    reason: str = Field(default="", max_length=200)


def _several(value: object) -> object:
    # A form sends one ticked box as a word, several as a list.
    return [value] if isinstance(value, str) else value


class AnswersForm(Form):
    """A yes to every proposal whose box is ticked."""

    proposal: Annotated[list[Key], Field(max_length=500), BeforeValidator(_several)] = []


class AssignForm(Form):
    """A choice by hand: one of the suggestions with its hour, or anybody with a day, an hour and a length.

    `who` is `line:<key>` or `member:<uid>`; `step` is `look` while somebody is only looked for by `look`, `weigh` while only the
    price of the choice is asked for. `proposal` is the proposal that the choice takes the place of.
    """

    who: str = Field(default="", max_length=80)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    on: date | None = None
    at: Clock | None = None
    minutes: int = Field(default=60, ge=15, le=720)
    reason: str = Field(default="", max_length=200)
    look: str = Field(default="", max_length=60)
    proposal: Key | None = None
    step: Literal["", "look", "weigh"] = ""


class ApiPlanIn(Body):
    """The week to plan."""

    week: WeekText


class ApiDeclineIn(Body):
    """Why not."""

    reason: str = Field(default="", max_length=200)


class NeedCardOut(Out):
    """A need by its key, as its public card shows it."""

    key: str
    title: str
    grid: str = ""
    urgency: str = "normal"


class LineOut(Out):
    """A line of the resources list; `owner` is a body's code or a volunteer's opaque id."""

    key: str
    title: str
    owner: str
    owner_kind: str


class WindowOut(Out):
    """An agreed or proposed stretch of time."""

    starts_at: datetime
    ends_at: datetime


class ReasonOut(Out):
    """One reason of the plan, with its points."""

    code: str
    points: int
    zh: str
    en: str


class ProposalOut(Out):
    """A proposal: the public card of the need, the line, the hour, the reasons."""

    uid: str
    week: str
    stage: str
    need: NeedCardOut
    resource: LineOut
    window: WindowOut
    quantity: int
    unit: str
    value: int
    reasons: tuple[ReasonOut, ...]

    @classmethod
    def told(cls, one: Proposal) -> ProposalOut:
        return cls(
            uid=one.uid,
            week=one.week,
            stage=one.stage,
            need=NeedCardOut.of(one.document["need"]),
            resource=LineOut.of(one.document["resource"]),
            window=WindowOut.of(one.window),
            quantity=one.quantity,
            unit=one.unit,
            value=one.value,
            reasons=tuple(ReasonOut.of(reason) for reason in one.document["reasons"]),
        )


class PlannedOut(Out):
    """A week that was planned, with the proposals that wait for an answer."""

    week: str
    proposals: tuple[ProposalOut, ...]


class ArrangedOut(Out):
    """The service that a proposal became, as its public card."""

    uid: str
    kind: Kind
    title: str
    need: str
    team: str
    unit: str
    place: str
    starts_at: datetime
    ends_at: datetime
    payer: str
    state: ServiceState

    @classmethod
    def told(cls, service: Service) -> ArrangedOut:
        return cls(
            uid=service.uid,
            kind=service.kind,
            title=service.title,
            need=service.need_key,
            team=service.team,
            unit=service.unit,
            place=service.place,
            starts_at=service.starts_at,
            ends_at=service.ends_at,
            payer=service.payer,
            state=service.state,
        )
