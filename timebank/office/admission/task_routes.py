"""Pages of units' tasks: a unit states, restates and withdraws; the desk asks back, takes on, refuses and closes."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Redirect, Template

from marketplace.admission import STATES_ZH, Step, TaskState
from marketplace.categories import default_tree
from marketplace.errors import AdmissionRefused, MarketplaceRefusal
from timebank.access import Actor, Role
from timebank.context import Context
from timebank.errors import BadFields
from timebank.office.admission import tasks
from timebank.office.admission.task_schemas import (
    HOUR,
    TaskAnswerForm,
    TaskAnswerIn,
    TaskForm,
    TaskIn,
    TaskOut,
    TasksOut,
)
from timebank.web import i18n
from timebank.web.fields import Form
from timebank.web.once import Made, once
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Page = Annotated[int, QueryParameter(name="page", ge=1, le=100_000)]
SubmissionKey = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)]
BRINGS = {
    "people": i18n.lazy("人手"),
    "hours": i18n.lazy("时间"),
    "goods": i18n.lazy("物资"),
    "training": i18n.lazy("培训"),
    "place": i18n.lazy("场地"),
    "nothing": i18n.lazy("什么也不带"),
}
DIFFICULTIES = {
    "easy": i18n.lazy("谁都会"),
    "ordinary": i18n.lazy("要说一说怎么做"),
    "hard": i18n.lazy("要专门学过"),
}
STATES = {
    TaskState.STATED: i18n.lazy("等社区答复"),
    TaskState.ASKED: i18n.lazy("等单位补充"),
    TaskState.ADMITTED: i18n.lazy("已接收"),
    TaskState.REFUSED: i18n.lazy("未接收"),
    TaskState.WITHDRAWN: i18n.lazy("已撤回"),
    TaskState.OVER: i18n.lazy("已经结束"),
}
TONES = {TaskState.STATED: "act", TaskState.ASKED: "wait", TaskState.ADMITTED: "done"}
SAID = {
    Step.ASK: i18n.lazy("问过了，等单位补充。"),
    Step.ADMIT: i18n.lazy("接收了，已经上了需求清单。"),
    Step.REFUSE: i18n.lazy("答复了，没有接收。"),
    Step.CLOSE: i18n.lazy("结束了。记录还在，查得到。"),
}
WORDS: dict[str, object] = {"brings": BRINGS, "difficulties": DIFFICULTIES, "states": STATES, "tones": TONES}
assert STATES.keys() == STATES_ZH.keys(), "every state has its word"


class PressForm(Form):
    """A press that needs no words."""


@get("/desk/tasks", operation_id="DeskTasks")
async def desk_tasks(request: Request, ctx: Ctx, actor: Who, number: Page = 1) -> Template:
    """Every task that units put before the community."""
    shown = await tasks.for_desk(ctx, actor, number=number)
    return page(request, "admission/tasks.html", WORDS, shown=shown, desk=True)


@get("/unit/tasks", operation_id="UnitTasks")
async def unit_tasks(request: Request, ctx: Ctx, actor: Who, number: Page = 1) -> Template:
    """The tasks of one's own unit, and a form for another one."""
    return await _unit_page(request, ctx, actor, _empty(ctx), number=number)


@post("/unit/tasks", operation_id="StateTask")
async def state_task(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Put a task before the community."""
    form, errors, typed = await read_form(request, TaskForm)
    if form is not None:
        unit = form.unit or next(iter(sorted(actor.units)), "")
        try:
            made = await tasks.state(ctx, actor, unit, form.stated())
        except (BadFields, MarketplaceRefusal) as refusal:
            errors = _said(request, refusal)
        else:
            return go(f"/tasks/{made.uid}", _("递上去了，等社区答复。"))
    return await _unit_page(request, ctx, actor, typed, errors=errors, status=422)


@get("/tasks/{uid:str}", operation_id="ShowTask")
async def show_task(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One task as either side reads it."""
    return await _show(request, ctx, actor, uid)


@post("/tasks/{uid:str}/restate", operation_id="RestateTask")
async def restate_task(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """The task in new words."""
    form, errors, typed = await read_form(request, TaskForm)
    if form is not None:
        try:
            await tasks.restate(ctx, actor, uid, form.stated())
        except (BadFields, MarketplaceRefusal) as refusal:
            errors = _said(request, refusal)
        else:
            return go(f"/tasks/{uid}", _("补充好了，等社区答复。"))
    return await _show(request, ctx, actor, uid, typed=typed, errors=errors, status=422)


@post("/tasks/{uid:str}/withdraw", operation_id="WithdrawTask")
async def withdraw_task(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """The unit takes it back."""
    form, errors, _typed = await read_form(request, PressForm)
    if form is None:
        raise refuse_fields(errors)
    await tasks.withdraw(ctx, actor, uid)
    return go(f"/tasks/{uid}", _("撤回了。"))


@post("/desk/tasks/{uid:str}", operation_id="AnswerTask")
async def answer_task(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """The desk's word about a task."""
    form, errors, typed = await read_form(request, TaskAnswerForm)
    if form is not None:
        step = Step(form.step)
        try:
            await tasks.answer(ctx, actor, uid, step, reason=form.reason, when=form.when)
        except (BadFields, AdmissionRefused) as refusal:
            errors = _said(request, refusal)
        else:
            return go(f"/tasks/{uid}", str(SAID[step]))
    return await _show(request, ctx, actor, uid, typed=typed, errors=errors, status=422)


@get("/api/tasks", operation_id="ApiTasks")
async def api_tasks(ctx: Ctx, actor: Who, number: Page = 1) -> TasksOut:
    """Every task of the community."""
    shown = await tasks.for_desk(ctx, actor, number=number)
    told = tuple(TaskOut.told(row) for row in shown.rows)
    return TasksOut(total=shown.total, page=number, pages=shown.pages, tasks=told)


@get("/api/tasks/{uid:str}", operation_id="ApiTask")
async def api_task(ctx: Ctx, actor: Who, uid: FromPath[str]) -> TaskOut:
    """One task."""
    return TaskOut.told(await tasks.task_row(ctx, actor, uid))


@post("/api/units/{code:str}/tasks", operation_id="ApiStateTask")
async def api_state(
    ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[TaskIn], submission: SubmissionKey = ""
) -> TaskOut:
    """Put a task before the community."""

    async def run() -> Made:
        return Made(uid=(await tasks.state(ctx, actor, code, data.stated())).uid)

    body = {"unit": code, **data.model_dump(mode="json")}
    made = await once(ctx, actor, submission, operation="ApiStateTask", body=body, kind=Made, run=run)
    return TaskOut.told(await tasks.task_row(ctx, actor, made.uid))


@post("/api/tasks/{uid:str}/restate", operation_id="ApiRestateTask", status_code=200)
async def api_restate(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[TaskIn]) -> TaskOut:
    """The task in new words."""
    await tasks.restate(ctx, actor, uid, data.stated())
    return TaskOut.told(await tasks.task_row(ctx, actor, uid))


@post("/api/tasks/{uid:str}/withdraw", operation_id="ApiWithdrawTask", status_code=200)
async def api_withdraw(ctx: Ctx, actor: Who, uid: FromPath[str]) -> TaskOut:
    """The unit takes it back."""
    await tasks.withdraw(ctx, actor, uid)
    return TaskOut.told(await tasks.task_row(ctx, actor, uid))


@post("/api/tasks/{uid:str}/answer", operation_id="ApiAnswerTask", status_code=200)
async def api_answer(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[TaskAnswerIn]) -> TaskOut:
    """The desk's word about a task."""
    await tasks.answer(ctx, actor, uid, Step(data.step), reason=data.reason, when=data.when)
    return TaskOut.told(await tasks.task_row(ctx, actor, uid))


def _said(request: Request, refusal: BadFields | MarketplaceRefusal) -> dict[str, str]:
    """A refusal beside the form: at its fields, or for the form as a whole."""
    if isinstance(refusal, BadFields):
        return {one.field: one.said(request.state.lang) for one in refusal.fields}
    return {"": refusal.sentence("en" if request.state.lang == "en" else "zh")}


def _empty(ctx: Context) -> Typed:
    return {
        "difficulty": "ordinary", "first_on": ctx.today().isoformat(), "brings": [],
    }  # fmt: skip


def _listed(typed: Typed) -> Typed:
    """The same with what was ticked as a list."""
    brings = typed.get("brings", [])
    return {**typed, "brings": [brings] if isinstance(brings, str) else brings}


def _category_options(request: Request) -> list[tuple[str, str]]:
    tree, spoken = default_tree(), "en" if request.state.lang == "en" else "zh"
    named = [(code, tree.label(code, spoken)) for code in tree.categories]
    return [("", _("按写的话来定")), *named]


async def _unit_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    typed: Typed,
    *,
    number: int = 1,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    shown = await tasks.for_unit(ctx, actor, number=number)
    units = [(one.code, one.name) for one in await tasks.units_of(ctx, actor)]
    return page(
        request, "admission/tasks.html", WORDS, status=status, shown=shown, desk=False, units=units,
        typed=_listed(typed), errors=errors or {}, categories=_category_options(request),
    )  # fmt: skip


async def _show(
    request: Request,
    ctx: Context,
    actor: Actor,
    uid: str,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    row = await tasks.task_row(ctx, actor, uid)
    one = row.task
    stated: Typed = {
        "title": one.title, "hours_per_week": one.minutes_per_week // HOUR, "difficulty": one.difficulty.value,
        "first_on": one.first_on.isoformat(), "last_on": one.last_on.isoformat(),
        "brings": [thing.kind.value for thing in one.comes_with], "brings_text": one.comes_with[0].text,
        "category": one.categories[0] if one.categories else "",
    }  # fmt: skip
    return page(
        request, "admission/task.html", WORDS, status=status, row=row, one=one, desk=actor.has(Role.WORKER),
        ours=one.unit in actor.units, typed=_listed({**stated, **(typed or {})}), errors=errors or {},
        categories=_category_options(request), tree_label=_label(request, one.categories),
    )  # fmt: skip


def _label(request: Request, codes: tuple[str, ...]) -> str:
    tree = default_tree()
    spoken = "en" if request.state.lang == "en" else "zh"
    return tree.label(codes[0], spoken) if codes and codes[0] in tree.categories else ""


handlers: list[HTTPRouteHandler] = [
    desk_tasks, unit_tasks, state_task, show_task, restate_task, withdraw_task, answer_task, api_tasks, api_task,
    api_state, api_restate, api_withdraw, api_answer,
]  # fmt: skip
