"""Pages of signing in, language, text size, home and health; and the desk's codes."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template

from timebank import __version__
from timebank.access import Actor, Role
from timebank.community import pictures
from timebank.community.identity import (
    card_list,
    card_routes,
    flow,
    promising,
    second_routes,
    signed_in_routes,
)
from timebank.community.identity.drawing import address_of, card_path, link_of
from timebank.community.identity.schemas import ActForForm, CodeFor, CodeForm, PasswordForm, StopForm
from timebank.community.identity.welcoming import next_page, source_of, welcome
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.store.identity.sessions import Renewed
from timebank.web import i18n
from timebank.web.community import path_of, the_community
from timebank.web.pages import Typed, go, inside, page, read_form, refuse_fields
from timebank.web.qr import qr
from timebank.web.request import Request
from timebank.web.session import (
    LANG_COOKIE,
    SIZE_COOKIE,
    SIZES,
    cookie_name,
    device_name,
    session_cookie,
)

_ = i18n.gettext

# Where each role starts its day; the first that fits is home.
HOMES: tuple[tuple[Role, str], ...] = (
    (Role.WORKER, "/desk"),
    (Role.UNIT, "/unit"),
    (Role.LEADER, "/teams"),
    (Role.AUDITOR, "/books"),
    (Role.OVERSEER, "/places"),
)


@get("/healthz", operation_id="Health", media_type="application/json")
async def health(ctx: NamedDependency[Context]) -> dict[str, str]:
    """Whether the app and its database answer."""
    await ctx.engine.fetch("SELECT 1 AS one")
    return {"status": "ok", "version": __version__}


@get("/", operation_id="Home")
async def home(request: Request, actor: NamedDependency[Actor]) -> Redirect:
    """Everybody's own first page; strangers see the community they chose, or choose one."""
    if actor.acting_for:
        return Redirect(path="/elder", status_code=303)
    for role, path in HOMES:
        if actor.has(role):
            return Redirect(path=path, status_code=303)
    if not actor.uid:
        chosen = request.state.community
        return Redirect(path=path_of(chosen.code) if chosen else "/communities", status_code=303)
    # Whoever only gives starts with their services; who asks, or acts for somebody, with what comes today.
    asks = actor.asks or (bool(actor.mandates) and not actor.gives)
    return Redirect(path="/elder" if asks and not actor.gives else "/volunteer", status_code=303)


@get("/help", operation_id="Help")
async def help_page(request: Request) -> Template:
    """How this works, what it costs (nothing) and whom to call."""
    return page(request, "identity/help.html")


@get("/privacy", operation_id="Privacy")
async def privacy(request: Request, ctx: NamedDependency[Context]) -> Template:
    """Who sees which of a person's data."""
    community = request.state.community
    policy = ctx.policy_of(community.code) if community else ctx.policies.default
    known = promising.figures(policy)
    return page(
        request, "identity/privacy.html",
        rows=[[promising.said(one.what, known), promising.said(one.who, known)] for one in promising.ROWS],
        sentences=[promising.said(one.says, known) for one in promising.SENTENCES],
    )  # fmt: skip


@get("/preferences", operation_id="Preferences")
async def preferences(
    request: Request,
    lang: FromQuery[str | None] = None,
    size: FromQuery[str | None] = None,
    back: Annotated[str, QueryParameter(name="next", max_length=200)] = "/",
) -> Redirect:
    """Keep the reader's language or text size, then go back to the page they were on."""
    cookies = []
    if lang in ("zh-CN", "en"):
        cookies.append(Cookie(key=LANG_COOKIE, value=lang, path="/", max_age=31_536_000, samesite="lax"))
    if size is not None and size in SIZES:
        cookies.append(Cookie(key=SIZE_COOKIE, value=size, path="/", max_age=31_536_000, samesite="lax"))
    return go(next_page(back), cookies=tuple(cookies))


@get("/sign-in", operation_id="SignInPage")
async def sign_in_page(
    request: Request, back: Annotated[str, QueryParameter(name="next", max_length=200)] = ""
) -> Template:
    """Ways to sign in: six digits, the card, a password for staff."""
    return _sign_in(request, back)


@post("/sign-in/code", operation_id="SignInByCode")
async def sign_in_by_code(request: Request, ctx: NamedDependency[Context]) -> Template | Redirect:
    """Sign in with a phone or member number and the six digits."""
    form, errors, typed = await read_form(request, CodeForm)
    if form is None:
        return _sign_in(request, str(typed.get("next", "")), errors=errors, typed=typed, status=422)
    try:
        signed_in = await flow.sign_in_by_code(
            ctx,
            community=the_community(request).code,
            who=form.who,
            code=form.code,
            source=source_of(request),
            device=request.cookies.get(device_name(ctx.settings), "")[:200],
            shared=form.shared,
        )
    except AppRefusal as refusal:
        return _refused(request, refusal, typed, "code")
    return await welcome(request, ctx, signed_in, form.next)


@post("/sign-in/password", operation_id="SignInByPassword")
async def sign_in_by_password(request: Request, ctx: NamedDependency[Context]) -> Template | Redirect:
    """Sign in as staff."""
    form, errors, typed = await read_form(request, PasswordForm)
    typed.pop("password", None)
    if form is None:
        return _sign_in(request, str(typed.get("next", "")), errors=errors, typed=typed, status=422)
    try:
        signed_in = await flow.sign_in_by_password(
            ctx, login=form.login, password=form.password, source=source_of(request)
        )
    except AppRefusal as refusal:
        return _refused(request, refusal, typed, "password")
    return await welcome(request, ctx, signed_in, form.next)


@get("/sign-in/link/{token:str}", operation_id="SignInByLink")
async def sign_in_by_link(request: Request, ctx: NamedDependency[Context], token: FromPath[str]) -> Redirect:
    """A door of the demo; anywhere else, a card printed long ago leads to where cards are used now, and nobody is signed in."""
    if await flow.is_card(ctx, token[:200]):
        return Redirect(path=card_path(token[:200]), status_code=303)
    signed_in = await flow.sign_in_by_link(ctx, token=token[:200])
    return await welcome(request, ctx, signed_in, "")


@post("/sign-out", operation_id="SignOut")
async def sign_out(request: Request, ctx: NamedDependency[Context]) -> Redirect:
    """End this session and clear what the browser kept."""
    name = cookie_name(ctx.settings)
    await flow.sign_out(ctx, request.cookies.get(name, ""))
    gone = session_cookie(ctx.settings, "", max_age=0)
    home = request.state.community
    answer = go(path_of(home.code) if home else "/", _("您已退出。"), cookies=(gone,))
    # Not "storage": presses that still wait on this phone are in it. The worker forgets its pages at the next one.
    answer.headers["clear-site-data"] = '"cache"'
    return answer


@post("/desk/codes", operation_id="IssueCode")
async def issue_code(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Template:
    """A code to read out or a card to print, shown this once."""
    form, errors, _typed = await read_form(request, CodeFor)
    if form is None:
        raise refuse_fields(errors)
    secret = await flow.issue_code(ctx, actor, member=form.member, kind=form.kind)
    if form.kind == "card":
        printed = await card_list.printed(ctx, form.member, secret)
        drawn = [(printed, qr(link_of(request, secret)))]
        return page(
            request, "identity/card_sheet.html", cards=drawn, back=f"/desk/members/{form.member}",
            pictures=pictures.ALL, sms=ctx.settings.sms_number,
        )  # fmt: skip
    return page(
        request, "identity/slip.html", once=True, secret=secret, member=form.member,
        address=address_of(request, actor.community),
        minutes=ctx.policy_of(actor.community).identity.code_minutes,
    )  # fmt: skip


@post("/act-for", operation_id="ActFor")
async def act_for(request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]) -> Redirect:
    """Handle an elder's affairs in this session."""
    form, errors, _typed = await read_form(request, ActForForm)
    if form is None:
        raise refuse_fields(errors)
    renewed = await flow.act_for(ctx, actor, request.state.session_hash, elder=form.elder)
    return go(inside(form.next, "/elder"), cookies=(_kept(ctx, renewed),))


@post("/act-for/stop", operation_id="StopActingFor")
async def stop_acting(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Redirect:
    """Back to one's own affairs."""
    form, _errors, _typed = await read_form(request, StopForm)
    renewed = await flow.stop_acting(ctx, actor, request.state.session_hash)
    said = _("已回到您自己的页面。")
    return go(inside(form.next if form else ""), said, cookies=(_kept(ctx, renewed),))


def _kept(ctx: Context, renewed: Renewed) -> Cookie:
    return session_cookie(ctx.settings, renewed.token, max_age=renewed.max_age_seconds)


def _sign_in(request: Request, back: str, *, status: int = 200, **context: object) -> Template:
    shown = {"errors": {}, "typed": {}, "refused": "", "way": "", **context}
    return page(request, "identity/sign_in.html", shown, status=status, back=next_page(back))


def _refused(request: Request, refusal: AppRefusal, typed: Typed, way: str) -> Template:
    said = refusal.said(request.state.lang)
    shown = _sign_in(
        request, str(typed.get("next", "")), refused=said, typed=typed, way=way, status=refusal.status
    )
    if refusal.wait_seconds:
        shown.headers["retry-after"] = str(refusal.wait_seconds)
    return shown


of_community = [
    help_page, privacy, sign_in_page, sign_in_by_code, sign_in_by_password, sign_in_by_link,
]  # fmt: skip
handlers = [
    health, home, help_page, privacy, preferences, sign_in_page, sign_in_by_code, sign_in_by_password, sign_in_by_link,
    sign_out, issue_code, act_for, stop_acting, *second_routes.handlers, *card_routes.handlers,
    *signed_in_routes.handlers,
]  # fmt: skip
