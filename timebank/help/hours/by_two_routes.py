"""The page of hours that wait for a second person, and its two presses; approving by programs."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from ledger import LedgerRefusal
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AppRefusal, NotAllowed, NotFound
from timebank.help.hours import by_two
from timebank.help.hours.schemas import ByTwoOut, PressForm
from timebank.help.hours.wording import REVERSE_REASONS
from timebank.web import i18n
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
HERE = "/books/by-two"


@get(HERE, operation_id="HoursByTwoPage")
async def by_two_page(request: Request, ctx: Ctx, actor: Who) -> Template:
    """First hours and entries to be taken back that wait for a second person."""
    return page(
        request, "hours/by_two.html", waiting=await by_two.waiting(ctx, actor), reasons=REVERSE_REASONS
    )


@post(HERE + "/{uid:str}/approve", operation_id="ApproveHoursByTwo")
async def approve(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """A second person says that it is right."""
    await _sent(request)
    try:
        await by_two.approve(ctx, actor, uid)
    except (AppRefusal, LedgerRefusal) as refusal:
        return _back(request, refusal)
    return go(HERE, _("记好了。"))


@post(HERE + "/{uid:str}/drop", operation_id="DropHoursByTwo")
async def drop(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """Given up before anything happened."""
    await _sent(request)
    try:
        await by_two.drop(ctx, actor, uid)
    except (AppRefusal, LedgerRefusal) as refusal:
        return _back(request, refusal)
    return go(HERE, _("不记了，什么都没有变。"))


@post("/api/hours/by-two/{uid:str}/approve", operation_id="ApiApproveHoursByTwo", status_code=200)
async def api_approve(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ByTwoOut:
    """A second person says that it is right."""
    return ByTwoOut.told(await by_two.approve(ctx, actor, uid))


async def _sent(request: Request) -> None:
    form, errors, _typed = await read_form(request, PressForm)
    if form is None:
        raise refuse_fields(errors)


def _back(request: Request, refusal: AppRefusal | LedgerRefusal) -> Redirect:
    """Back to the list with the reason; what is not there for this person stays so."""
    if isinstance(refusal, NotFound | NotAllowed):
        raise refusal
    return go(HERE, refusal.en if request.state.lang == "en" else refusal.zh, kind="bad")


handlers = [by_two_page, approve, drop, api_approve]
