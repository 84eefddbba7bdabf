"""Every form is sent at most once, nothing typed is lost, and every answer to a press is a redirect.

The key of a form is written down by the first unit of work that its handler opens, inside that unit: what was done and that
it was done are stored together or not at all. A refusal takes the key back, so the same form may come again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from hashlib import sha256

from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.response import Redirect
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from timebank.context import Context
from timebank.errors import PageTooOld
from timebank.store.channels import forms
from timebank.web import i18n
from timebank.web.forms.press import Press, read_press
from timebank.web.origin import SAFE_METHODS, require_same_origin
from timebank.web.pages import Page, go, page
from timebank.web.request import Request
from timebank.web.tokens import DAY_S, HEADER, is_genuine, opened, owner_of, token_of, visitor_cookie_name

_ = i18n.gettext
DRAFT_BYTES_MAX = 2_000_000
WAIT_S, WAIT_STEP_S = 5.0, 0.1
JUST_NOW_S = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True)
class Answer:
    """What a handler answered, held back until it is known what to do with it."""

    started: HTTPResponseStartEvent | None = None
    parts: list[Message] = field(default_factory=list)

    async def hold(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = message
        else:
            self.parts.append(message)

    async def let_go(self, send: Send) -> None:
        if self.started is not None:
            await send(self.started)
        for part in self.parts:
            await send(part)

    @property
    def status(self) -> int:
        return self.started["status"] if self.started else 500

    def header(self, name: str) -> str:
        return str(MutableScopeHeaders.from_message(self.started).get(name, "")) if self.started else ""

    def cookies(self) -> list[tuple[bytes, bytes]]:
        """The cookies it sets, as raw headers."""
        return (
            [one for one in self.started["headers"] if one[0].lower() == b"set-cookie"]
            if self.started
            else []
        )

    @property
    def body(self) -> bytes:
        return b"".join(one["body"] for one in self.parts if one["type"] == "http.response.body")


@dataclass(slots=True)
class Sending:
    """One press on its way: who sends it, and whether its key is written down yet."""

    ctx: Context
    actor: str
    press: Press
    claimed: bool = False
    repeated: bool = False

    async def claim(self) -> None:
        """Write the key down in the unit of work that was just opened.

        Raises:
            AlreadySent: it stands there.
        """
        if self.claimed:
            return
        press, engine = self.press, self.ctx.engine
        if not await forms.claim(self.ctx, actor=self.actor, key=press.key, fingerprint=press.fingerprint):
            self.repeated = True
            raise forms.AlreadySent()
        engine.after_commit(self._mark)

    def _mark(self) -> None:
        self.claimed = True

    async def before(self) -> forms.Sent | None:
        """What was sent with this key before."""
        return await forms.sent(self.ctx.engine, actor=self.actor, key=self.press.key)

    async def answered(self, location: str) -> None:
        """It was done, and this is the page that says so."""
        async with self.ctx.engine.atomic():
            if not self.claimed:
                await forms.claim(
                    self.ctx, actor=self.actor, key=self.press.key, fingerprint=self.press.fingerprint
                )
            await forms.answered(self.ctx.engine, actor=self.actor, key=self.press.key, location=location)

    async def refused(self) -> None:
        """Nothing was done by it."""
        if self.claimed:
            await forms.unsend(self.ctx.engine, actor=self.actor, key=self.press.key)


class FormsMiddleware(ASGIMiddleware):
    """Stands between the sign-in and every handler; see the module."""

    scopes = (ScopeType.HTTP,)

    @staticmethod
    def should_bypass_for_scope(scope: Scope) -> bool:
        """Static files are for everybody."""
        return scope["path"].startswith("/static/")

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request: Request = Request(scope, receive)
        settings = request.state.ctx.settings
        request.state.visitor = request.cookies.get(visitor_cookie_name(settings), "")[:64]
        request.state.new_visitor = request.state.seen_once = False
        send = _with_token(request, send)
        # A gateway has no page of ours to take a token from: it is known by a token of its own, and comes with no cookie.
        if request.method in SAFE_METHODS or scope["route_handler"].opt.get("exclude_from_csrf"):
            await next_app(scope, receive, send)
            return
        require_same_origin(request)
        press = await read_press(request)
        if not is_genuine(request, press.token):
            await _respond(request, await _of_another_sign_in(request, press), send)
        elif press.is_form:
            await self._once(request, press, send, next_app)
        else:
            await next_app(scope, receive, send)

    async def _once(self, request: Request, press: Press, send: Send, next_app: ASGIApp) -> None:
        ctx: Context = request.state.ctx
        sending = Sending(ctx, _sender(request), press)
        answer = Answer()
        before = await sending.before() if press.key else None
        if before is None:
            if press.key:
                with ctx.engine.first_in_units(sending.claim):
                    await next_app(request.scope, request.receive, answer.hold)
            else:
                await next_app(request.scope, request.receive, answer.hold)
            if not sending.repeated:
                await _settle(request, sending, answer)
                await answer.let_go(send)
                return
            answer = Answer()
            before = await _awaited(sending)
        await _respond(request, await _again(request, press, before), answer.hold)
        await _to_address(request, answer, once=False)
        await answer.let_go(send)


async def _settle(request: Request, sending: Sending, answer: Answer) -> None:
    """Write down what came of a press, and give its answer an address."""
    if answer.status >= 500:
        return  # Nobody knows what came of it: the key stays, and the next press is told so.
    if answer.status in _REDIRECTS:
        if sending.press.key:
            await sending.answered(answer.header("location"))
        return
    done = request.state.seen_once and answer.status < 400
    if not done:
        await sending.refused()
    location = await _to_address(request, answer, once=done)
    if done and sending.press.key:
        await sending.answered(location or sending.press.page or "/")


async def _to_address(request: Request, answer: Answer, *, once: bool) -> str:
    """Put a page that answers a press at an address of its own and redirect there; that address, or "" for no page."""
    if answer.status in _REDIRECTS or not answer.header("content-type").startswith("text/html"):
        return ""
    owner = owner_of(request)
    if not owner or len(answer.body) > DRAFT_BYTES_MAX:
        return ""
    ctx: Context = request.state.ctx
    html = answer.body.decode()
    name = await forms.put_draft(ctx, owner=owner, status=answer.status, html=html, once=once)
    cookies = answer.cookies()
    answer.parts.clear()
    await _respond(request, Redirect(path=f"/check/{name}", status_code=303), answer.hold)
    assert answer.started is not None
    answer.started["headers"] = [*answer.started["headers"], *cookies]
    return f"/check/{name}"


async def _awaited(sending: Sending) -> forms.Sent:
    """What the other request made of the same press; unanswered when it takes too long."""
    found = await sending.before()
    for _step in range(int(WAIT_S / WAIT_STEP_S)):
        if found is not None and found.status == forms.ANSWERED:
            break
        await asyncio.sleep(WAIT_STEP_S)
        found = await sending.before()
    if found is None:  # The other one was refused meanwhile; this press was not done either.
        raise PageTooOld()
    return found


async def _again(request: Request, press: Press, before: forms.Sent) -> Redirect | Page:
    """The answer to a form that was sent before."""
    same = before.fingerprint == press.fingerprint
    location = before.body if before.status == forms.ANSWERED else ""
    ctx: Context = request.state.ctx
    if same and location and (ctx.now() - before.made_at).total_seconds() <= JUST_NOW_S:
        return go(location, _("已经登记过了，没有再记一次。"))
    return page(
        request, "forms/again.html", status=200 if same else 409, same=same, location=location,
        unsure=before.status == forms.UNANSWERED, action=press.path, pairs=() if press.has_file else press.pairs,
        has_file=press.has_file,
    )  # fmt: skip


async def _of_another_sign_in(request: Request, press: Press) -> Redirect:
    """What becomes of a form that was made for another sign-in: it is kept for its member, and never done by itself.

    Raises:
        PageTooOld: it is no form of a page of ours, or nobody's.
    """
    ctx, actor = request.state.ctx, request.state.actor
    made_for = opened(ctx.settings, press.token) if press.is_form else None
    if made_for is None:
        raise PageTooOld()
    if "/sign-in" in request.url.path or request.url.path == "/sign-out":
        return go(press.page or "/sign-in", _("请再填一次。") if "/sign-in" in request.url.path else "")
    if made_for.member != actor.uid and actor.uid:
        return go("/", _("那一页是另一个人登录时打开的，没有送出。"), kind="wait")
    address = press.page or "/"
    if press.says_something and press.keepable:
        name = await forms.keep(
            ctx, member=made_for.member, acting_for=made_for.acting_for, path=press.path, page=press.page,
            pairs=press.keepable, device=request.headers.get("user-agent", ""),
        )  # fmt: skip
        address = f"/kept/{name}"
    said = "" if address.startswith("/kept/") else _("刚才那一步没有送出，请再按一次。")
    if made_for.member and not actor.uid:
        return go(f"/sign-in?next={address}", said, kind="wait")
    return go(address, said, kind="wait")


def _sender(request: Request) -> str:
    """Who a key belongs to: the member, else the stranger's browser, in the width of a member's id."""
    return request.state.actor.uid or "~" + sha256(owner_of(request).encode()).hexdigest()[:15]


def _with_token(request: Request, send: Send) -> Send:
    """Tell programs the token in a header, and give a stranger's browser its cookie when a form was written for it."""
    settings = request.state.ctx.settings

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            if owner_of(request):
                headers[HEADER] = token_of(request)
            if request.state.new_visitor:
                cookie = Cookie(
                    key=visitor_cookie_name(settings), value=request.state.visitor, path="/", max_age=DAY_S, httponly=True,
                    secure=settings.secure_cookies, samesite="lax",
                )  # fmt: skip
                headers.add("set-cookie", cookie.to_header(header=""))
        await send(message)

    return wrapped


async def _respond(request: Request, answer: Redirect | Page, send: Send) -> None:
    response: ASGIResponse = answer.to_asgi_response(None, request)
    await response(request.scope, request.receive, send)
