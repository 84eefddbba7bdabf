"""Claiming and answering, as forms."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Template

from marketplace.claims import STAGES_ZH, Stage
from marketplace.errors import MarketplaceRefusal
from marketplace.values import Window
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal, BadField
from timebank.help.lists import browsing, claiming
from timebank.help.lists.line_page import line_page
from timebank.help.lists.schemas import AnswerForm, ClaimForm
from timebank.news.saying import with_news
from timebank.web import i18n
from timebank.web.fields import clock_time
from timebank.web.pages import Typed, go, inside, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
STAGES = {stage.value: i18n.lazy(words) for stage, words in STAGES_ZH.items()}
KIND_OF = {"need": "needs", "resource": "resources"}
_MOODS = {Stage.OPEN: "wait", Stage.ACCEPTED: "done", Stage.DONE: "done"}


@post("/claims", operation_id="ClaimLine")
async def claim_line(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """Claim a line; what was chosen is shown again beside the reason when it cannot be."""
    form, errors, typed = await read_form(request, ClaimForm)
    if form is None:
        if {"side", "key"} & errors.keys():
            raise refuse_fields(errors)
        return await _again(request, ctx, actor, typed, errors, 422)
    try:
        await claiming.claim_line(
            ctx, actor, side=form.side, key=form.key, as_whom=form.as_whom,
            window=window_from(ctx, form.window, form.from_clock), quantity=form.quantity, with_key=form.with_key,
        )  # fmt: skip
    except MarketplaceRefusal as refusal:
        return await _again(request, ctx, actor, typed, {"": refusal.sentence(request.state.lang)}, 409)
    except BadField as refusal:
        said = {refusal.field: refusal.said(request.state.lang)}
        return await _again(request, ctx, actor, typed, said, refusal.status)
    return go("/claims", _("认领已经发出，等对方答复。"), kind="wait")


def window_from(ctx: Context, text: str, clock: str | None) -> Window:
    """The stretch a form names, begun at the hour it names; BadField when it is none.

    Raises:
        BadField: no stretch, or the hour lies outside it.
    """
    window = claiming.window_of(text)
    if window is None:
        raise BadField("请选一个时间。", "Please choose an hour.", field="window")
    at: time | None = clock_time(clock)
    if at is None:
        return window
    local = window.starts_at.astimezone(ctx.zone)
    starts_at = datetime.combine(local.date(), at, tzinfo=ctx.zone)
    if not window.starts_at <= starts_at <= window.ends_at - timedelta(minutes=15):
        raise BadField(
            "几点开始要在所选的时间里。", "The starting hour must lie within it.", field="from_clock"
        )
    return Window(starts_at, window.ends_at)


async def _again(
    request: Request, ctx: Context, actor: Actor, typed: Typed, errors: dict[str, str], status: int
) -> Template:
    kind = KIND_OF[str(typed["side"])]
    detail = await browsing.detail(
        ctx, actor, actor.community, kind, str(typed["key"]), lang=request.state.lang
    )
    return await line_page(request, ctx, actor, kind, detail, typed=typed, errors=errors, status=status)


@get("/claims", operation_id="ClaimsInbox")
async def claims_inbox(request: Request, ctx: Ctx, actor: Who) -> Template:
    """What waits for my answer, and what I claimed."""
    answer, mine = await claiming.inbox(ctx, actor, request.state.lang)
    return page(
        request,
        "lists/claims.html",
        answer=answer,
        mine=mine,
        stages=STAGES,
        moods={stage.value: mood for stage, mood in _MOODS.items()},
    )


@post("/claims/{uid:str}/accept", operation_id="AcceptClaim")
async def accept_claim(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Say yes: the claim becomes a service."""
    form, before = await _form(request), ctx.now()
    try:
        made = await claiming.accept(ctx, actor, uid)
    except (MarketplaceRefusal, AppRefusal) as refusal:
        return _back(request, refusal)
    return go(
        inside(form.next, "/claims"),
        await with_news(ctx, actor, _("答应了，已经安排好。"), made.uid, since=before),
    )


@post("/claims/{uid:str}/decline", operation_id="DeclineClaim")
async def decline_claim(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Say no, with a reason."""
    form, before = await _form(request), ctx.now()
    try:
        await claiming.decline(ctx, actor, uid, reason=form.reason)
    except (MarketplaceRefusal, AppRefusal) as refusal:
        return _back(request, refusal)
    return go(inside(form.next, "/claims"), await with_news(ctx, actor, _("已经回绝。"), uid, since=before))


@post("/claims/{uid:str}/withdraw", operation_id="WithdrawClaim")
async def withdraw_claim(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Take a claim back before it is answered."""
    try:
        await claiming.withdraw(ctx, actor, uid)
    except (MarketplaceRefusal, AppRefusal) as refusal:
        return _back(request, refusal)
    return go("/claims", _("已经撤回。"))


@post("/claims/{uid:str}/release", operation_id="ReleaseClaim")
async def release_claim(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Call off what was agreed."""
    form = await _form(request)
    try:
        await claiming.release(ctx, actor, uid, reason=form.reason)
    except (MarketplaceRefusal, AppRefusal) as refusal:
        return _back(request, refusal)
    return go("/claims", _("已经取消，位置空出来了。"))


async def _form(request: Request) -> AnswerForm:
    form, errors, _typed = await read_form(request, AnswerForm)
    if form is None:
        raise refuse_fields(errors)
    return form


def _back(request: Request, refusal: MarketplaceRefusal | AppRefusal) -> Redirect:
    """To the inbox with the reason; what is not there for this person stays not there."""
    if isinstance(refusal, AppRefusal):
        if refusal.status in (401, 403, 404):
            raise refusal
        return go("/claims", refusal.said(request.state.lang), kind="bad")
    return go("/claims", refusal.sentence(request.state.lang), kind="bad")


handlers: list[HTTPRouteHandler] = [
    claim_line, claims_inbox, accept_claim, decline_claim, withdraw_claim, release_claim,
]  # fmt: skip
