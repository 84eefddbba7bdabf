"""准入: a unit's task enters the community only when it says what it costs; the desk asks back, takes it on, or says no.

A task that is taken on becomes a line of the needs list and is matched like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from marketplace import admission as rules
from marketplace import store as lists
from marketplace.admission import Brings, ComesWith, Difficulty, Step, TaskAdmission, TaskState
from marketplace.categories import default_tree
from marketplace.times import mainland, read_when
from marketplace.values import Looseness, When
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import BadField, BadFields, NotFound
from timebank.help.on_the_way import end_need
from timebank.store.channels import news
from timebank.store.oversight import audit
from timebank.store.relations import organisations, rosters
from timebank.store.relations.organisations import UNIT, Organisation

PAGE_SIZE = 40
WAITING = (TaskState.STATED, TaskState.ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a unit says of its task.

    Attributes:
        brings: what comes with it, at least one; `brings_text` says it in the unit's own words.
        category: "" leaves it to the words.
    """

    title: str
    minutes_per_week: int
    difficulty: Difficulty
    first_on: date
    last_on: date
    brings: tuple[Brings, ...]
    brings_text: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task with the name of its unit and the key of the need it became, "" while it is none."""

    task: TaskAdmission
    unit: str
    line_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksPage:
    """One page of tasks, those that wait for a word first; pages count from 1."""

    rows: tuple[TaskRow, ...]
    total: int
    waiting: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


async def for_desk(ctx: Context, actor: Actor, *, number: int = 1) -> TasksPage:
    """Every task of the community."""
    sees(actor, "DeskTasks", Facts(community=actor.community))
    return await _page(ctx, actor, number, await lists.tasks(ctx.engine, actor.community))


async def for_unit(ctx: Context, actor: Actor, *, number: int = 1) -> TasksPage:
    """The tasks of the units the reader speaks for."""
    sees(actor, "UnitTasks", Facts(community=actor.community, unit=next(iter(sorted(actor.units)), "")))
    known = await lists.tasks(ctx.engine, actor.community)
    return await _page(ctx, actor, number, [one for one in known if one.unit in actor.units])


async def task_row(ctx: Context, actor: Actor, uid: str) -> TaskRow:
    """One task as either side reads it; NotFound when there is none here, or it is not theirs."""
    task = await _loaded(ctx, actor, uid, "ShowTask")
    return (await _rows(ctx, [task]))[0]


async def units_of(ctx: Context, actor: Actor) -> list[Organisation]:
    """The units the reader may state a task for."""
    known = await organisations.organisations(ctx.engine, actor.community, UNIT)
    return [one for one in known if one.code in actor.units]


async def state(ctx: Context, actor: Actor, unit: str, stated: Stated) -> TaskAdmission:
    """A task put before the community.

    Raises:
        NotFound: not a unit of this person's. BadFields: an unknown category, or a term that is over.
        AdmissionRefused: something is not stated.
    """
    async with ctx.engine.atomic():
        sees(actor, "StateTask", Facts(community=actor.community, unit=unit))
        _judge(ctx, stated)
        task = TaskAdmission(
            uid=ctx.ids.uid("K"), unit=unit, title=stated.title, minutes_per_week=stated.minutes_per_week,
            difficulty=stated.difficulty, first_on=stated.first_on, last_on=stated.last_on,
            comes_with=_comes_with(stated), categories=_categories(stated), stated_at=ctx.now(), stated_by=actor.uid,
        )  # fmt: skip
        same = [
            one
            for one in await lists.tasks(ctx.engine, actor.community, unit=unit)
            if one.state in WAITING
            and replace(one, uid=task.uid, stated_at=task.stated_at, stated_by=task.stated_by) == task
        ]
        if same:
            return same[0]
        await lists.state_task(ctx.engine, actor.community, task)
        await audit.note(ctx, actor, "state_task", object=task.uid)
    return task


async def restate(ctx: Context, actor: Actor, uid: str, stated: Stated) -> TaskAdmission:
    """The task in new words, before an answer or after a question.

    Raises:
        NotFound; TaskStage: it was answered already; AdmissionRefused, BadFields as when it was first stated.
    """
    async with ctx.engine.atomic():
        before = await _loaded(ctx, actor, uid, "RestateTask")
        _judge(ctx, stated)
        return await _step(
            ctx, actor, uid, "restate_task",
            lambda task: replace(
                rules.restate(
                    task, unit=before.unit, at=ctx.now(), by=actor.uid, title=stated.title,
                    minutes_per_week=stated.minutes_per_week, difficulty=stated.difficulty,
                    last_on=stated.last_on, comes_with=_comes_with(stated),
                ),
                first_on=stated.first_on, categories=_categories(stated),
            ),
        )  # fmt: skip


async def withdraw(ctx: Context, actor: Actor, uid: str) -> TaskAdmission:
    """The task taken back by its unit before an answer; taken back twice, it is taken back.

    Raises:
        NotFound; TaskStage: it was answered already.
    """
    async with ctx.engine.atomic():
        before = await _loaded(ctx, actor, uid, "WithdrawTask")
        if before.state is TaskState.WITHDRAWN:
            return before
        return await _step(
            ctx, actor, uid, "withdraw_task", lambda task: rules.withdraw(task, unit=before.unit)
        )


async def answer(
    ctx: Context, actor: Actor, uid: str, step: Step, *, reason: str = "", when: str = ""
) -> TaskAdmission:
    """The desk's word: ask back, take it on, refuse it with a reason, or close one that is over. Said twice, said once.

    Args:
        when: at what times helpers are wanted, in people's words; any day of the term when left out.

    Raises:
        NotFound; TaskStage; RefusedWithoutReason; BadFields: the times were not understood.
    """
    async with ctx.engine.atomic():
        before = await _loaded(ctx, actor, uid, "AnswerTask")
        if step not in _ANSWERS:
            raise NotFound()
        if rules.TRANSITIONS.get((before.state, step)) is None and before.state is _ANSWERS[step]:
            return before
        wanted = _wanted(ctx, before, when) if step is Step.ADMIT else None
        now, by = ctx.now(), actor.uid
        decide: dict[Step, Callable[[TaskAdmission], TaskAdmission]] = {
            Step.ASK: lambda task: rules.ask(task, by=by, at=now, question=reason),
            Step.ADMIT: lambda task: rules.admit(task, by=by, at=now),
            Step.REFUSE: lambda task: rules.refuse(task, by=by, at=now, reason=reason),
            Step.CLOSE: lambda task: rules.close(task, by=by, at=now, reason=reason),
        }
        after = await _step(ctx, actor, uid, f"{step.value}_task", decide[step])
        if wanted is not None:
            await _put_on_list(ctx, actor, after, wanted)
        if step is Step.CLOSE:
            await end_need(ctx, actor, actor.community, line_key_of(after), owner="", reason=reason)
            await audit.note(ctx, actor, "list_end", object=line_key_of(after))
        await _tell(ctx, actor, after)
    return after


def line_key_of(task: TaskAdmission) -> str:
    """The key of the need that a task becomes."""
    return f"t-{task.uid}"


_ANSWERS = {
    Step.ASK: TaskState.ASKED, Step.ADMIT: TaskState.ADMITTED, Step.REFUSE: TaskState.REFUSED,
    Step.CLOSE: TaskState.OVER,
}  # fmt: skip


async def _put_on_list(ctx: Context, actor: Actor, task: TaskAdmission, when: When) -> None:
    body = await organisations.organisation(ctx.engine, task.unit)
    assert body is not None, "a task names the unit that stated it"
    need = rules.need_of(task, line_key=line_key_of(task), when=when, filed_on=ctx.today())
    need = replace(need, owner=body.code)
    await lists.save_needs(ctx.engine, actor.community, [need], at=ctx.now())
    await audit.note(ctx, actor, "list_add", object=need.line_key)


def _wanted(ctx: Context, task: TaskAdmission, typed: str) -> When:
    """The times at which helpers are wanted, within the term of the task."""
    first_on = max(task.first_on, ctx.today())
    if not typed:
        said = f"{task.first_on.isoformat()}–{task.last_on.isoformat()}"
        return When(
            phrase="",
            looseness=Looseness.ANY,
            first_on=first_on,
            last_on=task.last_on,
            said_zh=said,
            said_en=said,
        )
    when = read_when(typed, filed_on=ctx.today(), calendar=mainland(), zone=ctx.zone)
    if when.question is not None:
        raise BadFields((BadField(when.question.zh, when.question.en, field="when"),))
    return replace(when, first_on=when.first_on or first_on, last_on=when.last_on or task.last_on)


def _judge(ctx: Context, stated: Stated) -> None:
    wrong = []
    if stated.category and stated.category not in default_tree().categories:
        wrong.append(BadField("没有这个类别。", "There is no such category.", field="category"))
    if stated.last_on < ctx.today():
        wrong.append(BadField("这个期限已经过去了。", "This term is over already.", field="last_on"))
    if not _categories(stated):
        wrong.append(
            BadField(
                "看不出是哪一类的事，请选一个类别。",
                "Which kind of help this is could not be told. Please choose one.",
                field="category",
            )
        )
    if wrong:
        raise BadFields(tuple(wrong))


def _categories(stated: Stated) -> tuple[str, ...]:
    read = default_tree().of_need("", stated.title)
    if not stated.category:
        return tuple(read)
    return (stated.category, *(code for code in read if code != stated.category))


def _comes_with(stated: Stated) -> tuple[ComesWith, ...]:
    """What comes with it; the unit's own words stand beside the first."""
    return tuple(
        ComesWith(kind=kind, text=stated.brings_text if at == 0 else "")
        for at, kind in enumerate(dict.fromkeys(stated.brings))
    )


async def _loaded(ctx: Context, actor: Actor, uid: str, operation: str) -> TaskAdmission:
    found = await lists.task(ctx.engine, actor.community, uid) if actor.community else None
    if found is None:
        raise NotFound()
    sees(actor, operation, Facts(community=actor.community, unit=found.unit))
    return found


async def _step(
    ctx: Context, actor: Actor, uid: str, action: str, decide: Callable[[TaskAdmission], TaskAdmission]
) -> TaskAdmission:
    after = await lists.answer_task(ctx.engine, actor.community, uid, decide, at=ctx.now())
    await audit.note(ctx, actor, action, object=uid)
    return after


async def _tell(ctx: Context, actor: Actor, task: TaskAdmission) -> None:
    for card in await rosters.contacts_of(ctx.engine, task.unit, ctx.today()):
        await news.put(
            ctx, community=actor.community, member=card.uid, kind="task_answered", pressed_by=actor.uid,
            task=task.uid,
        )  # fmt: skip


async def _page(ctx: Context, actor: Actor, number: int, known: Sequence[TaskAdmission]) -> TasksPage:
    ordered = sorted(known, key=lambda one: (one.state not in WAITING, one.stated_at))
    first = (number - 1) * PAGE_SIZE
    rows = await _rows(ctx, ordered[first : first + PAGE_SIZE])
    waiting = sum(one.state is TaskState.STATED for one in known)
    return TasksPage(rows=tuple(rows), total=len(known), waiting=waiting, number=number)


async def _rows(ctx: Context, tasks: Sequence[TaskAdmission]) -> list[TaskRow]:
    bodies = await organisations.organisations_by_code(ctx.engine, [one.unit for one in tasks])
    listed = (TaskState.ADMITTED, TaskState.OVER)
    return [
        TaskRow(
            task=one,
            unit=bodies[one.unit].name if one.unit in bodies else one.unit,
            line_key=line_key_of(one) if one.state in listed else "",
        )
        for one in tasks
    ]
