"""What the calendar page accepts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from timebank.web.fields import Form

Text = Annotated[str, Field(max_length=6000)]


def _several(value: object) -> object:
    """One ticked box arrives by itself, several as a list."""
    return (value,) if isinstance(value, str) else value


class NoticeForm(Form):
    """The text of a notice, or the ticked days; one of them."""

    text: Text = ""
    by: Annotated[str, Field(pattern="^(text|days)$")] = "text"
    days: Annotated[tuple[date, ...], Field(max_length=200), BeforeValidator(_several)] = ()


class SchoolForm(Form):
    """First and last day of each school holiday of a year; what is empty is not kept."""

    winter_first: date | None = None
    winter_last: date | None = None
    summer_first: date | None = None
    summer_last: date | None = None
    other_first: date | None = None
    other_last: date | None = None

    @property
    def breaks(self) -> dict[str, tuple[date | None, date | None]]:
        """The days by the name of their holiday."""
        return {
            "winter": (self.winter_first, self.winter_last),
            "summer": (self.summer_first, self.summer_last),
            "other": (self.other_first, self.other_last),
        }
