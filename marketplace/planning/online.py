"""Between two plans: the best helpers for one need now, and the mirror, what one unit or volunteer could do.

The same rules and terms as the weekly plan judge, so a suggestion never contradicts it. Who was asked often lately sinks
in the list (`asked`): inviting the same willing people again and again is how they are lost.

Source: Manshadi and Rodilitz, Online Policies for Efficient Volunteer Crowdsourcing (2022), for the price on asking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.planning.context import PlanContext
from marketplace.planning.flow import NO_GROUP
from marketplace.planning.model import Fixed, Model, build
from marketplace.planning.objective import Objective
from marketplace.planning.reasons import Reason
from marketplace.planning.rules import meeting
from marketplace.values import Need, Resource, Unit, Week, Window


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

    def as_json(self, lang: str = "zh") -> dict[str, Any]:
        """The suggestion as plain values; nothing private of a need is in it."""
        from marketplace.planning.rendering import suggestion_json

        return suggestion_json(self, "zh" if lang.startswith("zh") else "en")


def suggest(
    need: Need,
    resources: Sequence[Resource],
    *,
    week: Week,
    context: PlanContext,
    objective: Objective | None = None,
    fixed: Sequence[Fixed] = (),
    asked: Mapping[str, int] | None = None,
    k: int = 5,
) -> tuple[Suggestion, ...]:
    """The k best resources for a need in a week, each at its best hour.

    Args:
        fixed: help already promised, whose places are gone.
        asked: resource owner -> how often they were asked lately; each time costs points.
    """
    found = _found([need], resources, week, context, objective or Objective(), fixed, asked or {})
    return _best(found, k, lambda one: one.resource.line_key)


def suggest_for(
    resources: Resource | Sequence[Resource],
    needs: Sequence[Need],
    *,
    weeks: Sequence[Week],
    context: PlanContext,
    objective: Objective | None = None,
    fixed: Sequence[Fixed] = (),
    k: int = 5,
) -> tuple[Suggestion, ...]:
    """The k needs that these resources (one line, or all lines of a unit) could best meet, each at its best hour.

    One week answers "what could I do this Tuesday", several answer "what could our unit do this month".
    """
    offered = [resources] if isinstance(resources, Resource) else list(resources)
    found: list[Suggestion] = []
    for week in weeks:
        found.extend(_found(needs, offered, week, context, objective or Objective(), fixed, {}))
    return _best(found, k, lambda one: one.need.line_key)


def _found(
    needs: Sequence[Need],
    resources: Sequence[Resource],
    week: Week,
    context: PlanContext,
    objective: Objective,
    fixed: Sequence[Fixed],
    asked: Mapping[str, int],
) -> Iterable[Suggestion]:
    model = build(needs, resources, week=week, objective=objective, fixed=fixed, context=context)
    for task, edges in enumerate(model.problem.edges):
        for _, slot in edges:
            units = _room(model, task, slot)
            if units:
                yield _suggestion(model, task, slot, units, objective, asked)


def _room(model: Model, task: int, slot: int) -> int:
    problem = model.problem
    room = min(problem.demand[task], problem.capacity[slot])
    if (group := problem.group_of[slot]) != NO_GROUP:
        room = min(room, sum(units for units, _ in problem.steps[group]))
    return 0 if task in problem.whole and room < problem.demand[task] else room


def _suggestion(
    model: Model, task: int, slot: int, units: int, objective: Objective, asked: Mapping[str, int]
) -> Suggestion:
    asks, place = model.tasks[task], model.slots[slot]
    window = meeting(asks, place)
    assert window is not None
    reasons = list(model.terms[task, slot])
    group = model.problem.group_of[slot]
    if group != NO_GROUP and (cost := model.problem.steps[group][0][1]):
        reasons.append(
            Reason(code="turns", points=-cost, zh="本周已安排过几次", en="already asked for this week")
        )
    if times := asked.get(place.resource.owner, 0):
        reasons.append(
            Reason(
                code="asked",
                points=-objective.asked * times,
                zh=f"最近已问过 {times} 次",
                en=f"was asked {times} times lately",
            )
        )
    return Suggestion(
        need=asks.need,
        resource=place.resource,
        window=window,
        minutes=asks.minutes,
        quantity=units * asks.each,
        unit=asks.unit,
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
