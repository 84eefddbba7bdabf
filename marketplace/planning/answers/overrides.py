"""A person decides against the plan: what that costs, which rules it goes against, and a record of both.

The cost is exact: the points of the plan, less the points of the best plan that holds the choice. It is 0 when the plan
could as well have chosen so, and below 0 when the choice gains points by going against a rule. (A plan of best pairs
first is not the best plan, so there a choice may gain points within the rules.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from marketplace.errors import OverrideTooLate, OverrideWithoutReason, UnknownLine
from marketplace.planning.answers.plan import Plan
from marketplace.planning.answers.planner import plan_week
from marketplace.planning.problem.model import Fixed, Model, build, with_promises
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rules import category, meeting, refusals
from marketplace.planning.problem.scores import line_terms, need_terms
from marketplace.planning.problem.slots import Slot, supply_of
from marketplace.planning.problem.tasks import Task, tasks_of
from marketplace.planning.solving.formulation import cost_of
from marketplace.planning.solving.transport import NO_GROUP
from marketplace.values import Need, Resource, Window

Line = TypeVar("Line", Need, Resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A choice beside the plan.

    Attributes:
        value: points of the choice itself.
        points_planned, points_kept: of the plan, and of the best plan that holds the choice.
        broken: rules the choice goes against, empty for one the plan could have made.
        instead_of: resource keys the plan had chosen for this need.
    """

    value: int
    points_planned: int
    points_kept: int
    broken: tuple[Reason, ...]
    instead_of: tuple[str, ...]

    @property
    def cost(self) -> int:
        """Points lost against the plan."""
        return self.points_planned - self.points_kept

    def sentence(self, lang: str = "zh") -> str:
        """The cost in words, `lang` "zh" or "en"."""
        return _sentence(self.cost, len(self.broken), lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A choice by hand as it is recorded: who, when, why, and what it cost; `broken` are codes of rules."""

    uid: str
    week: str
    need_key: str
    resource_key: str
    window: Window
    quantity: int
    by: str
    at: datetime
    reason: str
    value: int
    cost: int
    broken: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()

    def sentence(self, lang: str = "zh") -> str:
        """The cost in words, `lang` "zh" or "en"."""
        return _sentence(self.cost, len(self.broken), lang)


def _sentence(cost: int, broken: int, lang: str) -> str:
    if lang.startswith("zh"):
        less = f"比计划少 {cost} 分" if cost > 0 else "和计划一样好"
        against = f"，不合 {broken} 条规则" if broken else ""
        return f"{f'比计划多 {-cost} 分' if cost < 0 else less}{against}"
    less = f"{cost} points less than the plan" if cost > 0 else "as good as the plan"
    rules = "rule" if broken == 1 else "rules"
    against = f", against {broken} {rules}" if broken else ""
    return f"{f'{-cost} points more than the plan' if cost < 0 else less}{against}"


def weigh(plan: Plan, choice: Fixed) -> Weighed:
    """What a choice is worth beside the plan; one more plan is solved.

    Raises:
        UnknownLine: the need or the resource is not among the plan's lists.
    """
    need, resource = line_of(plan.needs, choice.need_key), line_of(plan.resources, choice.resource_key)
    model = build(
        plan.needs,
        plan.resources,
        week=plan.week,
        objective=plan.objective,
        fixed=plan.fixed,
        context=plan.context,
    )
    rest = plan_week(
        plan.needs,
        plan.resources,
        week=plan.week,
        objective=plan.objective,
        fixed=(*plan.fixed, choice),
        context=plan.context,
    )
    value, broken = _worth(plan, model, need, resource, choice)
    return Weighed(
        value=value,
        points_planned=plan.certificate.primal,
        points_kept=rest.certificate.primal + value,
        broken=broken,
        instead_of=tuple(
            match.resource.line_key
            for match in plan.matches
            if match.source == "plan" and match.need.line_key == choice.need_key
        ),
    )


def override(plan: Plan, choice: Fixed, *, uid: str, by: str, at: datetime, reason: str) -> Override:
    """The record of a choice against the plan, with its cost.

    Raises:
        OverrideWithoutReason, OverrideTooLate, UnknownLine.
    """
    if not reason.strip():
        raise OverrideWithoutReason()
    if choice.window.ends_at <= at:
        raise OverrideTooLate()
    weighed = weigh(plan, choice)
    return Override(
        uid=uid,
        week=str(plan.week),
        need_key=choice.need_key,
        resource_key=choice.resource_key,
        window=choice.window,
        quantity=choice.quantity,
        by=by,
        at=at,
        reason=reason,
        value=weighed.value,
        cost=weighed.cost,
        broken=tuple(why.code for why in weighed.broken),
        instead_of=weighed.instead_of,
    )


def _worth(
    plan: Plan, model: Model, need: Need, resource: Resource, choice: Fixed
) -> tuple[int, tuple[Reason, ...]]:
    """Points of the choice itself, its share in the price of further visits taken off, and the rules against it."""
    asked = [
        number
        for number, task in enumerate(model.tasks)
        if task.need.line_key == need.line_key and _during(task.windows, choice.window)
    ]
    units = _units(model, asked, choice)
    price = _price(model, resource, units)
    possible = [
        points + _told_points(plan, choice) * ((task, slot) in model.told)
        for task in asked
        for slot, points in model.pairs.places(task)
        if _may_hold(model.tasks[task], model.slots[slot], resource, choice.window)
    ]
    if possible:
        return max(possible) * units - price, ()
    context = with_promises(plan.context, plan.needs, plan.resources, plan.fixed)
    terms = [
        *need_terms(need, plan.week, plan.objective, context),
        *line_terms(need, resource, context, plan.objective)[category(need, resource, context) is not None :],
    ]
    tasks = [task for task in tasks_of(need, plan.week, context) if _during(task.windows, choice.window)]
    supply = supply_of(resource, plan.week, context, plan.objective, tasks)
    pairs = [
        (task, slot)
        for task in tasks
        for slot in supply.slots
        if slot.window.overlap(choice.window) is not None
    ]
    broken = refusals(need, resource, context, pairs)
    if not pairs:
        broken = (*broken, Reason(code="time", zh="说好的时间里没有这一段", en="not within the hours stated"))
    return sum(term.points for term in terms) * units - price, broken


def _told_points(plan: Plan, choice: Fixed) -> int:
    """What the choice is worth more for being as both sides were told."""
    as_told = any(
        told.resource_key == choice.resource_key and told.window.starts_at == choice.window.starts_at
        for told in plan.context.told.get(choice.need_key, ())
    )
    return plan.objective.told if as_told else 0


def _may_hold(task: Task, slot: Slot, resource: Resource, window: Window) -> bool:
    if slot.resource.line_key != resource.line_key:
        return False
    common = meeting(task, slot)
    return common is not None and common.overlap(window) is not None


def _units(model: Model, asked: Iterable[int], choice: Fixed) -> int:
    """Units of the need that the choice meets: what it promises, but no more than is still asked for."""
    left, units = choice.quantity, 0
    for number in asked:
        taken = min(-(-left // model.tasks[number].each), model.problem.demand[number])
        units += taken
        left = max(0, left - taken * model.tasks[number].each)
    return units


def _price(model: Model, resource: Resource, units: int) -> int:
    """What asking this owner for so many more visits of the week costs."""
    groups = {
        model.problem.group_of[number]
        for number, slot in enumerate(model.slots)
        if slot.resource.line_key == resource.line_key
    } - {NO_GROUP}
    return sum(cost_of(model.problem.steps[group], units) for group in groups)


def _during(windows: Iterable[Window], window: Window) -> bool:
    return any(one.overlap(window) is not None for one in windows)


def line_of(lines: Iterable[Line], key: str) -> Line:
    """The line with this key; UnknownLine when there is none."""
    found = next((one for one in lines if one.line_key == key), None)
    if found is None:
        raise UnknownLine(line_key=key)
    return found
