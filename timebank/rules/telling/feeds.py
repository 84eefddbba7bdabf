"""What a calendar program is shown, and how it learns of each change: pure.

The feed remembers what it has shown. What is new begins at 0, what has changed counts one up, and what is there no more is
shown as cancelled for thirty days, for whatever reason it went.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

BACK, AHEAD = timedelta(days=30), timedelta(days=90)
CANCELLED_SHOWN = timedelta(days=30)


class Purpose(StrEnum):
    """Whose appointments an address shows."""

    OWN = "own"
    ELDER = "elder"
    TEAM = "team"


class Status(StrEnum):
    """What a calendar program makes of an appointment."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One appointment: when, where in public words, whether it is sure; never with whom or what for."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    status: Status = Status.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An appointment as it was last shown.

    Attributes:
        sequence: how often it has changed. changed_at: when it did.
    """

    shown: Shown
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What to show now, by its hour, and which of it has changed since it was last shown."""

    entries: tuple[Entry, ...]
    changed: tuple[Entry, ...]


def follow(before: Mapping[str, Entry], live: Sequence[Shown], *, now: datetime) -> Followed:
    """What was shown before and what is true now, brought together.

    Args:
        before: by uid. live: everything that stands between `now - BACK` and `now + AHEAD`.
    """
    found: dict[str, Entry] = {}
    changed: list[Entry] = []
    for one in live:
        known = before.get(one.uid)
        if known is not None and known.shown == one:
            found[one.uid] = known
        else:
            found[one.uid] = Entry(shown=one, sequence=known.sequence + 1 if known else 0, changed_at=now)
            changed.append(found[one.uid])
    for uid, known in before.items():
        if uid in found or not now - BACK <= known.shown.starts_at <= now + AHEAD:
            continue
        if known.shown.status is not Status.CANCELLED:
            known = _cancelled(known, now)
            changed.append(known)
        if now - known.changed_at < CANCELLED_SHOWN:
            found[uid] = known
    ordered = sorted(found.values(), key=lambda one: (one.shown.starts_at, one.shown.uid))
    return Followed(entries=tuple(ordered), changed=tuple(changed))


def _cancelled(known: Entry, now: datetime) -> Entry:
    was = known.shown
    shown = Shown(
        uid=was.uid, starts_at=was.starts_at, ends_at=was.ends_at, place=was.place, status=Status.CANCELLED
    )
    return Entry(shown=shown, sequence=known.sequence + 1, changed_at=now)
