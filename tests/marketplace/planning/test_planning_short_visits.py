"""Several short visits in one free morning: as many as can be walked, and reasons that hold for the rest."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from marketplace.planning import TravelTimes, plan_week
from marketplace.values import Quantity

TUESDAY = 1


@pytest.mark.parametrize(
    ("helpers", "visits", "minutes", "way", "cap", "possible"),
    [
        (1, 8, 30, 0, 0, 8),
        (1, 8, 30, 15, 0, 5),
        (3, 24, 15, 0, 0, 24),
        (3, 24, 15, 10, 0, 24),
        (5, 20, 60, 0, 0, 20),
        (5, 20, 60, 15, 0, 15),
        (1, 20, 15, 0, 240, 16),
        (1, 20, 15, 0, 90, 6),
    ],
)
def test_a_free_morning_is_used(
    helpers: int, visits: int, minutes: int, way: int, cap: int, possible: int,
    need: Any, resource: Any, stretch: Any, week: Any, context: Any,
) -> None:  # fmt: skip
    grids = [f"网格{n:02}" for n in range(visits)]
    if way:
        between = {(one, other): way for one in grids for other in grids if one < other}
        context = replace(context, travel_times=TravelTimes(minutes=between))
    needs = [
        need(f"N{n:02}", "help", grid=grids[n], quantity=Quantity(minutes_each=minutes))
        for n in range(visits)
    ]
    offers = [
        resource(
            f"R{n}",
            "help",
            stretch(TUESDAY, "8:00", "12:00"),
            owner_kind="volunteer",
            minutes_per_week_max=cap,
        )
        for n in range(helpers)
    ]
    plan = plan_week(needs, offers, week=week, context=context)
    assert len(plan.matches) == possible
    assert plan.verify()
    assert plan.certificate.gap == 0
    codes = {one.why.code for one in plan.unserved}
    assert codes <= {"travel_time", "limits", "shortage"}
    for offer in offers:
        mine = sorted(match.window for match in plan.matches if match.resource is offer)
        for one, after in itertools.pairwise(mine):
            assert (after.starts_at - one.ends_at).total_seconds() >= 60 * way


def test_a_visit_told_its_hours_lies_within_those_that_were_asked_for(
    need: Any, resource: Any, stretch: Any, week: Any, context: Any
) -> None:
    asked = stretch(TUESDAY, "9:00", "11:30")
    needs = [need(f"N{n}", "help", asked, quantity=Quantity(minutes_each=45)) for n in range(3)]
    plan = plan_week(
        needs, [resource("甲", "help", stretch(TUESDAY, "8:00", "12:00"))], week=week, context=context
    )
    assert len(plan.matches) == 3
    assert all(
        asked.overlap(match.window) == match.window and match.window.minutes == 45 for match in plan.matches
    )
