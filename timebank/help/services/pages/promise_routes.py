"""Presses of promises from any page, taking one back, and the evening list."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.promises.seen import promise
from timebank.help.services.keeping.doing import press
from timebank.help.services.keeping.evening import evening
from timebank.help.services.keeping.sending import send_instead
from timebank.help.services.keeping.undoing import take_back
from timebank.help.services.loading import service_for
from timebank.help.services.pages.pressing import pressed
from timebank.help.services.pages.promise_schemas import (
    EveningOut,
    EveningRowOut,
    PressBody,
    PressForm,
    PromiseOut,
    SendBody,
    SendForm,
    StandInOut,
    TakeBackBody,
    TakeBackForm,
)
from timebank.help.services.pages.schemas import AttendanceOut, StepForm
from timebank.help.services.words import putting_right
from timebank.help.services.words.speaking import step_in
from timebank.web import i18n
from timebank.web.pages import go, inside, page
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@post("/services/{uid:str}/press", operation_id="PressPromise")
async def press_promise(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """One press; the page comes back with how it stands then."""

    async def act(form: PressForm) -> Redirect | Template:
        to = _moment(ctx, form.to)
        after = await press(ctx, actor, uid, form.pressed(to), lang=request.state.lang)
        return go(inside(form.next, f"/services/{uid}"), after.sentence)

    return await pressed(request, PressForm, f"/services/{uid}", act)


@post("/services/{uid:str}/step-in", operation_id="StepIn")
async def step_in_page(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """Taking over a place that is free again, or that somebody wants to give away."""

    async def act(form: StepForm) -> Redirect | Template:
        await step_in(ctx, actor, uid)
        return go(inside(form.next, "/volunteer"), _("谢谢您，这次就请您去。"))

    return await pressed(request, StepForm, "/volunteer", act)


@post("/api/services/{uid:str}/step-in", operation_id="ApiStepIn", status_code=200)
async def step_in_by_program(ctx: Ctx, actor: Who, uid: FromPath[str]) -> AttendanceOut:
    """Taking over a place that is free again, or that somebody wants to give away."""
    return AttendanceOut.of(await step_in(ctx, actor, uid))


@post("/services/{uid:str}/take-back", operation_id="TakeBackPress")
async def take_back_press(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """One's own last press taken back."""

    async def act(form: TakeBackForm) -> Redirect | Template:
        await take_back(ctx, actor, uid, form.statement)
        return go(inside(form.next, f"/services/{uid}"), _("改回来了。"))

    return await pressed(request, TakeBackForm, f"/services/{uid}", act)


@post("/services/{uid:str}/send", operation_id="SendInstead")
async def send(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """Somebody else goes, at once."""

    async def act(form: SendForm) -> Redirect | Template:
        goes = await send_instead(ctx, actor, uid, member=form.member, part=form.part or "")
        return go(inside(form.next, f"/services/{goes.service}"), _("派好了，两边都会告诉。"))

    return await pressed(request, SendForm, "/desk/evening", act)


@post("/api/services/{uid:str}/send", operation_id="ApiSendInstead", status_code=200)
async def send_by_program(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[SendBody]
) -> AttendanceOut:
    """Somebody else goes, at once."""
    return AttendanceOut.of(await send_instead(ctx, actor, uid, member=data.member, part=data.part or ""))


@get("/desk/evening", operation_id="EveningList")
async def evening_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Everything without a word, the worst first."""
    found = await evening(ctx, actor, request.state.lang)
    waiting = len(await putting_right.waiting(ctx, actor))
    return page(request, "services/evening.html", evening=found, to_put_right=waiting)


@get("/desk/put-right", operation_id="PutRightPage")
async def put_right_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Hours to be put right that wait for a second person."""
    return page(request, "services/put_right.html", waiting=await putting_right.waiting(ctx, actor))


@post("/desk/put-right/{uid:str}/approve", operation_id="ApprovePutRight")
async def approve_put_right(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """A second person says that it is right."""

    async def act(_form: StepForm) -> Redirect | Template:
        await putting_right.approve(ctx, actor, uid)
        return go("/desk/put-right", _("改正好了，本人会收到通知。"))

    return await pressed(request, StepForm, "/desk/put-right", act)


@post("/desk/put-right/{uid:str}/drop", operation_id="DropPutRight")
async def drop_put_right(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """Given up before anything happened."""

    async def act(_form: StepForm) -> Redirect | Template:
        await putting_right.drop(ctx, actor, uid)
        return go("/desk/put-right", _("不改了，什么都没有变。"))

    return await pressed(request, StepForm, "/desk/put-right", act)


@post("/api/put-right/{uid:str}/approve", operation_id="ApiApprovePutRight", status_code=200)
async def approve_put_right_by_program(ctx: Ctx, actor: Who, uid: FromPath[str]) -> AttendanceOut:
    """A second person says that it is right."""
    return AttendanceOut.of(await putting_right.approve(ctx, actor, uid))


@get("/api/desk/evening", operation_id="ApiEveningList")
async def evening_list(request: Request, ctx: Ctx, actor: Who) -> EveningOut:
    """Everything without a word, the worst first, by opaque ids."""
    found = await evening(ctx, actor, request.state.lang)
    rows = tuple(
        EveningRowOut(
            promise=PromiseOut.told(one.promise),
            stand_ins=tuple(
                StandInOut(member=other.member, line=other.line, why_zh=other.why_zh, why_en=other.why_en)
                for other in one.stand_ins
            ),
        )
        for one in found.rows
    )
    return EveningOut(rows=rows, waiting=found.waiting)


@get("/api/services/{uid:str}/promise", operation_id="ApiPromise")
async def one_promise(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> PromiseOut:
    """How a promise stands for the asker."""
    service, _seen = await service_for(ctx, actor, "ServiceCard", uid, lock=False)
    return PromiseOut.told(await promise(ctx, actor, service, lang=request.state.lang))


@post("/api/services/{uid:str}/press", operation_id="ApiPressPromise", status_code=200)
async def press_by_program(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[PressBody]
) -> PromiseOut:
    """One press; a second one like it finds the promise as the first has left it."""
    return PromiseOut.told(await press(ctx, actor, uid, data.pressed(), lang=request.state.lang))


@post("/api/services/{uid:str}/take-back", operation_id="ApiTakeBackPress", status_code=200)
async def take_back_by_program(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[TakeBackBody]
) -> PromiseOut:
    """One's own last press taken back."""
    service = await take_back(ctx, actor, uid, data.statement)
    return PromiseOut.told(await promise(ctx, actor, service, lang=request.state.lang))


def _moment(ctx: Context, typed: str) -> datetime | None:
    """A day and hour as a browser's field writes them, in the community's zone; None for nothing typed."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ctx.zone)
    except ValueError as wrong:
        raise BadField("看不懂这个时间。", "That is no day and hour.", field="to") from wrong


handlers = [
    press_promise, take_back_press, evening_page, evening_list, one_promise, press_by_program, take_back_by_program,
    send, send_by_program, step_in_page, step_in_by_program, put_right_page, approve_put_right, drop_put_right, approve_put_right_by_program,
]  # fmt: skip
