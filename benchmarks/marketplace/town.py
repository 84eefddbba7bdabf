"""Lists of a neighbourhood as values: needs, units' resources and volunteers, for timing the whole pipeline."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from marketplace.values import (
    SHANGHAI,
    Looseness,
    Need,
    Place,
    Quantity,
    Resource,
    Unit,
    Urgency,
    Week,
    When,
    Window,
)

WEEK = Week.parse("2026-W48")
CATEGORIES = tuple(f"c{number:02}" for number in range(24))
GRIDS = tuple(f"{number}网格" for number in range(1, 12))


def _when(draw: random.Random, *, loose: float) -> When:
    if draw.random() < loose:
        return When(looseness=Looseness.ANY)
    windows = []
    for day in sorted(draw.sample(range(7), draw.randint(1, 3))):
        midnight = datetime.combine(
            WEEK.monday_on + timedelta(days=day), datetime.min.time(), tzinfo=SHANGHAI
        )
        starts_at = midnight + timedelta(hours=draw.randint(8, 16))
        windows.append(Window(starts_at, starts_at + timedelta(hours=draw.choice([1, 2, 3]))))
    return When(windows=tuple(windows))


def town(needs: int, resources: int, *, seed: int = 1) -> tuple[list[Need], list[Resource]]:
    """So many needs and offers of one neighbourhood; the same for the same seed."""
    draw = random.Random(f"{seed}:{needs}:{resources}")
    weights = [1 / (rank + 1) ** 0.8 for rank in range(len(CATEGORIES))]
    asked = [
        Need(
            line_key=f"N{number:06}",
            title=f"需求 {number}",
            categories=(draw.choices(CATEGORIES, weights)[0],),
            place=Place(grid=draw.choice(GRIDS)),
            when=_when(draw, loose=0.3),
            quantity=Quantity(minutes_each=60),
            urgency=draw.choices(list(Urgency), (2, 6, 2))[0],
            filed_on=date(2026, 11, draw.randint(1, 18)),
            last_helpers=(f"V{draw.randrange(resources):06}",) if draw.random() < 0.2 else (),
        )
        for number in range(needs)
    ]
    offered = [
        Resource(
            line_key=f"R{number:06}",
            title=f"志愿者 {number}",
            owner=f"V{number:06}",
            owner_kind="volunteer",
            categories=tuple(sorted(set(draw.choices(CATEGORIES, weights, k=draw.randint(1, 3))))),
            when=_when(draw, loose=0.1),
            quantity=Quantity(amount=1, unit=Unit.HELPER),
            reach_grids=tuple(sorted(draw.sample(GRIDS, draw.randint(1, 4)))) if draw.random() < 0.7 else (),
            load_minutes=60 * draw.randint(0, 12),
        )
        for number in range(resources)
    ]
    return asked, offered
