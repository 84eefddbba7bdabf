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
    days: Annotated[tuple[date, ...], BeforeValidator(_several), Field(max_length=200)] = ()
