"""Pages of the desk that keeps the lists: one list, one line, the form of a line, and the presses that move it."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from marketplace.categories import default_tree
from marketplace.store import Standing
from marketplace.values import Need, Resource
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import BadFields, NotFound
from timebank.help.lists.desk import api, flow, owners, reading, views
from timebank.help.lists.desk.flow import AlreadyListed, Step
from timebank.help.lists.desk.reading import Kept, Reading
from timebank.help.lists.desk.schemas import LineForm, StepForm
from timebank.help.lists.line_page import TITLES
from timebank.help.lists.names import CHANGES, FIELDS
from timebank.help.lists.unit_routes import KINDS as THINGS
from timebank.web import i18n
from timebank.web.forms.editing import conflict_page, read_edit
from timebank.web.forms.merging import seen_as
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Words = Annotated[str, QueryParameter(name="q", max_length=60)]
Page = Annotated[int, QueryParameter(name="page", ge=1, le=100_000)]
Word = Annotated[str, QueryParameter(max_length=20)]
Member = Annotated[str, QueryParameter(name="member", max_length=16)]

STANDINGS = {
    Standing.LISTED.value: i18n.lazy("在清单上"),
    Standing.PAUSED.value: i18n.lazy("先不在清单上"),
    Standing.OVER.value: i18n.lazy("已经结束"),
    "all": i18n.lazy("全部"),
}
SAID = {
    Step.PAUSE: i18n.lazy("先从清单上拿下来了，随时可以放回去。"),
    Step.RESUME: i18n.lazy("又放回清单了。"),
    Step.END: i18n.lazy("结束了。记录还在，查得到。"),
}
SOURCES = {
    "resident": i18n.lazy("居民"),
    "community": i18n.lazy("社区"),
    "unit": i18n.lazy("单位"),
}
URGENCIES = {
    "urgent": i18n.lazy("紧急"),
    "normal": i18n.lazy("一般"),
    "low": i18n.lazy("不急"),
}
WORDS: dict[str, object] = {"titles": TITLES, "standings": STANDINGS, "things": THINGS, "sources": SOURCES, "urgencies": URGENCIES}  # fmt: skip
FIELD_WORDS = {
    "kind": THINGS, "source": SOURCES, "urgency": URGENCIES,
    "free": {"yes": i18n.lazy("不收费"), "no": i18n.lazy("收一点成本")},
}  # fmt: skip


@get("/desk/lists", operation_id="DeskLists")
async def desk_lists(
    request: Request,
    ctx: Ctx,
    actor: Who,
    kind: Annotated[str, QueryParameter(name="list", max_length=20)] = "needs",
    q: Words = "",
    standing: Word = Standing.LISTED.value,
    number: Page = 1,
) -> Template:
    """One list as the desk keeps it, found by words, page by page."""
    chosen = Standing(standing) if standing in set(Standing) else None
    shown = await views.list_page(
        ctx, actor, kind, lang=request.state.lang, words=q, standing=chosen, number=number
    )
    return page(
        request,
        "lists/desk_list.html",
        WORDS,
        shown=shown,
        q=q,
        standing=chosen.value if chosen else "all",
    )


@get("/desk/lists/{kind:str}/new", operation_id="NewLine")
async def new_line(
    request: Request, ctx: Ctx, actor: Who, kind: FromPath[str], member: Member = ""
) -> Template:
    """An empty form of one list; for a resident when one is named."""
    flow.which_of(kind)
    sees(actor, "AddLine", Facts(community=actor.community))
    owner = f"{owners.MEMBER}:{member}" if member else ""
    if not await owners.is_known(ctx, actor.community, owner):
        raise NotFound()
    typed: Typed = {
        "whose": owner, "source": "resident" if member else "community", "urgency": "normal", "free": "yes",
        "kind": "equipment" if member else "people",
    }  # fmt: skip
    return await _form(request, ctx, actor, kind, typed)


@post("/desk/lists/{kind:str}/new", operation_id="SaveNewLine")
async def save_new_line(request: Request, ctx: Ctx, actor: Who, kind: FromPath[str]) -> Template | Redirect:
    """A new line; what was not understood is told at its field and nothing typed is lost."""
    flow.which_of(kind)
    form, errors, typed = await read_form(request, LineForm)
    if form is None:
        return await _form(request, ctx, actor, kind, typed, errors=errors, status=422)
    written = form.written()
    try:
        key = await flow.save_line(ctx, actor, kind, written)
    except BadFields as refusal:
        found, _owner = await flow.read(ctx, actor, kind, written)
        return await _refused(request, ctx, actor, kind, typed, refusal, found)
    except AlreadyListed as refusal:
        return await _form(
            request, ctx, actor, kind, typed, errors={"title": refusal.said(request.state.lang)},
            same=f"/desk/lists/{kind}/{refusal.key}", status=409,
        )  # fmt: skip
    return go(f"/desk/lists/{kind}/{key}", _("写上清单了。"))


@get("/desk/lists/{kind:str}/{key:str}", operation_id="DeskLine")
async def desk_line(
    request: Request, ctx: Ctx, actor: Who, kind: FromPath[str], key: FromPath[str]
) -> Template:
    """One line with all that only the desk reads, where it stands, and who changed what."""
    view = await views.line_view(ctx, actor, kind, key, lang=request.state.lang)
    return page(request, "lists/desk_line.html", WORDS, view=view)


@get("/desk/lists/{kind:str}/{key:str}/edit", operation_id="EditLine")
async def edit_line(
    request: Request, ctx: Ctx, actor: Who, kind: FromPath[str], key: FromPath[str]
) -> Template:
    """The form of a line as it was written."""
    line = (await flow.kept_and_noted(ctx, actor, "SaveLine", kind, key)).line
    now = await _typed_now(ctx, actor, line)
    return await _form(request, ctx, actor, kind, now, key=key, now=now)


@post("/desk/lists/{kind:str}/{key:str}/edit", operation_id="SaveLine")
async def save_line(
    request: Request, ctx: Ctx, actor: Who, kind: FromPath[str], key: FromPath[str]
) -> Template | Redirect:
    """A line changed; who changed which field stays with it."""
    before = (await flow.kept(ctx, actor, "SaveLine", kind, key)).line
    now = await _typed_now(ctx, actor, before)
    edit = await read_edit(request, LineForm, now)
    if edit.disputed:
        return await conflict_page(
            request, ctx, actor, edit, now, action=f"/desk/lists/{kind}/{key}/edit", about=key, by=CHANGES,
            labels=FIELDS, words={**FIELD_WORDS, "category": dict(_category_options(request))},
        )  # fmt: skip
    if edit.form is None:
        return await _form(
            request, ctx, actor, kind, edit.typed, key=key, now=now, errors=edit.errors, status=422
        )
    written = edit.form.written()
    try:
        await flow.save_line(ctx, actor, kind, written, key=key, was=before)
    except BadFields as refusal:
        found, _owner = await flow.read(ctx, actor, kind, written, before=before)
        return await _refused(request, ctx, actor, kind, edit.typed, refusal, found, key=key, now=now)
    return go(f"/desk/lists/{kind}/{key}", _("改好了。"))


@post("/desk/lists/{kind:str}/{key:str}/step", operation_id="LineStep")
async def line_step(
    request: Request, ctx: Ctx, actor: Who, kind: FromPath[str], key: FromPath[str]
) -> Redirect:
    """Take a line off its list for a while, put it back, or end it."""
    form, errors, _typed = await read_form(request, StepForm)
    if form is None:
        raise refuse_fields(errors)
    step = Step(form.step)
    await flow.take_step(ctx, actor, kind, key, step, reason=form.reason)
    return go(f"/desk/lists/{kind}/{key}", str(SAID[step]))


async def _refused(
    request: Request,
    ctx: Context,
    actor: Actor,
    kind: str,
    typed: Typed,
    refusal: BadFields,
    found: Reading,
    *,
    key: str = "",
    now: Typed | None = None,
) -> Template:
    """The form again with each doubt at its field, and a box for saying that the reading is right where that can be."""
    errors = {one.field: one.said(request.state.lang) for one in refusal.fields}
    return await _form(
        request,
        ctx,
        actor,
        kind,
        typed,
        key=key,
        now=now,
        errors=errors,
        can_be_sure=found.can_be_sure,
        status=422,
    )


async def _form(
    request: Request,
    ctx: Context,
    actor: Actor,
    kind: str,
    typed: Typed,
    *,
    key: str = "",
    now: Typed | None = None,
    errors: dict[str, str] | None = None,
    can_be_sure: bool = False,
    same: str = "",
    status: int = 200,
) -> Template:
    """The form of one list; a resident who is the owner is shown by name and stays the owner."""
    person = ""
    if reading.is_resident(str(typed.get("whose", ""))):
        known = await owners.is_known(ctx, actor.community, str(typed["whose"]))
        person = (await owners.chosen(ctx, actor.community, str(typed["whose"]))).name if known else ""
    return page(
        request,
        "lists/desk_form.html",
        WORDS,
        status=status,
        kind=kind,
        key=key,
        typed=typed,
        errors=errors or {},
        can_be_sure=can_be_sure,
        same=same,
        person=person,
        bodies=await owners.may_own(ctx, actor.community),
        categories=_category_options(request),
        seen=seen_as(now) if now is not None else "",
    )


async def _typed_now(ctx: Context, actor: Actor, line: Kept) -> Typed:
    """A line as its form shows it."""
    typed: Typed = dict(reading.typed_from(line))
    if isinstance(line, Need | Resource):
        typed["whose"] = await owners.typed_owner(ctx, actor.community, line)
    return typed


def _category_options(request: Request) -> list[tuple[str, str]]:
    tree, spoken = default_tree(), "en" if request.state.lang == "en" else "zh"
    return [("", _("按写的话来定")), *((code, tree.label(code, spoken)) for code in tree.categories)]


handlers: list[HTTPRouteHandler] = [
    desk_lists, new_line, save_new_line, desk_line, edit_line, save_line, line_step, *api.handlers,
]  # fmt: skip
