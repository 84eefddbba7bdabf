"""How far spots are from each other, and whom help is for: two readings the rules rely on."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.clients import UNCLEAR, chosen, groups_of
from marketplace.planning.problem.travel import TravelTimes
from marketplace.values import VolunteerEntry


@pytest.mark.parametrize(
    ("one", "other", "minutes"),
    [
        ("一", "二", 7),
        ("二", "一", 7),
        ("一", "一", 0),
        ("一", "三", 9),  # 500 m at 60 m a minute, rounded up
        ("一", "四", None),
        ("", "", None),
    ],
)
def test_minutes_are_as_stated_else_from_positions_else_not_known(
    one: str, other: str, minutes: int | None
) -> None:
    ways = TravelTimes(minutes={("一", "二"): 7}, positions={"一": (0, 0), "三": (300, 400)})
    assert ways.minutes_between(one, other) == minutes


@pytest.mark.parametrize(("east", "metres"), [(0, 10), (1, 11), (24, 26)])
def test_metres_are_whole_and_rounded_up(east: int, metres: int) -> None:
    ways = TravelTimes(positions={"一": (0, 0), "二": (east, 10)})
    assert ways.metres_between("一", "二") == metres
    assert ways.metres_between("一", "三") is None
    assert ways.metres_between("三", "三") == 0


def test_the_longest_way_is_over_what_is_known() -> None:
    ways = TravelTimes(minutes={("一", "二"): 7, ("二", "三"): 12})
    assert ways.longest(["一", "二", "三", "", "四"]) == 12
    assert ways.longest(["一"]) == TravelTimes().longest(["一", "二"]) == 0


@pytest.mark.parametrize(
    ("phrase", "groups"),
    [
        ("独居老人", ("living_alone",)),
        ("高龄老人2人", ("very_old",)),
        ("80岁老人", ("very_old",)),
        ("65岁以上老人约60人", ("elder",)),
        ("半失能老人", ("frail",)),
        ("小学生1人", ("pupil",)),
        ("留守儿童", ("left_behind",)),
        ("困境学生", ("low_income", "pupil")),
        ("残疾人", ("disabled",)),
        ("17岁", ()),
        ("居民", ()),
        ("合唱队30人", ()),
        ("", ()),
    ],
)
def test_groups_are_read_from_the_words_of_a_list(phrase: str, groups: Any) -> None:
    assert groups_of(phrase) == groups


@pytest.mark.parametrize(
    ("serves", "groups", "fits"),
    [
        ((), ("elder",), True),
        (("elder",), (), True),
        (("elder",), ("living_alone",), True),
        (("very_old",), ("living_alone",), False),
        (("very_old",), ("elder",), False),
        (("pupil",), ("low_income", "pupil"), True),
    ],
)
def test_a_helper_who_chose_a_group_serves_its_narrower_ones(serves: Any, groups: Any, fits: bool) -> None:
    assert chosen(serves, groups) is fits


def test_what_a_volunteer_wrote_becomes_groups_and_unread_words_stay() -> None:
    entry = VolunteerEntry(line_key="V1", name="赵一", serves=("空巢老人", "外国友人"))
    assert entry.as_resource("M1").serves == ("empty_nest", UNCLEAR)
