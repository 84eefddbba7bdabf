"""How far spots are from each other, as data passed in: whole minutes on foot, or metres on a plane.

A spot is a grid, a building or any other code the caller uses. Where a need or a helper is may be private (a building),
so the caller names spots by need key and by owner, and no sentence of a plan repeats them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from itertools import combinations
from math import isqrt

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

    def longest(self, spots: Iterable[str]) -> int:
        """The longest known way between two of the spots, in minutes; 0 when none is known."""
        if not self:
            return 0
        pairs = combinations(sorted(set(spots) - {UNKNOWN}), 2)
        return max((self.minutes_between(one, other) or 0 for one, other in pairs), default=0)
