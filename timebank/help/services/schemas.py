"""What the forms and the API of services accept, and what the API shows: allow-lists both ways."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from timebank.credit import Credit
from timebank.help.services.confirming import Confirmed, ConfirmedService
from timebank.rules.attendance import Attendance, Service
from timebank.web.fields import Body, Clock, Form, Minutes, Note, TypedMinutes, Uid


class StepForm(Form):
    """A step that needs no more than a press of the button."""


class CheckInForm(Form):
    """Arriving, with the four digits of the place when they are at hand."""

    code: str = Field(default="", max_length=8)


class CheckOutForm(Form):
    """Leaving; the leader may write down the hour."""

    at: Clock | None = None


class CloseForm(Form):
    """Closing a shift: the hour, and that somebody has looked at those never ticked."""

    at: Clock | None = None
    absent: str = Field(default="", pattern="^(|known)$")


class PersonForm(Form):
    """Somebody who came or who will go: a member by id, or a name and a phone as people say them."""

    member: Uid | None = None
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    minor: str = Field(default="", pattern="^(|yes)$")
    first_time: str = Field(default="", pattern="^(|yes)$")


class NoteForm(Form):
    """A word about why."""

    note: str = Field(min_length=2, max_length=200)


class CancelForm(Form):
    """Not coming; why is welcome but not asked."""

    note: Note = ""


class ResolveForm(Form):
    """What the desk found out: the minutes it really took, or that it did not take place."""

    found: str = Field(pattern="^(served|not_served)$")
    minutes: TypedMinutes | None = Field(default=None, le=720)
    note: str = Field(min_length=2, max_length=200)


class CheckInBody(Body):
    """Arriving through the API."""

    code: str = Field(default="", max_length=8)


class NoteBody(Body):
    """A word about why."""

    note: str = Field(min_length=2, max_length=200)


class CancelBody(Body):
    """Not coming."""

    note: Note = ""


class CheckOutBody(Body):
    """Leaving; `at` is an hour of the service's day, for the leader or the desk."""

    at: Clock | None = None


class CloseBody(Body):
    """Closing a shift."""

    at: Clock | None = None
    absent_known: bool = False


class PersonBody(Body):
    """Somebody who came or who will go."""

    member: Uid | None = None
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    minor: bool = False
    first_time: bool = False


class ResolveBody(Body):
    """What the desk found out; no minutes means that it did not take place."""

    minutes: Minutes | None = Field(default=None, le=720)
    note: str = Field(min_length=2, max_length=200)


def service_out(service: Service, *, taken: int | None = None) -> dict[str, Any]:
    """A service without anybody's name or door."""
    shown: dict[str, Any] = {
        "uid": service.uid,
        "kind": service.kind.value,
        "title": service.title,
        "category": service.category,
        "place": service.place,
        "team": service.team,
        "starts_at": service.starts_at.isoformat(),
        "ends_at": service.ends_at.isoformat(),
        "minutes_planned": service.minutes_planned,
        "capacity": service.capacity,
        "state": service.state.value,
    }
    return shown if taken is None else {**shown, "taken": taken}


def attendance_out(part: Attendance) -> dict[str, Any]:
    """One person's part, by opaque ids."""
    return {
        "uid": part.uid,
        "service": part.service,
        "member": part.member,
        "state": part.state.value,
        "checked_in_at": part.checked_in_at.isoformat() if part.checked_in_at else None,
        "checked_out_at": part.checked_out_at.isoformat() if part.checked_out_at else None,
        "evidence": part.evidence.value if part.evidence else "",
        "minutes_served": part.minutes_served,
        "minutes_credited": part.minutes_credited,
        "transfer_uid": part.transfer_uid,
    }


def credit_out(credit: Credit) -> dict[str, Any]:
    """Why these minutes, with every rule that cut some."""
    return {
        "minutes_served": credit.minutes_served,
        "minutes_credited": credit.minutes_credited,
        "cuts": [
            {"rule": cut.rule, "minutes": cut.minutes, "zh": cut.zh, "en": cut.en} for cut in credit.cuts
        ],
    }


def confirmed_out(done: Confirmed) -> dict[str, Any]:
    """A confirmed part and what it earned."""
    return {"attendance": attendance_out(done.part), "credit": credit_out(done.credit)}


def confirmed_service_out(done: ConfirmedService) -> dict[str, Any]:
    """What confirming a whole service came to, part by part."""
    return {
        "service": service_out(done.service),
        "posted": [confirmed_out(one) for one in done.posted],
        "own": [part.uid for part in done.own],
        "refused": [
            {"attendance": part.uid, "code": refusal.code, "zh": refusal.zh, "en": refusal.en}
            for part, refusal in done.refused
        ],
    }
