"""Problems in numbers: a clustered city with skills that follow a power law, in five regimes.

Regimes: slack (supply one and a half times demand), scarce (half of it), ties (values in hundreds), unit (one by one),
hub (a few units with thousands of hours). Seeds are fixed.
"""

from __future__ import annotations

import random

from marketplace.planning.flow import NO_GROUP
from marketplace.planning.problem import Problem

REGIMES = ("slack", "scarce", "ties", "unit", "hub")
CATEGORIES = 60


def instance(size: int, regime: str, *, seed: int = 1) -> Problem:
    """A problem of `size` needs and `size` offers, about 22 edges each."""
    draw = random.Random(f"{seed}:{size}")
    weights = [1 / (rank + 1) ** 0.8 for rank in range(CATEGORIES)]

    def place() -> tuple[float, float]:
        return draw.gauss(0, 5) + draw.choice([-10, 0, 10]), draw.gauss(0, 5) + draw.choice([-10, 0, 10])

    offers = [
        (set(draw.choices(range(CATEGORIES), weights, k=draw.randint(1, 4))), place()) for _ in range(size)
    ]
    by_category: dict[int, list[int]] = {}
    for slot, (skills, _) in enumerate(offers):
        for skill in sorted(skills):
            by_category.setdefault(skill, []).append(slot)
    edges = []
    for _ in range(size):
        (x, y), category = place(), draw.choices(range(CATEGORIES), weights)[0]
        urgency = 200 * draw.randint(0, 3) + 200 * draw.randint(0, 2)
        # Only a sample of a common skill is looked at, so that the edge count stays near-linear in the size.
        near = by_category.get(category, [])
        near = draw.sample(near, min(len(near), 200))
        near.sort(key=lambda slot: (offers[slot][1][0] - x) ** 2 + (offers[slot][1][1] - y) ** 2)
        found = []
        for slot in near[: draw.randint(1, 44)]:
            distance = ((offers[slot][1][0] - x) ** 2 + (offers[slot][1][1] - y) ** 2) ** 0.5
            value = max(1, urgency + draw.randint(0, 200) + 300 - int(20 * distance))
            found.append((max(100, value // 100 * 100) if regime == "ties" else value, slot))
        edges.append(tuple(found))
    demand = tuple(1 if regime == "unit" else draw.randint(1, 8) for _ in range(size))
    capacity = [1 if regime == "unit" else draw.randint(2, 12) for _ in range(size)]
    if regime == "scarce":
        capacity = [max(1, room * 2 // 5) for room in capacity]
    if regime == "hub":
        for slot in draw.sample(range(size), max(1, size // 200)):
            capacity[slot] = 2000
    return Problem(demand=demand, edges=tuple(edges), capacity=tuple(capacity), group_of=(NO_GROUP,) * size)
