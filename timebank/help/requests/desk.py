"""The desk's pages: the day, the needs list with private cards, and the people of the community."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from marketplace.values import Need
from timebank.access import Actor
from timebank.community import cards, guide
from timebank.context import Context
from timebank.help import on_the_way
from timebank.help.requests import flow, hearing, telephone, views
from timebank.help.requests.schemas import CancelForm, EditForm, OwnerForm
from timebank.news.saying import told_of, with_news
from timebank.store.places import communities
from timebank.web import i18n
from timebank.web.forms.editing import conflict_page, read_edit
from timebank.web.forms.merging import seen_as
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.paging import leaf
from timebank.web.request import Request

_ = i18n.gettext
GROUP_SHOWN = 15
"""Needs shown of one group while no group is chosen."""
CHANGES = ("edit_request", "list_edit", "take_call", "open_request")
"""What the log calls a change of a need."""
LABELS = {
    "what": i18n.lazy("要帮什么"), "category": i18n.lazy("类别"), "when": i18n.lazy("什么时候"), "where": i18n.lazy("到哪里"),
    "minutes": i18n.lazy("大约要多久"), "urgency": i18n.lazy("急不急"), "note": i18n.lazy("要叮嘱的话"),
}  # fmt: skip
URGENCIES = {
    "urgent": i18n.lazy("很急，今天就要回话"), "normal": i18n.lazy("一般"), "low": i18n.lazy("不急"),
}  # fmt: skip


@get("/desk", operation_id="Desk")
async def desk_page(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Template:
    """What is due, who waits for a call, what happens today."""
    desk = await views.desk(ctx, actor, request.state.lang)
    covered = "—" if desk.covered_permille is None else f"{desk.covered_permille / 1000:.1f}"
    return page(
        request, "requests/desk.html", desk=desk, covered=covered, today=ctx.today(),
        founding_left=await guide.left(ctx, actor.community),
    )  # fmt: skip


@get("/desk/needs", operation_id="DeskNeeds")
async def needs_page(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], when: FromQuery[str] = ""
) -> Template:
    """Every need that is not over, the most pressing first: the first ones of each group, or one group page by page."""
    requests = await views.open_requests(ctx, actor, "DeskNeeds")
    groups = views.grouped(requests, ctx.today())
    chosen = next((group for group in groups if group.when == when), None)
    shown = [(group, leaf(request, group.requests, size=GROUP_SHOWN)) for group in groups if chosen is None]
    if chosen is not None:
        shown = [(chosen, leaf(request, chosen.requests))]
    return page(
        request, "requests/needs.html", groups=shown, chosen=chosen, open=len(requests), today=ctx.today()
    )


@get("/desk/needs/{key:str}", operation_id="DeskNeed")
async def need_page(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template:
    """One need with its private card; the reading is logged."""
    found = await views.request_for(ctx, actor, key, "DeskNeed")
    owner = await cards.card(ctx, actor, found.need.owner, "DeskNeed", log=False) if found.owner else None
    return page(
        request,
        "requests/need.html",
        one=found,
        owner=owner,
        labels=await hearing.labels(request, ctx, actor, found.need.categories),
        told=await told_of(ctx, actor, found.visit.service.uid) if found.visit else (),
    )


@get("/desk/needs/{key:str}/slip", operation_id="NeedSlip")
async def need_slip(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template:
    """The slip for the elder's hand: number, what, when, whom to ring."""
    found = await views.request_for(ctx, actor, key, "NeedSlip")
    community = await communities.community(ctx.engine, actor.community)
    return page(request, "requests/slip.html", one=found, community=community, back=f"/desk/needs/{key}")


@get("/desk/needs/{key:str}/edit", operation_id="EditNeedPage")
async def edit_page(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template:
    """A need's words, time and place as a form."""
    found = await views.request_for(ctx, actor, key, "EditNeedPage")
    now = _typed_from(found.need)
    return await _edit(request, ctx, actor, key, now, now)


@post("/desk/needs/{key:str}/edit", operation_id="EditNeed")
async def edit_need(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template | Redirect:
    """Save corrections; a need somebody is on the way for must be called off first."""
    was = (await views.request_for(ctx, actor, key, "EditNeed")).need
    now = _typed_from(was)
    edit = await read_edit(request, EditForm, now)
    if edit.disputed:
        categories = dict(await hearing.category_options(request, ctx, actor))
        return await conflict_page(
            request, ctx, actor, edit, now, action=f"/desk/needs/{key}/edit", about=key, by=CHANGES, labels=LABELS,
            words={"category": categories, "urgency": URGENCIES},
        )  # fmt: skip
    if edit.form is None:
        return await _edit(request, ctx, actor, key, edit.typed, now, errors=edit.errors, status=422)
    asked, errors = await hearing.asked(ctx, actor, edit.form, request.state.lang)
    if asked is None or errors:
        return await _edit(request, ctx, actor, key, edit.typed, now, errors=errors, status=422)
    await flow.edit_request(ctx, actor, key, asked, was=was)
    return go(f"/desk/needs/{key}", _("改好了。"))


@post("/desk/needs/{key:str}/owner", operation_id="SetNeedOwner")
async def set_owner(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Redirect:
    """Whose an imported need is."""
    form, errors, _typed = await read_form(request, OwnerForm)
    if form is None:
        raise refuse_fields(errors)
    await flow.set_owner(ctx, actor, key, owner=form.other)
    return go(f"/desk/needs/{key}", _("记下是谁的了，本人的页面上也看得到。"))


@post("/desk/needs/{key:str}/cancel", operation_id="CancelNeed")
async def cancel_need(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Redirect:
    """Take a need off the list for the person who asked."""
    form, _errors, _typed = await read_form(request, CancelForm)
    before = ctx.now()
    coming = [one.uid for one in await on_the_way.coming(ctx, actor.community, key)]
    await flow.cancel_request(ctx, actor, key, reason=form.reason if form else "", operation="CancelNeed")
    return go("/desk/needs", await with_news(ctx, actor, _("取消了。"), key, *coming, since=before))


def _typed_from(need: Need) -> Typed:
    """A need as its form shows it."""
    return {
        "what": need.title, "category": need.categories[0] if need.categories else "", "when": need.when.phrase,
        "where": need.place.text, "minutes": str(need.quantity.minutes_each or 60), "urgency": need.urgency.value,
        "note": need.private_note,
    }  # fmt: skip


async def _edit(
    request: Request,
    ctx: Context,
    actor: Actor,
    key: str,
    typed: Typed,
    now: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    return page(
        request, "requests/edit.html", status=status, key=key, typed=typed, errors=errors or {},
        categories=await hearing.category_options(request, ctx, actor), seen=seen_as(now),
    )  # fmt: skip


handlers = [
    desk_page, *telephone.handlers, needs_page, need_page, need_slip, edit_page, edit_need, set_owner,
    cancel_need,
]  # fmt: skip
