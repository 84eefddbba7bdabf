"""What a browser is answered once somebody is signed in, whichever way that was."""

from __future__ import annotations

from urllib.parse import urlencode

from litestar.response import Redirect

from timebank.community.identity import flow
from timebank.community.identity.signed_in import opened_on
from timebank.community.second_factor import Owed
from timebank.context import Context
from timebank.web.community import remembered
from timebank.web.pages import go, inside
from timebank.web.request import Request
from timebank.web.session import cookie_name, device_cookie, session_cookie

NEXT_STEP = {Owed.DIGITS: "/sign-in/second", Owed.ENROLMENT: "/sign-in/enrol"}


async def welcome(
    request: Request, ctx: Context, signed_in: flow.SignedIn, back: str, said: str = "", *, kind: str = "done"
) -> Redirect:
    """On to the page that was wanted, with the new session's cookie; an earlier sign-in of this browser ends."""
    await end_earlier(request, ctx)
    await opened_on(ctx, signed_in.token, browser_of(request))
    cookie = session_cookie(ctx.settings, signed_in.token, max_age=signed_in.max_age_seconds)
    # So that this browser finds back to their community once they are signed out.
    own = remembered(signed_in.community, secure=ctx.settings.secure_cookies)
    kept = (device_cookie(ctx.settings, signed_in.device),) if signed_in.device else ()
    path = next_page(back)
    if step := NEXT_STEP.get(signed_in.owed):
        path = with_next(step, path)
    return go(path, said, kind=kind, cookies=(cookie, own, *kept))


async def end_earlier(request: Request, ctx: Context) -> None:
    """Whoever signed in over an old sign-in leaves none behind."""
    if earlier := request.cookies.get(cookie_name(ctx.settings), ""):
        await flow.sign_out(ctx, earlier)


def with_next(step: str, path: str) -> str:
    """A step of signing in that leads on to `path`."""
    return step if path == "/" else f"{step}?{urlencode({'next': path})}"


def next_page(path: str) -> str:
    """Where to go after signing in: a page of this site, never the sign-in page itself."""
    return "/" if path.startswith("/sign-in") else inside(path)


def source_of(request: Request) -> str:
    """Where a try comes from, as far as anybody can tell."""
    return request.client.host if request.client else "unknown"


def browser_of(request: Request) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")
