"""What the app needs from outside systems, as small protocols; `adapters` holds the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from timebank.rules.telling.news import Outcome

CARRIER_TIMEOUT_S = 20


class Clock(Protocol):
    """Tells the time; the only source of "now" in the app."""

    def __call__(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Ids(Protocol):
    """Makes opaque ids and secrets; the only source of randomness in the app."""

    def uid(self, prefix: str) -> str:
        """A new public id such as `M7K2QX9AB`: the prefix and eight letters or digits."""
        ...

    def token(self) -> str:
        """A bearer secret of 256 random bits, URL-safe."""
        ...

    def code(self) -> str:
        """Six random digits for a one-time code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message for one address.

    Attributes:
        uid: the same for every attempt; a gateway that knows it drops the second.
        to: a telephone number or a mail address. subject: for mail. signed: the community's name, in front of a text message.
    """

    uid: str
    to: str
    subject: str
    text: str
    signed: str


class Carrier(Protocol):
    """Takes a message to a gateway or a mail server."""

    async def hand_over(self, letter: Letter) -> Outcome:
        """Hand one message over, within `CARRIER_TIMEOUT_S`; what came of it, never an exception of the outside."""
        ...
