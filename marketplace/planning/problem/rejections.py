"""Who nearly served a task, and the rule that stopped them: asked only when somebody wants to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rules import apart, line_refusal, meeting, slot_refusal
from marketplace.planning.problem.slots import Supply
from marketplace.planning.problem.tasks import Task
from marketplace.values import Resource

# How near: kept away only by an hour agreed with others, by a rule at an hour, all week, or by what the lines say.
NOT_FREE_THEN, _AT_AN_HOUR, _AWAY, _BY_THE_LINE = 4, 3, 2, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A resource that nearly served a task, with the rule that stopped it; later rules are nearer."""

    resource: Resource
    why: Reason
    depth: int


def rejections(
    task: Task, fitting: Sequence[Supply], near: Sequence[Resource], context: PlanContext
) -> Iterator[Rejection]:
    """The nearest first: stopped at an hour, away all week, then stopped by what the lines say.

    Args:
        fitting: supplies whose line allows them to serve the task.
        near: every resource that does this kind of thing, in order of the keys.
    """
    away = Reason(code="away", zh="本周没有时间", en="has no time this week")
    for supply in fitting:
        if (why := stopped(task, supply, context)) is not None:
            yield Rejection(resource=supply.resource, why=why, depth=_AT_AN_HOUR)
    for supply in fitting:
        if not supply.slots:
            yield Rejection(resource=supply.resource, why=away, depth=_AWAY)
    for resource in near:
        if (why := line_refusal(task.need, resource, context)) is not None:
            yield Rejection(resource=resource, why=why, depth=_BY_THE_LINE)


def stopped(task: Task, supply: Supply, context: PlanContext) -> Reason | None:
    """The first reason against a slot of the supply; hours that meet are nearer than hours that do not."""
    too_far: Reason | None = None
    for slot in supply.slots:
        if meeting(task, slot) is None:
            too_far = too_far or apart(slot)
        elif (why := slot_refusal(task, slot, context)) is not None:
            return why
    return too_far
