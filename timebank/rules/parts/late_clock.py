"""When something really happened that a phone pressed without a network and sent later. Pure.

A phone's clock may be wrong, be put right between the press and the sending, and stand still while the phone sleeps. What is
known: the clock's distance from ours at the last contact before the press, what it says at sending, and a steady clock that
never runs fast and stands still in sleep. Where these agree the press counts as live; else somebody is asked for the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(minutes=2)
EARLIEST = timedelta(minutes=60)
LATEST = timedelta(hours=12)
BY_ITSELF = timedelta(hours=36)


class Doubt(StrEnum):
    """Why a time is not taken as it is."""

    NONE = "none"
    UNKNOWN_CLOCK = "unknown_clock"
    CLOCK_MOVED = "clock_moved"
    STEADY_CLOCK = "steady_clock"
    BEFORE_PAGE = "before_page"
    AHEAD = "ahead"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A phone's clocks at one moment.

    Attributes:
        wall: what its clock said. steady_ms: its steady clock since `boot`, which names one life of the page.
    """

    wall: datetime
    steady_ms: int
    boot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueTime:
    """When it happened, and why that is doubted."""

    at: datetime
    doubt: Doubt

    @property
    def live(self) -> bool:
        """Whether it may be taken without asking anybody."""
        return self.doubt is Doubt.NONE


def true_time(
    pressed: Reading,
    sent: Reading,
    *,
    skew: timedelta | None,
    received_at: datetime,
    issued_at: datetime,
    starts_at: datetime,
    ends_at: datetime,
) -> TrueTime:
    """The time of a press by our clock.

    Args:
        pressed, sent: the phone's clocks at the press and at the sending.
        skew: our clock minus the phone's at the last contact before the press; None when there was none.
        received_at: by our clock. issued_at: when the page was made on which it was pressed.
        starts_at, ends_at: of the service.
    """
    at = pressed.wall + (skew or timedelta())
    return TrueTime(
        at=min(at, received_at),
        doubt=_doubt(at, pressed, sent, skew, received_at, issued_at, starts_at, ends_at),
    )


def _doubt(
    at: datetime,
    pressed: Reading,
    sent: Reading,
    skew: timedelta | None,
    received_at: datetime,
    issued_at: datetime,
    starts_at: datetime,
    ends_at: datetime,
) -> Doubt:
    if skew is None:
        return Doubt.UNKNOWN_CLOCK
    if abs((received_at - sent.wall) - skew) > TOLERANCE:
        return Doubt.CLOCK_MOVED
    if pressed.boot == sent.boot:
        # The steady clock stands still in sleep, so at least so much time has passed, and perhaps more.
        at_least = timedelta(milliseconds=sent.steady_ms - pressed.steady_ms)
        if received_at - at < at_least - TOLERANCE or at_least < timedelta():
            return Doubt.STEADY_CLOCK
    if at < issued_at - TOLERANCE:
        return Doubt.BEFORE_PAGE
    if at > received_at + TOLERANCE:
        return Doubt.AHEAD
    if at < starts_at - EARLIEST:
        return Doubt.TOO_EARLY
    return Doubt.TOO_LATE if at > ends_at + LATEST else Doubt.NONE


def comes_by_itself(*, ends_at: datetime, received_at: datetime) -> bool:
    """Whether a late press still counts without somebody writing it down from the paper."""
    return received_at <= ends_at + BY_ITSELF
