"""The leader's pages: the teams, the roll-call, walk-ups, closing, and the paper roster."""

from __future__ import annotations

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.help.services import flow, rolls
from timebank.help.services.pages.pressing import WORDS, pressed, row_or_page
from timebank.help.services.pages.schemas import CloseForm, PersonForm, StepForm
from timebank.rules.parts.attendance import minutes_between
from timebank.store.members import people
from timebank.web import i18n
from timebank.web.community import path_of
from timebank.web.fields import clock_time
from timebank.web.hosts import address
from timebank.web.pages import go, page, read_form
from timebank.web.request import Request

EARLY_MINUTES = 15
"""Closing so much before the hour is asked after."""
_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/teams", operation_id="TeamsHome")
async def teams_home(request: Request, ctx: Ctx, actor: Who) -> Template:
    """My teams, the next shift first."""
    teams = await rolls.teams_home(ctx, actor, request.state.lang)
    return page(request, "services/teams.html", WORDS, teams=teams)


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
    roll = await _roll(ctx, actor, code, uid, request.state.lang)
    return _roll_page(request, ctx, roll)


@post("/attendances/{uid:str}/tick", operation_id="TickPresent")
async def tick(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]
) -> Redirect | Template | Response[None]:
    """This one is here."""

    async def act(form: StepForm) -> Redirect | Template:
        part = await flow.tick(ctx, actor, uid)
        return await row_or_page(request, ctx, actor, part.uid, form.next)

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
                minor=form.minor == "yes", first_time=form.first_time == "yes",
            )  # fmt: skip
        except AppRefusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = {refusal.field or "name": refusal.said(request.state.lang)}
        else:
            card = (await people.cards(ctx.engine, [part.member]))[part.member]
            return go(f"/teams/{code}/shifts/{uid}#{part.uid}", _("%(name)s 到了，记下了。", name=card.says))
    return _roll_page(
        request,
        ctx,
        await _roll(ctx, actor, code, uid, request.state.lang),
        errors=errors,
        typed=typed,
        status=422,
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
    base = f"{address(request)}{path_of(actor.community)}"
    link = f"{base}/services/{uid}/arrive?code={roll.code}"
    svg = segno.make(link, error="m").svg_inline(scale=4, omitsize=True, svgclass=None, lineclass=None)
    return page(
        request, "services/sheet.html", WORDS, roll=roll, qr_svg=svg, back=f"/teams/{code}/shifts/{uid}"
    )


async def _roll(ctx: Context, actor: Actor, code: str, uid: str, lang: str = "zh-CN") -> rolls.RollCall:
    roll = await rolls.roll_call(ctx, actor, uid, lang=lang)
    if roll.team.code != code:
        raise NotFound()
    return roll


def _roll_page(
    request: Request, ctx: Context, roll: rolls.RollCall, *, status: int = 200, **shown: object
) -> Template:
    context = {**WORDS, "errors": {}, "typed": {}, **shown}
    return page(request, "services/roll.html", context, status=status, roll=roll, key=ctx.ids.token())


def _closing_page(
    request: Request, ctx: Context, roll: rolls.RollCall, *, status: int = 200, **shown: object
) -> Template:
    leaves_at = min(ctx.now(), roll.service.ends_at)
    early_minutes = minutes_between(leaves_at, roll.service.ends_at)
    context = {**WORDS, "errors": {}, "typed": {}, **shown}
    return page(
        request, "services/close.html", context, status=status, roll=roll, leaves_at=leaves_at,
        early_minutes=early_minutes if early_minutes > EARLY_MINUTES else 0,
    )  # fmt: skip


handlers = [
    teams_home, plan_shifts, roll_call, tick, add_walk_up, closing_page, close_shift, roster_sheet,
]  # fmt: skip
