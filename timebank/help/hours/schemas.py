"""What the forms and the API of hours accept, and what the API shows."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from timebank.help.hours.passbook import Passbook
from timebank.web.fields import Body, Form, Minutes, TypedMinutes


class DonateForm(Form):
    """Hours given to the community fund, as hours and minutes on the form."""

    hours: TypedMinutes = Field(default=0, le=10_000)
    minutes: TypedMinutes = Field(default=0, le=10_000)


class ReverseForm(Form):
    """Why an entry is taken back."""

    reason: str = Field(min_length=2, max_length=40)
    note: str = Field(default="", max_length=200)


class CloseMonthForm(Form):
    """A press of the button."""


class DonateBody(Body):
    """Minutes given to the community fund."""

    minutes: Minutes


class ReverseBody(Body):
    """Why an entry is taken back."""

    reason: str = Field(min_length=2, max_length=40)
    note: str = Field(default="", max_length=200)


def passbook_out(passbook: Passbook) -> dict[str, Any]:
    """A page of a passbook, without anybody's name."""
    return {
        "member": passbook.member,
        "minutes_left": passbook.minutes_left,
        "minutes_held": passbook.minutes_held,
        "before_seq": passbook.before_seq,
        "lines": [
            {
                "seq": line.seq,
                "transfer": line.uid,
                "happened_on": line.happened_on.isoformat(),
                "zh": line.zh,
                "en": line.en,
                "minutes_in": line.minutes_in,
                "minutes_out": line.minutes_out,
                "minutes_left": line.minutes_left,
            }
            for line in passbook.lines
        ],
    }
