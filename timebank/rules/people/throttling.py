"""How long somebody waits who tries and is wrong: nobody at first, then longer each time, never for good; silence is forgiven.

    tries     1  2  3   4   5   6    7    8    9    10 …
    wait, s   0  0  10  20  40  80   160  320  640  900 …      for one person, `PERSON`

A right try ends the count. What is counted is kept as one number with two moments, so that it fades without anybody's doing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

DOUBLINGS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How tries slow down.

    Attributes:
        free: tries that may come at once; from the last of them on, each makes the next one wait.
        first_wait: after the last free try; it doubles with each further one.
        longest_wait: where doubling ends.
        forgiven_every: one try is forgotten for each such stretch without any.
    """

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    forgiven_every: timedelta


PERSON = Pace(
    free=3, first_wait=timedelta(seconds=10), longest_wait=timedelta(minutes=15),
    forgiven_every=timedelta(minutes=30),
)  # fmt: skip
"""Tries at one person's door: nine in a quarter of an hour from everywhere, and then four an hour."""

SOURCE = Pace(
    free=30, first_wait=timedelta(seconds=5), longest_wait=timedelta(minutes=1),
    forgiven_every=timedelta(minutes=1),
)  # fmt: skip
"""Tries from one address, which a whole office or a street may share: generous, and never longer than a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Tries of one key that were not right so far.

    Attributes:
        tries: how many at `counted_at`; fewer as time goes by.
        until_at: when the next one is allowed.
    """

    tries: int
    counted_at: datetime
    until_at: datetime


def wait_seconds(known: Tries | None, now: datetime, pace: Pace) -> int:
    """How long the next try has to wait, rounded up; 0 when it is allowed."""
    if known is None:
        return 0
    left = known.until_at - now
    # Further ahead than any wait: the machine's clock was set back since, and nobody waits for a month because of that.
    if left <= timedelta(0) or left > pace.longest_wait:
        return 0
    return -(-left // timedelta(seconds=1))


def faded(known: Tries | None, now: datetime, pace: Pace) -> int:
    """How many tries still count."""
    if known is None:
        return 0
    quiet = max(now - known.counted_at, timedelta(0))
    return max(0, known.tries - quiet // pace.forgiven_every)


def counted(known: Tries | None, now: datetime, pace: Pace) -> Tries:
    """One try more; no more than doubling needs, so that even somebody's long siege is forgiven within a day."""
    tries = min(faded(known, now, pace) + 1, pace.free + DOUBLINGS_MAX)
    doublings = tries - pace.free
    wait = min(pace.longest_wait, pace.first_wait * 2**doublings) if doublings >= 0 else timedelta(0)
    return Tries(tries=tries, counted_at=now, until_at=now + wait)


def given_back(known: Tries, now: datetime) -> Tries:
    """One try less, and nobody waits because of it: it was right, or nobody looked at it."""
    return replace(known, tries=max(0, known.tries - 1), until_at=min(known.until_at, now))
