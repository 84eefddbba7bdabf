"""Plan a week: build the problem, solve it exactly, and say every answer in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from marketplace.planning.answers.plan import Alternative, Certificate, Match, Plan
from marketplace.planning.answers.shortage import shortages_of
from marketplace.planning.answers.unserved import unserved_of
from marketplace.planning.collecting import collector_resting
from marketplace.planning.problem.common_hours import shared
from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.model import Fixed, Model, build
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rules import meeting
from marketplace.planning.problem.stability import without_told
from marketplace.planning.solving.city.simplex import Strongest
from marketplace.planning.solving.decide import Decided, decided
from marketplace.planning.solving.formulation import Solver, Steps, after, cost_of, slots_serving
from marketplace.planning.solving.search import Answer
from marketplace.planning.solving.stable import stable_plan
from marketplace.planning.solving.transport import NO_GROUP
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
    told_here = [replace(one, window=one.window.seen_in(context.zone)) for one in fixed]
    ordered = sorted(told_here, key=lambda one: (one.window, one.need_key, one.resource_key, one.quantity))
    lines = tuple(needs), tuple(resources)

    def planned(around: PlanContext) -> Plan:
        model = build(*lines, week=week, objective=goal, fixed=ordered, context=around)
        decide = decided if mode == "optimal" else stable_plan
        answer = decide(model.problem, solver or Strongest())
        return told(
            model,
            answer,
            needs=lines[0],
            resources=lines[1],
            week=week,
            objective=goal,
            fixed=tuple(ordered),
            context=around,
        )

    with collector_resting():
        return settled(planned, context)


def settled(planned: Callable[[PlanContext], Plan], context: PlanContext) -> Plan:
    """The plan in which what cannot stay as told is free to go anywhere, where that gains points."""
    plan = planned(context)
    while moved := _moved(plan):
        freed = planned(without_told(plan.context, moved))
        if freed.certificate.primal <= plan.certificate.primal:
            break
        plan = freed
    return plan


def _moved(plan: Plan) -> set[str]:
    """Needs that were told of a visit which the plan does not have as told."""
    kept = {
        (match.need.line_key, match.resource.line_key, match.window.starts_at)
        for match in plan.matches
        if match.source == "plan"
    }
    agreed = {one.need_key for one in plan.fixed}
    return {
        key
        for key, visits in plan.context.told.items()
        if key not in agreed
        and any((key, visit.resource_key, visit.window.starts_at) not in kept for visit in visits)
    }


def told(
    model: Model,
    answer: Decided,
    *,
    needs: tuple[Need, ...],
    resources: tuple[Resource, ...],
    week: Week,
    objective: Objective,
    fixed: tuple[Fixed, ...],
    context: PlanContext,
) -> Plan:
    """The plan in words, from its numbers."""
    unserved = unserved_of(model, answer)
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
        tours=answer.tours,
        proof=answer.proof,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """Units of a task met in a slot, at one start where visits follow one another."""

    task: int
    slot: int
    units: int
    window: Window


def _visits(model: Model, answer: Decided) -> list[_Visit]:
    """What the plan has, in the order of the hours."""
    timed: dict[tuple[int, int, int], int] = defaultdict(int)
    for slot, rounds in answer.tours.items():
        for task, start in (visit for one in rounds for visit in one):
            timed[task, slot, start] += 1
    routing = model.problem.routing
    found = [
        _Visit(
            task=task,
            slot=slot,
            units=units,
            window=model.clock.window(start, routing.stretches[slot].visits[task].minutes),
        )
        for (task, slot, start), units in timed.items()
        if routing is not None
    ]
    at_once = slots_serving(answer.units, model.problem.synchronised)
    for (task, slot), units in answer.units.items():
        if slot not in answer.tours:
            met = [meeting(model.tasks[task], model.slots[one]) for one in at_once.get(task, [slot])]
            window = shared([*met, *model.agreed.get(task, ())])
            assert window is not None
            found.append(_Visit(task=task, slot=slot, units=units, window=window))
    return sorted(found, key=lambda one: (one.window, one.task, one.slot))


def _matches(model: Model, answer: Decided) -> list[Match]:
    visits = _visits(model, answer)
    turns, nearest = _turn_costs(model, visits), _nearest(model, answer)
    matches = []
    for place, visit in enumerate(visits):
        task, slot = model.tasks[visit.task], model.slots[visit.slot]
        reasons = [_times(term, visit.units) for term in model.terms(visit.task, visit.slot)]
        if cost := turns[place]:
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
                resource=slot.resource,
                window=visit.window,
                minutes=task.minutes,
                quantity=visit.units * task.each,
                unit=task.unit,
                value=sum(reason.points for reason in reasons),
                reasons=tuple(reasons),
                alternatives=_alternatives(model, nearest.get(visit.task, []), visit.task, visit.slot),
                notes=_notes(slot.resource),
            )
        )
    return sorted(matches, key=lambda one: (one.window, one.need.line_key, one.resource.line_key))


def _turn_costs(model: Model, visits: Sequence[_Visit]) -> list[int]:
    """The price of further visits of one owner, laid on the later visits of the week."""
    left: dict[int, Steps] = dict(enumerate(model.problem.steps))
    costs = []
    for visit in visits:
        group = model.problem.group_of[visit.slot]
        if group == NO_GROUP:
            costs.append(0)
            continue
        costs.append(cost_of(left[group], visit.units))
        left[group] = after(left[group], visit.units)
    return costs


def _nearest(model: Model, answer: Decided) -> dict[int, list[tuple[int, int, int]]]:
    """Per task its best places and one more than are shown, as (the least it lacks, points, slot), nearest first."""
    if answer.answer is not None:
        return _nearest_by_slot(model, answer.answer)
    lacking = answer.lacking
    assert lacking is not None
    found = {}
    for task in sorted({task for task, _ in answer.units}):
        best = sorted(model.problem.edges[task], key=lambda edge: (-edge[0], edge[1]))[
            : ALTERNATIVES_SHOWN + 1
        ]
        places = [
            (lacks, value, slot)
            for value, slot in best
            if (task, slot) not in answer.units and (lacks := lacking.points(task, slot)) is not None
        ]
        found[task] = sorted(places, key=lambda one: (one[0], -one[1], one[2]))
    return found


def _nearest_by_slot(model: Model, answer: Answer) -> dict[int, list[tuple[int, int, int]]]:
    """What a place lacks is its reduced cost at the prices of the plan."""
    prices, group_of = answer.flows.prices, np.array(model.problem.group_of, np.int64)
    full = np.array(prices.slot, np.int64) + np.append(np.array(prices.group, np.int64), 0)[group_of]
    task, slot, value = (np.array(one, np.int64) for one in _columns(model))
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


def _columns(model: Model) -> tuple[list[int], list[int], list[int]]:
    """(task, slot, value) of every pair of the problem."""
    task, slot, value = list[int](), list[int](), list[int]()
    for number, edges in enumerate(model.problem.edges):
        for points, place in edges:
            task.append(number)
            slot.append(place)
            value.append(points)
    return task, slot, value


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


def _times(term: Reason, units: int) -> Reason:
    return Reason(code=term.code, points=term.points * units, zh=term.zh, en=term.en)
