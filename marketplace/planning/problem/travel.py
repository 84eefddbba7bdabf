"""How far spots are from each other, as data passed in: whole minutes on foot, or metres on a plane.

A spot is a grid, a building or any other code the caller uses. Where a need or a helper is may be private (a building),
so the caller names spots by need key and by owner, and no sentence of a plan repeats them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from itertools import combinations
from math import isqrt

import numpy as np

from marketplace.errors import BadTravelTime, NotWholeNumber
from marketplace.values import Need, Resource

UNKNOWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTimes:
    """Spots and the travel times between them; empty when nothing is known, and then no rule on distance can be met.

    Attributes:
        spots: need key or resource owner -> spot; a need that is not named is at its grid.
        minutes: (spot, spot) -> minutes on foot, either order.
        positions: spot -> (metres east, metres north) of any fixed point, whole numbers.
        metres_per_minute: pace for ways that only positions tell; an elder's helper walks 60 m of map a minute.
    """

    spots: Mapping[str, str] = filled(default_factory=dict)
    minutes: Mapping[tuple[str, str], int] = filled(default_factory=dict)
    positions: Mapping[str, tuple[int, int]] = filled(default_factory=dict)
    metres_per_minute: int = 60

    def __post_init__(self) -> None:
        for (one, other), minutes in self.minutes.items():
            if type(minutes) is not int or minutes < 0:
                raise BadTravelTime(one=one, other=other, given=repr(minutes))
        if type(self.metres_per_minute) is not int or self.metres_per_minute < 1:
            raise NotWholeNumber(field="metres_per_minute", given=repr(self.metres_per_minute))

    def __bool__(self) -> bool:
        return bool(self.minutes or self.positions)

    def of_need(self, need: Need) -> str:
        """Where a need is, `UNKNOWN` when nobody said."""
        return self.spots.get(need.line_key) or need.place.building or need.place.grid

    def of_resource(self, resource: Resource) -> str:
        """Where a helper sets out, `UNKNOWN` when nobody said."""
        return self.spots.get(resource.owner, UNKNOWN)

    def metres_between(self, one: str, other: str) -> int | None:
        """Metres as the crow flies, rounded up; None when a position is not known."""
        if one == other and one != UNKNOWN:
            return 0
        if one not in self.positions or other not in self.positions:
            return None
        (x, y), (u, v) = self.positions[one], self.positions[other]
        square = (x - u) ** 2 + (y - v) ** 2
        root = isqrt(square)
        return root if root * root == square else root + 1

    def minutes_between(self, one: str, other: str) -> int | None:
        """Minutes on foot, as stated or from the positions, rounded up; None when neither is known."""
        if one == other and one != UNKNOWN:
            return 0
        for pair in ((one, other), (other, one)):
            if pair in self.minutes:
                return self.minutes[pair]
        metres = self.metres_between(one, other)
        return None if metres is None else -(-metres // self.metres_per_minute)

    def between(self, spots: Sequence[str]) -> tuple[tuple[int, ...], ...]:
        """Minutes from each spot to each; where going round by a third is shorter, that is the way.

        A way nobody knows counts as the longest known one among these spots, so that nobody is sent on an impossible
        round.
        """
        known = [[self.minutes_between(one, other) for other in spots] for one in spots]
        longest = max((minutes for row in known for minutes in row if minutes is not None), default=0)
        ways = np.array(
            [[longest if minutes is None else minutes for minutes in row] for row in known], np.int64
        )
        ways = ways.reshape(len(spots), len(spots))
        np.fill_diagonal(ways, 0)
        for third in range(len(spots)):
            ways = np.minimum(ways, ways[:, third, None] + ways[None, third, :])
        return tuple(map(tuple, ways.tolist()))

    def longest(self, spots: Iterable[str]) -> int:
        """The longest known way between two of the spots, in minutes; 0 when none is known."""
        if not self:
            return 0
        pairs = combinations(sorted(set(spots) - {UNKNOWN}), 2)
        return max((self.minutes_between(one, other) or 0 for one, other in pairs), default=0)
