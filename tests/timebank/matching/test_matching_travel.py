"""Walking minutes that the office wrote down reach the planner: who can be served in a morning depends on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marketplace import store as lists
from marketplace.names import name_key
from marketplace.planning import TravelTimes
from marketplace.times import read_when
from marketplace.values import Need, Place, Quantity, Resource, Unit, Week
from timebank.community.places import loading, tree
from timebank.help.matching import flow
from timebank.help.planning.gathering import gather
from timebank.help.planning.travel import by_name, minutes_between, need_at
from timebank.store.members import people
from timebank.store.places import areas
from timebank.store.places.areas import Area, WayOnFoot

WEEK = Week.parse("2026-W48")
FILED_ON = date(2026, 11, 20)


def visit(key: str, grid: str) -> Need:
    return Need(
        line_key=key, title=key, source="community", categories=("electrical",), place=Place(grid=grid),
        when=read_when("2026-11-25 9:00-11:00", filed_on=FILED_ON), filed_on=FILED_ON,
        quantity=Quantity(minutes_each=60, unit=Unit.VISIT),
    )  # fmt: skip


@pytest.fixture
async def morning(town: Any) -> Any:
    """Two visits of an hour in two grids, and one helper with two hours."""
    needs = [visit("east", "一网格"), visit("west", "二网格")]
    helper = Resource(
        line_key="qian", title="会电工", owner=town.uids["volunteer2"], owner_kind="volunteer",
        categories=("electrical",), when=read_when("2026-11-25 9:00-11:00", filed_on=FILED_ON),
    )  # fmt: skip
    async with town.ctx.engine.atomic():
        await lists.save_needs(town.ctx.engine, "dongqu", needs, at=town.ctx.now())
        await lists.save_resources(town.ctx.engine, "dongqu", [helper], at=town.ctx.now())
    return town


async def served(town: Any) -> set[str]:
    plan = await flow.plan_as_json(town.ctx, "dongqu", WEEK, "zh-CN")
    assert plan["certificate"]["verified"]
    return {match["need"]["key"] for match in plan["matches"]}


async def test_a_plan_changes_when_the_minutes_change(morning: Any) -> None:
    assert await served(morning) == {"east", "west"}, "nothing known: the way takes no time"
    actor = await morning.actor("worker")
    await loading.save_way(morning.ctx, actor, one="一网格", other="二网格", minutes="30")
    assert len(await served(morning)) == 1, "two hours do not hold two visits and half an hour on foot"
    await loading.save_way(morning.ctx, actor, one="二网格", other="一网格", minutes="0")
    assert await served(morning) == {"east", "west"}, "taken back"


async def test_an_elders_own_building_is_where_the_visit_is(morning: Any) -> None:
    actor = await morning.actor("worker")
    made = await tree.add(morning.ctx, actor, parent="dongqu-1", kind="building", name="3号楼")
    elder = await people.member(morning.ctx.engine, morning.uids["elder"])
    assert elder is not None
    async with morning.ctx.engine.atomic():
        await people.save_member(morning.ctx.engine, replace(elder, area=made.code))
        need = replace(visit("hers", "一网格"), source="resident", owner=morning.uids["elder"])
        await lists.save_needs(morning.ctx.engine, "dongqu", [need], at=morning.ctx.now())
    await loading.save_way(morning.ctx, actor, one="一网格3号楼", other="二网格", minutes="12")
    times: TravelTimes = (await gather(morning.ctx, "dongqu", WEEK)).context.travel_times
    assert times.spots["hers"] == made.code
    assert times.minutes_between(made.code, "dongqu-2") == 12
    assert times.minutes_between("dongqu-1", "dongqu-2") is None, "of the rest of her grid nothing is known"


async def test_a_helper_for_their_own_building_needs_a_building_on_record(morning: Any) -> None:
    """Two people of one grid are not of one building because nobody wrote down more."""
    line = Resource(
        line_key="own", title="只帮本楼", owner=morning.uids["volunteer"], owner_kind="volunteer",
        categories=("electrical",), same_building=True, when=read_when("2026-11-25 9:00-11:00", filed_on=FILED_ON),
    )  # fmt: skip
    volunteer = await people.member(morning.ctx.engine, morning.uids["volunteer"])
    assert volunteer is not None
    async with morning.ctx.engine.atomic():
        await people.save_member(morning.ctx.engine, replace(volunteer, area="dongqu-1"))
        await lists.save_resources(morning.ctx.engine, "dongqu", [line], at=morning.ctx.now())
    times = (await gather(morning.ctx, "dongqu", WEEK)).context.travel_times
    assert morning.uids["volunteer"] not in times.spots


# ---- the pure part


def place(code: str, path: str, kind: str = "building", name: str = "") -> Area:
    return Area(code=code, kind=kind, name=name or code, path=path, community="c")


TREE = {
    one.path: one
    for one in (
        place("c", "1/", "community"), place("g1", "1/2/", "grid"), place("g2", "1/3/", "grid"),
        place("a", "1/2/4/"), place("b", "1/2/5/"), place("x", "1/3/6/"), place("y", "1/3/7/"),
    )
}  # fmt: skip
BY_CODE = {one.code: one for one in TREE.values()}


def minutes(*ways: tuple[str, str, int]) -> dict[tuple[str, str], int]:
    doors = [BY_CODE[code] for code in "abxy"]
    known = [WayOnFoot(area_a=one, area_b=other, minutes=some) for one, other, some in ways]
    times = TravelTimes(minutes=minutes_between(doors, (), known, TREE))
    pairs = ("ab", "ax", "by", "xy")
    return {(p[0], p[1]): found for p in pairs if (found := times.minutes_between(*p)) is not None}


def test_minutes_between_grids_count_for_every_two_doors_in_them() -> None:
    assert minutes(("g1", "g2", 8)) == {("a", "b"): 0, ("a", "x"): 8, ("b", "y"): 8, ("x", "y"): 0}


def test_what_is_known_of_the_doors_comes_first() -> None:
    found = minutes(("g1", "g2", 8), ("a", "x", 3), ("a", "b", 5))
    assert found == {("a", "b"): 5, ("a", "x"): 3, ("b", "y"): 8, ("x", "y"): 0}


def test_of_what_nobody_wrote_down_nothing_is_known() -> None:
    assert minutes() == {}
    assert minutes(("a", "x", 3)) == {("a", "x"): 3}


def test_a_grid_that_two_places_share_says_nothing() -> None:
    double = [*TREE.values(), place("g1b", "1/8/", "grid", name="g1")]
    need = visit("n", "g1")
    assert need_at(need, None, by_name(TREE.values())) == BY_CODE["g1"]
    assert need_at(need, None, by_name(double)) is None
    assert need_at(need, BY_CODE["a"], by_name(TREE.values())) == BY_CODE["a"]
    assert need_at(need, BY_CODE["x"], by_name(TREE.values())) == BY_CODE["g1"], (
        "the visit is where the line says"
    )
    assert name_key(need.place.grid) == name_key("G1")


async def test_minutes_of_an_ended_place_are_not_used(morning: Any) -> None:
    actor = await morning.actor("worker")
    await loading.save_way(morning.ctx, actor, one="一网格", other="二网格", minutes="30")
    assert len(await served(morning)) == 1
    async with morning.ctx.engine.atomic():
        await areas.end_area(morning.ctx.engine, "dongqu-2", morning.ctx.today())
    assert await served(morning) == {"east", "west"}
