"""Circles of people who help each other, vouch for each other, and are helped by hardly anybody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from timebank.policy import RadarPolicy
from timebank.rules.radar.chance import percent
from timebank.rules.radar.flags import Flag, Pattern, flag
from timebank.rules.radar.seen import Part, Seen

SMALLEST, LARGEST = 3, 8
OF_THE_WHOLE = 2
"""Each member has at least a half of the share that the circle as a whole must have inside."""

Edges = Mapping[tuple[str, str], Sequence[Part]]


def ring(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each circle: everybody in it helps and is helped there, and no word comes from outside.

    1. Visits of two people who do not know each other otherwise are edges from helper to helped.
    2. People whom one can reach from each other stand together; who has too little of their time inside falls out.
    3. What is larger than a circle is looked at again without the edges of fewest visits.
    """
    edges: dict[tuple[str, str], list[Part]] = defaultdict(list)
    own: dict[str, int] = defaultdict(int)
    for one in seen.lately(policy.span_days):
        own[one.earner] += one.minutes
        if one.client:
            own[one.client] += one.minutes
            if not seen.know_each_other(one.earner, one.client):
                edges[one.earner, one.client].append(one)
    for circle in _circles(edges, own, policy, least=1):
        inside = _inside(edges, circle)
        minutes = sum(one.minutes for one in inside)
        share = percent(2 * minutes, sum(own[uid] for uid in circle))
        if len(inside) >= policy.ring_parts and share >= policy.ring_percent:
            yield flag(
                Pattern.RING, circle, [one.uid for one in inside], people=len(circle), parts=len(inside),
                percent=share, minutes=minutes,
            )  # fmt: skip


def _circles(
    edges: Edges, own: Mapping[str, int], policy: RadarPolicy, *, least: int
) -> Iterator[frozenset[str]]:
    """Sets of people that stay together by edges of at least so many visits."""
    for together in _components({both for both, parts in edges.items() if len(parts) >= least}):
        kept = _with_enough_inside(edges, together, own, policy)
        if len(kept) < SMALLEST:
            if len(together) > LARGEST:
                yield from _circles(_among(edges, together), own, policy, least=least + 1)
        elif kept != together:
            yield from _circles(_among(edges, kept), own, policy, least=least)
        elif len(kept) > LARGEST:
            yield from _circles(_among(edges, kept), own, policy, least=least + 1)
        else:
            yield kept


def _with_enough_inside(
    edges: Edges, together: frozenset[str], own: Mapping[str, int], policy: RadarPolicy
) -> frozenset[str]:
    inside: dict[str, int] = defaultdict(int)
    for one in _inside(edges, together):
        inside[one.earner] += one.minutes
        inside[one.client] += one.minutes
    least = policy.ring_percent // OF_THE_WHOLE
    return frozenset(uid for uid in together if percent(inside[uid], own[uid]) >= least)


def _inside(edges: Edges, people: Collection[str]) -> list[Part]:
    """The visits among these people for which nobody else has vouched."""
    return [
        one
        for (earner, helped), parts in edges.items()
        if earner in people and helped in people
        for one in parts
        if one.words and all(word.by in people for word in one.words)
    ]


def _among(edges: Edges, people: Collection[str]) -> Edges:
    return {both: parts for both, parts in edges.items() if both[0] in people and both[1] in people}


def _components(edges: Collection[tuple[str, str]]) -> list[frozenset[str]]:
    """Everybody grouped with those whom they can reach and who can reach them; people alone are left out."""
    after, before = defaultdict(set), defaultdict(set)
    for one, other in edges:
        after[one].add(other)
        before[other].add(one)
    left, found = set(after) & set(before), []
    while left:
        start = min(left)
        together = _reached(start, after, left) & _reached(start, before, left)
        left -= together
        if len(together) >= SMALLEST:
            found.append(frozenset(together))
    return found


def _reached(start: str, steps: Mapping[str, set[str]], within: set[str]) -> set[str]:
    reached, todo = {start}, [start]
    while todo:
        new = steps[todo.pop()] & within - reached
        reached |= new
        todo += new
    return reached
