"""What the forms and the API of units' tasks accept, and what the API shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from marketplace.admission import Brings, Difficulty, TaskState
from timebank.office.admission.tasks import Stated, TaskRow
from timebank.web.fields import Body, Form, Minutes, Out, WholeTyped

HOUR = 60
Title = Annotated[str, Field(min_length=2, max_length=80)]
BringsWord = Literal["people", "hours", "goods", "training", "place", "nothing"]
DifficultyWord = Literal["easy", "ordinary", "hard"]
AnswerWord = Literal["ask", "admit", "refuse", "close"]


def _several(value: object) -> object:
    # One ticked box arrives as a text, several as a list.
    return [value] if isinstance(value, str) else value


Several = Annotated[list[BringsWord], BeforeValidator(_several), Field(max_length=6)]


class TaskForm(Form):
    """A task as its unit states it; the workload in hours a week."""

    unit: str = Field(default="", max_length=20)
    title: Title
    hours_per_week: Annotated[int, Field(ge=1, le=2000), WholeTyped]
    difficulty: DifficultyWord = "ordinary"
    first_on: date
    last_on: date
    brings: Several = Field(default_factory=list)
    brings_text: str = Field(default="", max_length=200)
    category: str = Field(default="", max_length=40)

    def stated(self) -> Stated:
        return Stated(
            title=self.title, minutes_per_week=self.hours_per_week * HOUR, difficulty=Difficulty(self.difficulty),
            first_on=self.first_on, last_on=self.last_on, brings=tuple(Brings(one) for one in self.brings),
            brings_text=self.brings_text, category=self.category,
        )  # fmt: skip


class TaskAnswerForm(Form):
    """The desk's word about a task."""

    step: AnswerWord
    reason: str = Field(default="", max_length=200)
    when: str = Field(default="", max_length=120)


class TaskIn(Body):
    """A task by a program."""

    title: Title
    minutes_per_week: Minutes
    difficulty: DifficultyWord = "ordinary"
    first_on: date
    last_on: date
    brings: list[BringsWord] = Field(max_length=6)
    brings_text: str = Field(default="", max_length=200)
    category: str = Field(default="", max_length=40)

    def stated(self) -> Stated:
        return Stated(
            title=self.title, minutes_per_week=self.minutes_per_week, difficulty=Difficulty(self.difficulty),
            first_on=self.first_on, last_on=self.last_on, brings=tuple(Brings(one) for one in self.brings),
            brings_text=self.brings_text, category=self.category,
        )  # fmt: skip


class TaskAnswerIn(Body):
    """The desk's word about a task, by a program."""

    step: AnswerWord
    reason: str = Field(default="", max_length=200)
    when: str = Field(default="", max_length=120)


class ComesWithOut(Out):
    """One thing that comes with a task."""

    kind: Brings
    text: str


class TaskOut(Out):
    """A task as either side reads it; `line` is the key of the need it became."""

    uid: str
    unit: str
    title: str
    minutes_per_week: int
    difficulty: Difficulty
    first_on: date
    last_on: date
    comes_with: tuple[ComesWithOut, ...]
    categories: tuple[str, ...]
    state: TaskState
    stated_at: datetime
    reason: str
    line: str

    @classmethod
    def told(cls, row: TaskRow) -> TaskOut:
        one = row.task
        return cls(
            uid=one.uid, unit=one.unit, title=one.title, minutes_per_week=one.minutes_per_week,
            difficulty=one.difficulty, first_on=one.first_on, last_on=one.last_on,
            comes_with=tuple(ComesWithOut.of(thing) for thing in one.comes_with), categories=one.categories,
            state=one.state, stated_at=one.stated_at, reason=one.reason, line=row.line_key,
        )  # fmt: skip


class TasksOut(Out):
    """One page of tasks."""

    total: int
    page: int
    pages: int
    tasks: tuple[TaskOut, ...]
