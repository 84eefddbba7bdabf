"""The roster's presses: look somebody up, add, take off, and many by pasted lines."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community.organisations import flow, roster
from timebank.community.organisations.refusals import NoRoster
from timebank.community.organisations.schemas import AddForm, LinesForm, RemoveForm, SearchForm
from timebank.context import Context
from timebank.errors import BadField
from timebank.rules.relationships import State
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/desk/organisations/{code:str}/roster", operation_id="RosterPage")
async def roster_page(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template:
    """Look somebody up, or paste many lines."""
    return await _page(request, ctx, actor, code)


@post("/desk/organisations/{code:str}/roster", operation_id="SearchForRoster", status_code=200)
async def search(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template:
    """The people found, each with one button."""
    form, errors, _typed = await read_form(request, SearchForm)
    if form is None:
        raise refuse_fields(errors)
    return await _page(request, ctx, actor, code, q=form.q)


@post("/desk/organisations/{code:str}/roster/add", operation_id="AddToRoster")
async def add(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Redirect:
    """Somebody joins it."""
    form, errors, _typed = await read_form(request, AddForm)
    if form is None:
        raise refuse_fields(errors)
    made = await roster.add(ctx, actor, code, form.member, heard=form.known_as)
    said = _("加进来了。") if made.state is State.IN_FORCE else _("请他答复了，答应了就加进来。")
    return go(f"/desk/organisations/{code}", said)


@post("/desk/organisations/{code:str}/roster/remove", operation_id="RemoveFromRoster")
async def remove(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Redirect:
    """Somebody leaves it."""
    form, errors, _typed = await read_form(request, RemoveForm)
    if form is None:
        raise refuse_fields(errors)
    await roster.remove(ctx, actor, code, form.relationship)
    return go(f"/desk/organisations/{code}", _("从名册上去掉了，做过的服务都还在。"))


@post("/desk/organisations/{code:str}/roster/lines", operation_id="AddLinesToRoster", status_code=200)
async def add_lines(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template:
    """Many at once; each line says what became of it, and what was not added can be mended and sent again."""
    form, errors, typed = await read_form(request, LinesForm)
    if form is None:
        return await _page(request, ctx, actor, code, errors=errors, typed=typed, status=422)
    try:
        done = await roster.add_lines(ctx, actor, code, form.lines)
    except BadField as refusal:
        said = {refusal.field: refusal.said(request.state.lang)}
        return await _page(request, ctx, actor, code, errors=said, typed=typed, status=422)
    left = [one for one in done if not one.became and not one.was_there]
    return await _page(
        request, ctx, actor, code, done=done, typed={"lines": "\n".join(one.text for one in left)}
    )


async def _page(
    request: Request,
    ctx: Context,
    actor: Actor,
    code: str,
    *,
    q: str = "",
    done: tuple[roster.LineDone, ...] = (),
    errors: dict[str, str] | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> Template:
    one = await flow.loaded(ctx, actor, code, "Roster")
    if flow.roster_kind(ctx.catalogue_of(one.community), one.kind) is None:
        raise NoRoster()
    found = await roster.search(ctx, actor, code, q) if q else []
    return page(
        request, "organisations/roster.html", status=status, one=one, q=q, found=found, done=done,
        errors=errors or {}, typed=typed or {},
    )  # fmt: skip


handlers = [roster_page, search, add, remove, add_lines]
