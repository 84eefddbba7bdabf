"""What the card, the kiosk and the text gateway send."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from timebank.web.fields import Body, Form, Out


class CardForm(Form):
    """The token of a card, from behind the # of its address."""

    token: str = Field(default="", max_length=200)


class KioskForm(Form):
    """Who stands at the kiosk."""

    who: str = Field(min_length=1, max_length=40)
    called: str = Field(min_length=1, max_length=30)


class CardAskForm(Form):
    """A picture and a time, both tapped."""

    what: str = Field(max_length=20)
    moment: str = Field(max_length=20, pattern="^[a-z]+-[a-z]+$")


class DeclareForm(Form):
    """What the desk calls a kiosk."""

    name: str = Field(min_length=1, max_length=40)


class HersForm(Form):
    """Whether she says that it was her."""

    said: Literal["hers", "not_hers"]


class TextBody(Body):
    """A text message as the gateway hands it over.

    Attributes:
        id: the gateway's own; the same message twice does nothing twice. sender: the number it came from.
    """

    id: str = Field(min_length=1, max_length=80)
    sender: str = Field(min_length=1, max_length=40)
    text: str = Field(max_length=2000)


class TextOut(Out):
    """What the message was read as, and what was done: for the gateway's own records, never for the sender."""

    act: str
    deed: str
