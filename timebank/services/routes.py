"""Pages of services: the volunteer's own, the leader's roll-call, the desk's list of what waits for a word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import segno
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from ledger import LedgerRefusal
from timebank import i18n
from timebank.access import Actor, Role
from timebank.context import Context
from timebank.errors import AppRefusal, GuardianNeeded, NotFound, NotYet, TryLater, WrongCode, WrongMoment
from timebank.services import api, flow, views
from timebank.services.schemas import (
    CancelForm,
    CheckInForm,
    CheckOutForm,
    CloseForm,
    NoteForm,
    PersonForm,
    ResolveForm,
    StepForm,
    attendance_out,
    confirmed_out,
    confirmed_service_out,
)
from timebank.services.wording import EVIDENCE, KINDS, STATES, row_note
from timebank.store import members, services
from timebank.web import filters
from timebank.web.fields import Form, clock_time
from timebank.web.once import once
from timebank.web.pages import go, inside, page, read_form, refuse_fields
from timebank.web.refusals import wants_page

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
WORDS = {"states": STATES, "evidence": EVIDENCE, "kinds": KINDS, "row_note": row_note}


async def pressed(
    request: Request, form: type[Form], otherwise: str, act: Callable[[Any], Awaitable[Redirect | Template]]
) -> Redirect | Template | Response[None]:
    """One step on a page with several: what cannot be done now is said on that same page.

    Args:
        otherwise: where the step goes on when the form does not say.
        act: does the step with the form's values and answers with where to go.
    """
    values, errors, typed = await read_form(request, form)
    back = inside(str(typed.get("next", "")), otherwise)
    if values is None:
        return _sent_back(request, back, " ".join(errors.values()), refuse_fields(errors))
    try:
        return await act(values)
    except (WrongMoment, WrongCode, TryLater, GuardianNeeded, LedgerRefusal) as refusal:
        said = refusal.en if request.state.lang == "en" else refusal.zh
        return _sent_back(request, back, said, refusal)


def _sent_back(request: Request, back: str, said: str, refusal: Exception) -> Redirect | Response[None]:
    if not wants_page(request):
        raise refusal
    answer = go(back, said, kind="bad")
    if not request.headers.get("hx-request"):
        return answer
    # A swapped fragment has no room for the sentence: let the page load again and say it.
    return Response(content=None, headers={"hx-redirect": back}, cookies=answer.cookies)


# --- the volunteer


@get("/volunteer", operation_id="VolunteerHome")
async def volunteer_home(request: Request, ctx: Ctx, actor: Who) -> Template:
    """The next service as the biggest thing, then what else is mine and what I could join."""
    home = await views.volunteer_home(ctx, actor)
    return page(request, "services/volunteer.html", home=home, key=ctx.ids.token(), **WORDS)


@get("/services/{uid:str}", operation_id="ServiceCard")
async def service_card(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """One service for those it concerns."""
    card = await views.service_card(ctx, actor, uid)
    return page(request, "services/card.html", card=card, errors={}, typed={}, key=ctx.ids.token(), **WORDS)


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
        return await _row_or_page(request, ctx, actor, part.uid, form.next)

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


# --- the leader


@get("/teams", operation_id="TeamsHome")
async def teams_home(request: Request, ctx: Ctx, actor: Who) -> Template:
    """My teams, the next shift first."""
    return page(request, "services/teams.html", teams=await views.teams_home(ctx, actor), **WORDS)


@post("/teams/{code:str}/shifts", operation_id="PlanShifts")
async def plan_shifts(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Redirect:
    """Make this week's shifts from the activities list; twice changes nothing."""
    made = await flow.plan_shifts(ctx, actor, code)
    said = (
        i18n.ngettext("排好了 %(num)s 个班。", "排好了 %(num)s 个班。", len(made))
        if made
        else _("这两周的班早就排好了，没有变。")
    )
    return go("/teams", said)


@get("/teams/{code:str}/shifts/{uid:str}", operation_id="RollCall")
async def roll_call(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], uid: FromPath[str]
) -> Template:
    """Tick who is there; after closing, what each one gets."""
    roll = await _roll(ctx, actor, code, uid)
    return _roll_page(request, ctx, roll)


@post("/attendances/{uid:str}/tick", operation_id="TickPresent")
async def tick(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """This one is here."""

    async def act(form: StepForm) -> Redirect | Template:
        part = await flow.tick(ctx, actor, uid)
        return await _row_or_page(request, ctx, actor, part.uid, form.next)

    return await pressed(request, StepForm, "/teams", act)


@post("/teams/{code:str}/shifts/{uid:str}/walk-ups", operation_id="AddWalkUp")
async def add_walk_up(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], uid: FromPath[str]
) -> Redirect | Template:
    """Somebody who just came: a name is enough."""
    form, errors, typed = await read_form(request, PersonForm)
    if form is not None:
        try:
            part = await flow.add_walk_up(
                ctx, actor, uid, member=form.member or "", name=form.name, phone=form.phone,
                minor=form.minor == "yes",
            )  # fmt: skip
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {refusal.field or "name": refusal.said(request.state.lang)}
        else:
            card = (await members.cards(ctx.engine, [part.member]))[part.member]
            return go(
                f"/teams/{code}/shifts/{uid}#{part.uid}", _("%(name)s 到了，记下了。", name=card["says"])
            )
    return _roll_page(
        request, ctx, await _roll(ctx, actor, code, uid), errors=errors, typed=typed, status=422
    )


@get("/teams/{code:str}/shifts/{uid:str}/close", operation_id="ClosingPage")
async def closing_page(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], uid: FromPath[str]
) -> Template:
    """Before closing: when everybody leaves, and who was never ticked."""
    return _closing_page(request, ctx, await _roll(ctx, actor, code, uid))


@post("/teams/{code:str}/shifts/{uid:str}/close", operation_id="CloseShift")
async def close_shift(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], uid: FromPath[str]
) -> Redirect | Template:
    """Everybody leaves; hours wait for a second person's word."""
    form, errors, typed = await read_form(request, CloseForm)
    if form is not None:
        try:
            await flow.close_shift(
                ctx, actor, uid, at=clock_time(form.at), absent_known=form.absent == "known"
            )
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {"absent" if "missing" in refusal.known else "at": refusal.said(request.state.lang)}
        else:
            return go(f"/teams/{code}/shifts/{uid}", _("收工了，看一遍每人记多少，再确认。"))
    roll = await _roll(ctx, actor, code, uid)
    return _closing_page(request, ctx, roll, errors=errors, typed=typed, status=422)


@get("/teams/{code:str}/shifts/{uid:str}/sheet", operation_id="RosterSheet")
async def roster_sheet(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], uid: FromPath[str]
) -> Template:
    """The paper roster with its QR code, to hang up at the place."""
    roll = await _roll(ctx, actor, code, uid)
    link = f"{str(request.base_url).rstrip('/')}/services/{uid}/arrive?code={roll.code}"
    svg = segno.make(link, error="m").svg_inline(scale=4, omitsize=True, svgclass=None, lineclass=None)
    return page(
        request, "services/sheet.html", roll=roll, qr_svg=svg, back=f"/teams/{code}/shifts/{uid}", **WORDS
    )


# --- whoever says that it was so


@post("/services/{uid:str}/helper", operation_id="NameHelper")
async def name_helper(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect | Template:
    """Who goes."""
    form, errors, typed = await read_form(request, PersonForm)
    if form is not None:
        try:
            await flow.name_helper(
                ctx, actor, uid, member=form.member or "", name=form.name, phone=form.phone
            )
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {refusal.field or "name": refusal.said(request.state.lang)}
        else:
            return go(inside(form.next, f"/services/{uid}"), _("定好了，已经告诉双方。"))
    card = await views.service_card(ctx, actor, uid)
    return page(
        request,
        "services/card.html",
        status=422,
        card=card,
        errors=errors,
        typed=typed,
        key=ctx.ids.token(),
        **WORDS,
    )


@post("/attendances/{uid:str}/confirm", operation_id="ConfirmHours")
async def confirm_hours(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """It was so: the hours go into the book."""

    async def act(form: StepForm) -> Redirect | Template:
        async def run() -> dict[str, Any]:
            return confirmed_out(await flow.record_confirmation(ctx, actor, uid))

        done = await once(
            ctx, actor, form.idempotency_key, operation="ConfirmHours", body={"attendance": uid}, run=run
        )
        minutes = done["credit"]["minutes_credited"]
        said = (
            _("谢谢。%(hours)s 记进了帮忙人的存折。", hours=filters.hours(minutes))
            if minutes
            else _("谢谢，记下了。这次不够记时的分钟。")
        )
        return go(inside(form.next, "/"), said)

    return await pressed(request, StepForm, "/", act)


@post("/services/{uid:str}/confirm", operation_id="ConfirmService")
async def confirm_service(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """It was so for everybody: one tap posts all hours of a service but the asker's own."""

    async def act(form: StepForm) -> Redirect | Template:
        async def run() -> dict[str, Any]:
            return confirmed_service_out(await flow.confirm_service(ctx, actor, uid))

        done = await once(
            ctx, actor, form.idempotency_key, operation="ConfirmService", body={"service": uid}, run=run
        )
        said, kind = _confirmed_said(done, request.state.lang)
        return go(inside(form.next, f"/services/{uid}"), said, kind=kind)

    return await pressed(request, StepForm, f"/services/{uid}", act)


@get("/desk/confirm", operation_id="ConfirmList")
async def confirm_list(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Everything that waits for a word, with how we know it."""
    waiting = await views.confirm_list(ctx, actor)
    keys = {one.service.uid: ctx.ids.token() for one in waiting}
    return page(request, "services/confirm.html", waiting=waiting, keys=keys, **WORDS)


@post("/attendances/{uid:str}/dispute", operation_id="DisputeHours")
async def dispute_hours(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """It was not so."""

    async def act(form: NoteForm) -> Redirect | Template:
        await flow.dispute(ctx, actor, uid, note=form.note)
        return go(inside(form.next, "/"), _("知道了，社区会问清楚，弄清前不记时。"))

    return await pressed(request, NoteForm, "/", act)


@post("/attendances/{uid:str}/resolve", operation_id="ResolveDispute")
async def resolve_dispute(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """What the desk found out."""

    async def act(form: ResolveForm) -> Redirect | Template:
        if form.found == "served" and form.minutes is None:
            raise NotYet("请写实际服务了多少分钟。", "Write how many minutes it really took.", field="minutes")
        minutes = form.minutes if form.found == "served" else None

        async def run() -> dict[str, Any]:
            return attendance_out(
                await flow.resolve_dispute(ctx, actor, uid, minutes_served=minutes, note=form.note)
            )

        asked = {"attendance": uid, "minutes": minutes, "note": form.note}
        await once(ctx, actor, form.idempotency_key, operation="ResolveDispute", body=asked, run=run)
        return go(inside(form.next, "/desk/confirm"), _("核实结果记下了。"))

    return await pressed(request, ResolveForm, "/desk/confirm", act)


def _confirmed_said(done: dict[str, Any], lang: str) -> tuple[str, str]:
    posted, own, refused = done["posted"], done["own"], done["refused"]
    minutes = sum(one["credit"]["minutes_credited"] for one in posted)
    said = [
        _("%(people)s 人的时间都记上了，一共 %(hours)s。", people=len(posted), hours=filters.hours(minutes))
        if posted
        else _("没有等您确认的了。")
    ]
    if own:
        said.append(_("您自己的那份要请别人确认。"))
    for one in refused:
        said.append(_("有一份没记上：%(why)s", why=one["en" if lang == "en" else "zh"]))
    return " ".join(said), "wait" if refused or not posted else "done"


async def _roll(ctx: Context, actor: Actor, code: str, uid: str) -> views.RollCall:
    roll = await views.roll_call(ctx, actor, uid)
    if roll.team["code"] != code:
        raise NotFound()
    return roll


def _roll_page(
    request: Request, ctx: Context, roll: views.RollCall, *, status: int = 200, **shown: Any
) -> Template:
    context = {"errors": {}, "typed": {}, **shown}
    return page(
        request, "services/roll.html", status=status, roll=roll, key=ctx.ids.token(), **context, **WORDS
    )


def _closing_page(
    request: Request, ctx: Context, roll: views.RollCall, *, status: int = 200, **shown: Any
) -> Template:
    leaves_at = min(ctx.now(), roll.service.ends_at)
    context = {"errors": {}, "typed": {}, **shown}
    return page(
        request, "services/close.html", status=status, roll=roll, leaves_at=leaves_at, **context, **WORDS
    )


async def _row_or_page(
    request: Request, ctx: Context, actor: Actor, uid: str, back: str
) -> Redirect | Template:
    """One row for a page that swaps it in place, else the whole page again at that row."""
    part = await services.attendance(ctx.engine, uid)
    assert part is not None
    if request.headers.get("hx-request") and actor.has(Role.LEADER, Role.WORKER):
        roll = await views.roll_call(ctx, actor, part.service)
        row = next(one for one in roll.rows if one.part.uid == uid)
        return page(request, "services/row.html", roll=roll, row=row, fragment=True, **WORDS)
    return go(f"{inside(back, '/volunteer')}#{uid}")


handlers = [
    volunteer_home, service_card, sign_up, cancel_attendance, check_in, check_out, undo_check_in, arrive_page, arrive,
    teams_home, plan_shifts, roll_call, tick, add_walk_up, closing_page, close_shift, roster_sheet, name_helper,
    confirm_hours, confirm_service, confirm_list, dispute_hours, resolve_dispute, *api.handlers,
]  # fmt: skip
