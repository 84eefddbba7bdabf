"""Plan a week: build the problem, solve it exactly, and say every answer in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

import numpy as np

from marketplace.planning.answers.plan import Alternative, Certificate, Match, Plan, Unserved
from marketplace.planning.answers.shortage import shortages_of
from marketplace.planning.problem.common_hours import shared
from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.model import Fixed, Model, build
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rejections import Rejection
from marketplace.planning.problem.rules import meeting
from marketplace.planning.problem.scores import need_terms
from marketplace.planning.problem.tasks import Task
from marketplace.planning.problem.wording import amount
from marketplace.planning.solving.city.simplex import Strongest
from marketplace.planning.solving.formulation import Solver, Steps, after, cost_of, slots_serving
from marketplace.planning.solving.residual import Residual
from marketplace.planning.solving.search import Answer, best_plan
from marketplace.planning.solving.stable import stable_plan
from marketplace.planning.solving.synchronised import gathered
from marketplace.planning.solving.transport import NO_GROUP, Transport
from marketplace.values import Need, Resource, Week, Window

ALTERNATIVES_SHOWN = 3


def plan_week(
    needs: Sequence[Need],
    resources: Sequence[Resource],
    *,
    week: Week,
    objective: Objective | None = None,
    fixed: Sequence[Fixed] = (),
    context: PlanContext,
    mode: Literal["optimal", "stable"] = "optimal",
    solver: Solver | None = None,
) -> Plan:
    """The best plan of a week, with reasons and a certificate.

    Args:
        needs: open needs, any order; line keys differ.
        resources: units' resources and volunteers' offers, any order; line keys differ.
        week: the ISO week to plan.
        objective: points per term; the default one when left out.
        fixed: help already promised; it is shown, and never moved.
        context: the hour, the calendar and other circumstances.
        mode: "optimal" for the most points in all, "stable" for best pairs first, whose `certificate.gap` then tells
            how many points that costs.
        solver: another exact solver for the transportation core; left out, `Strongest` takes the compiled one for a
            large plan where the extra `city` is installed, and our own engine for all others.

    Returns:
        A plan whose `certificate.gap` is 0 when it is proven optimal.

    Raises:
        LineTwice: two lines of one list share a key.
    """
    goal = objective or Objective()
    ordered = sorted(fixed, key=lambda one: (one.window, one.need_key, one.resource_key, one.quantity))
    model = build(needs, resources, week=week, objective=goal, fixed=ordered, context=context)
    decide = best_plan if mode == "optimal" else stable_plan
    answer = decide(model.problem, solver or Strongest())
    return told(
        model,
        answer,
        needs=tuple(needs),
        resources=tuple(resources),
        week=week,
        objective=goal,
        fixed=tuple(ordered),
        context=context,
    )


def told(
    model: Model,
    answer: Answer,
    *,
    needs: tuple[Need, ...],
    resources: tuple[Resource, ...],
    week: Week,
    objective: Objective,
    fixed: tuple[Fixed, ...],
    context: PlanContext,
) -> Plan:
    """The plan in words, from its numbers."""
    unserved = _unserved(model, answer, week, objective)
    return Plan(
        week=week,
        objective=objective,
        matches=(*_promised(fixed, needs, resources), *_matches(model, answer)),
        unserved=unserved,
        shortages=shortages_of(unserved),
        certificate=Certificate(primal=answer.primal, dual=answer.dual),
        later=model.later,
        needs=needs,
        resources=resources,
        fixed=fixed,
        context=context,
        units=answer.units,
        proof=answer.proof,
    )


def _matches(model: Model, answer: Answer) -> list[Match]:
    turns, nearest = _turn_costs(model, answer), _nearest(model, answer)
    at_once = slots_serving(answer.units, model.problem.synchronised)
    matches = []
    for (number, slot), units in sorted(answer.units.items()):
        task, place = model.tasks[number], model.slots[slot]
        met = [meeting(task, model.slots[one]) for one in at_once.get(number, [slot])]
        window = shared([*met, *model.agreed.get(number, ())])
        assert window is not None
        reasons = [_times(term, units) for term in model.terms(number, slot)]
        if cost := turns.get((number, slot), 0):
            reasons.append(
                Reason(
                    code="turns",
                    points=-cost,
                    zh="本周已安排过几次",
                    en="has been asked for before this week",
                )
            )
        matches.append(
            Match(
                need=task.need,
                resource=place.resource,
                window=window,
                minutes=task.minutes,
                quantity=units * task.each,
                unit=task.unit,
                value=sum(reason.points for reason in reasons),
                reasons=tuple(reasons),
                alternatives=_alternatives(model, nearest.get(number, []), number, slot),
                notes=_notes(place.resource),
            )
        )
    return sorted(matches, key=lambda one: (one.window, one.need.line_key, one.resource.line_key))


def _turn_costs(model: Model, answer: Answer) -> dict[tuple[int, int], int]:
    """The price of further visits of one owner, laid on the later visits of the week."""
    by_group: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in sorted(answer.units, key=lambda pair: (model.slots[pair[1]].window, pair)):
        if (group := model.problem.group_of[pair[1]]) != NO_GROUP:
            by_group[group].append(pair)
    costs: dict[tuple[int, int], int] = {}
    for group, pairs in by_group.items():
        left: Steps = model.problem.steps[group]
        for pair in pairs:
            costs[pair] = cost_of(left, answer.units[pair])
            left = after(left, answer.units[pair])
    return costs


def _nearest(model: Model, answer: Answer) -> dict[int, list[tuple[int, int, int]]]:
    """Per task its best places and one more than are shown, as (the least it lacks, points, slot), nearest first.

    What a place lacks is its reduced cost at the prices of the plan.
    """
    prices, group_of = answer.flows.prices, np.array(model.problem.group_of, np.int64)
    full = np.array(prices.slot, np.int64) + np.append(np.array(prices.group, np.int64), 0)[group_of]
    worth = model.pairs.value > 0
    task, slot, value = model.pairs.task[worth], model.pairs.slot[worth], model.pairs.value[worth]
    asked = np.array(prices.task, np.int64)
    for number, points in answer.lifted.items():
        asked[number] -= points
    short_by = np.maximum(0, asked[task] + full[slot] - value)
    order = np.lexsort((slot, -value, short_by, task))
    ordered = task[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    shown = order[rank <= ALTERNATIVES_SHOWN]
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for number, *place in zip(*(one[shown].tolist() for one in (task, short_by, value, slot)), strict=True):
        found[number].append(tuple(place))
    return found


def _alternatives(
    model: Model, nearest: list[tuple[int, int, int]], task: int, chosen: int
) -> tuple[Alternative, ...]:
    """The next best places of a task, and the least each lacked."""
    others = [place for place in nearest if place[2] != chosen]
    return tuple(
        Alternative(
            resource=model.slots[slot].resource,
            window=_common(model, task, slot),
            value=value,
            short_by=short_by,
            why=_why_not(short_by),
        )
        for short_by, value, slot in others[:ALTERNATIVES_SHOWN]
    )


def _common(model: Model, task: int, slot: int) -> Window:
    window = meeting(model.tasks[task], model.slots[slot])
    assert window is not None
    return window


def _why_not(short_by: int) -> Reason:
    if short_by == 0:
        return Reason(code="as_good", zh="差不多一样合适", en="about as good")
    return Reason(
        code="short_by",
        points=short_by,
        zh=f"至少还差 {short_by} 分",
        en=f"at least {short_by} points short",
    )


def _notes(resource: Resource) -> tuple[Reason, ...]:
    notes = []
    if resource.conditions:
        notes.append(
            Reason(
                code="conditions",
                zh=f"对方要求：{resource.conditions}",
                en=f"they ask: {resource.conditions}",
            )
        )
    if not resource.free:
        notes.append(
            Reason(code="not_free", zh="不是无偿的，先问清价钱", en="not free of charge; ask the price first")
        )
    return tuple(notes)


def _promised(fixed: Iterable[Fixed], needs: Sequence[Need], resources: Sequence[Resource]) -> list[Match]:
    need_by_key, resource_by_key = {n.line_key: n for n in needs}, {r.line_key: r for r in resources}
    matches = []
    for one in fixed:
        need, resource = need_by_key.get(one.need_key), resource_by_key.get(one.resource_key)
        if need is None or resource is None:
            continue
        matches.append(
            Match(
                need=need,
                resource=resource,
                window=one.window,
                minutes=one.window.minutes,
                quantity=one.quantity,
                unit=need.quantity.unit,
                value=0,
                reasons=(Reason(code="promised", zh="双方已说定", en="already agreed"),),
                source="fixed",
            )
        )
    return matches


def _unserved(model: Model, answer: Answer, week: Week, objective: Objective) -> tuple[Unserved, ...]:
    served: dict[int, int] = defaultdict(int)
    for (number, _), units in answer.units.items():
        served[number] += units
    waiting = {
        number: left
        for number in range(len(model.tasks))
        if (left := model.problem.demand[number] - served[number])
    }
    engine = answer.engine() if any(model.problem.edges[n] for n in waiting) else Transport()
    found = [
        _told(model, engine, number, left, served[number], week, objective)
        for number, left in waiting.items()
    ]
    found.extend(_waiting(need, why) for need, why in model.waiting)
    return tuple(found)


def _waiting(need: Need, why: Reason) -> Unserved:
    return Unserved(
        need=need,
        window=None,
        quantity=need.quantity.amount,
        unit=need.quantity.unit,
        minutes=0,
        why=why,
        short_by=0,
        gain=0,
    )


def _told(
    model: Model, engine: Transport, number: int, left: int, served: int, week: Week, objective: Objective
) -> Unserved:
    task = model.tasks[number]
    edges = model.problem.edges[number]
    nearest = list(islice(model.rejections(number), ALTERNATIVES_SHOWN))
    quantity = left * task.each
    short_by = 0
    if not edges:
        why = _no_candidate(nearest)
    else:
        room = sum(model.problem.capacity[slot] for _, slot in edges)
        lacking = engine.short_by(number)
        short_by = 0 if lacking is None else lacking + 1
        if number in model.problem.synchronised and not gathered(
            model.problem, number, Residual(model.problem)
        ):
            why = _never_together(task)
        else:
            why = _short(task, quantity, served, room, short_by)
    return Unserved(
        need=task.need,
        window=task.windows[0] if len(task.windows) == 1 else None,
        quantity=quantity,
        unit=task.unit,
        minutes=task.minutes * left,
        why=why,
        short_by=short_by,
        gain=sum(term.points for term in need_terms(task.need, week, objective)) + objective.skill,
        nearest=tuple((miss.resource, miss.why) for miss in nearest),
    )


def _no_candidate(nearest: Sequence[Rejection]) -> Reason:
    if not nearest:
        return Reason(
            code="no_candidate",
            zh="资源清单里还没有人做这类事",
            en="nobody on the list does this kind of thing",
        )
    near = nearest[0]
    return Reason(
        code=f"no_candidate:{near.why.code}",
        zh=f"最接近的是{near.resource.owner}，但{near.why.zh}",
        en=f"the nearest is {near.resource.owner}, but: {near.why.en}",
    )


def _never_together(task: Task) -> Reason:
    return Reason(
        code="never_together",
        zh=f"要 {task.demand} 人同时到，合适的人凑不到同一个时间",
        en=f"{task.demand} are needed at the same time; those who fit share no hour",
    )


def _short(task: Task, left: int, served: int, room: int, short_by: int) -> Reason:
    zh, en = amount(left, task.unit, "zh"), amount(left, task.unit, "en")
    if room < task.demand:
        got_zh, got_en = (
            amount(served * task.each, task.unit, "zh"),
            amount(served * task.each, task.unit, "en"),
        )
        return Reason(
            code="shortage",
            zh=f"合适的资源只够 {got_zh}，还差 {zh}",
            en=f"what fits is enough for {got_en}; {en} are left",
        )
    return Reason(
        code="outranked",
        zh=f"名额给了更急或更合适的需求，差 {short_by} 分，还差 {zh}",
        en=f"the places went to more pressing or better fitting needs, {short_by} points short; {en} are left",
    )


def _times(term: Reason, units: int) -> Reason:
    return Reason(code=term.code, points=term.points * units, zh=term.zh, en=term.en)
