"""What the form of the radar accepts."""

from __future__ import annotations

from pydantic import Field

from timebank.rules.radar import Look
from timebank.web.fields import Form


class LookForm(Form):
    """What somebody found, and a sentence about it."""

    found: Look = Look.OPEN
    says: str = Field(default="", max_length=300)
