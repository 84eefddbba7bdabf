"""No impossible plan and no false price passes the checker, by which every plan and every proof is judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.planning.solving.formulation import (
    Clash,
    Prices,
    Problem,
    Routing,
    Stretch,
    Synchronised,
    Visit,
    dual,
    primal,
)
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.routes.lacking import Lacking
from marketplace.planning.solving.stable import best_pairs_first

MORNING = Stretch(
    opens=0,
    closes=120,
    visits={0: Visit(minutes=30, starts=((0, 90),)), 1: Visit(minutes=30, starts=((0, 90),))},
    leaves_from=0,
    returns_to=0,
    pause=5,
)
# Two visits a quarter of an hour apart, two helpers who live at the first one, and a counted place.
DAY = Problem(
    demand=(1, 1),
    edges=(((100, 0), (90, 1)), ((100, 0), (80, 1), (10, 2))),
    capacity=(2, 2, 1),
    group_of=(0, NO_GROUP, NO_GROUP),
    steps=(((2, 0),),),
    routing=Routing(
        stretches={0: MORNING, 1: MORNING}, place=(0, 1), travel=((0, 15), (15, 0)), minutes_max={0: 60}
    ),
)
UNITS = {(0, 0): 1, (1, 0): 1}
ROUND = {0: (((0, 0), (1, 45)),)}


def test_a_round_that_can_be_walked_is_worth_its_points() -> None:
    assert primal(DAY, UNITS, ROUND) == 200
    assert primal(DAY, {(0, 1): 1, (1, 2): 1}, {1: (((0, 10),),)}) == 100


@pytest.mark.parametrize(
    ("units", "tours"),
    [
        pytest.param({(0, 2): 1}, {}, id="a place that does not serve it"),
        pytest.param({(0, 0): 0}, {}, id="nothing of a visit"),
        pytest.param({(0, 0): 1, (0, 1): 1}, {0: (((0, 0),),), 1: (((0, 0),),)}, id="more than is asked for"),
        pytest.param({(1, 2): 2}, {}, id="more than there is room for"),
        pytest.param(UNITS, {0: (((0, 0), (1, 44)),)}, id="a minute too little for the way"),
        pytest.param(UNITS, {0: (((0, 16), (1, 76)),)}, id="home too late"),
        pytest.param(UNITS, {0: (((1, 14), (0, 59)),)}, id="out too early"),
        pytest.param(UNITS, {0: (((0, 91), (1, 45)),)}, id="outside the hours"),
        pytest.param(UNITS, {0: (((0, 0),), ((1, 45),))}, id="two rounds of one helper"),
        pytest.param(UNITS, {0: ((),)}, id="an empty round"),
        pytest.param(UNITS, {0: (((0, 0),),)}, id="a visit without its round"),
        pytest.param(UNITS, {2: (((0, 0), (1, 45)),)}, id="a round where none is walked"),
    ],
)
def test_an_impossible_plan_is_none(
    units: dict[tuple[int, int], int], tours: dict[int, tuple[tuple[tuple[int, int], ...], ...]]
) -> None:
    assert primal(DAY, units, tours) is None


def test_limits_hold_over_rounds_and_counted_places() -> None:
    assert DAY.routing is not None
    spent = replace(DAY, routing=replace(DAY.routing, minutes_max={0: 59}))
    assert primal(spent, UNITS, ROUND) is None
    assert primal(replace(DAY, steps=(((1, 0),),)), UNITS, ROUND) is None
    both = {0: (((0, 0),),), 1: (((1, 15),),)}
    apart = {(0, 0): 1, (1, 1): 1}
    assert primal(DAY, apart, both) == 180
    assert primal(replace(DAY, clashes=(Clash(slots=(0, 1), most=1),)), apart, both) is None
    shared = replace(DAY.routing, shares={0: 0, 1: 0}, things=(1,))
    assert primal(replace(DAY, routing=shared), apart, both) is None
    late = {0: (((0, 0),),), 1: (((1, 30),),)}
    assert primal(replace(DAY, routing=shared), apart, late) == 180


def test_whoever_must_come_at_once_comes_at_once() -> None:
    twice = replace(
        DAY,
        demand=(2, 1),
        edges=(((100, 0), (90, 1), (5, 2)), DAY.edges[1]),
        synchronised={0: Synchronised(minutes=30, hours={0: (0, 120), 1: (0, 120), 2: (60, 120)})},
    )
    together, apart = {0: (((0, 0),),), 1: (((0, 0),),)}, {0: (((0, 0),),), 1: (((0, 10),),)}
    assert primal(twice, {(0, 0): 1, (0, 1): 1}, together) == 190
    assert primal(twice, {(0, 0): 1, (0, 1): 1}, apart) is None
    assert primal(twice, {(0, 0): 1}, {0: (((0, 0),),)}) is None, "one of two is nobody"
    assert primal(twice, {(0, 0): 1, (0, 2): 1}, {0: (((0, 60),),)}) == 105
    assert primal(twice, {(0, 0): 1, (0, 2): 1}, {0: (((0, 30),),)}) is None
    counted = replace(twice, routing=None)
    assert primal(counted, {(0, 0): 1, (0, 2): 1}) == 105
    short = replace(counted, synchronised={0: Synchronised(minutes=90, hours={0: (0, 120), 2: (60, 120)})})
    assert primal(short, {(0, 0): 1, (0, 2): 1}) is None


def test_prices_that_prove_nothing_are_none() -> None:
    enough = Prices(task=(100, 100), slot=(0, 0, 0), group=(0,))
    assert dual(DAY, enough) == 200
    assert dual(DAY, replace(enough, task=(99, 100))) is None
    assert dual(DAY, replace(enough, task=(100,))) is None
    assert dual(DAY, replace(enough, slot=(0, 0, -1))) is None


def test_what_a_visit_would_lack_is_told_only_where_it_is_possible() -> None:
    lacking = Lacking.of(DAY)
    assert lacking.points(0, 0) is not None
    assert lacking.points(0, 2) is None, "the place does not serve it"
    assert lacking.points(1, 2) == 0
    assert lacking.least(1) == 0
    assert lacking.least(0) is not None
    shut = replace(MORNING, visits={1: MORNING.visits[1]})
    assert DAY.routing is not None
    never = replace(DAY, routing=replace(DAY.routing, stretches={0: shut, 1: shut}))
    assert Lacking.of(never).least(0) is None


def test_best_pairs_first_asks_an_owner_again_only_for_what_it_is_worth_then() -> None:
    """Two places of one owner: the first visit is free, the second costs 60, a third nobody may ask for."""
    problem = Problem(
        demand=(1, 1, 1, 2),
        edges=(((100, 0),), ((90, 1), (50, 2)), ((40, 1),), ((70, 1),)),
        capacity=(1, 3, 1),
        group_of=(0, 0, NO_GROUP),
        steps=(((1, 0), (1, 60)),),
        whole=frozenset({3}),
    )
    units = best_pairs_first(problem)
    # 90 less 60 is 30, so the neighbour's 50 comes first; 40 less 60 is nothing; two whole visits find one place.
    assert units == {(0, 0): 1, (1, 2): 1}
    assert primal(problem, units) == 150
    worth_it = replace(problem, edges=(*problem.edges[:1], ((90, 1),), *problem.edges[2:]))
    assert best_pairs_first(worth_it) == {(0, 0): 1, (1, 1): 1}
    assert primal(worth_it, {(0, 0): 1, (1, 1): 1}) == 130
