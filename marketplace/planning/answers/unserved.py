"""Who is left without and why: a reason that holds, and by how much the best place was missed.

Nobody is told that others came first while a helper has room: whatever could still be put in was. So what stands in the
way is one of these: nobody does it, the hours never bring enough people together, the helpers' own limits of the week
are used up, the ways are too long, the places are all taken, or they went to visits worth more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from marketplace.planning.answers.plan import Unserved
from marketplace.planning.problem.model import Model
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.problem.rejections import Rejection
from marketplace.planning.problem.scores import need_terms
from marketplace.planning.problem.tasks import Task
from marketplace.planning.problem.wording import amount
from marketplace.planning.solving.decide import Decided
from marketplace.planning.solving.formulation import Problem, Stretch, Tours
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.residual import Residual
from marketplace.planning.solving.routes.lacking import Lacking
from marketplace.planning.solving.synchronised import gathered
from marketplace.planning.solving.transport import Transport
from marketplace.values import Need

NEAREST_SHOWN = 3


def unserved_of(model: Model, answer: Decided) -> tuple[Unserved, ...]:
    """Everything a plan leaves open, and needs that a person must look at first."""
    served: dict[int, int] = defaultdict(int)
    for (number, _), units in answer.units.items():
        served[number] += units
    waiting = {
        number: left
        for number in range(len(model.tasks))
        if (left := model.problem.demand[number] - served[number])
    }
    judge = _Judge(model, answer, any(model.problem.edges[number] for number in waiting))
    found = [_told(model, judge, number, left, served[number]) for number, left in waiting.items()]
    found.extend(_waiting(need, why) for need, why in model.waiting)
    return tuple(found)


class _Judge:
    """What single tasks lack, by whichever prices decided the plan."""

    def __init__(self, model: Model, answer: Decided, asked: bool) -> None:
        self.problem, self.tours = model.problem, answer.tours
        self._lacking = answer.lacking
        self._engine = answer.answer.engine() if answer.answer is not None and asked else Transport()
        self._units = answer.units

    def short_by(self, task: int) -> int:
        """Points by which the task missed its best place."""
        if self._lacking is not None:
            lacks = self._lacking.least(task)
            return 0 if lacks is None else lacks + 1
        lacking = self._engine.short_by(task)
        return 0 if lacking is None else lacking + 1

    def together(self, task: int) -> bool:
        """Whether enough helpers share an hour at all."""
        if self._lacking is not None:
            return bool(self._lacking.laid.options[task])
        if self.problem.routing is not None:
            return bool(Lacking.of(self.problem).laid.options[task])
        return bool(gathered(self.problem, task, Residual(self.problem)))

    def limited(self, task: int) -> bool:
        """Whether the helpers' own limits of the week stand in the way everywhere."""
        return bool(self.problem.edges[task]) and all(
            self._at_limit(task, slot) for _, slot in self.problem.edges[task]
        )

    def _at_limit(self, task: int, slot: int) -> bool:
        problem = self.problem
        group = problem.group_of[slot]
        if group == NO_GROUP:
            return False
        visits = sum(units for (_, at), units in self._units.items() if problem.group_of[at] == group)
        if visits >= sum(units for units, _ in problem.steps[group]):
            return True
        routing = problem.routing
        if routing is None or group not in routing.minutes_max or slot not in routing.stretches:
            return False
        used = sum(
            units * routing.stretches[at].visits[one].minutes
            for (one, at), units in self._units.items()
            if problem.group_of[at] == group and at in routing.stretches
        )
        return used + routing.stretches[slot].visits[task].minutes > routing.minutes_max[group]

    def way_too_long(self, task: int) -> bool:
        """Whether the visit would fit into some round if the ways took no time."""
        routing = self.problem.routing
        if routing is None or not routing.travel:
            return False
        return any(
            slot in routing.stretches and _fits_without_ways(self.problem, self.tours, task, slot)
            for _, slot in self.problem.edges[task]
        )


def _fits_without_ways(problem: Problem, tours: Tours, task: int, slot: int) -> bool:
    """Whether a visit finds a place in some round of a stretch once the ways are left out."""
    assert problem.routing is not None
    stretch = problem.routing.stretches[slot]
    for visited in tours.get(slot, ()):
        order = [one for one, _ in visited]
        if any(_possible(stretch, [*order[:at], task, *order[at:]]) for at in range(len(order) + 1)):
            return True
    return False


def _possible(stretch: Stretch, order: Sequence[int]) -> bool:
    """Whether the visits follow each other in time, one after the other without ways."""
    ready = stretch.opens
    for task in order:
        start = stretch.visits[task].earliest(ready)
        if start is None:
            return False
        ready = start + stretch.visits[task].minutes + stretch.pause
    return True


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


def _told(model: Model, judge: _Judge, number: int, left: int, served: int) -> Unserved:
    task = model.tasks[number]
    edges = model.problem.edges[number]
    nearest = list(islice(model.rejections(number), NEAREST_SHOWN))
    short_by = judge.short_by(number) if edges else 0
    why = _why(model, judge, number, left, served, short_by) if edges else _no_candidate(nearest)
    terms = need_terms(task.need, model.week, model.objective, model.context)
    return Unserved(
        need=task.need,
        window=task.windows[0] if len(task.windows) == 1 else None,
        quantity=left * task.each,
        unit=task.unit,
        minutes=task.minutes * left,
        why=why,
        short_by=short_by,
        gain=sum(term.points for term in terms) + model.objective.skill,
        nearest=tuple((one.resource, one.why) for one in nearest),
    )


def _why(model: Model, judge: _Judge, number: int, left: int, served: int, short_by: int) -> Reason:
    """What stands in the way of a task that somebody could serve."""
    task, problem = model.tasks[number], model.problem
    if number in problem.synchronised and not judge.together(number):
        return _never_together(task)
    if judge.limited(number):
        return _limits_used_up(task, left)
    room = sum(problem.capacity[slot] for _, slot in problem.edges[number])
    if room < task.demand:
        return _shortage(task, left, served)
    if judge.way_too_long(number):
        return _ways_too_long(task, left)
    return _outranked(task, left, short_by)


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
        zh=f"最接近的是{near.resource.owner or near.resource.title}，但{near.why.zh}",
        en=f"the nearest is {near.resource.owner or near.resource.title}, but: {near.why.en}",
    )


def _never_together(task: Task) -> Reason:
    return Reason(
        code="never_together",
        zh=f"要 {task.demand} 人同时到，合适的人凑不到同一个时间",
        en=f"{task.demand} are needed at the same time; those who fit share no hour",
    )


def _shortage(task: Task, left: int, served: int) -> Reason:
    zh, en = _left(task, left)
    got_zh, got_en = (amount(served * task.each, task.unit, lang) for lang in ("zh", "en"))
    return Reason(
        code="shortage",
        zh=f"合适的资源只够 {got_zh}，还差 {zh}",
        en=f"what fits is enough for {got_en}; {en} are left",
    )


def _limits_used_up(task: Task, left: int) -> Reason:
    zh, en = _left(task, left)
    return Reason(
        code="limits",
        zh=f"合适的人本周能帮的次数或时间已经排满，还差 {zh}",
        en=f"those who fit have given all they offer this week; {en} are left",
    )


def _ways_too_long(task: Task, left: int) -> Reason:
    zh, en = _left(task, left)
    return Reason(
        code="travel_time",
        zh=f"合适的人有空档，但路上来不及，还差 {zh}",
        en=f"those who fit have a gap, but the way there takes too long; {en} are left",
    )


def _outranked(task: Task, left: int, short_by: int) -> Reason:
    zh, en = _left(task, left)
    return Reason(
        code="outranked",
        zh=f"名额给了更急或更合适的需求，差 {short_by} 分，还差 {zh}",
        en=f"the places went to more pressing or better fitting needs, {short_by} points short; {en} are left",
    )


def _left(task: Task, left: int) -> tuple[str, str]:
    return amount(left * task.each, task.unit, "zh"), amount(left * task.each, task.unit, "en")
