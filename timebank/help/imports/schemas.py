"""What the import pages accept."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from timebank.web.fields import Form


class RowForm(Form):
    """The desk's decision on one row; the corrected cells come beside it, named `cell:<name>`.

    Attributes:
        who: uid of the person on record who is meant, or `another`.
    """

    step: Literal["accept", "correct", "drop", "who"]
    who: str = Field(default="", max_length=16, pattern="^[A-Za-z0-9]*$")
