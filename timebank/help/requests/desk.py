"""The desk's pages: the day, the telephone, the needs list with private cards, and the people of the community."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from marketplace.categories import default_tree
from marketplace.values import Urgency
from timebank.access import Actor
from timebank.community import cards, guide
from timebank.community.place_names import choices
from timebank.context import Context
from timebank.errors import BadField
from timebank.help import on_the_way
from timebank.help.requests import flow, views
from timebank.help.requests.intake import Asked, Suggested, categories_for, heard_time, suggested
from timebank.help.requests.schemas import CancelForm, EditForm, OwnerForm, PhoneForm
from timebank.news.saying import told_of, with_news
from timebank.store import calendars, communities
from timebank.web import i18n
from timebank.web.once import Made, once
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.paging import leaf
from timebank.web.request import Request

_ = i18n.gettext
GROUP_SHOWN = 15
"""Needs shown of one group while no group is chosen."""


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


@get("/desk/phone", operation_id="PhoneIntake")
async def phone_page(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    member: FromQuery[str] = "",
) -> Template:
    """An empty intake sheet, or one for a person already found."""
    typed: Typed = {"idempotency_key": ctx.ids.token()[:32]}
    found = [await cards.card(ctx, actor, member, "PhoneIntake")] if member else []
    if found:
        typed |= {"member": member, "phone": found[0].phone}
    return await _sheet(request, ctx, actor, typed, found=found, looked=bool(found))


@post("/desk/phone", operation_id="TakeCall")
async def take_call(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor]
) -> Template | Redirect:
    """One sheet for the whole call: find the caller, read the words back, check, save. Nothing typed is ever lost."""
    form, errors, typed = await read_form(request, PhoneForm)
    found: list[cards.Card] = []
    try:
        found = await _found(ctx, actor, typed)
        if not found and typed.get("member") not in (None, "", "new"):
            found = [await cards.card(ctx, actor, str(typed["member"]), "TakeCall")]
    except BadField as refusal:
        errors = {**errors, "phone": refusal.said(request.state.lang)}
    if len(found) == 1 and not typed.get("member") and not typed.get("name"):
        typed["member"] = found[0].uid
    if form is None or errors:
        return await _sheet(request, ctx, actor, typed, found=found, errors=errors, looked=True, status=422)
    if form.step in ("find", "read", "back"):
        return await _sheet(request, ctx, actor, typed, found=found, looked=True)

    asked, errors = await _asked(ctx, actor, form, request.state.lang)
    chosen = form.member or str(typed.get("member", ""))
    member = "" if chosen == "new" else chosen
    if not member and not form.name:
        errors["name"] = _("请先选一位，或者写下姓名登记。")
    if asked is None or errors:
        return await _sheet(request, ctx, actor, typed, found=found, errors=errors, looked=True, status=422)
    if form.step == "check":
        return await _read_aloud(request, ctx, actor, {**typed, "member": chosen}, asked, member)
    return await _saved(request, ctx, actor, form, asked, member, typed, found)


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
        labels=_labels(request, found.need.categories),
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
    need = found.need
    typed = {
        "what": need.title, "category": need.categories[0] if need.categories else "", "when": need.when.phrase,
        "where": need.place.text, "minutes": need.quantity.minutes_each or 60, "urgency": need.urgency.value,
        "note": need.private_note,
    }  # fmt: skip
    return _edit(request, key, typed)


@post("/desk/needs/{key:str}/edit", operation_id="EditNeed")
async def edit_need(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], key: FromPath[str]
) -> Template | Redirect:
    """Save corrections; a need somebody is on the way for must be called off first."""
    form, errors, typed = await read_form(request, EditForm)
    if form is None:
        return _edit(request, key, typed, errors=errors, status=422)
    asked, errors = await _asked(ctx, actor, form, request.state.lang, channel="desk")
    if asked is None or errors:
        return _edit(request, key, typed, errors=errors, status=422)
    await flow.edit_request(ctx, actor, key, asked)
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


async def _found(ctx: Context, actor: Actor, typed: Typed) -> list[cards.Card]:
    """Everybody whom the name and the number typed may mean."""
    new = flow.NewElder(name=str(typed.get("name", "")), phone=str(typed.get("phone", "")))
    if not new.described.numbers and not new.name:
        return []
    return (await cards.meant(ctx, actor, new.described, "TakeCall"))[1]


async def _sheet(
    request: Request,
    ctx: Context,
    actor: Actor,
    typed: Typed,
    *,
    found: list[cards.Card],
    errors: dict[str, str] | None = None,
    looked: bool = False,
    status: int = 200,
) -> Template:
    """The intake sheet with what was heard so far and how we read it."""
    what, phrase = str(typed.get("what", "")), str(typed.get("when", ""))
    reading, doubt = None, ""
    if phrase:
        try:
            reading = heard_time(
                phrase,
                filed_on=ctx.today(),
                zone=ctx.zone,
                confirmed=bool(typed.get("confirm_reading")),
                calendar=await calendars.calendar_of(ctx.engine, actor.community, ctx.today()),
            )
        except BadField as refusal:
            doubt = refusal.said(request.state.lang)
    suggestions = suggested(what, request.state.lang) if what else ()
    if suggestions and typed.get("category") not in {one.code for one in suggestions}:
        # The words changed since a category was ticked, or none was ticked yet.
        typed = {**typed, "category": suggestions[0].code}
    return page(
        request, "requests/phone.html", status=status, typed=typed, errors=errors or {}, found=found, looked=looked,
        reading=reading, doubt=doubt, suggestions=suggestions, suggested_options=_options(suggestions),
        areas=await choices(ctx, actor.community, typed.get("area")),
        categories=_category_options(request),
    )  # fmt: skip


async def _read_aloud(
    request: Request, ctx: Context, actor: Actor, typed: Typed, asked: Asked, member: str
) -> Template:
    """The whole sheet as sentences to read to the caller before it is saved."""
    person = await cards.card(ctx, actor, member, "TakeCall", log=False) if member else None
    kept = {name: value for name, value in typed.items() if name != "step"}
    return page(
        request, "requests/phone_check.html", typed=kept, asked=asked, person=person,
        label=", ".join(_labels(request, asked.categories[:1])),
    )  # fmt: skip


async def _saved(
    request: Request,
    ctx: Context,
    actor: Actor,
    form: PhoneForm,
    asked: Asked,
    member: str,
    typed: Typed,
    found: list[cards.Card],
) -> Template | Redirect:
    new = flow.NewElder(
        name=form.name, called=form.called, phone=form.phone, area=form.area, address=form.address,
        another=form.member == "new",
    )  # fmt: skip

    async def run() -> Made:
        return Made(uid=(await flow.take_call(ctx, actor, asked, member=member, new=new)).line_key)

    body = form.model_dump(exclude={"idempotency_key", "step"})
    try:
        made = await once(
            ctx, actor, form.idempotency_key, operation="TakeCall", body=body, kind=Made, run=run
        )
    except BadField as refusal:
        errors = {refusal.field: refusal.said(request.state.lang)}
        return await _sheet(request, ctx, actor, typed, found=found, errors=errors, looked=True, status=422)
    return go(f"/desk/needs/{made.uid}/slip", _("登记好了，可以打印回执。"))


async def _asked(
    ctx: Context, actor: Actor, form: PhoneForm | EditForm, lang: str, *, channel: str = "phone"
) -> tuple[Asked | None, dict[str, str]]:
    """What was heard as a request, or the sentence for each field that needs another look."""
    errors: dict[str, str] = {}
    if not form.what:
        errors["what"] = _("要帮什么忙？请写一句。")
    try:
        when = heard_time(
            form.when,
            filed_on=ctx.today(),
            zone=ctx.zone,
            confirmed=bool(form.confirm_reading),
            calendar=await calendars.calendar_of(ctx.engine, actor.community, ctx.today()),
        )
        categories = categories_for(form.category, form.what)
    except BadField as refusal:
        return None, {**errors, refusal.field: refusal.said(lang)}
    if errors:
        return None, errors
    note = form.note
    if isinstance(form, PhoneForm) and form.caller:
        note = "\n".join(part for part in (note, _("来电人：%(who)s", who=form.caller)) if part)
    asked = Asked(
        title=form.what, categories=categories, when=when, where=form.where, minutes=form.minutes,
        urgency=Urgency(form.urgency), note=note, channel=channel,
    )  # fmt: skip
    return asked, {}


def _edit(
    request: Request,
    key: str,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Template:
    return page(
        request, "requests/edit.html", status=status, key=key, typed=typed, errors=errors or {},
        categories=_category_options(request),
    )  # fmt: skip


def _options(suggestions: tuple[Suggested, ...]) -> list[tuple[str, str, str]]:
    """The proposed categories with the words that speak for them, and a way to leave it open."""
    shown = [
        (one.code, one.label, _("因为说到：%(words)s", words="、".join(one.because))) for one in suggestions
    ]
    return [*shown, ("", _("都不是"), "")]


def _category_options(request: Request) -> list[tuple[str, str]]:
    """Every kind of help for a list to choose from; the first leaves it to the words."""
    tree, lang = default_tree(), "en" if request.state.lang == "en" else "zh"
    named = [(code, tree.label(code, lang)) for code, one in tree.categories.items() if one.parent]
    return [("", _("按说的话来定")), *named]


def _labels(request: Request, codes: tuple[str, ...]) -> list[str]:
    tree, lang = default_tree(), "en" if request.state.lang == "en" else "zh"
    return [tree.label(code, lang) for code in codes if code in tree.categories]


handlers = [
    desk_page, phone_page, take_call, needs_page, need_page, need_slip, edit_page, edit_need, set_owner,
    cancel_need,
]  # fmt: skip
