"""What one unit of a match is worth: named terms that add up to its value, each with its sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from marketplace.planning.problem.context import EXACT, PlanContext
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.tasks import Task, rhythm_of
from marketplace.planning.problem.wording import hours, stretch
from marketplace.values import Need, Resource, Urgency, Week, Window

LineTerm = Callable[[Need, Resource, PlanContext, Objective], Reason | None]
DAYS_OF_WEEK = 7
_TIER_ZH = {Urgency.URGENT: "紧急需求优先", Urgency.NORMAL: "一般需求", Urgency.LOW: "不急的需求"}
_TIER_EN = {Urgency.URGENT: "urgent comes first", Urgency.NORMAL: "an ordinary need", Urgency.LOW: "no hurry"}


def need_terms(
    need: Need, week: Week, objective: Objective, context: PlanContext | None = None
) -> list[Reason]:
    """Terms that the need brings, wherever it is met; `context` knows who had help lately and what was agreed."""
    terms = [
        Reason(
            code="urgency",
            points=objective.tier(need.urgency),
            zh=_TIER_ZH[need.urgency],
            en=_TIER_EN[need.urgency],
        )
    ]
    days = waited_days(need, week, context)
    if (raised := _raised(need, days, objective)) is not None:
        terms.append(raised)
    if points := objective.wait_day * min(days, objective.wait_days_max):
        days_en = "day" if days == 1 else "days"
        terms.append(
            Reason(code="waiting", points=points, zh=f"等了 {days} 天", en=f"has waited {days} {days_en}")
        )
    if points := objective.unmet * min(need.times_unmet, objective.unmet_max):
        times = need.times_unmet
        terms.append(
            Reason(
                code="unmet",
                points=points,
                zh=f"前面 {times} 次没排上",
                en=f"missed out {times} times before",
            )
        )
    if context is not None:
        terms.extend(_first_served(need, context, objective))
    return terms


def waited_days(need: Need, week: Week, context: PlanContext | None) -> int:
    """How long a need has waited when the week begins: since it was filed, or since it was due again."""
    since = need.filed_on
    served = () if context is None else context.served_days.get(need.line_key, ())
    if before := [day for day in served if day < week.monday_on]:
        rhythm = rhythm_of(need)
        apart = rhythm.period_days // rhythm.times if rhythm is not None else 0
        since = max(since, max(before) + timedelta(days=apart))
    return max(0, (week.monday_on - since).days)


def _raised(need: Need, days: int, objective: Objective) -> Reason | None:
    """Waiting crosses the tiers: at half of the longest wait one tier up, in its last week before everything else."""
    longest = objective.longest_wait_days(need.urgency)
    if not longest or 2 * days < longest:
        return None
    own = objective.tier(need.urgency)
    if days + DAYS_OF_WEEK > longest:
        return Reason(
            code="longest_wait",
            points=objective.urgent + objective.normal - own,
            zh=f"已等了 {days} 天，到了最长等待期，先排",
            en=f"has waited {days} days, as long as anybody should; comes first",
        )
    higher = Urgency.URGENT if need.urgency is Urgency.NORMAL else Urgency.NORMAL
    return Reason(
        code="long_wait",
        points=objective.tier(higher) - own,
        zh=f"已等了 {days} 天，提前一档",
        en=f"has waited {days} days and moves up a tier",
    )


def _first_served(need: Need, context: PlanContext, objective: Objective) -> list[Reason]:
    terms = []
    if objective.underserved and context.received.get(need.owner, -1) == 0:
        terms.append(
            Reason(
                code="underserved",
                points=objective.underserved,
                zh="最近还没有得到过帮助",
                en="had no help lately",
            )
        )
    if objective.saver and need.owner and need.owner in context.savers:
        terms.append(
            Reason(
                code="saver",
                points=objective.saver,
                zh="自己存过时间，优先",
                en="has saved hours, so comes first",
            )
        )
    if objective.in_return and need.line_key in context.in_return:
        terms.append(
            Reason(
                code="in_return",
                points=objective.in_return,
                zh="共建协议里答应回应的需求",
                en="promised in return by an agreement",
            )
        )
    return terms


def line_terms(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> list[Reason]:
    """Terms that the two lines bring, whatever the hour."""
    found = (term(need, resource, context, objective) for term in LINE_TERMS)
    return [term for term in found if term is not None]


def continuity(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason | None:
    if resource.owner not in need.last_helpers or not objective.continuity:
        return None
    return Reason(
        code="continuity",
        points=objective.continuity,
        zh="上次也是他们来的",
        en="the same helper as last time",
    )


def wished(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason | None:
    both = {(need.line_key, resource.owner), (need.owner, resource.owner)}
    if not objective.wished or not both & context.wishes:
        return None
    return Reason(code="wished", points=objective.wished, zh="点名要过对方", en="one asked for the other")


def avoid(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason | None:
    both = {(need.line_key, resource.owner), (need.owner, resource.owner)}
    if not objective.avoid or not both & context.avoid:
        return None
    return Reason(code="avoid", points=-objective.avoid, zh="最好换一位", en="better somebody else")


def way(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason | None:
    """What the way costs, where it is known and there is one."""
    if not context.travel_times or not objective.walk_minute:
        return None
    minutes = context.travel_times.minutes_between(
        context.travel_times.of_resource(resource), context.travel_times.of_need(need)
    )
    if not minutes:
        return None
    points = objective.walk_minute * min(minutes, objective.walk_minutes_max)
    return Reason(code="walk", points=-points, zh=f"走过去 {minutes} 分钟", en=f"{minutes} minutes on foot")


def near(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason | None:
    grid = need.place.grid
    if not grid or grid not in resource.reach_grids or not objective.near:
        return None
    return Reason(code="near", points=objective.near, zh=f"同在{grid}", en=f"both in {grid}")


def free(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason | None:
    if not resource.free or not objective.free:
        return None
    return Reason(code="free", points=objective.free, zh="无偿", en="free of charge")


def load(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason | None:
    given = max(resource.load_minutes, context.load_minutes.get(resource.owner, 0))
    points = objective.load_hour * min(given // 60, objective.load_hours_max)
    if not points:
        return None
    return Reason(
        code="load",
        points=-points,
        zh=f"最近已帮了 {hours(given, 'zh')}",
        en=f"already gave {hours(given, 'en')} lately",
    )


def slot_term(task: Task, window: Window, week: Week, objective: Objective) -> Reason:
    """The term that the hour brings; `window` is what task and slot have in common."""
    zh, en = stretch(window, "zh"), stretch(window, "en")
    if task.timed:
        return Reason(
            code="on_time", points=objective.on_time, zh=f"时间正合适：{zh}", en=f"just the time: {en}"
        )
    days_left = (week.sunday_on - window.day).days
    return Reason(code="soon", points=objective.soon_day * days_left, zh=f"{zh}有空", en=f"free on {en}")


def told_term(objective: Objective) -> Reason:
    """The term for what both sides were told before."""
    return Reason(
        code="told",
        points=objective.told,
        zh="和之前排的人和时间一样",
        en="the same helper and hour as before",
    )


def skill(need: Need, resource: Resource, context: PlanContext, objective: Objective) -> Reason:
    fit, rank = context.skill_fit(need.categories, resource.categories)
    if fit == EXACT and rank == 0:
        return Reason(code="skill", points=objective.skill, zh="会做这件事", en="does exactly this")
    if fit == EXACT:
        return Reason(code="skill_also", points=objective.skill_also, zh="也能做这件事", en="can do this too")
    return Reason(
        code="skill_related", points=objective.skill_related, zh="做相近的事", en="does something close to it"
    )


LINE_TERMS: tuple[LineTerm, ...] = (skill, continuity, wished, avoid, way, near, free, load)
