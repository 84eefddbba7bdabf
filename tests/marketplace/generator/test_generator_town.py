"""Invented towns have the reports' figures, are the same for the same seed, and never stand in memory as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.errors import NotWholeNumber
from marketplace.generator import (
    COMMUNITY,
    COUNTY_CITY,
    PREFECTURE,
    PRESETS,
    ZONE,
    Preset,
    Town,
    attendance_of,
    csv_of_sheet,
    scaled,
    workbook_of,
)
from marketplace.planning import PlanContext, plan_week
from marketplace.values import SHANGHAI, Looseness, Need, When

TUESDAY = 1
DIGEST_SCRIPT = """
import hashlib
from random import Random
from marketplace.generator import *
town, found = Town(COMMUNITY, Random(7)), hashlib.sha256()
for at in town.communities():
    draw = Random(11)
    for sheet in (*workbook_of(town, at, draw), volunteers_of(town, at, draw), *attendance_of(town, at, draw)):
        found.update(csv_of_sheet(sheet))
print(found.hexdigest())
"""
# Renew it when the generator is meant to draw something else.
DIGEST = "8663560193a5b96323d22942d43049f38b476b1db710dd78f32c1323e69a2cf1"


def helpers(need: Need) -> int:
    return need.quantity.helpers or 1


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_seed_writes_the_same_bytes_in_any_process(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIGEST_SCRIPT],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == DIGEST


def test_another_seed_draws_another_town() -> None:
    one, other = Town(COMMUNITY, Random(1)), Town(COMMUNITY, Random(2))
    assert list(one.needs()) != list(other.needs())
    assert list(Town(COMMUNITY, Random(1)).needs()) == list(one.needs())


@pytest.mark.parametrize("preset", [COMMUNITY, COUNTY_CITY], ids=lambda one: one.name)
def test_a_town_has_the_figures_of_its_preset(preset: Preset) -> None:
    town = Town(preset, Random(3))
    communities = list(town.communities())
    assert len(communities) == preset.communities
    assert len({grid for at in communities for grid in at.grids}) == preset.grids
    assert sum(helpers(need) for need in town.needs()) == preset.places_a_week
    people = list(town.volunteers())
    assert len(people) == len({(one.name, one.phone) for one in people}) == preset.registered
    offers = Counter(one.owner_kind for one in town.resources())
    assert offers["volunteer"] == sum(bool(one.skills) for one in people) == preset.docked
    assert offers["team"] == preset.teams
    signed = list(town.agreements())
    assert len(signed) == preset.units
    assert sum(len(one.items) for one in signed) == preset.agreement_items
    assert sum(bool(need.last_helpers) for need in town.needs()) == preset.pairs_a_week


def test_the_zone_has_the_figures_that_its_report_prints() -> None:
    assert (ZONE.communities, ZONE.grids, ZONE.teams) == (16, 11, 45 + 50)
    assert (ZONE.registered, ZONE.docked, ZONE.places_a_week) == (8_723, 6_542, 3_271)
    assert ZONE.docked == 2 * ZONE.places_a_week


def test_shares_lie_where_the_reports_see_them() -> None:
    town = Town(scaled(ZONE, 4), Random(5))
    needs, people = list(town.needs()), [one for at in town.communities() for one in town.people(at)]
    alone = [need for need in needs if not need.quantity.helpers]
    fixed = [one.when for one in alone if one.when.looseness is Looseness.FIXED]
    assert 28 <= percent(sum(map(on_tuesday_only, fixed)), len(alone)) <= 45
    agency = sum(one.occupation == "机关在职" for one in people)
    assert 25 <= percent(agency, len(people)) <= 33
    in_shifts = sum(need.quantity.helpers for need in needs)
    assert 15 <= percent(in_shifts, sum(map(helpers, needs))) <= 35
    asked = Counter(need.categories[0] for need in alone)
    assert [code for code, _ in asked.most_common(3)] == ["companionship", "errand", "escort"]
    assert asked.most_common(1)[0][1] > 8 * asked["pets"]
    active = sum(unit.active for at in town.communities() for unit in town.units(at))
    assert 35 <= percent(active, town.preset.units) <= 75


def percent(part: int, whole: int) -> int:
    return 100 * part // whole


def on_tuesday_only(when: When) -> bool:
    return bool(when.recurrences) and all(rule.weekdays == (TUESDAY,) for rule in when.recurrences)


def test_a_prefecture_is_as_large_as_it_says() -> None:
    town = Town(PREFECTURE, Random(4))
    assert sum(map(helpers, town.needs())) == PREFECTURE.places_a_week
    assert sum(1 for _ in town.agreements()) == PREFECTURE.units
    assert sum(len(at.registered) for at in town.communities()) == PREFECTURE.registered


def test_a_prefecture_passes_by_without_standing_in_memory() -> None:
    town = Town(PREFECTURE, Random(4))
    # Three lists, each read for as long as it takes to leave several communities behind.
    few, many = peak_bytes(town, 100), peak_bytes(town, 400)
    assert many < few + 100_000
    assert many < 1_000_000


def peak_bytes(town: Town, lines: int) -> int:
    """The most memory at any time while so many lines of each list pass by."""
    tracemalloc.start()
    try:
        for stream in (town.needs(), town.resources(), town.volunteers()):
            for _ in islice(stream, lines):
                pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_any_volunteer_can_be_drawn_again_alone() -> None:
    town = Town(COUNTY_CITY, Random(6))
    at = town.community(9)
    listed = list(town.people(at))
    assert town.volunteer(at, at.registered[5]) == listed[5]
    assert Town(COUNTY_CITY, Random(6)).volunteer(at, at.registered[5]) == listed[5]


def test_a_community_plans_its_week_and_almost_everybody_is_served() -> None:
    town = Town(COMMUNITY, Random(7))
    needs = list(town.needs())
    plan = plan_week(
        needs,
        list(town.resources()),
        week=town.week,
        context=PlanContext(now=datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)),
    )
    served = {match.need.line_key for match in plan.matches}
    assert plan.certificate.gap == 0
    assert len(served) >= 0.7 * len(needs)


sizes = st.integers(1, 12)
presets = st.builds(
    lambda draw, communities, grids, registered, docked_share, **more: Preset(
        name="drawn",
        communities=communities,
        grids=grids,
        households=100,
        residents=draw,
        buildings=communities,
        registered=registered,
        docked=registered * docked_share // 10,
        **more,
    ),
    st.integers(0, 900),
    communities=st.integers(1, 5),
    grids=sizes,
    registered=st.integers(0, 40),
    docked_share=st.integers(0, 10),
    teams=sizes,
    units=st.integers(0, 30),
    agreement_items=st.integers(0, 12),
    pairs=st.integers(0, 12),
    places_a_week=st.integers(0, 40),
    dirty_per_cent=st.integers(0, 100),
)


@settings(max_examples=25, deadline=None)
@given(presets, st.integers(0, 2**64))
def test_every_small_town_adds_up(preset: Preset, seed: int) -> None:
    town = Town(preset, Random(seed))
    needs, resources, people = list(town.needs()), list(town.resources()), list(town.volunteers())
    grids = {grid for at in town.communities() for grid in at.grids}
    assert sum(map(helpers, needs)) == preset.places_a_week
    assert len(people) == preset.registered
    keys = [one.line_key for one in (*needs, *resources)]
    assert len(keys) == len(set(keys))
    assert {need.place.grid for need in needs} <= grids
    assert all(set(one.reach_grids) <= grids for one in resources)
    offered_by = {one.owner: one for one in resources}
    for need in needs:
        assert need.filed_on < town.week.monday_on
        for owner in need.last_helpers:
            assert set(need.categories) <= set(offered_by[owner].categories)
    for at in town.communities():
        for sheet in (*workbook_of(town, at, Random(seed)), *attendance_of(town, at, Random(seed))):
            assert csv_of_sheet(sheet).decode("utf-8-sig") == csv_of_sheet(sheet, encoding="gb18030").decode(
                "gb18030"
            )


@pytest.mark.parametrize(
    ("name", "figure"),
    [("grids", 0), ("registered", -1), ("places_a_week", 2.5), ("docked", 104), ("teams", True)],
)
def test_a_preset_refuses_figures_that_are_none(name: str, figure: object) -> None:
    with pytest.raises(NotWholeNumber):
        replace(COMMUNITY, **{name: figure})  # type: ignore[arg-type]


def test_a_town_refuses_more_communities_than_it_has_names_for() -> None:
    with pytest.raises(NotWholeNumber):
        Town(replace(PREFECTURE, communities=100_000), Random(1))
    with pytest.raises(NotWholeNumber):
        scaled(ZONE, 0)


def test_a_smaller_sibling_keeps_the_proportions() -> None:
    small = scaled(ZONE, 10)
    assert (small.registered, small.docked, small.places_a_week) == (873, 655, 328)
    assert set(PRESETS) == {"community", "zone", "county_city", "prefecture"}
