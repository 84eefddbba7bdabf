"""Places and organisations as trees: paths, ranges, parents by kind, moves that keep last year's figures."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.catalogue import shipped
from timebank.rules.places import areas
from timebank.rules.places.areas import (
    Node,
    ParentSpan,
    below,
    below_range,
    close,
    ids_of,
    judge_area,
    judge_organisation,
    move,
    parent_on,
    path_on,
    path_under,
    paths_above,
)

YEAR = date(2026, 1, 1)
TODAY = date(2026, 12, 1)
IDS = st.lists(st.integers(1, 40_000), min_size=1, max_size=6)


def path_of(ids: list[int]) -> str:
    path = ""
    for one in ids:
        path = path_under(path, one)
    return path


def node(number: int, kind: str, path: str, *, community: str = "", until_on: date | None = None) -> Node:
    ids = ids_of(path)
    assert ids[-1] == number
    parent = ids[-2] if len(ids) > 1 else 0
    return Node(
        id=number, code=f"a{number}", kind=kind, parent=parent, path=path, community=community,
        since_on=YEAR, until_on=until_on,
    )  # fmt: skip


# ------------------------------------------------------------------ paths


def test_a_path_is_the_ids_in_hexadecimal() -> None:
    assert path_under(path_under(path_under("", 1), 26), 255) == "1/1a/ff/"
    assert ids_of("1/1a/ff/") == (1, 26, 255)
    assert paths_above("1/1a/ff/") == ("1/", "1/1a/", "1/1a/ff/")


def test_a_node_is_below_itself_and_no_neighbour_with_a_longer_number() -> None:
    assert below("1/2/", "1/2/")
    assert below("1/2/3/", "1/2/")
    assert not below("1/2/", "1/2/3/")
    assert not below("1/23/", "1/2/")


def test_nothing_is_below_an_unknown_place() -> None:
    assert not below("1/2/", "")
    with pytest.raises(ValueError, match="stroke"):
        below_range("")


@given(IDS, IDS)
def test_the_range_in_sql_is_below_in_memory(some: list[int], other: list[int]) -> None:
    first, end = below_range(path_of(other))
    for path in (path_of(some), path_of(other + some), path_of(other)):
        assert (first.encode() <= path.encode() < end.encode()) == below(path, path_of(other))


def test_sqlite_finds_by_the_range_what_memory_finds() -> None:
    paths = [
        path_of(ids) for ids in ([1], [1, 2], [1, 2, 3], [1, 2, 35], [1, 3], [1, 35], [16], [1, 2, 3, 4])
    ]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE place (path TEXT PRIMARY KEY)")
    database.executemany("INSERT INTO place VALUES (?)", [(path,) for path in paths])
    for of in paths:
        rows = database.execute("SELECT path FROM place WHERE path >= ? AND path < ?", below_range(of))
        assert {row[0] for row in rows} == {path for path in paths if below(path, of)}
    database.close()


# ------------------------------------------------------------------ parents


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("city", ""), ("district", "city"), ("community", "street"), ("community", ""), ("building", "grid"),
     ("entrance", "building"), ("green", "estate")],
)  # fmt: skip
def test_a_place_stands_under_a_larger_one(kind: str, parent: str) -> None:
    judge_area(shipped().areas, kind=kind, parent=parent)


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("city", "district"), ("grid", ""), ("grid", "street"), ("entrance", "grid"), ("building", "entrance"),
     ("community", "community"), ("building", "nowhere"), ("grid", "team")],
)  # fmt: skip
def test_a_place_under_the_wrong_parent_is_refused(kind: str, parent: str) -> None:
    with pytest.raises(areas.WrongParent):
        judge_area(shipped().areas, kind=kind, parent=parent)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(areas.UnknownNodeKind):
        judge_area(shipped().areas, kind="castle", parent="")
    with pytest.raises(areas.UnknownNodeKind):
        judge_organisation(shipped().organisations, kind="club", parent="", area="grid", community="d")


def test_an_organisation_stands_under_its_parent_in_its_place() -> None:
    kinds = shipped().organisations
    judge_organisation(kinds, kind="team", parent="corps", area="grid", community="d")
    judge_organisation(kinds, kind="unit", parent="", area="district", community="")
    with pytest.raises(areas.WrongParent):
        judge_organisation(kinds, kind="team", parent="team", area="grid", community="d")
    with pytest.raises(areas.WrongArea):
        judge_organisation(kinds, kind="team", parent="", area="street", community="d")
    with pytest.raises(areas.CommunityMissing):
        judge_organisation(kinds, kind="team", parent="", area="grid", community="")


# ------------------------------------------------------------------ moves

CITY = node(1, "city", "1/")
EAST, WEST = node(2, "street", "1/2/"), node(3, "street", "1/3/")
HOME = node(4, "community", "1/2/4/", community="home")
GRID_A, GRID_B = (
    node(5, "grid", "1/2/4/5/", community="home"),
    node(6, "grid", "1/2/4/6/", community="home"),
)
BUILDING = node(7, "building", "1/2/4/5/7/", community="home")
OTHER_GRID = node(9, "grid", "1/3/8/9/", community="away")
TREE = (CITY, EAST, WEST, HOME, GRID_A, GRID_B, BUILDING, OTHER_GRID)
SPANS = {one.id: ParentSpan(node=one.id, parent=one.parent, since_on=YEAR) for one in TREE}


def moving(one: Node, to: Node | None, on: date = TODAY) -> areas.Move:
    subtree = [other for other in TREE if below(other.path, one.path)]
    return move(one, to, subtree=subtree, span=SPANS[one.id], kinds=shipped().areas, on=on)


def test_moving_a_community_takes_everything_below_it_along() -> None:
    moved = moving(HOME, WEST)
    assert [one.path for one in moved.nodes] == ["1/3/4/", "1/3/4/5/", "1/3/4/6/", "1/3/4/5/7/"]
    assert [one.parent for one in moved.nodes] == [3, 4, 4, 5]
    assert moved.opened == ParentSpan(node=4, parent=3, since_on=TODAY)
    assert moved.closed == ParentSpan(node=4, parent=2, since_on=YEAR, until_on=date(2026, 11, 30))


def test_earlier_figures_keep_the_earlier_parent() -> None:
    moved = moving(HOME, WEST)
    assert moved.closed is not None
    spans = [*(span for span in SPANS.values() if span.node != 4), moved.closed, moved.opened]
    assert path_on(spans, 7, date(2026, 11, 30)) == "1/2/4/5/7/"
    assert path_on(spans, 7, TODAY) == "1/3/4/5/7/"
    assert parent_on(spans, 4, date(2026, 11, 30)) == 2
    assert parent_on(spans, 4, TODAY) == 3


def test_before_it_stood_a_node_has_no_parent_and_no_path() -> None:
    day = date(2025, 12, 31)
    assert parent_on(SPANS.values(), 4, day) is None
    assert path_on(SPANS.values(), 7, day) == ""
    assert parent_on(SPANS.values(), 1, TODAY) == 0


def test_moving_twice_on_one_day_leaves_no_empty_span() -> None:
    first = moving(BUILDING, GRID_B)
    second = move(first.nodes[0], HOME, subtree=(), span=first.opened, kinds=shipped().areas, on=TODAY)
    assert second.closed is None
    assert second.opened == ParentSpan(node=7, parent=4, since_on=TODAY)
    assert second.nodes[0].path == "1/2/4/7/"


def test_a_community_may_come_to_stand_at_the_top() -> None:
    moved = moving(HOME, None)
    assert moved.nodes[0].path == "4/"
    assert moved.nodes[0].parent == 0


@pytest.mark.parametrize(
    ("one", "to", "on", "refusal"),
    [
        pytest.param(GRID_A, EAST, TODAY, areas.WrongParent, id="a grid under a street"),
        pytest.param(GRID_A, None, TODAY, areas.WrongParent, id="a grid at the top"),
        pytest.param(GRID_A, HOME, TODAY, areas.SameParent, id="where it stands"),
        pytest.param(BUILDING, OTHER_GRID, TODAY, areas.AnotherCommunity, id="into another community"),
        pytest.param(BUILDING, GRID_B, date(2025, 12, 31), areas.BeforeLastMove, id="before it stood"),
        pytest.param(BUILDING, node(10, "grid", "1/2/4/a/", community="home", until_on=date(2026, 11, 30)), TODAY,
                     areas.ParentClosed, id="under a closed grid"),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_is_refused(
    one: Node, to: Node | None, on: date, refusal: type[areas.TreeRefusal]
) -> None:
    with pytest.raises(refusal):
        moving(one, to, on)


def test_a_place_is_closed_when_nothing_is_left_below_it() -> None:
    assert close(BUILDING, on=TODAY, in_use=False).until_on == TODAY
    with pytest.raises(areas.StillInUse):
        close(GRID_A, on=TODAY, in_use=True)
    with pytest.raises(areas.BeforeLastMove):
        close(BUILDING, on=date(2025, 12, 31), in_use=False)


def test_every_refusal_speaks_both_languages() -> None:
    every = [
        one for one in vars(areas).values()
        if isinstance(one, type) and issubclass(one, areas.TreeRefusal) and one is not areas.TreeRefusal
    ]  # fmt: skip
    assert len({one.code for one in every}) == len({one.zh for one in every}) == len(every) > 5
    assert all(one.en.isascii() and not one.zh.isascii() for one in every)
