"""Pages of matching: the week's plan on one screen, a choice by hand, proposals to the people they are for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from marketplace.values import Week, Window
from timebank.access import Actor, Role
from timebank.context import Context
from timebank.errors import AppRefusal, BadField
from timebank.help.matching import api, board, flow, views
from timebank.help.matching.near import near_me
from timebank.help.matching.schemas import AnswerForm, AnswersForm, AssignForm, PlanForm
from timebank.news.saying import with_news
from timebank.store.members import people
from timebank.web import i18n
from timebank.web.pages import Typed, go, judged, page, read_form, refuse_fields
from timebank.web.paging import leaf
from timebank.web.request import Request

_ = i18n.gettext
BESIDE = 12
"""Lines of each list beside the proposals: they are for a look, and the page is opened on a telephone, too."""


@get("/desk/plan", operation_id="ShowPlan")
async def show_plan(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    week: FromQuery[str] = "",
    grid: FromQuery[str] = "",
    urgency: FromQuery[str] = "",
    line: FromQuery[str] = "",
    who: FromQuery[str] = "",
    day: FromQuery[str] = "",
    view: FromQuery[str] = "",
) -> Template:
    """To arrange, not served, missing: the three parts of a week on one screen; narrowed as the reader asks."""
    shown = await views.plan_page(ctx, actor, _week(ctx, week), _lang(request), "ShowPlan")
    asked = board.Asked(
        grid=grid, urgency=urgency, line=line, who=who.strip(), day=day, view="board" if view else ""
    )
    offers = leaf(request, [one for one in shown.offers if board.fits(one, asked, ctx.zone)])
    return page(
        request,
        "matching/plan.html",
        shown=shown,
        this_week=str(Week.of(ctx.today())),
        asked=asked,
        choices=board.choices_of(shown.offers, ctx.zone),
        offers=offers,
        rows=board.rows_of(offers.items, shown.week, asked, ctx.zone),
        here=asked.address(shown.week),
        zone=ctx.zone,
        unserved=leaf(request, shown.unserved, size=BESIDE, name="unserved"),
        arranged=leaf(request, shown.arranged, size=BESIDE, name="arranged"),
    )


@get("/desk/plan/shortage", operation_id="ShortageReport")
async def shortage_report(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    week: FromQuery[str] = "",
) -> Template:
    """缺口: which help to look for next, as a sheet to take to the partner council."""
    shown = await views.plan_page(ctx, actor, _week(ctx, week), _lang(request), "ShortageReport")
    return page(request, "matching/shortage.html", shown=shown, back=f"/desk/plan?week={shown.week}")


@post("/desk/plan", operation_id="MakePlan")
async def make_plan(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Redirect:
    """Plan the week anew; whatever is agreed stays."""
    form, errors, _typed = await read_form(request, PlanForm)
    if form is None:
        raise refuse_fields(errors)
    week = _week(ctx, form.week)
    proposals = await flow.plan_week(ctx, actor, actor.community, week)
    said = i18n.ngettext(
        "排好了：%(num)s 条建议，等人点头。", "排好了：%(num)s 条建议，等人点头。", len(proposals)
    )
    return go(f"/desk/plan?week={week}", said)


@post("/desk/proposals/{uid:str}/accept", operation_id="AcceptProposal")
async def accept_proposal(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], uid: FromPath[str]
) -> Redirect:
    """Yes: the proposal becomes a service, its people are told."""
    form, errors, _typed = await read_form(request, AnswerForm)
    if form is None:
        raise refuse_fields(errors)
    before = ctx.now()
    made = await flow.accept_proposal(ctx, actor, uid)
    return go(_back(actor, form.next), await with_news(ctx, actor, _("约好了。"), made.uid, since=before))


@post("/desk/proposals/accept", operation_id="AcceptProposals")
async def accept_proposals(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Redirect:
    """Yes to all whose box is ticked; what could not be arranged is said one by one."""
    form, errors, _typed = await read_form(request, AnswersForm)
    if form is None:
        raise refuse_fields(errors)
    answered = await flow.accept_proposals(ctx, actor, form.proposal)
    return go(
        _back(actor, form.next),
        _said_of(answered, request.state.lang),
        kind="wait" if answered.refused or not answered.made else "done",
    )


def _said_of(answered: flow.Arranged, lang: str) -> str:
    """What several yeses came to, in one sentence each."""
    said = [
        i18n.ngettext("约好了 %(num)s 件。", "约好了 %(num)s 件。", len(answered.made))
        if answered.made
        else _("一件也没有约。请先打勾。")
        if not answered.refused
        else ""
    ]
    for title, refusal in answered.refused:
        why = refusal.said(lang) if isinstance(refusal, AppRefusal) else refusal.sentence(lang)
        said.append(_("“%(title)s”没约成：%(why)s", title=title, why=why))
    return " ".join(one for one in said if one)


@post("/desk/proposals/{uid:str}/decline", operation_id="DeclineProposal")
async def decline_proposal(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], uid: FromPath[str]
) -> Redirect:
    """No, with the reason; this pair is not proposed again this week."""
    form, errors, _typed = await read_form(request, AnswerForm)
    if form is None:
        raise refuse_fields(errors)
    await flow.decline_proposal(ctx, actor, uid, reason=form.reason)
    return go(_back(actor, form.next), _("好的，本周不再这样建议。重新排一次，会另找人。"))


@get("/desk/needs/{key:str}/assign", operation_id="ChooseHelper")
async def choose_helper(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template:
    """The best helpers for one need with the reasons, and everybody else to choose from.

    A choice in the address, as the board makes it when a visit is drawn to somebody, is shown with its price.
    """
    drawn = {name: value for name, value in request.query_params.items() if name in AssignForm.model_fields}
    if not drawn:
        return await _choose(request, ctx, actor, key, {})
    form, errors = judged(AssignForm, drawn)
    if form is None:
        return await _choose(request, ctx, actor, key, drawn, errors=errors)
    return await _price(request, ctx, actor, key, form, drawn)


@post("/desk/needs/{key:str}/assign", operation_id="DecideByHand")
async def decide_by_hand(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template | Redirect:
    """A worker's own choice; the reason is kept beside it."""
    form, errors, typed = await read_form(request, AssignForm)
    if form is None:
        return await _choose(request, ctx, actor, key, typed, errors=errors)
    if form.step == "look":
        return await _choose(request, ctx, actor, key, {"look": form.look}, look=form.look)
    if form.step == "weigh":
        return await _price(request, ctx, actor, key, form, typed)
    before = ctx.now()
    try:
        made = await flow.decide_by_hand(ctx, actor, key, _choice(ctx, form))
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _choose(request, ctx, actor, key, typed, errors=errors)
    return go(f"/desk/needs/{key}", await with_news(ctx, actor, _("约好了。"), made.uid, since=before))


@get("/proposals", operation_id="MyProposals")
async def my_proposals(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Template:
    """What the plan asks of me, my team or my unit."""
    offers = await views.own_offers(ctx, actor, _lang(request))
    near = await near_me(ctx, actor, _lang(request))
    return page(request, "matching/mine.html", offers=offers, near=near, last=Week.of(ctx.today()).sunday_on)


async def _price(
    request: Request, ctx: Context, actor: Actor, key: str, form: AssignForm, typed: Typed
) -> Template:
    """The choice as it was typed or drawn, with what it would cost; nothing is decided."""
    try:
        weighed = await flow.price_by_hand(ctx, actor, key, _choice(ctx, form))
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _choose(request, ctx, actor, key, typed, errors=errors)
    price = await views.price_of(ctx, actor, weighed, _lang(request))
    on = form.on or (form.starts_at.astimezone(ctx.zone).date() if form.starts_at else None)
    return await _choose(request, ctx, actor, key, typed, price=price, drawn_to=on)


def _choice(ctx: Context, form: AssignForm) -> flow.ByHand:
    kind, _colon, who = form.who.partition(":")
    return flow.ByHand(
        window=_window(ctx, form),
        reason=form.reason,
        resource_key=who if kind == "line" else "",
        member=who if kind == "member" else "",
        proposal=form.proposal or "",
    )


async def _choose(
    request: Request,
    ctx: Context,
    actor: Actor,
    key: str,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    look: str = "",
    price: views.Price | None = None,
    drawn_to: date | None = None,
) -> Template:
    shown = await views.choose_page(
        ctx, actor, key, _lang(request), "ChooseHelper", look=look, who=str(typed.get("who", "")), on=drawn_to
    )
    owner = (await people.names(ctx.engine, [shown.need.owner])).get(shown.need.owner, "")
    wished = shown.wished.starts_at.astimezone(ctx.zone) if shown.wished else None
    on = wished.date() if wished else ctx.today() + timedelta(days=1)
    at = f"{wished.hour}:{wished:%M}" if wished else "9:00"
    typed = {"on": on.isoformat(), "at": at, **typed}
    return page(
        request, "matching/choose.html", status=422 if errors else 200, shown=shown, owner=owner, typed=typed,
        errors=errors or {}, price=price,
    )  # fmt: skip


def _window(ctx: Context, form: AssignForm) -> Window:
    """The suggested stretch, or the day, hour and length that were filled in."""
    if form.starts_at is not None and form.ends_at is not None and form.starts_at < form.ends_at:
        if form.starts_at.tzinfo is None or form.ends_at.tzinfo is None:
            raise BadField("时间不完整。", "The time is incomplete.", field="on")
        return Window(form.starts_at, form.ends_at)
    if form.on is None or form.at is None:
        raise BadField("请填哪一天、几点。", "Please give the day and the hour.", field="on")
    hour, minute = (int(part) for part in form.at.split(":"))
    starts_at = datetime.combine(form.on, time(hour, minute), tzinfo=ctx.zone)
    return Window(starts_at, starts_at + timedelta(minutes=form.minutes))


def _week(ctx: Context, text: str) -> Week:
    """The week asked for, the present one for anything else."""
    try:
        return Week.parse(text)
    except ValueError:
        return Week.of(ctx.today())


def _back(actor: Actor, path: str) -> str:
    """Where the answer was given: the plan for the desk, their own list for everybody else."""
    if actor.has(Role.WORKER) and path.startswith("/desk/plan"):
        return path
    return "/proposals" if not actor.has(Role.WORKER) else "/desk/plan"


def _lang(request: Request) -> str:
    return "en" if request.state.lang == "en" else "zh"


handlers = [
    show_plan, shortage_report, make_plan, accept_proposal, accept_proposals, decline_proposal, choose_helper, decide_by_hand,
    my_proposals, *api.handlers,
]  # fmt: skip
