"""What becomes of what was seen: a new flag, more of an open one, or nothing, because somebody has looked at it lately. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from timebank.policy import RadarPolicy
from timebank.rules.radar.flags import Flag


class Look(StrEnum):
    """Where a flag is: open, or as whoever looked at it found it."""

    OPEN = "open"
    EXPLAINED = "explained"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFlag:
    """A flag on record.

    Attributes:
        looked_by, looked_at: who has looked at it, and when; "" and None while it is open. says: what they found.
    """

    uid: str
    community: str
    flag: Flag
    state: Look = Look.OPEN
    seen_at: datetime
    looked_by: str = ""
    looked_at: datetime | None = None
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What is to be written down: flags that are new, and open ones that look otherwise now."""

    new: tuple[Flag, ...]
    changed: tuple[KeptFlag, ...]


def sort_out(
    found: Iterable[Flag], kept: Sequence[KeptFlag], policy: RadarPolicy, *, now: datetime
) -> Sorted:
    """What of these flags is news beside those on record.

    An open one is shown as it looks now, and keeps everybody whom it ever named. What was explained rests for so many days.
    What was found wrong comes again with new parts alone, and so does what was explained long ago.
    """
    new, changed = [], []
    for one in found:
        same = [other for other in kept if _same(one, other.flag)]
        open_one = next((other for other in same if other.state is Look.OPEN), None)
        if open_one is not None:
            people = tuple(sorted({*one.people, *open_one.flag.people}))
            if (now_so := replace(one, people=people)) != open_one.flag:
                changed.append(replace(open_one, flag=now_so))
        elif not any(_rests(other, policy, now) for other in same) and _has_more(one, same):
            new.append(one)
    return Sorted(new=tuple(new), changed=tuple(changed))


def _same(one: Flag, other: Flag) -> bool:
    """The same pattern of the same people; a circle that somebody joined or left is the same circle."""
    common, every = set(one.people) & set(other.people), set(one.people) | set(other.people)
    return one.rule is other.rule and 2 * len(common) > len(every)


def _rests(one: KeptFlag, policy: RadarPolicy, now: datetime) -> bool:
    explained = one.state is Look.EXPLAINED and one.looked_at is not None
    return explained and now - (one.looked_at or now) < timedelta(days=policy.quiet_days)


def _has_more(one: Flag, same: Sequence[KeptFlag]) -> bool:
    return bool(set(one.parts) - {uid for other in same for uid in other.flag.parts})
