"""Pages of asking for help: the elder's and the relative's. The desk's are in `desk`, programs' in `api`."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from marketplace.values import When
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import BadField, WrongMoment
from timebank.help.promises.standing_in import other_times
from timebank.help.requests import api, desk, flow, views
from timebank.help.requests.asking import TILES, Moment, Tile, asked_time, exact_time, moments, tile
from timebank.help.requests.intake import Asked, categories_for
from timebank.help.requests.schemas import AskForm, CancelForm, TimeForm
from timebank.store.members import people
from timebank.store.places.categories import tree_of
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext

MOMENTS = {
    Moment("today", "am"): (i18n.lazy("今天上午"), "clock"),
    Moment("today", "pm"): (i18n.lazy("今天下午"), "clock"),
    Moment("tomorrow", "am"): (i18n.lazy("明天上午"), "calendar"),
    Moment("tomorrow", "pm"): (i18n.lazy("明天下午"), "calendar"),
    Moment("days", "day"): (i18n.lazy("这几天"), "calendar"),
    Moment("any", "day"): (i18n.lazy("哪天都行"), "done"),
}


@get("/elder", operation_id="ElderHome")
async def elder_home(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Template:
    """What comes today, six things to ask for, and where the open requests are."""
    others = await _may_act_for(ctx, actor)
    if others and not (actor.acting_for or actor.asks):
        return page(request, "requests/choose_elder.html", others=others)
    home = await views.elder_home(ctx, actor, request.state.lang)
    tiles = [{"href": f"/elder/ask/{one.code}", "text": str(one.label), "icon": one.icon} for one in TILES]
    return page(
        request, "requests/elder.html", home=home, tiles=tiles, others=others, key=ctx.ids.token()[:16]
    )


@get("/elder/ask/{what:str}", operation_id="AskWhen")
async def ask_when(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], what: FromPath[str]
) -> Template:
    """The second tap: when somebody should come."""
    await views.subject_row(ctx, actor, "AskWhen")
    chosen = tile(what)
    choices = [
        {
            "href": f"/elder/ask/{chosen.code}/check?day={one.day}&part={one.part}",
            "text": str(MOMENTS[one][0]),
            "icon": MOMENTS[one][1],
        }
        for one in moments(ctx.now(), ctx.zone, ctx.policy_of(actor.community).requests)
    ]
    return page(request, "requests/ask_when.html", tile=chosen, choices=choices)


@get("/elder/ask/{what:str}/check", operation_id="AskCheck")
async def ask_check(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    what: FromPath[str],
    day: FromQuery[str] = "any",
    part: FromQuery[str] = "day",
) -> Template | Redirect:
    """The third tap: everything read back before it is sent."""
    await views.subject_row(ctx, actor, "AskCheck")
    chosen = tile(what)
    try:
        return await _check_page(request, ctx, actor, chosen, {"day": day, "part": part})
    except BadField as refusal:
        return go(f"/elder/ask/{chosen.code}", refusal.said(request.state.lang), kind="wait")


@post("/elder/requests", operation_id="OpenRequest")
async def open_request(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Template | Redirect:
    """Put the request on the list; pressing twice makes one request."""
    form, errors, typed = await read_form(request, AskForm)
    chosen = tile(str(typed.get("what", "")))
    if form is not None and chosen.code == "other" and not form.say:
        errors = {"say": _("请说一句是什么事，好找对人。")}
    if form is None or errors:
        return await _check_page(request, ctx, actor, chosen, typed, errors=errors, status=422)
    try:
        policy = ctx.policy_of(actor.community).requests
        when = asked_time(Moment(form.day, form.part), now=ctx.now(), zone=ctx.zone, policy=policy)
    except BadField as refusal:
        return go(f"/elder/ask/{chosen.code}", refusal.said(request.state.lang), kind="wait")
    asked = Asked(
        title=chosen.title or form.say[:60],
        categories=(chosen.category,)
        if chosen.category
        else categories_for("", form.say, tree=await tree_of(ctx.engine, actor.community)),
        when=when,
        note=form.say if chosen.title else "",
        channel="proxy" if actor.acting_for else "app",
    )
    row = await views.subject_row(ctx, actor, "OpenRequest")
    readable = views.may(actor, "ShowRequest", row)
    # A card on the fridge may ask and not read: it does not hear what is asked already.
    alike = readable and not form.once_more
    key = await flow.asked_already(ctx, actor, asked) if alike else ""
    said = _("已经登记过了，没有再记一次。") if key else _("登记好了。找到人就告诉您。")
    if not key:
        key = (await flow.open_request(ctx, actor, asked, elder=actor.subject)).line_key
    return go(f"/elder/requests/{key}" if readable else "/elder", said)


@get("/elder/requests/{key:str}", operation_id="ShowRequest")
async def show_request(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template:
    """Where one request is, who comes, and a way to call it off."""
    found = await views.request_for(ctx, actor, key, "ShowRequest")
    coming = await views.promises_for(ctx, actor, key, request.state.lang)
    waits = (
        None if coming or not found.is_open else await views.need_of(ctx, actor, found, request.state.lang)
    )
    return page(request, "requests/show.html", one=found, promises=coming, waits=waits)


@get("/elder/requests/{key:str}/time", operation_id="ChangeTimePage")
async def change_time_page(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template:
    """Another time for the same: hours at which somebody could come, and the usual choices."""
    found = await views.request_for(ctx, actor, key, "ChangeTimePage")
    choices = [
        {"day": one.day, "part": one.part, "text": str(MOMENTS[one][0]), "icon": MOMENTS[one][1]}
        for one in moments(ctx.now(), ctx.zone, ctx.policy_of(actor.community).requests)
    ]
    others = await other_times(ctx, actor.community, found.need)
    return page(request, "requests/time.html", one=found, others=others, choices=choices)


@post("/elder/requests/{key:str}/time", operation_id="ChangeTime")
async def change_time(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Redirect:
    """The need asks for another time, and stands on the list again."""
    form, errors, _typed = await read_form(request, TimeForm)
    if form is None:
        raise refuse_fields(errors)
    try:
        when = _time_of(ctx, actor, form)
        await flow.change_time(ctx, actor, key, when)
    except (BadField, WrongMoment) as refusal:
        return go(f"/elder/requests/{key}/time", refusal.said(request.state.lang), kind="wait")
    return go(f"/elder/requests/{key}", _("改好了，按新的时间给您找人。"))


def _time_of(ctx: Context, actor: Actor, form: TimeForm) -> When:
    """One of the hours offered, or a tapped choice."""
    if form.starts_at is not None and form.ends_at is not None:
        return exact_time(form.starts_at, form.ends_at, now=ctx.now(), zone=ctx.zone)
    policy = ctx.policy_of(actor.community).requests
    return asked_time(Moment(form.day, form.part), now=ctx.now(), zone=ctx.zone, policy=policy)


@post("/elder/requests/{key:str}/cancel", operation_id="CancelRequest")
async def cancel_request(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Redirect:
    """Not needed any more: whoever was to come is told."""
    form, _errors, _typed = await read_form(request, CancelForm)
    await flow.cancel_request(ctx, actor, key, reason=form.reason if form else "")
    return go("/elder", _("好的，这件事取消了，不会有人来。"))


@post("/elder/call-me", operation_id="AskForCall")
async def ask_for_call(ctx: NamedDependency[Context], actor: NamedDependency[Actor]) -> Redirect:
    """A line on the desk's call list."""
    await flow.ask_for_call(ctx, actor)
    return go("/elder", _("社区知道了，会打电话给您。"))


async def _check_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    chosen: Tile,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    moment = Moment(str(typed.get("day", "")), str(typed.get("part", "")))
    policy = ctx.policy_of(actor.community).requests
    when = asked_time(moment, now=ctx.now(), zone=ctx.zone, policy=policy)
    return page(
        request, "requests/ask_check.html", status=status, tile=chosen, when=when, typed=typed, errors=errors or {},
        where=await views.door_of(ctx, actor) or _("您家里"),
    )  # fmt: skip


async def _may_act_for(ctx: Context, actor: Actor) -> list[tuple[str, str]]:
    """Elders with a mandate for this person, by name; not the one acted for already."""
    uids = sorted(actor.mandates.keys() - {actor.acting_for})
    for uid in uids:
        sees(actor, "ActFor", Facts(community=actor.community, owners=frozenset({uid})))
    names = await people.names(ctx.engine, uids)
    return [(uid, names.get(uid, "")) for uid in uids]


handlers = [
    elder_home, ask_when, ask_check, open_request, show_request, change_time_page, change_time, cancel_request, ask_for_call,
    *desk.handlers, *api.handlers,
]  # fmt: skip
