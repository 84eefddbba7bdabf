"""What the app needs from outside systems, as small protocols; `adapters` holds the real ones."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


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


class Notifier(Protocol):
    """Carries a notice to a person: text message, call list, printed slip."""

    async def send(self, *, to: str, channel: str, text: str) -> None:
        """Hand one notice over; raises `NoticeNotSent` when the carrier refuses."""
        ...


class NoticeNotSent(Exception):
    """The carrier did not take a notice; it stays in the outbox and is tried again."""
