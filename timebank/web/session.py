"""Finds out who is asking, before any guard or handler runs, from our own session table."""

from __future__ import annotations

from time import perf_counter

from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from timebank.access import NOBODY, Actor
from timebank.context import Context
from timebank.errors import NoSuchCommunity
from timebank.settings import Settings
from timebank.store.identity import sessions
from timebank.store.places import communities
from timebank.web import i18n
from timebank.web.community import CHOICES_ON_A_PAGE, community_meant
from timebank.web.request import Connection

LANG_COOKIE = "lang"
SIZE_COOKIE = "size"
CARD_COOKIE, KIOSK_COOKIE = "k", "kiosk"
DEVICE_KEPT_S = 400 * 24 * 3600
SIZES = ("standard", "elder", "elder-xl")


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host over TLS; the demo runs on plain HTTP and cannot have it."""
    return "__Host-sid" if settings.secure_cookies else "sid"


def session_cookie(settings: Settings, token: str, *, max_age: int | None = None) -> Cookie:
    """The bearer cookie of a new session; without `max_age` it ends with the browser."""
    return Cookie(
        key=cookie_name(settings),
        value=token,
        path="/",
        max_age=max_age,
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )


def device_name(settings: Settings) -> str:
    """The cookie by which a telephone is known again, so that it is acknowledged once."""
    return "__Host-device" if settings.secure_cookies else "device"


def device_cookie(settings: Settings, token: str) -> Cookie:
    """What a telephone keeps for longer than a sign-in; it opens nothing by itself."""
    return Cookie(
        key=device_name(settings), value=token, path="/", max_age=DEVICE_KEPT_S, httponly=True,
        secure=settings.secure_cookies, samesite="lax",
    )  # fmt: skip


def chosen_language(connection: Connection, actor: Actor) -> str:
    """What was asked for in the address, else kept by the browser or for the person, else what the browser prefers."""
    return i18n.negotiate(
        connection.query_params.get("lang"),
        connection.cookies.get(LANG_COOKIE) or actor.lang or None,
        connection.headers.get("accept-language"),
    )


def as_stranger(connection: Connection, ctx: Context) -> None:
    """The state of a request that no route took, and so no middleware saw."""
    size = connection.cookies.get(SIZE_COOKIE, "")
    connection.scope.setdefault("state", {}).update(
        ctx=ctx,
        actor=NOBODY,
        session_hash="",
        acting_until=None,
        visitor="",
        new_visitor=False,
        seen_once=False,
        lang=chosen_language(connection, NOBODY),
        size=size if size in SIZES else "",
        community=None,
        several=False,
        choices=None,
    )


class SessionMiddleware(ASGIMiddleware):
    """Puts `actor`, `session_hash`, `lang` and `size` into the request's state."""

    scopes = (ScopeType.HTTP,)

    @staticmethod
    def should_bypass_for_scope(scope: Scope) -> bool:
        """Static files are for everybody."""
        return scope["path"].startswith("/static/")

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began = perf_counter()
        connection: Connection = Connection(scope)
        ctx: Context = connection.app.state.ctx
        actor: Actor = NOBODY
        session_hash, acting_until = "", None
        if token := connection.cookies.get(cookie_name(ctx.settings), ""):
            # In the community's own zone: a mandate ends with its last day there, not eight hours later.
            now = ctx.now().astimezone(ctx.zone)
            found = await sessions.find_session(ctx.engine, ctx.catalogue_of, token, now)
            if found is not None:
                actor, session_hash, acting_until = found.actor, found.hash, found.acting_until
        await ctx.policies.refresh(began)
        lang = chosen_language(connection, actor)
        size = connection.cookies.get(SIZE_COOKIE, actor.size)
        state = scope.setdefault("state", {})
        state.update(
            ctx=ctx,
            began=began,
            actor=actor,
            session_hash=session_hash,
            acting_until=acting_until,
            lang=lang,
            size=size if size in SIZES else "",
            community=None,
            several=not actor.uid and await communities.are_several(ctx.engine),
            choices=None,
        )
        i18n.use(lang)
        try:
            state["community"] = await community_meant(connection, ctx, actor)
        except NoSuchCommunity:
            state["choices"] = await communities.choices(ctx.engine, number=CHOICES_ON_A_PAGE)
            raise
        await next_app(scope, receive, send)
