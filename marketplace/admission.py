"""准入制度: a unit's task enters a community only when it says what it costs, and the community may refuse.

    stated ──┬── admitted ── over
      ▲  │   └── refused          with a reason
      │  ▼
     asked ───── withdrawn        by the unit, as from stated

Whoever brings work to a community states its workload, difficulty and duration, and what comes with it (费随事转):
people, hours, goods, training. An admitted task becomes a line of the needs list and is matched like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from marketplace.errors import (
    BadTerm,
    NotTheTasksUnit,
    NotWholeNumber,
    RefusedWithoutReason,
    TaskIncomplete,
    TaskStage,
)
from marketplace.values import Need, Per, Quantity, Unit, When


class Difficulty(StrEnum):
    """How hard the work is for people without training."""

    EASY = "easy"
    ORDINARY = "ordinary"
    HARD = "hard"


class Brings(StrEnum):
    """What can come with a task; `NOTHING` is an honest answer too, and a reason to refuse."""

    PEOPLE = "people"
    HOURS = "hours"
    GOODS = "goods"
    TRAINING = "training"
    PLACE = "place"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComesWith:
    """One thing the unit adds to its task: a kind and its own words (两名干部每周半天)."""

    kind: Brings
    text: str = ""


class TaskState(StrEnum):
    """Where a task stands."""

    STATED = "stated"
    ASKED = "asked"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVER = "over"


class Step(StrEnum):
    """What can be done about a task."""

    ASK = "ask"
    RESTATE = "restate"
    ADMIT = "admit"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CLOSE = "close"


# Every step there is; whatever is not in the table is refused.
TRANSITIONS: Mapping[tuple[TaskState, Step], TaskState] = {
    (TaskState.STATED, Step.ASK): TaskState.ASKED,
    (TaskState.STATED, Step.RESTATE): TaskState.STATED,
    (TaskState.ASKED, Step.RESTATE): TaskState.STATED,
    (TaskState.STATED, Step.ADMIT): TaskState.ADMITTED,
    (TaskState.STATED, Step.REFUSE): TaskState.REFUSED,
    (TaskState.ASKED, Step.REFUSE): TaskState.REFUSED,
    (TaskState.STATED, Step.WITHDRAW): TaskState.WITHDRAWN,
    (TaskState.ASKED, Step.WITHDRAW): TaskState.WITHDRAWN,
    (TaskState.ADMITTED, Step.CLOSE): TaskState.OVER,
}
STATES_ZH = {
    TaskState.STATED: "等社区答复",
    TaskState.ASKED: "等单位补充",
    TaskState.ADMITTED: "已接收",
    TaskState.REFUSED: "未接收",
    TaskState.WITHDRAWN: "已撤回",
    TaskState.OVER: "已结束",
}
STEPS_ZH = {
    Step.ASK: "请单位补充",
    Step.RESTATE: "补充",
    Step.ADMIT: "接收",
    Step.REFUSE: "不接收",
    Step.WITHDRAW: "撤回",
    Step.CLOSE: "结束",
}
_FIELDS_ZH = {
    "title": "做什么",
    "minutes_per_week": "工作量",
    "comes_with": "随任务来的人、物或培训",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAdmission:
    """A task that a unit wants a community to take on.

    Attributes:
        minutes_per_week: workload, all helpers together.
        first_on, last_on: duration, both days included.
        comes_with: at least one entry.
        stated_at, stated_by: of the present wording.
        answered_at, answered_by, reason: of the community's last answer.
    """

    uid: str
    unit: str
    title: str
    minutes_per_week: int
    difficulty: Difficulty
    first_on: date
    last_on: date
    comes_with: tuple[ComesWith, ...]
    categories: tuple[str, ...] = ()
    state: TaskState = TaskState.STATED
    stated_at: datetime
    stated_by: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if type(self.minutes_per_week) is not int:
            raise NotWholeNumber(field="minutes_per_week", given=repr(self.minutes_per_week))
        if self.last_on < self.first_on:
            raise BadTerm(first_on=self.first_on.isoformat(), last_on=self.last_on.isoformat())
        stated = {
            "title": bool(self.title.strip()),
            "minutes_per_week": self.minutes_per_week > 0,
            "comes_with": bool(self.comes_with),
        }
        for field, there in stated.items():
            if not there:
                raise TaskIncomplete(field=field.replace("_", " "), field_zh=_FIELDS_ZH[field])

    @property
    def minutes_in_all(self) -> int:
        """Workload over the whole duration, begun weeks counted."""
        days = (self.last_on - self.first_on).days + 1
        return self.minutes_per_week * -(-days // 7)


def ask(task: TaskAdmission, *, by: str, at: datetime, question: str) -> TaskAdmission:
    """The task sent back with a question; it waits for the unit.

    Raises:
        TaskStage; RefusedWithoutReason: nothing is asked.
    """
    return _answered(task, Step.ASK, by=by, at=at, reason=question)


def restate(
    task: TaskAdmission,
    *,
    unit: str,
    at: datetime,
    by: str = "",
    title: str = "",
    minutes_per_week: int = 0,
    difficulty: Difficulty | None = None,
    last_on: date | None = None,
    comes_with: tuple[ComesWith, ...] = (),
) -> TaskAdmission:
    """The task in new words, before an answer or after a question; what is left out stays as it was.

    Raises:
        NotTheTasksUnit, TaskStage; TaskIncomplete, BadTerm, NotWholeNumber as when it was first stated.
    """
    _own(task, unit)
    return replace(
        task,
        state=_to(task, Step.RESTATE),
        title=title or task.title,
        minutes_per_week=minutes_per_week or task.minutes_per_week,
        difficulty=difficulty or task.difficulty,
        last_on=last_on or task.last_on,
        comes_with=comes_with or task.comes_with,
        stated_at=at,
        stated_by=by,
    )


def admit(task: TaskAdmission, *, by: str, at: datetime) -> TaskAdmission:
    """The task taken on by the community.

    Raises:
        TaskStage.
    """
    return replace(task, state=_to(task, Step.ADMIT), answered_at=at, answered_by=by, reason="")


def refuse(task: TaskAdmission, *, by: str, at: datetime, reason: str) -> TaskAdmission:
    """The task not taken on, and why.

    Raises:
        TaskStage, RefusedWithoutReason.
    """
    return _answered(task, Step.REFUSE, by=by, at=at, reason=reason)


def withdraw(task: TaskAdmission, *, unit: str) -> TaskAdmission:
    """The task taken back by its unit before an answer.

    Raises:
        TaskStage, NotTheTasksUnit.
    """
    _own(task, unit)
    return replace(task, state=_to(task, Step.WITHDRAW))


def close(task: TaskAdmission, *, by: str, at: datetime, reason: str = "") -> TaskAdmission:
    """An admitted task that is over.

    Raises:
        TaskStage.
    """
    return replace(task, state=_to(task, Step.CLOSE), answered_at=at, answered_by=by, reason=reason)


def need_of(
    task: TaskAdmission, *, line_key: str, when: When, filed_on: date, minutes_each: int = 60
) -> Need:
    """The line of the needs list that an admitted task becomes: its weekly workload in visits of `minutes_each`.

    Raises:
        TaskStage: the community has not admitted it.
    """
    if task.state is not TaskState.ADMITTED:
        raise _stage(task, Step.CLOSE)
    return Need(
        line_key=line_key,
        title=task.title,
        source="unit",
        owner=task.unit,
        categories=task.categories,
        when=when,
        quantity=Quantity(
            amount=-(-task.minutes_per_week // minutes_each),
            unit=Unit.VISIT,
            per=Per.WEEK,
            minutes_each=minutes_each,
        ),
        channel="admission",
        filed_on=filed_on,
    )


def _answered(task: TaskAdmission, step: Step, *, by: str, at: datetime, reason: str) -> TaskAdmission:
    state = _to(task, step)
    if not reason.strip():
        raise RefusedWithoutReason()
    return replace(task, state=state, answered_at=at, answered_by=by, reason=reason)


def _own(task: TaskAdmission, unit: str) -> None:
    if unit != task.unit:
        raise NotTheTasksUnit(unit=task.unit)


def _to(task: TaskAdmission, step: Step) -> TaskState:
    if (task.state, step) not in TRANSITIONS:
        raise _stage(task, step)
    return TRANSITIONS[task.state, step]


def _stage(task: TaskAdmission, step: Step) -> TaskStage:
    return TaskStage(
        stage=task.state.value, stage_zh=STATES_ZH[task.state], step=step.value, step_zh=STEPS_ZH[step]
    )
