"""Between two plans: the best helpers for one need now, who could step in today, and the mirror, what one unit could do.

The same rules and terms as the weekly plan judge, so a suggestion never contradicts it. Who was asked often lately sinks
in the list and is left in peace once the budget is spent (`fatigue`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from marketplace.planning.answers.fatigue import Asks
from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.model import Fixed, Model, build
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rules import meeting
from marketplace.planning.solving.transport import NO_GROUP
from marketplace.values import Looseness, Need, Quantity, Resource, Unit, Week, When, Window

NOBODY_ASKED = Asks()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One possible match; the points of `reasons` add up to `value`, `quantity` is what could be met there."""

    need: Need
    resource: Resource
    window: Window
    minutes: int
    quantity: int
    unit: Unit
    value: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who could help, best first, and who is passed over and why: left in peace for now, or stopped by a rule."""

    suggestions: tuple[Suggestion, ...]
    passed_over: tuple[tuple[Resource, Reason], ...]


def suggest(
    need: Need,
    resources: Sequence[Resource],
    *,
    week: Week,
    context: PlanContext,
    objective: Objective | None = None,
    fixed: Sequence[Fixed] = (),
    asks: Asks = NOBODY_ASKED,
    k: int = 5,
) -> tuple[Suggestion, ...]:
    """The k best resources for a need in a week, each at its best hour.

    Args:
        fixed: help already promised, whose places are gone.
        asks: how often volunteers were asked lately; each time costs points, a spent budget takes them off the list.
    """
    found = look_for(
        need, resources, week=week, context=context, objective=objective, fixed=fixed, asks=asks, k=k
    )
    return found.suggestions


def look_for(
    need: Need,
    resources: Sequence[Resource],
    *,
    week: Week,
    context: PlanContext,
    objective: Objective | None = None,
    fixed: Sequence[Fixed] = (),
    asks: Asks = NOBODY_ASKED,
    k: int = 5,
) -> Found:
    """The k best resources for a need as `suggest` tells them, and up to k of those who are passed over."""
    model = build(
        [need], resources, week=week, objective=objective or Objective(), fixed=fixed, context=context
    )
    able = _best(_possible(model, objective or Objective(), asks, context), len(resources), _resource_key)
    spent = {
        one.resource.line_key: why
        for one in able
        if (why := asks.spent(one.resource, now=context.now)) is not None
    }
    missed = (miss for number in range(len(model.tasks)) for miss in model.rejections(number))
    passed_over = [
        *((one.resource, spent[_resource_key(one)]) for one in able if _resource_key(one) in spent),
        *((miss.resource, miss.why) for miss in sorted(missed, key=lambda miss: -miss.depth)),
    ]
    helping = {_resource_key(one) for one in able} - spent.keys()
    told = {one.line_key: (one, why) for one, why in reversed(passed_over) if one.line_key not in helping}
    return Found(
        suggestions=tuple(one for one in able if _resource_key(one) not in spent)[:k],
        passed_over=tuple(reversed(told.values()))[:k],
    )


def stand_ins(
    need: Need,
    resources: Sequence[Resource],
    *,
    window: Window,
    without: str,
    quantity: int = 1,
    context: PlanContext,
    objective: Objective | None = None,
    fixed: Sequence[Fixed] = (),
    asks: Asks = NOBODY_ASKED,
    k: int = 5,
) -> Found:
    """Who could step in for a visit that was called off, also on the day itself.

    Days of notice count from now. Everybody else who is promised stays where they are.

    Args:
        window: the stretch that became free again, seconds are left out; without: the owner who called off.
        quantity: units of the need that are free again.
        fixed: what is promised; the visit called off may still be among them.
    """
    window = Window(_to_the_minute(window.starts_at), _to_the_minute(window.ends_at))
    freed = replace(
        need,
        when=When(windows=(window,), looseness=Looseness.FIXED),
        quantity=_freed(need.quantity, quantity, window),
        filed_on=context.today_on,
    )
    others = [one for one in resources if one.owner != without]
    absent = {one.line_key for one in resources if one.owner == without}
    standing = [one for one in fixed if one.resource_key not in absent]
    # The need asks anew for what is free; what others promised for it is no part of that.
    kept = [replace(one, need_key="") if one.need_key == need.line_key else one for one in standing]
    return look_for(
        freed,
        others,
        week=Week.of(context.day_of(window)),
        context=context,
        objective=objective,
        fixed=kept,
        asks=asks,
        k=k,
    )


def _to_the_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _freed(quantity: Quantity, units: int, window: Window) -> Quantity:
    """The quantity of one occasion: as many helpers or units as are missing, for as long as the stretch was agreed."""
    minutes = quantity.minutes_each or window.minutes
    if quantity.helpers:
        return replace(quantity, helpers=units, minutes_each=minutes)
    if quantity.unit is Unit.MINUTE:
        return replace(quantity, unit=Unit.VISIT, amount=1, minutes_each=minutes)
    return replace(quantity, amount=units, minutes_each=minutes)


def suggest_for(
    resources: Resource | Sequence[Resource],
    needs: Sequence[Need],
    *,
    weeks: Sequence[Week],
    context: PlanContext,
    objective: Objective | None = None,
    fixed: Sequence[Fixed] = (),
    on: date | None = None,
    k: int = 5,
) -> tuple[Suggestion, ...]:
    """The k needs that these resources (one line, or all lines of a unit) could best meet, each at its best hour.

    "What could our unit do this month" names several weeks, "what could I do this Tuesday" one week and the day `on`.
    """
    offered = [resources] if isinstance(resources, Resource) else list(resources)
    goal, found = objective or Objective(), list[Suggestion]()
    for week in weeks:
        model = build(needs, offered, week=week, objective=goal, fixed=fixed, context=context)
        found.extend(_possible(model, goal, NOBODY_ASKED, context))
    if on is not None:
        found = [one for one in found if context.day_of(one.window) == on]
    return _best(found, k, lambda one: one.need.line_key)


def _possible(model: Model, objective: Objective, asks: Asks, context: PlanContext) -> Iterable[Suggestion]:
    for task, edges in enumerate(model.problem.edges):
        for _, slot in edges:
            units = _room(model, task, slot)
            if units:
                yield _suggestion(model, task, slot, units, objective, asks, context)


def _room(model: Model, task: int, slot: int) -> int:
    problem = model.problem
    room = min(problem.demand[task], problem.capacity[slot])
    if (group := problem.group_of[slot]) != NO_GROUP:
        room = min(room, sum(units for units, _ in problem.steps[group]))
    return 0 if task in problem.whole and room < problem.demand[task] else room


def _suggestion(
    model: Model,
    task: int,
    slot: int,
    units: int,
    objective: Objective,
    asks: Asks,
    context: PlanContext,
) -> Suggestion:
    wanted, place = model.tasks[task], model.slots[slot]
    window = meeting(wanted, place)
    assert window is not None
    reasons = list(model.terms(task, slot))
    group = model.problem.group_of[slot]
    if group != NO_GROUP and (cost := model.problem.steps[group][0][1]):
        reasons.append(
            Reason(code="turns", points=-cost, zh="本周已安排过几次", en="already asked for this week")
        )
    if (asked := asks.term(place.resource, objective, now=context.now)) is not None:
        reasons.append(asked)
    return Suggestion(
        need=wanted.need,
        resource=place.resource,
        window=window,
        minutes=wanted.minutes,
        quantity=units * wanted.each,
        unit=wanted.unit,
        value=sum(reason.points for reason in reasons),
        reasons=tuple(reasons),
    )


def _best(found: Iterable[Suggestion], k: int, by: Callable[[Suggestion], str]) -> tuple[Suggestion, ...]:
    """The best suggestion per line, the best lines first; equals by hour and key, so that the order is fixed."""
    best: dict[str, Suggestion] = {}
    for one in sorted(
        found, key=lambda one: (-one.value, one.window, one.need.line_key, one.resource.line_key)
    ):
        best.setdefault(by(one), one)
    return tuple(list(best.values())[:k])


def _resource_key(one: Suggestion) -> str:
    return one.resource.line_key
