"""What an auditor looks at of what was said about parts: one hand for both, late, in bursts, put right. Pure; opaque ids alone.

Nothing here says that something is wrong: the radar (`rules/radar`) weighs, these lists show everything of their kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from timebank.rules.parts.attendance import State
from timebank.rules.parts.statements import Said

ENTERED = frozenset({Said.ARRIVAL, Said.LEAVING, Said.AMOUNT, Said.WENT})
"""What says that somebody was there, and how long."""
VOUCHED = frozenset({Said.WORD})
PUT_RIGHT = frozenset({Said.REVERSED, Said.RETRACT, Said.WRONG, Said.FOUND_NOT})
BURST_SPAN, BURST_LEAST = timedelta(minutes=10), 6
"""So many words by one hand within this time are worth a glance; a shift closed for its people is one word for each."""
LATE_DAYS = 2


class What(StrEnum):
    """The lists."""

    ALONE = "alone"
    LATE = "late"
    BURSTS = "bursts"
    CORRECTIONS = "corrections"
    CARDS = "cards"
    SIGN_INS = "sign-ins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One statement with what its part came to.

    Attributes:
        at: id of the statement, by which a later one is known. ends_at: when the service ended.
    """

    at: int
    uid: str
    part: str
    service: str
    what: Said
    by: str
    said_at: datetime
    minutes: int | None
    retracts: str
    ends_at: datetime
    state: State | None
    minutes_credited: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPart:
    """Something about one part: whose hand, when, how many minutes it came to, and how late where that matters.

    Attributes:
        what: the statement that it is about.
        minutes: what stands in the book for the part, None for nothing.
    """

    part: str
    service: str
    hand: str
    said_at: datetime
    what: Said
    minutes: int | None
    days_late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Many words of one hand within a short time."""

    hand: str
    first_at: datetime
    last_at: datetime
    words: int
    services: tuple[str, ...]


def alone(spoken: Sequence[Spoken]) -> list[OfPart]:
    """Parts that one hand both entered and vouched for, the newest first."""
    entered: set[tuple[str, str]] = set()
    words: dict[tuple[str, str], Spoken] = {}
    for one in _standing(spoken):
        if one.by and one.what in ENTERED:
            entered.add((one.part, one.by))
        elif one.by and one.what in VOUCHED:
            words[one.part, one.by] = one
    return _newest([_of_part(word) for key, word in words.items() if key in entered])


def late(spoken: Sequence[Spoken], zone: tzinfo, *, days: int = LATE_DAYS) -> list[OfPart]:
    """Parts of which somebody said at least so many days later that they had taken place, the newest first."""
    found: dict[tuple[str, str], OfPart] = {}
    for one in _standing(spoken):
        behind = (one.said_at.astimezone(zone).date() - one.ends_at.astimezone(zone).date()).days
        if one.what in ENTERED and one.by and behind >= days:
            found.setdefault((one.part, one.by), _of_part(one, days_late=behind))
    return _newest(found.values())


def bursts(spoken: Sequence[Spoken]) -> list[Burst]:
    """Stretches in which one hand vouched for many parts within minutes, the newest first."""
    by_hand: dict[str, list[Spoken]] = defaultdict(list)
    for one in _standing(spoken):
        if one.by and one.what in VOUCHED:
            by_hand[one.by].append(one)
    found = []
    for hand, words in by_hand.items():
        words.sort(key=lambda one: one.said_at)
        start = 0
        while start < len(words):
            end = start
            while end + 1 < len(words) and words[end + 1].said_at - words[start].said_at <= BURST_SPAN:
                end += 1
            if end - start + 1 >= BURST_LEAST:
                some = words[start : end + 1]
                found.append(
                    Burst(
                        hand=hand, first_at=some[0].said_at, last_at=some[-1].said_at, words=len(some),
                        services=tuple(dict.fromkeys(one.service for one in some)),
                    )
                )  # fmt: skip
                start = end
            start += 1
    return sorted(found, key=lambda one: one.last_at, reverse=True)


def corrections(spoken: Sequence[Spoken]) -> list[OfPart]:
    """What was taken back, called wrong or put right, the newest first."""
    return _newest([_of_part(one) for one in spoken if one.what in PUT_RIGHT])


def _standing(spoken: Iterable[Spoken]) -> list[Spoken]:
    """What was not taken back."""
    every = list(spoken)
    gone = {one.retracts for one in every if one.retracts}
    return [one for one in every if one.uid not in gone]


def _of_part(one: Spoken, *, days_late: int = 0) -> OfPart:
    minutes = one.minutes_credited if one.state is State.POSTED else None
    return OfPart(
        part=one.part, service=one.service, hand=one.by, said_at=one.said_at, what=one.what, minutes=minutes,
        days_late=days_late,
    )  # fmt: skip


def _newest(found: Iterable[OfPart]) -> list[OfPart]:
    return sorted(found, key=lambda one: one.said_at, reverse=True)
