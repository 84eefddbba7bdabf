"""Pages of the card and the kiosk: everything below /k, with a sign-in of its own that the neighbour's knows nothing of; and her
own and the desk's answer to what a card said."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.channels import card, kiosk, parked
from timebank.channels.schemas import CardAskForm, CardForm, DeclareForm, HersForm, KioskForm
from timebank.community import pictures
from timebank.community.identity.flow import SignedIn
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.help.requests.asking import Moment, moments, tile
from timebank.store.identity import kiosks
from timebank.store.places import communities
from timebank.web import i18n
from timebank.web.openapi.ways_in import CARD, KIOSK
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request
from timebank.web.session import CARD_COOKIE, KIOSK_COOKIE

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]

PATH = "/k"
KIOSK_IDLE_S = 90
YEAR_S = 31_536_000

WHEN = {
    Moment("today", "am"): (i18n.lazy("今天上午"), "clock"),
    Moment("today", "pm"): (i18n.lazy("今天下午"), "clock"),
    Moment("tomorrow", "am"): (i18n.lazy("明天上午"), "calendar"),
    Moment("tomorrow", "pm"): (i18n.lazy("明天下午"), "calendar"),
    Moment("days", "day"): (i18n.lazy("这几天"), "calendar"),
    Moment("any", "day"): (i18n.lazy("哪天都行"), "done"),
}


@get("/k", operation_id="CardPage")
async def card_page(request: Request, ctx: Ctx) -> Template | Redirect:
    """One button; on a kiosk, who is there. An open card leads on."""
    try:
        await _holder(request, ctx)
    except card.CardOver:
        device = await kiosks.kiosk_of(ctx.engine, request.cookies.get(KIOSK_COOKIE, ""))
        return await _start(request, ctx, community=device.community if device else "", kiosk=bool(device))
    return Redirect(path="/k/ask", status_code=303)


@post("/k", operation_id="OpenCard")
async def open_card(request: Request, ctx: Ctx) -> Template | Redirect:
    """The card's five minutes begin; whoever is signed in on this telephone stays so."""
    form, errors, _typed = await read_form(request, CardForm)
    if form is None:
        return await _start(request, ctx, refused=" ".join(errors.values()), status=422)
    try:
        opened = await card.open_card(ctx, token=form.token)
    except AppRefusal as refusal:
        return await _start(request, ctx, refused=refusal.said(request.state.lang), status=refusal.status)
    return go("/k/ask", cookies=(_cookie(ctx, opened),))


@post("/k/kiosk", operation_id="OpenAtKiosk", way_in=KIOSK)
async def open_at_kiosk(request: Request, ctx: Ctx) -> Template | Redirect:
    """Number and name at a device that the desk declared."""
    device = await kiosks.kiosk_of(ctx.engine, request.cookies.get(KIOSK_COOKIE, ""))
    if device is None:
        return go(PATH)
    form, errors, typed = await read_form(request, KioskForm)
    refused, status = "", 422
    if form is not None:
        try:
            opened = await kiosk.open_here(ctx, device, who=form.who, called=form.called)
        except AppRefusal as refusal:
            refused, status = refusal.said(request.state.lang), refusal.status
        else:
            return go("/k/ask", cookies=(_cookie(ctx, opened),))
    return await _start(
        request, ctx, community=device.community, kiosk=True, refused=refused, status=status, errors=errors,
        who=str(typed.get("who", "")),
    )  # fmt: skip


@get("/k/ask", operation_id="CardHome", way_in=CARD)
async def card_home(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """The six pictures, the telephone and the cross; nothing of hers is shown."""
    try:
        held = await _holder(request, ctx)
    except card.CardOver as over:
        return go(PATH, over.said(request.state.lang), kind="wait")
    here = await card.visit_here(ctx, held, actor)
    return await _page(
        request, ctx, held, "channels/card.html", {"six": pictures.SIX, "here": here is not None}
    )


@get("/k/ask/{what:str}", operation_id="CardWhen", way_in=CARD)
async def card_when(request: Request, ctx: Ctx, what: FromPath[str]) -> Template | Redirect:
    """The second tap: when."""
    try:
        held = await _holder(request, ctx)
    except card.CardOver as over:
        return go(PATH, over.said(request.state.lang), kind="wait")
    policy = ctx.policy_of(held.actor.community).requests
    choices = [(one, *WHEN[one]) for one in moments(ctx.now(), ctx.zone, policy)]
    return await _page(request, ctx, held, "channels/when.html", {"tile": tile(what), "choices": choices})


@post("/k/ask", operation_id="CardAsk", way_in=CARD)
async def card_ask(request: Request, ctx: Ctx) -> Redirect:
    """The third tap: written down, until she has said yes herself."""
    form, errors, _typed = await read_form(request, CardAskForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        held = await _holder(request, ctx)
        await card.ask(ctx, held, what=form.what, moment=Moment(*form.moment.split("-")))
    except AppRefusal as refusal:
        return _back(request, refusal)
    return go("/k/ask", _("记下了。社区会问您本人，说好了就找人。"))


@post("/k/call", operation_id="CardCall", way_in=CARD)
async def card_call(request: Request, ctx: Ctx) -> Redirect:
    """She wants to be rung."""
    try:
        await card.call(ctx, await _holder(request, ctx))
    except AppRefusal as refusal:
        return _back(request, refusal)
    return go("/k/ask", _("记下了。社区会打电话，或者派人来问。"))


@post("/k/off", operation_id="CardOff", way_in=CARD)
async def card_off(request: Request, ctx: Ctx) -> Redirect:
    """Nobody need come: kept until she says so herself."""
    try:
        await card.need_not_come(ctx, await _holder(request, ctx))
    except AppRefusal as refusal:
        return _back(request, refusal)
    return go("/k/ask", _("记下了。社区先问您本人，问到了才取消。"))


@post("/k/arrive", operation_id="CardArrive", way_in=CARD)
async def card_arrive(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """A helper who is signed in on this telephone stands at the door."""
    try:
        await card.arrive(ctx, await _holder(request, ctx), actor)
    except AppRefusal as refusal:
        return _back(request, refusal)
    return go("/k/ask", _("签到了，门口的卡作证。"))


@get("/k/over", operation_id="CloseCard")
async def close_card(request: Request, ctx: Ctx) -> Redirect:
    """Done: the telephone is its owner's again, the kiosk the next person's. Ending what is over already is no harm."""
    await card.close(ctx, request.cookies.get(CARD_COOKIE, ""))
    gone = Cookie(key=CARD_COOKIE, value="", path=PATH, max_age=0)
    device = await kiosks.kiosk_of(ctx.engine, request.cookies.get(KIOSK_COOKIE, ""))
    if device is None and request.state.actor.uid:
        return go("/", _("用好了，手机还是您的。"), cookies=(gone,))
    return go(PATH, "" if device else _("用好了，谢谢。"), cookies=(gone,))


@post("/desk/kiosk", operation_id="DeclareKiosk")
async def declare_kiosk(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """This very device is a kiosk from now on."""
    form, errors, _typed = await read_form(request, DeclareForm)
    if form is None:
        raise refuse_fields(errors)
    token = await kiosk.declare(ctx, actor, form.name)
    made = Cookie(
        key=KIOSK_COOKIE, value=token, path=PATH, max_age=YEAR_S, httponly=True,
        secure=ctx.settings.secure_cookies, samesite="lax",
    )  # fmt: skip
    return go("/desk/cards", _("这台设备是自助机了：退出登录，打开 /k 就行。"), cookies=(made,))


@post("/desk/kiosk/{uid:str}/end", operation_id="EndKiosk")
async def end_kiosk(ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A kiosk given away or stolen is an ordinary device again."""
    await kiosk.end(ctx, actor, uid)
    return go("/desk/cards", _("那台不再是自助机了。"))


@post("/desk/calls/{uid:str}/hers", operation_id="AnswerForCard")
async def answer_for_card(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """The desk reached her: was it her, what the card said?"""
    form, errors, _typed = await read_form(request, HersForm)
    if form is None:
        raise refuse_fields(errors)
    member = await parked.answered_at_desk(ctx, actor, uid, hers=form.said == "hers")
    if member:
        return go(f"/desk/phone?member={member}&off=1", _("是她本人说的：请选哪一件不用来了。"))
    said = (
        _("是她要的，已经放到需求清单上了。") if form.said == "hers" else _("不是她，这件作废，卡也作废了。")
    )
    return go("/desk/calls", said)


@post("/elder/card/{uid:str}", operation_id="AnswerOwnCard")
async def answer_own_card(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Her own page: was it her, what the card said?"""
    form, errors, _typed = await read_form(request, HersForm)
    if form is None:
        raise refuse_fields(errors)
    hers = form.said == "hers"
    kind = await parked.answered_by_herself(ctx, actor, uid, hers=hers)
    if not hers:
        return go("/elder", _("不是您，这件作废，那张卡也作废了。要新卡，请打电话给社区。"))
    if kind == parked.OFF:
        return go("/elder", _("知道了。请在下面按：哪一件不用来了。"))
    return go("/elder", _("好，正在帮您找人。"))


async def _holder(request: Request, ctx: Context) -> card.Holder:
    return await card.holder(ctx, request.cookies.get(CARD_COOKIE, ""), hand=request.state.actor.uid)


async def _page(
    request: Request, ctx: Context, held: card.Holder, template: str, shown: Mapping[str, object]
) -> Template:
    community = await communities.community(ctx.engine, held.actor.community)
    device = await kiosks.kiosk_of(ctx.engine, request.cookies.get(KIOSK_COOKIE, ""))
    return page(
        request, template, shown, size="elder", actor=None, office=community, called=held.actor.name,
        idle=KIOSK_IDLE_S if device else 0,
    )  # fmt: skip


async def _start(
    request: Request, ctx: Context, *, community: str = "", kiosk: bool = False, refused: str = "", status: int = 200,
    errors: dict[str, str] | None = None, who: str = "",
) -> Template:  # fmt: skip
    office = await communities.community(ctx.engine, community) if community else request.state.community
    return page(
        request, "channels/start.html", status=status, size="elder", actor=None, office=office, kiosk=kiosk,
        refused=refused, errors=errors or {}, who=who, idle=0, called="",
    )  # fmt: skip


def _back(request: Request, refusal: AppRefusal) -> Redirect:
    over = isinstance(refusal, card.CardOver)
    return go(PATH if over else "/k/ask", refusal.said(request.state.lang), kind="wait")


def _cookie(ctx: Context, opened: SignedIn) -> Cookie:
    return Cookie(
        key=CARD_COOKIE, value=opened.token, path=PATH, max_age=opened.max_age_seconds, httponly=True,
        secure=ctx.settings.secure_cookies, samesite="lax",
    )  # fmt: skip


handlers = [
    card_page, open_card, open_at_kiosk, card_home, card_when, card_ask, card_call, card_off, card_arrive, close_card,
    declare_kiosk, end_kiosk, answer_for_card, answer_own_card,
]  # fmt: skip
