"""What the radar says: a pattern, the people in it, the parts and the figures that it was seen by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from timebank.rules.parts.hands import DESK, OPERATOR


class Pattern(StrEnum):
    """What is unusual."""

    OVERLAP = "overlap"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    LATE = "late"
    MARATHON = "marathon"
    RING = "ring"
    OFFICE = "office"
    CLIENT = "client"
    BURST = "burst"
    ROUND = "round"
    DEVICE = "device"
    ALONE = "alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One pattern seen of some people.

    Attributes:
        people: uids of everybody in it, sorted; none of them is ever shown it.
        parts: uids of the parts that it was seen by, sorted.
        figures: the numbers that made it unusual, by the names that `words` speaks of them.
    """

    rule: Pattern
    people: tuple[str, ...]
    parts: tuple[str, ...]
    figures: Mapping[str, int] = field(default_factory=dict)


def flag(rule: Pattern, people: Iterable[str], parts: Iterable[str], /, **figures: int) -> Flag:
    """A flag with its people and parts in order; the clock, the operator and the desk as such are nobody in particular."""
    return Flag(
        rule=rule,
        people=tuple(sorted(set(people) - {"", OPERATOR, DESK})),
        parts=tuple(sorted(set(parts))),
        figures=figures,
    )
