"""What the matching forms and the API accept, and what the API answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from marketplace.store import Proposal
from timebank.rules.attendance import Service
from timebank.web.fields import Body, Clock, Form

WeekText = Annotated[str, Field(pattern=r"^[0-9]{4}-W[0-9]{2}$")]
Key = Annotated[str, Field(max_length=64)]


class PlanForm(Form):
    """The week to plan."""

    week: WeekText


class AnswerForm(Form):
    """A yes or a no to a proposal; `reason` is asked for a no."""

    reason: str = Field(default="", max_length=200)


class AssignForm(Form):
    """A choice by hand: one of the suggestions with its hour, or anybody with a day, an hour and a length.

    `who` is `line:<key>` or `member:<uid>`.
    """

    who: str = Field(default="", max_length=80)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    on: date | None = None
    at: Clock | None = None
    minutes: int = Field(default=60, ge=15, le=720)
    reason: str = Field(default="", max_length=200)


class ApiPlanIn(Body):
    """The week to plan."""

    week: WeekText


class ApiDeclineIn(Body):
    """Why not."""

    reason: str = Field(default="", max_length=200)


def proposal_out(one: Proposal) -> dict[str, Any]:
    """A proposal for an API caller: the public card of the need, the line, the hour, the reasons."""
    return {
        "uid": one.uid,
        "week": one.week,
        "stage": one.stage,
        "need": one.document["need"],
        "resource": one.document["resource"],
        "window": {"starts_at": one.window.starts_at.isoformat(), "ends_at": one.window.ends_at.isoformat()},
        "quantity": one.quantity,
        "unit": one.unit,
        "value": one.value,
        "reasons": [
            {name: reason[name] for name in ("code", "points", "zh", "en")}
            for reason in one.document["reasons"]
        ],
    }


def service_out(service: Service) -> dict[str, Any]:
    """A service as its public card."""
    return {
        "uid": service.uid,
        "kind": service.kind.value,
        "title": service.title,
        "need": service.need_key,
        "team": service.team,
        "unit": service.unit,
        "place": service.place,
        "starts_at": service.starts_at.isoformat(),
        "ends_at": service.ends_at.isoformat(),
        "payer": service.payer,
        "state": service.state.value,
    }
