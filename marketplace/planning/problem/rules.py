"""When a resource may serve a task at all: named rules, each with its sentence.

A rule answers None when it is content, or the reason why not. The first rules look at the two lines only, the later
ones at a slot of time. They are asked in the order of the lists below, from the plainest reason to the finest, so that
the reason told is the one a person would name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from marketplace.clients import chosen
from marketplace.planning.problem.context import PlanContext, Promise
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.slots import Holds, Slot, holds_of
from marketplace.planning.problem.tasks import Task
from marketplace.planning.problem.wording import amount, hours, stretch
from marketplace.values import Need, Resource, Unit, Window

LineRule = Callable[[Need, Resource, PlanContext], Reason | None]
SlotRule = Callable[[Task, Slot, PlanContext], Reason | None]
_PIECES = frozenset({Unit.ITEM, Unit.MEAL})
_SERVED_SINGLY = frozenset({Unit.VISIT, Unit.SESSION, Unit.PERSON})
_ONE_MEETING = frozenset({Unit.VISIT, Unit.SESSION, Unit.MINUTE})


def category(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if context.skill_fit(need.categories, resource.categories)[0]:
        return None
    return Reason(code="category", zh="不做这类事", en="does not do this kind of thing")


def services(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    """What a helper chose to do, and chose not to; narrower kinds of what they declined count as declined."""
    if not resource.declines or not all(context.within(one, resource.declines) for one in need.categories):
        return None
    return Reason(code="services", zh="已说明不接这类事", en="has chosen not to take this kind of thing")


def clients(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    """Whom a helper chose to help; the sentence does not say whom the need is for."""
    if chosen(resource.serves, context.clients.get(need.line_key, ())):
        return None
    return Reason(code="clients", zh="选定的服务对象不同", en="has chosen to help other groups of people")


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
        zh=f"只坐得下 {most} 人，需要 {people} 人",
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


def same_building(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not resource.same_building:
        return None
    here, there = context.travel_times.of_resource(resource), context.travel_times.of_need(need)
    if here and here == there:
        return None
    if not here or not there:
        return Reason(
            code="same_building",
            zh="只帮同一栋楼，还不知道是不是同一栋",
            en="helps in their own building only, and it is not known whether this is it",
        )
    return Reason(code="same_building", zh="只帮同一栋楼", en="helps in their own building only")


def radius(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    if not (most := resource.radius_m):
        return None
    metres = context.travel_times.metres_between(
        context.travel_times.of_resource(resource), context.travel_times.of_need(need)
    )
    if metres is None:
        return Reason(
            code="radius",
            zh=f"只去 {most} 米以内，还不知道有多远",
            en=f"goes at most {most} m, and the distance is not known",
        )
    if metres <= most:
        return None
    # Told in whole hundreds: the exact metres would point at a door.
    about = -(-metres // 100) * 100
    return Reason(
        code="radius",
        zh=f"只去 {most} 米以内，这里约 {about} 米",
        en=f"goes at most {most} m, this is about {about} m",
    )


def walk(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    """十五分钟服务圈: so many minutes on foot and no more."""
    if not (most := resource.walk_minutes_max):
        return None
    minutes = context.travel_times.minutes_between(
        context.travel_times.of_resource(resource), context.travel_times.of_need(need)
    )
    if minutes is None:
        return Reason(
            code="walk",
            zh=f"只走 {most} 分钟以内，还不知道要走多久",
            en=f"walks at most {most} minutes, and the way is not known",
        )
    if minutes <= most:
        return None
    return Reason(
        code="walk",
        zh=f"只走 {most} 分钟以内，这里要走 {minutes} 分钟",
        en=f"walks at most {most} minutes, this takes {minutes}",
    )


def certificate(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    missing = [context.certificate_called(one) for one in sorted(need.requires - resource.certificates)]
    if not missing:
        return None
    return Reason(
        code="certificate",
        zh=f"没有所需证书：{'、'.join(zh for zh, _en in missing)}",
        en=f"lacks a certificate: {', '.join(en for _zh, en in missing)}",
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
        zh=f"每周最多 {hours(most, 'zh')}，这件事要 {hours(asked, 'zh')}",
        en=f"gives at most {hours(most, 'en')} a week, this takes {hours(asked, 'en')}",
    )


LINE_RULES: tuple[LineRule, ...] = (
    category,
    services,
    clients,
    own_line,
    conflict,
    unit,
    seats,
    reach,
    same_building,
    radius,
    walk,
    certificate,
    language,
    gender,
    minor,
    heavy_work,
    own_limits,
)


def meetings(task: Task, slot: Slot) -> list[Window]:
    """The common stretches of a task and a slot that are long enough, in the order of the task's windows."""
    # A room is wanted for all of the stretch that was asked for.
    all_of_it = slot.holds is Holds.ROOM and task.timed and not task.need.quantity.minutes_each
    found = []
    for asked in task.windows:
        least = timedelta(minutes=asked.minutes if all_of_it else task.minutes)
        for opened in slot.windows:
            starts_at = asked.starts_at if asked.starts_at > opened.starts_at else opened.starts_at
            ends_at = asked.ends_at if asked.ends_at < opened.ends_at else opened.ends_at
            if ends_at > starts_at and ends_at - starts_at >= least:
                found.append(Window(starts_at, ends_at))
    return found


def meeting(task: Task, slot: Slot) -> Window | None:
    """The longest common stretch of a task and a slot that is long enough, the earliest of equals; None for none."""
    return max(meetings(task, slot), key=lambda one: one.ends_at - one.starts_at, default=None)


def apart(slot: Slot) -> Reason:
    """Why a task and a slot without a common stretch do not meet."""
    return Reason(
        code="time",
        zh=f"时间对不上：对方{stretch(slot.window, 'zh')}",
        en=f"the times do not meet: they have {stretch(slot.window, 'en')}",
    )


def notice(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """Warning counts from the day the need stood on the list, where the resource's owner could read it."""
    days = slot.resource.when.notice_days
    known_on = min(task.need.filed_on, context.today_on)
    if context.day_of(slot.window) - timedelta(days=days) >= known_on:
        return None
    return Reason(code="notice", zh=f"要提前 {days} 天预约，来不及了", en=f"needs {days} days of notice")


def certificate_valid(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    on = context.day_of(slot.window)
    for one in sorted(task.need.requires):
        until = context.certificates_until.get((slot.resource.owner, one))
        if until is not None and until < on:
            zh, en = context.certificate_called(one)
            return Reason(
                code="certificate_valid",
                zh=f"{zh} 到 {until:%m月%d日} 已过期",
                en=f"{en} expired on {until.isoformat()}",
            )
    return None


def blackout(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    on = context.day_of(slot.window)
    away = next((days for days in slot.resource.away if days[0] <= on <= days[1]), None)
    if away is None:
        return None
    first, last = (f"{day.month}月{day.day}日" for day in away)
    return Reason(
        code="blackout",
        zh=f"{first}不在" if away[0] == away[1] else f"{first}到{last}不在",
        en=f"is away on {away[0]}" if away[0] == away[1] else f"is away from {away[0]} to {away[1]}",
    )


def pledge(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """A line that an agreement pledges is there within its term, and up to the pledged amount."""
    held = context.pledges.get(slot.resource.line_key)
    if held is None:
        return None
    on = context.day_of(slot.window)
    if not held.first_on <= on <= held.last_on:
        return Reason(
            code="pledge",
            zh=f"共建协议的期限是 {held.first_on} 到 {held.last_on}",
            en=f"the agreement runs from {held.first_on} to {held.last_on}",
        )
    if held.left <= 0:
        return Reason(
            code="pledge", zh="共建协议约定的量已经用完", en="what the agreement pledged is used up"
        )
    return None


def promised(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """Nobody is in two places: what one helper has given away leaves too little of the common hours."""
    given = promises(slot, context)
    if not given or _still_free(task, slot, [(one.window, 0) for one in given]):
        return None
    return Reason(code="promised", zh="这段时间已答应别人", en="is promised elsewhere at that time")


def travel(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """One helper who is promised elsewhere needs the way between the two visits."""
    there = context.travel_times.of_need(task.need)
    busy = [
        (one.window, context.travel_times.minutes_between(one.spot, there) or 0)
        for one in promises(slot, context)
        if context.travel_times
    ]
    if not any(way for _, way in busy) or _still_free(task, slot, busy):
        return None
    longest = max(way for _, way in busy)
    return Reason(
        code="travel",
        zh=f"前后已答应别人，路上要 {longest} 分钟，赶不过来",
        en=f"is promised elsewhere just before or after, {longest} minutes away",
    )


def rest(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """The pause a helper asked for, between two visits of a day or in days after one."""
    days, minutes = slot.resource.rest_days, slot.resource.rest_minutes
    given = promises(slot, context) if days or minutes else ()
    on = context.day_of(slot.window)
    near = (abs((context.day_of(one.window) - on).days) for one in given)
    if any(0 < apart <= days for apart in near):
        return Reason(
            code="rest",
            zh=f"帮一天要歇 {days} 天",
            en=f"rests {days} {'day' if days == 1 else 'days'} after a day of help",
        )
    if not minutes or _still_free(task, slot, [(one.window, minutes) for one in given]):
        return None
    return Reason(
        code="rest", zh=f"两次之间要歇 {minutes} 分钟", en=f"rests {minutes} minutes between two visits"
    )


def promises(slot: Slot, context: PlanContext) -> tuple[Promise, ...]:
    """What the one helper of this slot has given away; a team of several sends somebody else."""
    if slot.holds is not Holds.HELPERS or slot.capacity > 1:
        return ()
    return context.promised.get(slot.resource.owner, ())


def _still_free(task: Task, slot: Slot, busy: Sequence[tuple[Window, int]]) -> bool:
    """True when a visit still fits into the common hours, clear of each stretch by so many minutes on both sides."""
    return any(_fits(task, common, busy) for common in meetings(task, slot))


def _fits(task: Task, common: Window, busy: Sequence[tuple[Window, int]]) -> bool:
    least, free_from = timedelta(minutes=task.minutes), common.starts_at
    for taken, minutes in sorted(busy):
        clear = timedelta(minutes=minutes)
        if taken.starts_at - clear - free_from >= least:
            return True
        free_from = max(free_from, taken.ends_at + clear)
    return common.ends_at - free_from >= least


def team(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """Helpers who must come together come from one team or unit."""
    together = task.need.quantity.helpers
    if not task.whole or together < 2 or slot.holds is not Holds.HELPERS or slot.capacity >= together:
        return None
    return Reason(
        code="team",
        zh=f"要 {together} 人一起来，对方只有 {slot.capacity} 人",
        en=f"{together} must come together, they are {slot.capacity}",
    )


def capacity(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    asked = task.demand if task.whole and slot.holds is not Holds.ROOM else 1
    if slot.capacity >= asked:
        return None
    return Reason(
        code="capacity",
        zh=f"一次要 {amount(asked, task.unit, 'zh')}，只有 {slot.capacity}",
        en=f"{amount(asked, task.unit, 'en')} are needed at once, there is {slot.capacity}",
    )


SLOT_RULES: tuple[SlotRule, ...] = (
    blackout,
    pledge,
    notice,
    certificate_valid,
    team,
    capacity,
    promised,
    rest,
    travel,
)


def line_refusal(need: Need, resource: Resource, context: PlanContext) -> Reason | None:
    """The first reason why these two lines never meet; None when they may."""
    return next((why for rule in LINE_RULES if (why := rule(need, resource, context)) is not None), None)


def refusals(
    need: Need, resource: Resource, context: PlanContext, pairs: Iterable[tuple[Task, Slot]] = ()
) -> tuple[Reason, ...]:
    """Everything that keeps a need and a resource apart, not only the first; `pairs` are their tasks and slots.

    Of the slots the one that lacks least speaks, so that a person who overrides knows all they go against.
    """
    found = [why for rule in LINE_RULES if (why := rule(need, resource, context)) is not None]
    judged = []
    for task, slot in pairs:
        if meeting(task, slot) is None:
            judged.append([apart(slot)])
        else:
            judged.append([why for rule in SLOT_RULES if (why := rule(task, slot, context)) is not None])
    return (*found, *min(judged, key=len, default=()))


def slot_refusal(task: Task, slot: Slot, context: PlanContext) -> Reason | None:
    """The first reason why this task is not met in a slot whose hours would do; None when it may be."""
    return next((why for rule in SLOT_RULES if (why := rule(task, slot, context)) is not None), None)
