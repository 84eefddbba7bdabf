"""The desk's pages of organisations: the lists of teams, units and all others, one of them, and what can be done there."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from timebank.access import Actor, Facts, sees
from timebank.community.organisations import api, changing, flow, roster_routes
from timebank.community.organisations.refusals import NameTaken
from timebank.community.organisations.schemas import NameForm, OrganisationForm
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, UNIT, Organisation
from timebank.web import i18n
from timebank.web.pages import Typed, go, page, read_form, refuse_fields
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
PAGES_MAX = 1000


# --- the lists


@get("/desk/teams", operation_id="DeskTeams")
async def teams(
    request: Request,
    ctx: Ctx,
    actor: Who,
    q: FromQuery[str] = "",
    ended: FromQuery[str] = "",
    at: FromQuery[int] = 0,
) -> Template:
    """The community's teams: who leads each, how many belong to it."""
    return await _list(request, ctx, actor, "/desk/teams", (TEAM,), q=q, ended=ended, at=at)


@get("/desk/units", operation_id="DeskUnits")
async def units(
    request: Request,
    ctx: Ctx,
    actor: Who,
    q: FromQuery[str] = "",
    ended: FromQuery[str] = "",
    at: FromQuery[int] = 0,
) -> Template:
    """The community's partner units: who speaks for each."""
    return await _list(request, ctx, actor, "/desk/units", (UNIT,), q=q, ended=ended, at=at)


@get("/desk/organisations", operation_id="DeskOrganisations")
async def all_kinds(
    request: Request,
    ctx: Ctx,
    actor: Who,
    kind: FromQuery[str] = "",
    q: FromQuery[str] = "",
    ended: FromQuery[str] = "",
    at: FromQuery[int] = 0,
) -> Template:
    """Organisations of every kind, or of one."""
    known = ctx.catalogue_of(actor.community).organisations
    chosen = (kind,) if kind in known else ()
    return await _list(request, ctx, actor, "/desk/organisations", chosen, q=q, ended=ended, at=at)


async def _list(
    request: Request,
    ctx: Context,
    actor: Actor,
    here: str,
    kinds: Sequence[str],
    *,
    q: str,
    ended: str,
    at: int,
) -> Template:
    shown = await flow.listed(
        ctx, actor, kinds, q=q[:80], ended=ended == "yes", at=max(0, min(at, PAGES_MAX))
    )
    return page(
        request, "organisations/list.html", shown=shown, here=here, kind=kinds[0] if kinds else "", q=q[:80],
        ended=ended == "yes", kinds=ctx.catalogue_of(actor.community).organisations,
    )  # fmt: skip


# --- a new one


@get("/desk/organisations/new", operation_id="NewOrganisation")
async def new_page(request: Request, ctx: Ctx, actor: Who, kind: FromQuery[str] = "") -> Template:
    """Choose the kind, then an empty form."""
    sees(actor, "NewOrganisation", Facts(community=actor.community))
    return await _form(request, ctx, actor, {"kind": kind})


@post("/desk/organisations", operation_id="CreateOrganisation")
async def create(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """A new organisation; whichever goes by that name already is shown first."""
    form, errors, typed = await read_form(request, OrganisationForm)
    if form is None:
        return await _form(request, ctx, actor, typed, errors=errors, status=422)
    try:
        made = await changing.create(ctx, actor, form.kind, form.told, sure=form.sure == "yes")
    except AppRefusal as refusal:
        return await _form(request, ctx, actor, typed, refusal=refusal)
    return go(f"/desk/organisations/{made.code}", _("登记好了。"))


# --- one of them


@get("/desk/organisations/{code:str}", operation_id="ShowOrganisation")
async def show(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], at: FromQuery[int] = 0
) -> Template:
    """One organisation: who leads it, who belongs to it, what it put on the lists."""
    return await show_page(request, ctx, actor, code, at=max(0, min(at, PAGES_MAX)))


async def show_page(
    request: Request,
    ctx: Context,
    actor: Actor,
    code: str,
    *,
    at: int = 0,
    errors: dict[str, str] | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> Template:
    """The page of one organisation, also when a small form on it came back."""
    shown = await flow.show(ctx, actor, code, at=at)
    return page(
        request, "organisations/show.html", shown=shown, status=status, errors=errors or {}, typed=typed or {},
        kinds=ctx.catalogue_of(actor.community).organisations, back=back_to(shown.organisation),
    )  # fmt: skip


def back_to(one: Organisation) -> str:
    """The list on which it stands."""
    return {TEAM: "/desk/teams", UNIT: "/desk/units"}.get(one.kind, f"/desk/organisations?kind={one.kind}")


@get("/desk/organisations/{code:str}/edit", operation_id="EditOrganisation")
async def edit_page(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template:
    """What is on record of it, as a form."""
    one = await flow.loaded(ctx, actor, code, "EditOrganisation")
    typed: Typed = {
        name: getattr(one, name)
        for name in ("kind", "name", "brand", "subkind", "parent", "area", "opens", "phone", "address")
    }
    return await _form(request, ctx, actor, typed, one=one)


@post("/desk/organisations/{code:str}/edit", operation_id="ChangeOrganisation")
async def change(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """Corrected; its lines and its people stay with it."""
    one = await flow.loaded(ctx, actor, code, "ChangeOrganisation")
    form, errors, typed = await read_form(request, OrganisationForm)
    if form is None:
        return await _form(request, ctx, actor, typed, one=one, errors=errors, status=422)
    try:
        await changing.change(ctx, actor, code, form.told, sure=form.sure == "yes")
    except AppRefusal as refusal:
        return await _form(request, ctx, actor, typed, one=one, refusal=refusal)
    return go(f"/desk/organisations/{code}", _("改好了。"))


@post("/desk/organisations/{code:str}/names", operation_id="NameOrganisation")
async def also_called(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template | Redirect:
    """One more name by which the lists call it."""
    form, errors, typed = await read_form(request, NameForm)
    status = 422
    if form is not None:
        try:
            await changing.also_called(ctx, actor, code, form.name)
            return go(f"/desk/organisations/{code}", _("记住了，清单上写这个名字也认得。"))
        except NameTaken as refusal:
            said = _("另一个组织也叫这个名字，清单上会分不清。")
            errors, status = {"name": said}, refusal.status
    return await show_page(request, ctx, actor, code, errors=errors, typed=typed, status=status)


@get("/desk/organisations/{code:str}/end", operation_id="EndOrganisationPage")
async def end_page(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template:
    """What hangs on it, before it ends."""
    hangs = await changing.hanging(ctx, actor, code)
    shown = await flow.show(ctx, actor, code)
    return page(request, "organisations/end.html", shown=shown, hangs=hangs)


@post("/desk/organisations/{code:str}/end", operation_id="EndOrganisation")
async def end(ctx: Ctx, actor: Who, code: FromPath[str]) -> Redirect:
    """It ends today, with everything that hangs on it."""
    one = await changing.end(ctx, actor, code)
    return go(back_to(one), _("%(name)s 撤销了，从明天起不再出现。", name=one.name))


# --- the form


async def _form(
    request: Request,
    ctx: Context,
    actor: Actor,
    typed: Typed,
    *,
    one: Organisation | None = None,
    errors: dict[str, str] | None = None,
    refusal: AppRefusal | None = None,
    status: int = 200,
) -> Template:
    """The form as it was typed; `refusal` says what cannot be, beside its field."""
    if isinstance(refusal, NotFound):
        raise refusal
    if refusal is not None:
        errors, status = {refusal.field: refusal.said(request.state.lang)}, refusal.status
    known = ctx.catalogue_of(actor.community).organisations
    kind = known.get(one.kind if one else str(typed.get("kind", "")))
    if kind is None and errors:
        raise refuse_fields(errors)
    twins: list[Organisation] = []
    if isinstance(refusal, NameTaken) and kind is not None:
        name = str(typed.get("name", ""))
        found = await organisations.organisations_named(ctx.engine, actor.community, name, kind.code)
        twins = [each for each in found if one is None or each.code != one.code]
    return page(
        request, "organisations/form.html", status=status, one=one, kind=kind, kinds=known, typed=typed,
        errors=errors or {}, twins=twins,
        parents=await flow.parents_for(ctx, actor, kind.code, but=one) if kind else (),
        areas=await flow.areas_for(ctx, actor, kind.code) if kind else (),
    )  # fmt: skip


handlers = [
    teams, units, all_kinds, new_page, create, show, edit_page, change, also_called, end_page, end,
    *roster_routes.handlers, *api.handlers,
]  # fmt: skip
