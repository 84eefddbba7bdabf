"""What is read for all pairs at once is what the named rules and terms say of each pair by itself."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import pytest

from marketplace.planning import Objective, PlanContext, Pledge, Promise, TravelTimes
from marketplace.planning.problem import equivalence, rules, scores
from marketplace.planning.problem.model import build
from marketplace.planning.problem.pairs import pairs_of
from marketplace.planning.problem.rules import line_refusal, meeting, slot_refusal
from marketplace.planning.problem.slots import Supply, supply_of
from marketplace.planning.problem.tasks import Task, tasks_of
from marketplace.values import (
    SHANGHAI,
    Looseness,
    Need,
    Per,
    Place,
    Quantity,
    Resource,
    Unit,
    Urgency,
    Week,
    When,
    Window,
)
from tests.marketplace.planning.conftest import MakeNeed, MakeResource, Stretch

WEEK = Week.parse("2026-W48")
MONDAY = datetime.combine(WEEK.monday_on, datetime.min.time(), tzinfo=SHANGHAI)
OBJECTIVE = Objective(low=300)  # so that a pair may be worth less than nothing
CATEGORIES, GRIDS, OWNERS = ("care", "care.visit", "repair"), ("", "一", "二", "三"), ("甲", "乙", "丙", "丁")


def stretches(draw: random.Random, most: int) -> tuple[Window, ...]:
    starts = (
        MONDAY + timedelta(days=day, minutes=15 * draw.randint(30, 56))
        for day in draw.sample(range(4), draw.randint(1, most))
    )
    lengths = (15, 45, 60, 90, 120, 240, 420, 600)
    return tuple(sorted(Window(at, at + timedelta(minutes=draw.choice(lengths))) for at in starts))


def when(draw: random.Random, most: int) -> When:
    notice = draw.choice((0, 0, 0, 2, 9))
    if draw.random() < 0.25:
        return When(looseness=Looseness.ANY, notice_days=notice)
    return When(windows=stretches(draw, most), notice_days=notice)


def a_need(draw: random.Random, number: int) -> Need:
    unit = draw.choice((Unit.VISIT, Unit.VISIT, Unit.VISIT, Unit.HELPER, Unit.SEAT, Unit.ITEM, Unit.MINUTE))
    return Need(
        line_key=f"N{number:02}",
        title="需求",
        owner=draw.choice(("", "", "戊", *OWNERS)),
        source=draw.choice(("resident", "resident", "community")),
        categories=tuple(draw.sample(CATEGORIES, draw.choice((1, 1, 2)))),
        place=Place(grid=draw.choice(GRIDS), building=draw.choice(("", "", "1号楼"))),
        when=when(draw, 2),
        quantity=Quantity(
            amount=draw.choice((1, 1, 2, 30)),
            unit=unit,
            minutes_each=draw.choice((0, 0, 45, 90, 300)),
            helpers=draw.choice((0, 0, 0, 2)),
        ),
        urgency=draw.choice(list(Urgency)),
        filed_on=date(2026, 11, draw.randint(9, 20)),
        requires=frozenset(draw.sample(("急救", "健康证"), draw.choice((0, 0, 1, 2)))),
        language=draw.choice(("", "", "", "方言")),
        gender=draw.choice(("", "", "", "女")),
        heavy=draw.random() < 0.2,
        splittable=draw.random() < 0.7,
        last_helpers=tuple(draw.sample(OWNERS, draw.choice((0, 0, 1, 2)))),
        times_unmet=draw.choice((0, 0, 2)),
    )


def a_resource(draw: random.Random, number: int) -> Resource:
    some = draw.random
    days = sorted(WEEK.monday_on + timedelta(days=draw.randrange(7)) for _ in range(2))
    return Resource(
        line_key=f"R{number:02}",
        title="资源",
        owner=draw.choice((*OWNERS, f"志愿者{number}")),
        owner_kind=draw.choice(("unit", "team", "volunteer", "volunteer")),
        kind=draw.choice(("people", "people", "people", "", "place", "goods")),
        categories=tuple(draw.sample(CATEGORIES, draw.choice((1, 2)))),
        when=when(draw, 3),
        quantity=Quantity(
            amount=draw.choice((1, 1, 3, 40)),
            unit=draw.choice((Unit.HELPER, Unit.HELPER, Unit.VISIT, Unit.ITEM, Unit.PERSON)),
            per=draw.choice((Per.TOTAL, Per.OCCASION, Per.DAY, Per.WEEK, Per.MONTH, Per.TERM)),
            helpers=draw.choice((0, 0, 0, 2)),
        ),
        reach_grids=tuple(draw.sample(GRIDS[1:], draw.choice((0, 1, 2)))),
        free=some() < 0.8,
        certificates=frozenset(draw.sample(("急救", "健康证"), draw.choice((0, 1, 2, 2)))),
        languages=frozenset({"方言"} if some() < 0.5 else ()),
        gender=draw.choice(("女", "女", "男", "")),
        minor=some() < 0.1,
        light_work_only=some() < 0.2,
        declines=("care.visit",) if some() < 0.15 else (),
        serves=("elder",) if some() < 0.3 else (),
        radius_m=500 if some() < 0.15 else 0,
        walk_minutes_max=15 if some() < 0.15 else 0,
        same_building=some() < 0.1,
        away=((days[0], days[1]),) if some() < 0.2 else (),
        minutes_per_week_max=draw.choice((0, 0, 60, 240)),
        rest_minutes=draw.choice((0, 0, 60)),
        rest_days=draw.choice((0, 0, 0, 1)),
        load_minutes=draw.choice((0, 30, 240, 3000)),
    )


def a_context(draw: random.Random, needs: Sequence[Need], resources: Sequence[Resource]) -> PlanContext:
    def some_pairs() -> frozenset[tuple[str, str]]:
        asking = [draw.choice((one.line_key, one.owner)) for one in draw.sample(needs, 2)]
        return frozenset((one, draw.choice(resources).owner) for one in asking if one)

    def given_away(draw: random.Random, owner: str) -> tuple[Window, ...]:
        """Any stretches, the first three quarters of an hour of the owner's own, or a whole day."""
        own = [one.when.windows[0].starts_at for one in resources if one.owner == owner and one.when.windows]
        firsts = tuple(Window(at, at + timedelta(minutes=45)) for at in sorted(set(own))[:2])
        whole = (Window(MONDAY, MONDAY + timedelta(days=draw.choice((2, 5)))),)
        return draw.choice((firsts, stretches(draw, 2), whole))

    spots = {owner: draw.choice(("1号楼", "家", "一")) for owner in OWNERS if draw.random() < 0.7}
    times = TravelTimes(
        spots=spots,
        minutes={("一", "家"): 12, ("二", "1号楼"): 90, ("三", "二"): 120},
        positions={"一": (0, 0), "二": (800, 0)},
    )
    return PlanContext(
        now=MONDAY - timedelta(days=draw.choice((-1, 3))) + timedelta(hours=9, minutes=20),
        parents={"care.visit": "care"},
        conflicts=some_pairs(),
        avoid=some_pairs(),
        wishes=some_pairs(),
        clients={one.line_key: (draw.choice(("elder", "child")),) for one in needs if draw.random() < 0.4},
        received={"戊": 0, "甲": 0},
        in_return=frozenset({"N01"}),
        pledges={
            one.line_key: Pledge(first_on=WEEK.monday_on, last_on=WEEK.monday_on + timedelta(days=2), left=draw.randrange(3))
            for one in resources
            if draw.random() < 0.2
        },
        travel_times=times if draw.random() < 0.7 else TravelTimes(),
        promised={
            owner: tuple(Promise(window=one, spot=draw.choice(("", "一", "二", "二"))) for one in given_away(draw, owner))
            for owner in OWNERS
            if draw.random() < 0.6
        },
        certificates_until={("甲", "急救"): WEEK.monday_on + timedelta(days=1)},
    )  # fmt: skip


def lists(seed: int) -> tuple[list[Need], list[Resource], PlanContext]:
    draw = random.Random(seed)
    needs = [a_need(draw, number) for number in range(12)]
    resources = [a_resource(draw, number) for number in range(14)]
    return needs, resources, a_context(draw, needs, resources)


def one_by_one(
    tasks: Sequence[Task], resources: Sequence[Resource], context: PlanContext
) -> Iterator[tuple[Supply, dict[tuple[int, str], int], list[int]]]:
    """Per resource its supply, the points at each (task, slot), and the tasks whose line fits: pair by pair."""
    for resource in resources:
        fitting = [n for n, task in enumerate(tasks) if line_refusal(task.need, resource, context) is None]
        if not fitting:
            continue
        supply = supply_of(resource, WEEK, context, OBJECTIVE, [tasks[n] for n in fitting])
        points = {}
        for number in fitting:
            task = tasks[number]
            for slot in supply.slots:
                common = meeting(task, slot)
                if common is None or slot_refusal(task, slot, context) is not None:
                    continue
                terms = [
                    *scores.need_terms(task.need, WEEK, OBJECTIVE, context),
                    *scores.line_terms(task.need, resource, context, OBJECTIVE),
                    scores.slot_term(task, common, WEEK, OBJECTIVE),
                ]
                points[number, slot.key] = sum(term.points for term in terms)
        yield supply, points, fitting


@pytest.mark.parametrize("seed", range(60))
def test_all_pairs_at_once_are_the_pairs_one_by_one(seed: int) -> None:
    needs, resources, context = lists(seed)
    tasks = [task for need in needs for task in tasks_of(need, WEEK, context)]
    found = pairs_of(tasks, resources, week=WEEK, context=context, objective=OBJECTIVE)
    named = list(one_by_one(tasks, resources, context))
    assert list(found.supplies) == [supply for supply, _, _ in named]
    assert {
        (task, found.supplies[supply].resource.line_key)
        for task in range(len(tasks))
        for supply in found.fitting(task)
    } == {(task, supply.resource.line_key) for supply, _, fitting in named for task in fitting}
    assert {
        (task, found.slots[slot].key): points
        for task in range(len(tasks))
        for slot, points in found.places(task)
    } == {pair: points for _, own, _ in named for pair, points in own.items()}


def test_the_random_lists_meet_and_miss_in_every_way() -> None:
    refused: set[str] = set()
    told: set[str] = set()
    for seed in range(60):
        needs, resources, context = lists(seed)
        model = build(needs, resources, week=WEEK, objective=OBJECTIVE, fixed=(), context=context)
        for need in needs:
            reasons = (rule(need, one, context) for rule in rules.LINE_RULES for one in resources)
            refused |= {why.code for why in reasons if why is not None}
        for number, task in enumerate(model.tasks):
            meet = [slot for slot in model.slots if meeting(task, slot) is not None]
            reasons = (rule(task, slot, context) for rule in rules.SLOT_RULES for slot in meet)
            refused |= {why.code for why in reasons if why is not None}
            told |= {
                term.code for slot, _ in model.pairs.places(number) for term in model.terms(number, slot)
            }
    assert refused == {rule.__name__ for rule in (*rules.LINE_RULES, *rules.SLOT_RULES)}
    assert told >= {"skill", "skill_also", "skill_related", "continuity", "wished", "avoid", "walk", "near", "free", "load"}  # fmt: skip


def test_every_rule_and_every_term_says_what_it_looks_at() -> None:
    context = PlanContext(now=MONDAY)
    assert [rule for rule, _, _ in equivalence.line_classes([], [], context)] == list(rules.LINE_RULES)
    assert [term for term, _, _ in equivalence.term_classes([], [], context, OBJECTIVE)] == list(
        scores.LINE_TERMS
    )
    assert [rule for rule, _, _ in equivalence.slot_classes([], [], [], [], context)] == list(
        rules.SLOT_RULES
    )


def test_a_rule_is_asked_once_for_all_who_look_alike_to_it(
    monkeypatch: pytest.MonkeyPatch, need: MakeNeed, resource: MakeResource, stretch: Stretch
) -> None:
    asked = []

    def counting(one: Need, other: Resource, context: PlanContext) -> None:
        asked.append((one.language, other.languages))

    monkeypatch.setattr(rules, "language", counting)
    window = stretch(1, "9:00", "11:00")
    needs = [need(f"需求{i}", "care", window, language=("", "方言", "手语")[i % 3]) for i in range(30)]
    helpers = [
        resource(f"助老{i}", "care", window, languages=frozenset({"方言"} if i % 2 else ()))
        for i in range(30)
    ]
    build(needs, helpers, week=WEEK, objective=Objective(), fixed=(), context=PlanContext(now=MONDAY))
    assert len(asked) == len(set(asked)) == 4


def test_reading_the_nearest_miss_asks_no_further(
    monkeypatch: pytest.MonkeyPatch,
    need: MakeNeed,
    resource: MakeResource,
    stretch: Stretch,
    week: Week,
    context: PlanContext,
) -> None:
    early, late = stretch(1, "9:00", "10:00"), stretch(1, "15:00", "16:00")
    helpers = [resource(f"助老{i}", "care", late) for i in range(9)]
    model = build(
        [need("需求", "care", early)], helpers, week=week, objective=Objective(), fixed=(), context=context
    )
    asked = []
    monkeypatch.setattr(
        "marketplace.planning.problem.rejections.meeting", lambda task, slot: asked.append(slot)
    )
    first = next(model.rejections(0))
    assert (first.resource, first.why.code, len(asked)) == (helpers[0], "time", 1)
