"""Times that are too even to have been read off a clock: the same length to the minute, beginnings on the half hour."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from timebank.policy import RadarPolicy
from timebank.rules.radar.chance import at_least, percent
from timebank.rules.radar.flags import Flag, Pattern, flag
from timebank.rules.radar.seen import Part, Seen

HALF_HOUR = 30
EVEN_PERCENT = 80
BY_CHANCE = 1e-6
LEAST_SHARE = 1 / 15
"""Two minutes of thirty: by chance alone that many begin on the half hour, and as many of one's visits are of one length."""


def even(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each person whose times, said as it happened, are too even; sheets are always even and do not count."""
    parts: dict[str, list[Part]] = defaultdict(list)
    for one in seen.lately(policy.span_days):
        if one.live and one.entries:
            parts[one.earner].append(one)
    begun_even = Counter({earner: sum(map(_on_half_hour, found)) for earner, found in parts.items()})
    total = sum(map(len, parts.values()))
    for earner, found in sorted(parts.items()):
        if len(found) < policy.round_parts:
            continue
        length, times = Counter(one.minutes for one in found).most_common(1)[0]
        others = total - len(found)
        share = max(LEAST_SHARE, (begun_even.total() - begun_even[earner]) / others if others else 0.0)
        on_half = begun_even[earner]
        is_even = (
            percent(on_half, len(found)) >= EVEN_PERCENT
            and at_least(on_half, len(found), share=share) < BY_CHANCE
        )
        is_same = times >= policy.round_parts and at_least(times, len(found), share=LEAST_SHARE) < BY_CHANCE
        if is_same or is_even:
            yield flag(
                Pattern.ROUND, [earner, *_always_by(found)], [one.uid for one in found], parts=len(found),
                same=times, minutes=length, percent=percent(on_half, len(found)),
            )  # fmt: skip


def _on_half_hour(part: Part) -> bool:
    return part.came.minute % HALF_HOUR == 0


def _always_by(parts: Sequence[Part]) -> list[str]:
    """Who entered nearly all of them."""
    hands = Counter(hand for part in parts for hand in {one.by for one in part.entries})
    return [hand for hand, times in hands.items() if percent(times, len(parts)) >= EVEN_PERCENT]
