"""What would have changed the choice: why somebody else was not chosen, and what alone would have made it them.

Every condition told is tried: the lists are changed as it says and planned again, and only what then brings the choice
about is said. So "would be chosen if they had come last time" is a fact about the plan, not a guess from its prices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from marketplace.planning.answers.overrides import line_of, weigh
from marketplace.planning.answers.plan import Plan
from marketplace.planning.answers.planner import plan_week
from marketplace.planning.problem.context import EXACT, PlanContext
from marketplace.planning.problem.model import Fixed, build
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rules import meeting, refusals
from marketplace.planning.problem.slots import supply_of
from marketplace.planning.problem.tasks import tasks_of
from marketplace.planning.problem.wording import hours
from marketplace.values import Need, Resource, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """One other resource for one need.

    Attributes:
        window: where it would have been, None when no hour is possible.
        cost: points lost if it were chosen all the same; None where it cannot be weighed for want of an hour.
        broken: the rules against it, all of them.
        changes: conditions each of which alone would have brought the choice about; a sentence in each language.
        chosen: True when the plan chose it anyway.
    """

    resource: Resource
    window: Window | None
    cost: int | None
    broken: tuple[Reason, ...] = ()
    changes: tuple[Reason, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A condition with the lists as they would be; `gain` is what it adds to the pair, None for a rule it lifts."""

    code: str
    zh: str
    en: str
    need: Need
    resource: Resource
    gain: int | None = None
    context: PlanContext


def what_if(plan: Plan, *, need_key: str, resource_key: str) -> WhatIf:
    """Why this resource was not chosen for this need, and what would have changed it.

    Raises:
        UnknownLine: the need or the resource is not among the plan's lists.
    """
    window = _window(plan, need_key, resource_key)
    if window is None:
        return _without_an_hour(plan, *_lines(plan, need_key, resource_key))
    choice = Fixed(need_key=need_key, resource_key=resource_key, window=window)
    weighed = weigh(plan, choice)
    need, resource = _lines(plan, need_key, resource_key)
    if resource_key in weighed.instead_of:
        return WhatIf(resource=resource, window=window, cost=0, chosen=True)
    changes = [
        change
        for change in _changes(plan, need, resource, weighed.broken)
        if (change.gain is None or change.gain >= weighed.cost) and _comes_true(plan, change)
    ]
    return WhatIf(
        resource=resource,
        window=window,
        cost=weighed.cost,
        broken=weighed.broken,
        changes=tuple(
            Reason(
                code=change.code,
                points=change.gain or 0,
                zh=f"如果{change.zh}，就会选他们",
                en=f"would be chosen if {change.en}",
            )
            for change in changes
        ),
    )


def _without_an_hour(plan: Plan, need: Need, resource: Resource) -> WhatIf:
    tasks = tasks_of(need, plan.week, plan.context)
    supply = supply_of(resource, plan.week, plan.context, plan.objective, tasks)
    broken = refusals(need, resource, plan.context, [(task, slot) for task in tasks for slot in supply.slots])
    return WhatIf(resource=resource, window=None, cost=None, broken=broken)


def _comes_true(plan: Plan, change: _Change) -> bool:
    again = plan_week(
        [change.need if one.line_key == change.need.line_key else one for one in plan.needs],
        [change.resource if one.line_key == change.resource.line_key else one for one in plan.resources],
        week=plan.week,
        objective=plan.objective,
        fixed=plan.fixed,
        context=change.context,
    )
    return any(
        match.source == "plan"
        and match.need.line_key == change.need.line_key
        and match.resource.line_key == change.resource.line_key
        for match in again.matches
    )


def _window(plan: Plan, need_key: str, resource_key: str) -> Window | None:
    """The hour at which the pair is worth most, else the first hour both have; None when they have none."""
    need, resource = _lines(plan, need_key, resource_key)
    model = build(
        plan.needs, plan.resources, week=plan.week, objective=plan.objective, fixed=plan.fixed, context=plan.context
    )  # fmt: skip
    best: tuple[int, Window] | None = None
    for task, asked in enumerate(model.tasks):
        if asked.need.line_key != need_key:
            continue
        for slot, points in model.pairs.places(task):
            if model.slots[slot].resource.line_key != resource_key:
                continue
            common = meeting(asked, model.slots[slot])
            assert common is not None
            if best is None or points > best[0]:
                best = points, common
    if best is not None:
        return best[1]
    tasks = tasks_of(need, plan.week, plan.context)
    supply = supply_of(resource, plan.week, plan.context, plan.objective, tasks)
    met = (meeting(task, slot) for task in tasks for slot in supply.slots)
    return next((window for window in met if window is not None), None)


def _changes(plan: Plan, need: Need, resource: Resource, broken: tuple[Reason, ...]) -> Iterator[_Change]:
    if not broken:
        yield from _better_terms(plan, need, resource)
    elif len({why.code for why in broken}) == 1:
        yield from _lifted(plan, need, resource, broken[0].code)


def _better_terms(plan: Plan, need: Need, resource: Resource) -> Iterator[_Change]:
    """What would give the pair more points, one thing at a time."""
    goal, context = plan.objective, plan.context
    as_it_is = {"need": need, "resource": resource, "context": context}

    def change(code: str, zh: str, en: str, gain: int, **differs: object) -> _Change:
        return _Change(code=code, zh=zh, en=en, gain=gain, **{**as_it_is, **differs})  # type: ignore[arg-type]

    if resource.owner not in need.last_helpers:
        came = replace(need, last_helpers=(resource.owner, *need.last_helpers))
        yield change("continuity", "上次来的也是他们", "they had come last time", goal.continuity, need=came)
    if not {(need.line_key, resource.owner), (need.owner, resource.owner)} & context.wishes:
        wished = replace(context, wishes=context.wishes | {(need.line_key, resource.owner)})
        yield change("wished", "对方点名要他们", "they had been asked for", goal.wished, context=wished)
    if avoided := {(need.line_key, resource.owner), (need.owner, resource.owner)} & context.avoid:
        easier = replace(context, avoid=context.avoid - avoided)
        yield change("avoid", "没有不合适的顾虑", "nothing spoke against the two meeting", goal.avoid, context=easier)  # fmt: skip
    fit, rank = context.skill_fit(need.categories, resource.categories)
    if (fit, rank) != (EXACT, 0):
        does = replace(resource, categories=(*resource.categories, need.categories[0]))
        gain = goal.skill - (goal.skill_also if fit == EXACT else goal.skill_related)
        yield change("skill", "他们专门做这件事", "they did exactly this", gain, resource=does)
    if not resource.free:
        yield change("free", "他们不收费", "they were free of charge", goal.free, resource=replace(resource, free=True))  # fmt: skip
    yield from _less_given(plan, need, resource)
    yield from _nearer(plan, need, resource)


def _less_given(plan: Plan, need: Need, resource: Resource) -> Iterator[_Change]:
    goal = plan.objective
    counted = min(resource.load_minutes // 60, goal.load_hours_max)
    if counted:
        zh, en = (hours(resource.load_minutes, lang) for lang in ("zh", "en"))
        yield _Change(
            code="load",
            zh=f"他们最近没有帮过这 {zh}",
            en=f"they had not given {en} lately",
            gain=goal.load_hour * counted,
            need=need,
            resource=replace(resource, load_minutes=0),
            context=plan.context,
        )


def _nearer(plan: Plan, need: Need, resource: Resource) -> Iterator[_Change]:
    """The way so much shorter that it would do; a way nobody knows is not spoken of."""
    goal, times = plan.objective, plan.context.travel_times
    here, there = times.of_resource(resource), times.of_need(need)
    minutes = times.minutes_between(here, there) if times else None
    if not minutes or not goal.walk_minute:
        return
    closer = replace(
        times, spots={**times.spots, resource.owner: f"{here}·", }, minutes={**times.minutes, (f"{here}·", there): 0}
    )  # fmt: skip
    yield _Change(
        code="walk",
        zh=f"不用走 {minutes} 分钟、就在旁边",
        en=f"they were next door and not {minutes} minutes away",
        gain=goal.walk_minute * min(minutes, goal.walk_minutes_max),
        need=need,
        resource=resource,
        context=replace(plan.context, travel_times=closer),
    )


def _lifted(plan: Plan, need: Need, resource: Resource, code: str) -> Iterator[_Change]:
    """The one rule that stands in the way, met; rules that protect people are not spoken of as if they could be."""
    context = plan.context
    until = {pair: day for pair, day in context.certificates_until.items() if pair[0] != resource.owner}
    met: dict[str, tuple[str, str, Need, Resource, PlanContext]] = {
        "certificate": (
            "有所需的证书", "they held the certificates asked for", need,
            replace(resource, certificates=resource.certificates | need.requires), context,
        ),
        "certificate_valid": (
            "证书没有过期", "their certificate had not expired", need, resource,
            replace(context, certificates_until=until),
        ),
        "language": (
            f"会说{need.language}", f"they spoke {need.language}", need,
            replace(resource, languages=resource.languages | {need.language}), context,
        ),
        "reach": (
            f"服务范围到{need.place.grid}", f"they reached {need.place.grid}", need,
            replace(resource, reach_grids=(*resource.reach_grids, need.place.grid)), context,
        ),
        "notice": (
            "不用提前预约", "they needed no notice", need,
            replace(resource, when=replace(resource.when, notice_days=0)), context,
        ),
        "blackout": ("那天在", "they were not away that day", need, replace(resource, away=()), context),
        "rest": (
            "不用歇", "they needed no rest", need, replace(resource, rest_days=0, rest_minutes=0), context,
        ),
        "walk": (
            "愿意走远一点", "they walked further", need, replace(resource, walk_minutes_max=0), context,
        ),
        "radius": ("愿意走远一点", "they went further", need, replace(resource, radius_m=0), context),
    }  # fmt: skip
    if code in met:
        zh, en, asks, offers, around = met[code]
        yield _Change(code=code, zh=zh, en=en, need=asks, resource=offers, context=around)


def _lines(plan: Plan, need_key: str, resource_key: str) -> tuple[Need, Resource]:
    return line_of(plan.needs, need_key), line_of(plan.resources, resource_key)
