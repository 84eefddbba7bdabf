"""Sums that a stranger may read: a cell with too few people behind it is joined with others, never shown alone.

Leaving a small cell out is not enough: the total minus the other cells would give it away. So small cells go into one
common cell, which takes in the smallest of the others until enough different people stand behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from timebank.policy import PublicPolicy

OTHERS = ""
"""Key of the common cell; also of what had no key of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Minutes given under one key by at least `people_min` different people."""

    key: str
    minutes: int
    people: int


def public_cells(
    given: Iterable[tuple[str, str, int]], *, people_min: int = PublicPolicy().people_min
) -> tuple[Cell, ...]:
    """Cells that may be published, most minutes first and the common cell last; none when too few people gave.

    Args:
        given: (key, person, minutes), in any order, a person as often as needed.
        people_min: different people that must stand behind each cell.

    Invariant: the cells add up to everything given, or there are no cells at all.
    """
    minutes: dict[str, int] = defaultdict(int)
    people: dict[str, set[str]] = defaultdict(set)
    for key, person, amount in given:
        minutes[key] += amount
        people[key].add(person)

    small = [key for key in minutes if key == OTHERS or len(people[key]) < people_min]
    large = sorted(set(minutes) - set(small), key=lambda key: (minutes[key], key))
    pool_people = set().union(*(people[key] for key in small))
    pool_minutes = sum(minutes[key] for key in small)
    while pool_people and len(pool_people) < people_min and large:
        taken = large.pop(0)
        pool_people |= people[taken]
        pool_minutes += minutes[taken]
    if pool_people and len(pool_people) < people_min:
        return ()

    cells = [Cell(key=key, minutes=minutes[key], people=len(people[key])) for key in reversed(large)]
    if pool_people:
        cells.append(Cell(key=OTHERS, minutes=pool_minutes, people=len(pool_people)))
    return tuple(cells)
