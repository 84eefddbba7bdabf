"""When a resource may serve a task at all: named rules, each with its sentence.

A rule answers None when it is content, or the reason why not. The first rules look at the two lines only, the later
ones at a slot of time. They are asked in the order of the lists below, from the plainest reason to the finest, so that
the reason told is the one a person would name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from marketplace.planning.context import PlanContext
from marketplace.planning.reasons import Reason
from marketplace.planning.slots import Holds, Slot, holds_of
from marketplace.planning.tasks import Task
from marketplace.planning.wording import amount, hours, stretch
from marketplace.values import SHANGHAI, Need, Resource, Unit, Window

LineRule = Callable[[Need, Resource, PlanContext], Reason | None]
SlotRule = Callable[[Task, Slot, PlanContext], Reason | None]
_PIECES = frozenset({Unit.ITEM, Unit.MEAL})
_SERVED_SINGLY = frozenset({Unit.VISIT, Unit.SESSION, Unit.PERSON})
_ONE_MEETING = frozenset({Unit.VISIT, Unit.SESSION, Unit.MINUTE})


def category(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if context.skill_fit(need.categories, resource.categories)[0]:
        return None
    return Reason(code="category", zh="不做这类事", en="does not do this kind of thing")


def own_line(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not need.owner or need.owner != resource.owner:
        return None
    return Reason(code="own_line", zh="是自己提的需求", en="is their own need")


def conflict(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    pairs = {(need.line_key, resource.owner), (need.owner, resource.owner)}
    if not pairs & context.conflicts:
        return None
    return Reason(code="conflict", zh="双方已说好不安排在一起", en="the two are not to be brought together")


def unit(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    """Seats are asked of rooms and only of them; goods and meals go by the piece; people by the helper or visit."""
    asked, given = need.quantity.unit, resource.quantity.unit
    if holds_of(resource) is Holds.ROOM or asked is Unit.SEAT:
        one_group = asked is Unit.SEAT or (need.quantity.amount == 1 and asked in _ONE_MEETING)
        if holds_of(resource) is Holds.ROOM and one_group:
            return None
    elif (
        asked not in _PIECES
        or given in _PIECES
        or holds_of(resource) is Holds.HELPERS
        or given in _SERVED_SINGLY
    ):
        return None
    return Reason(code="unit", zh="数量单位对不上", en="the two count different things")


def seats(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    people = need.quantity.amount if need.quantity.unit is Unit.SEAT else 1
    most = resource.quantity.amount
    if holds_of(resource) is not Holds.ROOM or most >= people:
        return None
    return Reason(
        code="seats",
        zh=f"只坐得下 {most} 人,需要 {people} 人",
        en=f"seats {most}, {people} are needed",
    )


def reach(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not resource.reach_grids or not need.place.grid or need.place.grid in resource.reach_grids:
        return None
    return Reason(
        code="reach",
        zh=f"服务范围不到{need.place.grid}",
        en=f"does not reach {need.place.grid}",
    )


def certificate(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    missing = sorted(need.requires - resource.certificates)
    if not missing:
        return None
    return Reason(
        code="certificate",
        zh=f"没有所需证书:{'、'.join(missing)}",
        en=f"lacks a certificate: {', '.join(missing)}",
    )


def language(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not need.language or need.language in resource.languages:
        return None
    return Reason(code="language", zh=f"不会说{need.language}", en=f"does not speak {need.language}")


def gender(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not need.gender or need.gender == resource.gender:
        return None
    return Reason(code="gender", zh="对方希望由同性别的人来", en="a helper of the asked-for gender is wanted")


def minor(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not resource.minor or need.source != "resident":
        return None
    return Reason(code="minor", zh="未成年人不单独上门", en="minors do not visit homes on their own")


def heavy_work(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not need.heavy or not (resource.light_work_only or resource.minor):
        return None
    return Reason(code="heavy_work", zh="不做重活", en="does no heavy work")


def own_limits(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    most, asked = resource.minutes_per_week_max, need.quantity.minutes_each
    if not most or asked <= most:
        return None
    return Reason(
        code="own_limits",
        zh=f"每周最多 {hours(most, 'zh')},这件事要 {hours(asked, 'zh')}",
        en=f"gives at most {hours(most, 'en')} a week, this takes {hours(asked, 'en')}",
    )


LINE_RULES: tuple[LineRule, ...] = (
    category,
    own_line,
    conflict,
    unit,
    seats,
    reach,
    certificate,
    language,
    gender,
    minor,
    heavy_work,
    own_limits,
)


def meeting(task: Task, slot: Slot) -> Window | None:
    """The longest common stretch of a task and a slot that is long enough, the earliest of equals; None for none."""
    # A room is wanted for all of the stretch that was asked for.
    all_of_it = slot.holds is Holds.ROOM and task.timed and not task.need.quantity.minutes_each
    opens, closes = slot.window.starts_at, slot.window.ends_at
    best, longest = None, timedelta(0)
    for asked in task.windows:
        starts_at = asked.starts_at if asked.starts_at > opens else opens
        ends_at = asked.ends_at if asked.ends_at < closes else closes
        length = ends_at - starts_at
        if length <= longest:
            continue
        least = timedelta(minutes=asked.minutes if all_of_it else task.minutes)
        if length >= least:
            best, longest = (starts_at, ends_at), length
    return None if best is None else Window(*best)


def apart(slot: Slot) -> Reason:
    """Why a task and a slot without a common stretch do not meet."""
    return Reason(
        code="time",
        zh=f"时间对不上:对方{stretch(slot.window, 'zh')}",
        en=f"the times do not meet: they have {stretch(slot.window, 'en')}",
    )


def notice(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """Warning counts from the day the need stood on the list, where the resource's owner could read it."""
    days = slot.resource.when.notice_days
    known_on = min(task.need.filed_on, context.today_on)
    if slot.window.starts_at.astimezone(SHANGHAI).date() - timedelta(days=days) >= known_on:
        return None
    return Reason(code="notice", zh=f"要提前 {days} 天预约,来不及了", en=f"needs {days} days of notice")


def certificate_valid(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    on = slot.window.starts_at.astimezone(SHANGHAI).date()
    for one in sorted(task.need.requires):
        until = context.certificates_until.get((slot.resource.owner, one))
        if until is not None and until < on:
            return Reason(
                code="certificate_valid",
                zh=f"{one} 到 {until:%m月%d日} 已过期",
                en=f"{one} expired on {until.isoformat()}",
            )
    return None


def capacity(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    asked = task.demand if task.whole and slot.holds is not Holds.ROOM else 1
    if slot.capacity >= asked:
        return None
    return Reason(
        code="capacity",
        zh=f"一次要 {amount(asked, task.unit, 'zh')},只有 {slot.capacity}",
        en=f"{amount(asked, task.unit, 'en')} are needed at once, there is {slot.capacity}",
    )


SLOT_RULES: tuple[SlotRule, ...] = (notice, certificate_valid, capacity)


def line_refusal(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    """The first reason why these two lines never meet; None when they may."""
    return next((why for rule in LINE_RULES if (why := rule(need, resource, context)) is not None), None)


def slot_refusal(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """The first reason why this task is not met in a slot whose hours would do; None when it may be."""
    return next((why for rule in SLOT_RULES if (why := rule(task, slot, context)) is not None), None)
