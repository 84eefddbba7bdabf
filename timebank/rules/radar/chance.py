"""How likely something is by chance, so that a small community's habits are not taken for a pattern."""

from __future__ import annotations

from collections.abc import Iterable
from math import comb


def at_least(times: int, of: int, *, share: float) -> float:
    """The chance of so many successes or more out of `of` tries, each with this share."""
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(times, of + 1))


def percent(part: int, whole: int) -> int:
    """How many hundredths, rounded down; 0 of nothing."""
    return part * 100 // whole if whole else 0


def median(values: Iterable[int]) -> int:
    """The middle one, the lower of two; 0 of none."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else 0
