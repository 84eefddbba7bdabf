"""What acknowledging a telephone accepts."""

from __future__ import annotations

from pydantic import Field

from timebank.web.fields import Body, Form, Out


class DigitsForm(Form):
    """Six digits that another telephone shows."""

    digits: str = Field(min_length=1, max_length=20)


class DigitsBody(Body):
    """Six digits that another telephone shows."""

    digits: str = Field(min_length=1, max_length=20)


class KnownOut(Out):
    """Whose way in it was, as they are called."""

    name: str
