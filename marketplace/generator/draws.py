"""Draws that are the same on every Python and machine: named streams from one key, whole-number weights only.

Every part of a town has a stream of its own, so any person or list can be drawn without drawing the others first; that
is what keeps a large town from ever standing in memory.
"""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(key: int, name: str) -> Random:
    """The stream of this name; the text seeds it, so no number of one stream leads to another."""
    return Random(f"{key}:{name}")  # noqa: S311 replayable on purpose  # nosec B311


class Weighted(Generic[T]):
    """Things to draw from, each with a whole-number weight."""

    def __init__(self, *weighted: tuple[int, T]) -> None:
        self._things = tuple(thing for weight, thing in weighted if weight)
        self._upto = tuple(accumulate(weight for weight, _ in weighted if weight))

    def drawn(self, draw: Random) -> T:
        """One of them, as often as its weight says."""
        return draw.choices(self._things, cum_weights=self._upto)[0]

    def several(self, draw: Random, count: int) -> tuple[T, ...]:
        """Up to `count` different ones, in the order drawn."""
        return tuple(dict.fromkeys(draw.choices(self._things, cum_weights=self._upto, k=count)))


def chance(draw: Random, per_cent: int) -> bool:
    """True in so many of a hundred draws."""
    return draw.randrange(100) < per_cent


def share(whole: int, parts: int, at: int) -> range:
    """The numbers of part `at` when 0…whole-1 are dealt to `parts` in order; their lengths differ by one at most."""
    return range(whole * at // parts, whole * (at + 1) // parts)
