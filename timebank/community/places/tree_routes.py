"""The desk's pages of its places: the tree page by page, one place with what can be done to it, and lists of hundreds."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from marketplace.errors import MarketplaceRefusal
from timebank.access import Actor, Facts, sees
from timebank.community.places import loading, tree
from timebank.community.places.loading import COLUMNS, LoadReport, What
from timebank.community.places.schemas import (
    AddForm,
    CareForm,
    EndForm,
    LoadForm,
    MoveForm,
    RenameForm,
    WayForm,
)
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
PAGES_MAX = 1000
FILE_BYTES_MAX = 5_000_000


@get("/desk/areas", operation_id="DeskAreas")
async def show_tree(
    request: Request, ctx: Ctx, actor: Who, at: FromQuery[int] = 0, kind: FromQuery[str] = ""
) -> Template:
    """The community's own node, its grids, and who is in charge."""
    return await _shown(request, ctx, actor, actor.community, at=at, kind=kind)


@get("/desk/areas/{code:str}", operation_id="DeskArea")
async def show_place(
    request: Request,
    ctx: Ctx,
    actor: Who,
    code: FromPath[str],
    at: FromQuery[int] = 0,
    kind: FromQuery[str] = "",
) -> Template:
    """One place: what stands below, who is in charge, how far to others, and what can be done to it."""
    return await _shown(request, ctx, actor, code, at=at, kind=kind)


@post("/desk/areas/{code:str}/add", operation_id="AddArea")
async def add_area(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """One more place below this one."""
    form, errors, typed = await read_form(request, AddForm)
    if form is not None:
        try:
            made = await tree.add(ctx, actor, parent=code, kind=form.kind, name=form.name)
        except AppRefusal as refusal:
            errors = _by_field(request, refusal, "name")
        else:
            # The next one is most often of the same kind.
            return go(f"{_address(actor, code)}?kind={made.kind}", _("加上了：%(name)s", name=made.name))
    return await _shown(request, ctx, actor, code, typed=typed, errors=errors, form="add")


@post("/desk/areas/{code:str}/rename", operation_id="RenameArea")
async def rename_area(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """The place under another name."""
    form, errors, typed = await read_form(request, RenameForm)
    if form is not None:
        try:
            await tree.rename(ctx, actor, code, name=form.name)
        except AppRefusal as refusal:
            errors = _by_field(request, refusal, "name")
        else:
            return go(_address(actor, code), _("名称改好了。"))
    return await _shown(request, ctx, actor, code, typed=typed, errors=errors, form="rename")


@post("/desk/areas/{code:str}/move", operation_id="MoveArea")
async def move_area(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """The place, with all below it, under another parent."""
    form, errors, typed = await read_form(request, MoveForm)
    if form is not None:
        try:
            await tree.move_to(ctx, actor, code, parent=form.parent, on=form.on)
        except AppRefusal as refusal:
            errors = _by_field(request, refusal, "parent")
        else:
            return go(_address(actor, code), _("移好了，以前的数字还算在原来的上级。"))
    return await _shown(request, ctx, actor, code, typed=typed, errors=errors, form="move")


@post("/desk/areas/{code:str}/end", operation_id="EndArea")
async def end_area(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """The place is no longer in use."""
    form, errors, typed = await read_form(request, EndForm)
    if form is not None:
        try:
            above = await tree.end(ctx, actor, code, on=form.on)
        except AppRefusal as refusal:
            errors = _by_field(request, refusal, "on")
        else:
            return go(_address(actor, above.code), _("撤销了，以前的记录都还在。"))
    return await _shown(request, ctx, actor, code, typed=typed, errors=errors, form="end")


@post("/desk/areas/{code:str}/uncared", operation_id="UncareArea")
async def uncare_area(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Redirect:
    """Nobody is in charge here, on purpose; or that is taken back."""
    form, errors, _typed = await read_form(request, CareForm)
    if form is None:
        raise refuse_fields(errors)
    await tree.care_about(ctx, actor, code, uncared=bool(form.uncared))
    said = _("记下了：这里不设负责人。") if form.uncared else _("记下了：这里还要有人负责。")
    return go(_address(actor, code), said)


@post("/desk/areas/{code:str}/ways", operation_id="SaveWay")
async def save_way(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """Minutes on foot from here to another place; 0 takes them back."""
    form, errors, typed = await read_form(request, WayForm)
    if form is not None:
        try:
            await loading.save_way(ctx, actor, one=code, other=form.other, minutes=form.minutes)
        except AppRefusal as refusal:
            errors = _by_field(request, refusal, "other")
        else:
            return go(_address(actor, code) + "#ways", _("步行时间记好了，排班会用到。"))
    return await _shown(request, ctx, actor, code, typed=typed, errors=errors, form="way")


@get("/desk/areas/list", operation_id="AreaListPage")
async def list_page(request: Request, ctx: Ctx, actor: Who, what: FromQuery[str] = "places") -> Template:
    """Many places or many walking minutes at once: a box to paste into, or a file."""
    sees(actor, "LoadAreas", Facts(community=actor.community))
    return _list(request, ctx, actor, _what(what))


@post("/desk/areas/list", operation_id="LoadAreas")
async def load_list(request: Request, ctx: Ctx, actor: Who) -> Template:
    """Every row judged by itself; what can stand stands, the others say why not and stay in the box."""
    form, errors, typed = await read_form(request, LoadForm)
    if form is None:
        what = _what(str(typed.get("what", "")))
        return _list(request, ctx, actor, what, text=str(typed.get("text", "")), errors=errors)
    what, text, report = form.what, form.text, None
    name, content = (form.files.filename[-160:], await form.files.read()) if form.files else ("", b"")
    if len(content) > FILE_BYTES_MAX:
        errors = {"files": _("%(name)s 超过 5 MB，请分成几个文件。", name=name)}
    else:
        try:
            report = await loading.load(ctx, actor, what, text=text, filename=name, content=content)
        except (AppRefusal, MarketplaceRefusal) as refusal:
            if isinstance(refusal, NotFound):
                raise
            errors = _by_field(request, refusal, "files" if content else "text")
    if report is not None and not content:
        lines = text.splitlines()
        text = "\n".join(lines[one.row.number - 1] for one in report.refused)
    return _list(request, ctx, actor, what, text=text, report=report, errors=errors)


def _what(text: str) -> What:
    return What(text) if text in set(What) else What.PLACES


def _list(
    request: Request,
    ctx: Context,
    actor: Actor,
    what: What,
    *,
    text: str = "",
    report: LoadReport | None = None,
    errors: dict[str, str] | None = None,
) -> Template:
    catalogue = ctx.catalogue_of(actor.community)
    kinds = [kind for kind in catalogue.areas.values() if kind.rank > catalogue.book_kind.rank]
    return page(
        request, "places/list.html", status=422 if errors else 200, what=what, text=text, report=report,
        errors=errors or {}, columns=COLUMNS[what], kinds=kinds,
    )  # fmt: skip


def _by_field(request: Request, refusal: AppRefusal | MarketplaceRefusal, otherwise: str) -> dict[str, str]:
    """The refusal under its field; what is not there, or not theirs, stays an answer of its own."""
    if isinstance(refusal, NotFound):
        raise refusal
    if isinstance(refusal, AppRefusal):
        return {refusal.field or otherwise: refusal.said(request.state.lang)}
    return {otherwise: refusal.sentence("en" if request.state.lang == "en" else "zh")}


def _address(actor: Actor, code: str) -> str:
    return "/desk/areas" if code == actor.community else f"/desk/areas/{code}"


async def _shown(
    request: Request,
    ctx: Context,
    actor: Actor,
    code: str,
    *,
    at: int = 0,
    kind: str = "",
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    form: str = "",
) -> Template:
    at = max(0, min(at, PAGES_MAX))
    if form in ("rename", "move", "end"):
        # Several forms of the page have a field of that name; an error leads to its own.
        errors = {
            f"{form}-{name}" if name in ("name", "on") else name: said
            for name, said in (errors or {}).items()
        }
    shown = await tree.show(ctx, actor, code, page=at, operation="DeskAreas")
    catalogue = ctx.catalogue_of(actor.community)
    return page(
        request, "places/tree.html", status=422 if errors else 200, shown=shown, at=at, kinds=catalogue.areas,
        offices=catalogue.relationships, typed=typed or {}, errors=errors or {}, form_of=form, today=ctx.today(), kind_now=kind,
        address=_address(actor, code), action=f"/desk/areas/{code}",
    )  # fmt: skip


handlers = [
    show_tree, show_place, add_area, rename_area, move_area, end_area, uncare_area, save_way, list_page, load_list,
]  # fmt: skip
