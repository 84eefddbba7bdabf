"""Pages of telling people: the call sheet, one's own news, how one wants to be told."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.context import Context
from timebank.news.telling import flow, handing_routes, letter_routes, wishes
from timebank.news.telling.schemas import CallBody, CallForm, NewsOut, ReachForm, SheetOut
from timebank.rules.telling.news import QUIET_FROM, QUIET_UNTIL, Call, State
from timebank.store.members import people
from timebank.web import i18n
from timebank.web.pages import go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
PAGES_MAX = 1000

SAID = {
    Call.REACHED: i18n.lazy("记下了：告诉了。"),
    Call.MISSED: i18n.lazy("记下了：没打通，半小时后再打。"),
    Call.VISIT: i18n.lazy("记下了：要上门。"),
    Call.WRONG_NUMBER: i18n.lazy("记下了：号码不对，要上门。"),
}


@get("/desk/calls", operation_id="CallSheet")
async def call_sheet(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Whom to ring, the worst loss first, with the sentence to read."""
    found = await flow.call_sheet(ctx, actor, request.state.lang)
    return page(request, "news/sheet.html", sheet=found)


@post("/desk/calls/{uid:str}", operation_id="CallMade")
async def call_made(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Redirect:
    """What came of it: reached, missed, a visit is needed, a wrong number; or the last word taken back."""
    form, errors, _typed = await read_form(request, CallForm)
    if form is None:
        raise refuse_fields(errors)
    if form.said == "undone":
        await flow.call_undone(ctx, actor, uid)
        return go("/desk/calls", _("改回来了，还在要打的电话里。"))
    read_out = [one for one in form.read_out.split(",") if one]
    now = await flow.call_made(ctx, actor, uid, form.said, read_out=read_out)
    in_vain = form.said is Call.MISSED and now is State.VISIT
    told = _("记下了：又没打通，要上门。") if in_vain else str(SAID[form.said])
    # Whoever was reached may have said something to it. The next call stands there, and the way back for a slip of the hand.
    return go(f"/desk/{'heard' if form.said is Call.REACHED else 'calls'}?said={uid}", told)


@get("/api/calls", operation_id="ApiCallSheet")
async def api_sheet(request: Request, ctx: Ctx, actor: Who) -> SheetOut:
    """The same for programs."""
    return SheetOut.told(await flow.call_sheet(ctx, actor, request.state.lang))


@post("/api/calls/{uid:str}", operation_id="ApiCallMade", status_code=200)
async def api_made(
    request: Request, ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CallBody]
) -> SheetOut:
    """Write down what came of ringing; what is to be rung next comes back."""
    if data.said == "undone":
        await flow.call_undone(ctx, actor, uid)
    else:
        await flow.call_made(ctx, actor, uid, data.said, read_out=data.read_out)
    return SheetOut.told(await flow.call_sheet(ctx, actor, request.state.lang))


@get("/news", operation_id="OwnNews")
async def own_news(request: Request, ctx: Ctx, actor: Who, at: FromQuery[int] = 0) -> Template:
    """What I was told, the newest first."""
    at = max(0, min(at, PAGES_MAX))
    return page(
        request, "news/own.html", at=at, news=await flow.own_news(ctx, actor, request.state.lang, page=at)
    )


@get("/api/news", operation_id="ApiOwnNews")
async def api_own(request: Request, ctx: Ctx, actor: Who, at: FromQuery[int] = 0) -> list[NewsOut]:
    """The same for programs, thirty at a time."""
    found = await flow.own_news(ctx, actor, request.state.lang, page=max(0, min(at, PAGES_MAX)))
    return [NewsOut.told(line) for line in found.lines]


@get("/members/{uid:str}/reach", operation_id="ReachPage")
async def reach_page(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template:
    """How somebody wants to be told."""
    return await _reach(request, ctx, actor, uid, {}, {})


@post("/members/{uid:str}/reach", operation_id="Reach")
async def save_reach(request: Request, ctx: Ctx, actor: Who, uid: FromPath[str]) -> Template | Redirect:
    """The way chosen is tried first; the desk rings when none works."""
    form, errors, typed = await read_form(request, ReachForm)
    if form is not None:
        try:
            await wishes.save_reach(
                ctx, actor, uid, way=form.way, mail=form.mail, from_hour=form.from_hour,
                until_hour=form.until_hour, texts=not form.stop,
            )  # fmt: skip
        except wishes.NoWay as refusal:
            errors = {"mail": refusal.said(request.state.lang)}
        except wishes.NoHours as refusal:
            errors = {"from_hour": refusal.said(request.state.lang)}
        else:
            return go(f"/members/{uid}/reach", _("记下了，以后先这样告诉。"))
    return await _reach(request, ctx, actor, uid, typed, errors)


async def _reach(
    request: Request, ctx: Context, actor: Actor, uid: str, typed: dict[str, object], errors: dict[str, str]
) -> Template:
    reach = await wishes.reach_of(ctx, actor, uid)
    names = await people.names(ctx.engine, [uid])
    return page(
        request, "news/reach.html", status=422 if errors else 200, uid=uid, name=names.get(uid, ""), errors=errors,
        carried=[way.value for way in ctx.ways], own=uid == actor.uid,
        way=typed.get("way", reach.ways.split(",")[0]), mail=typed.get("mail", reach.mail),
        from_hour=typed.get("from_hour") or reach.from_hour or QUIET_UNTIL.hour,
        until_hour=typed.get("until_hour") or reach.until_hour or QUIET_FROM.hour,
        hours=range(QUIET_UNTIL.hour, QUIET_FROM.hour + 1),
        stop=bool(typed.get("stop", reach.stopped_at is not None)),
    )  # fmt: skip


handlers = [
    call_sheet, call_made, api_sheet, api_made, own_news, api_own, reach_page, save_reach, *handing_routes.handlers,
    *letter_routes.handlers,
]  # fmt: skip
