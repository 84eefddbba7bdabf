"""Pages of services: the volunteer's own here, the leader's roll-call and the confirmations beside it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import GuardianNeeded, TryLater, WrongCode, WrongMoment
from timebank.help.services import flow
from timebank.help.services.pages import (
    api,
    confirm_routes,
    heard_routes,
    paper_routes,
    promise_routes,
    roll_routes,
    second_routes,
    views,
)
from timebank.help.services.pages.pressing import WORDS, pressed, row_or_page
from timebank.help.services.pages.schemas import CancelForm, CheckInForm, CheckOutForm, StepForm
from timebank.web import filters, i18n
from timebank.web.fields import clock_time
from timebank.web.pages import go, inside, page, read_form
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/volunteer", operation_id="VolunteerHome")
async def volunteer_home(request: Request, ctx: Ctx, actor: Who) -> Template:
    """The next service as the biggest thing, then what else is mine and what I could join."""
    home = await views.volunteer_home(ctx, actor, request.state.lang)
    return page(request, "services/volunteer.html", WORDS, home=home, key=ctx.ids.token())


@get("/services/{uid:str}", operation_id="ServiceCard")
async def service_card(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One service for those it concerns."""
    card = await views.service_card(ctx, actor, uid, request.state.lang)
    return page(request, "services/card.html", WORDS, card=card, errors={}, typed={}, key=ctx.ids.token())


@post("/services/{uid:str}/sign-up", operation_id="SignUp")
async def sign_up(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """Join an open shift."""

    async def act(form: StepForm) -> Redirect | Template:
        await flow.sign_up(ctx, actor, uid)
        return go(inside(form.next, "/volunteer"), _("报上了，到时候见。"))

    return await pressed(request, StepForm, "/volunteer", act)


@post("/attendances/{uid:str}/cancel", operation_id="CancelAttendance")
async def cancel_attendance(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """Not coming after all."""

    async def act(form: CancelForm) -> Redirect | Template:
        await flow.cancel_attendance(ctx, actor, uid, note=form.note)
        return go(inside(form.next, "/volunteer"), _("知道了，已经告诉社区。"))

    return await pressed(request, CancelForm, "/volunteer", act)


@post("/attendances/{uid:str}/check-in", operation_id="CheckIn")
async def check_in(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """I am here."""

    async def act(form: CheckInForm) -> Redirect | Template:
        part = await flow.check_in(ctx, actor, uid, code=form.code)
        assert part.checked_in_at is not None
        said = _("%(clock)s 到，记下了。", clock=filters.clock(part.checked_in_at))
        return go(inside(form.next, "/volunteer"), said)

    return await pressed(request, CheckInForm, "/volunteer", act)


@post("/attendances/{uid:str}/check-out", operation_id="CheckOut")
async def check_out(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """I am leaving; or the leader writes down when somebody left."""

    async def act(form: CheckOutForm) -> Redirect | Template:
        part = await flow.check_out(ctx, actor, uid, at=clock_time(form.at))
        said = _("辛苦了，服务 %(hours)s，等人确认后记进存折。", hours=filters.hours(part.minutes_served))
        return go(inside(form.next, "/volunteer"), said)

    return await pressed(request, CheckOutForm, "/volunteer", act)


@post("/attendances/{uid:str}/undo", operation_id="UndoCheckIn")
async def undo_check_in(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """A slip of the finger."""

    async def act(form: StepForm) -> Redirect | Template:
        part = await flow.undo_check_in(ctx, actor, uid)
        return await row_or_page(request, ctx, actor, part.uid, form.next)

    return await pressed(request, StepForm, "/volunteer", act)


@get("/services/{uid:str}/arrive", operation_id="ArrivePage")
async def arrive_page(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], code: FromQuery[str] = ""
) -> Template:
    """What the QR code on the roster sheet opens: one button."""
    service = await views.shift_to_join(ctx, actor, uid)
    return page(request, "services/arrive.html", service=service, code=code[:8], errors={})


@post("/services/{uid:str}/arrive", operation_id="Arrive")
async def arrive(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect | Template:
    """Here, with the digits of the place; joins the shift when needed."""
    form, errors, typed = await read_form(request, CheckInForm)
    if form is not None:
        try:
            part = await flow.arrive_by_code(ctx, actor, uid, code=form.code)
        except (WrongMoment, WrongCode, TryLater, GuardianNeeded) as refusal:
            errors = {"code": refusal.said(request.state.lang)}
        else:
            assert part.checked_in_at is not None
            return go("/volunteer", _("%(clock)s 到，记下了。", clock=filters.clock(part.checked_in_at)))
    service = await views.shift_to_join(ctx, actor, uid)
    code = str(typed.get("code", ""))[:8]
    return page(request, "services/arrive.html", status=422, service=service, code=code, errors=errors)


# The code on a printed roster leads here by way of the community, so that whoever is not signed in yet signs in there.
of_community = [arrive_page]
handlers = [
    volunteer_home, service_card, sign_up, cancel_attendance, check_in, check_out, undo_check_in, arrive_page, arrive,
    *roll_routes.handlers, *confirm_routes.handlers, *promise_routes.handlers, *heard_routes.handlers, *paper_routes.handlers,
    *second_routes.handlers, *api.handlers,
]  # fmt: skip
