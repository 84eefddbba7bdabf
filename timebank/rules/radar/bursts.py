"""Many parts of others vouched for in a few minutes: more than this community ever has, or for people nobody has seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from timebank.policy import RadarPolicy
from timebank.rules.parts.hands import OPERATOR
from timebank.rules.radar.chance import median, percent
from timebank.rules.radar.flags import Flag, Pattern, flag
from timebank.rules.radar.seen import Part, Seen

WITHIN = timedelta(minutes=10)
COMPARED, ENOUGH = 8, 3
"""With how many earlier ones a burst is compared, and how many there have to be for that."""
A_FEW = 5
"""A burst of fewer is nobody's shift."""
NEW = timedelta(days=14)
NEW_PERCENT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Burst:
    hand: str
    at: datetime
    parts: tuple[Part, ...]


def burst(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each hand that vouched for very many at once who had pressed nothing themselves."""
    found: dict[str, list[_Burst]] = defaultdict(list)
    bursts = sorted(_bursts(seen), key=lambda one: (one.at, one.hand))
    for at, one in enumerate(bursts):
        if len(one.parts) <= policy.burst_parts:
            continue
        before = [len(other.parts) for other in bursts[:at] if len(other.parts) >= A_FEW][-COMPARED:]
        usual = median(before) if len(before) >= ENOUGH else policy.burst_parts
        if len(one.parts) > 2 * usual or _new_percent(seen, one) > NEW_PERCENT:
            found[one.hand].append(one)
    for hand, ones in sorted(found.items()):
        most = max(ones, key=lambda one: len(one.parts))
        uids = [part.uid for one in ones for part in one.parts]
        yield flag(Pattern.BURST, [hand], uids, parts=len(most.parts), new=_new_percent(seen, most))


def _bursts(seen: Seen) -> Iterator[_Burst]:
    """Each hand's words for one shift, or for any visits, cut where ten minutes are over."""
    said: dict[tuple[str, str], list[tuple[datetime, Part]]] = defaultdict(list)
    for part in seen.parts:
        if any(one.by == part.earner for one in part.presses):
            continue
        for word in part.words:
            if word.by not in (OPERATOR, part.client):
                # Whoever reads three teams' lists in a morning vouches for three shifts.
                said[word.by, "" if part.client else part.service].append((word.said_at, part))
    for (hand, _of), words in sorted(said.items()):
        begun: datetime | None = None
        parts: list[Part] = []
        for at, part in sorted(words, key=lambda one: (one[0], one[1].uid)):
            if begun is not None and at - begun > WITHIN:
                yield _Burst(hand=hand, at=begun, parts=tuple(parts))
                begun, parts = None, []
            begun = begun or at
            parts.append(part)
        if begun is not None:
            yield _Burst(hand=hand, at=begun, parts=tuple(parts))


def _new_percent(seen: Seen, one: _Burst) -> int:
    """How many of these people came on record within two weeks of it, and were nowhere before."""
    new = 0
    for part in one.parts:
        since = seen.since.get(part.earner)
        new += since is not None and since > one.at - NEW
    return percent(new, len(one.parts))
