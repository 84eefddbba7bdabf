"""Pages of one's calendar addresses, and the address itself, which a calendar program asks without a sign-in."""

from __future__ import annotations

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from pydantic import Field

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal
from timebank.news.feeds import flow
from timebank.rules.telling.feeds import Purpose
from timebank.web import i18n
from timebank.web.downloads import Files
from timebank.web.fields import Form
from timebank.web.headers import REVALIDATED
from timebank.web.hosts import address
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
MADE_COOKIE = "feed"
SHOWN_FOR_S = 600
ENDING = ".ics"


class MakeForm(Form):
    """For what the address is."""

    purpose: Purpose
    of: str = Field(default="", max_length=16)


@get("/calendar", operation_id="OwnFeeds")
async def own_feeds(request: Request, ctx: Ctx, actor: Who) -> Template:
    """My calendar addresses; a new one is shown for ten minutes, and never again."""
    secret = request.cookies.get(MADE_COOKIE, "")
    made = f"{address(request)}/calendar/{secret}{ENDING}" if secret else ""
    return page(request, "feeds/own.html", addresses=await flow.addresses(ctx, actor), made=made)


@post("/calendar", operation_id="MakeFeed")
async def make_feed(request: Request, ctx: Ctx, actor: Who) -> Redirect:
    """A new address; copying it from the page is the only time it is seen."""
    form, errors, _typed = await read_form(request, MakeForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        secret = await flow.make(ctx, actor, purpose=form.purpose, of=form.of)
    except flow.TooManyAddresses as refusal:
        return go("/calendar", refusal.said(request.state.lang), kind="bad")
    shown = Cookie(
        key=MADE_COOKIE, value=secret, max_age=SHOWN_FOR_S, path="/calendar", httponly=True, samesite="strict",
        secure=ctx.settings.secure_cookies,
    )  # fmt: skip
    return go("/calendar", _("开好了，请抄到日历里。"), cookies=(shown,))


@post("/calendar/feeds/{uid:str}/end", operation_id="EndFeed")
async def end_feed(ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """The address shows nothing from now on."""
    await flow.end(ctx, actor, uid)
    gone = Cookie(key=MADE_COOKIE, value="", max_age=0, path="/calendar")
    return go("/calendar", _("作废了，用它的日历不会再更新。"), cookies=(gone,))


@get(
    "/calendar/{name:str}", operation_id="CalendarFeed",
    answers=Files(kinds=("text/calendar",), refused="text/plain", unchanged=True),
)  # fmt: skip
async def calendar(request: Request, ctx: Ctx, name: FromPath[str]) -> Response[bytes]:
    """The appointments behind a private address."""
    headers = {"cache-control": REVALIDATED, "x-robots-tag": "noindex, nofollow"}
    try:
        file = await flow.calendar(ctx, name.removesuffix(ENDING)[:200], base=address(request))
    except AppRefusal as refusal:
        # A calendar program reads no page of ours.
        waits = {"retry-after": str(refusal.wait_seconds)} if refusal.wait_seconds else {}
        return Response(
            refusal.code.encode(),
            status_code=refusal.status,
            media_type="text/plain",
            headers=headers | waits,
        )
    headers["etag"] = file.etag
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, media_type="text/calendar", headers=headers)
    headers["content-disposition"] = 'inline; filename="timebank.ics"'
    return Response(file.content, media_type="text/calendar", headers=headers)


handlers = [own_feeds, make_feed, end_feed, calendar]
