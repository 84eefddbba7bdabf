"""Organisations for programs: listed, shown, made, changed, named, ended, and people added to a roster."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from timebank.access import Actor
from timebank.community.organisations import changing, flow, roster
from timebank.community.organisations.changing import Told
from timebank.community.organisations.schemas import (
    ChangeIn,
    CreateIn,
    ListOut,
    NameIn,
    OrganisationOut,
    RosterIn,
    RosterOut,
)
from timebank.context import Context
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/api/organisations", operation_id="ApiOrganisations")
async def api_list(
    ctx: Ctx, actor: Who, kind: FromQuery[str] = "", q: FromQuery[str] = "", at: FromQuery[int] = 0
) -> ListOut:
    """A page of the community's organisations, of one kind when it is named."""
    known = ctx.catalogue_of(actor.community).organisations
    kinds = (kind,) if kind in known else ()
    return ListOut.told(await flow.listed(ctx, actor, kinds, q=q[:80], at=max(0, min(at, 1000))))


@post("/api/organisations", operation_id="ApiCreateOrganisation", status_code=201)
async def api_create(ctx: Ctx, actor: Who, data: JSONBody[CreateIn]) -> OrganisationOut:
    """A new organisation."""
    made = await changing.create(ctx, actor, data.kind, data.told, sure=data.sure)
    return OrganisationOut.told(await flow.show(ctx, actor, made.code))


@get("/api/organisations/{code:str}", operation_id="ApiOrganisation")
async def api_show(ctx: Ctx, actor: Who, code: FromPath[str]) -> OrganisationOut:
    """One organisation with who leads it and what it promised."""
    return OrganisationOut.told(await flow.show(ctx, actor, code))


@post("/api/organisations/{code:str}", operation_id="ApiChangeOrganisation", status_code=200)
async def api_change(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[ChangeIn]) -> OrganisationOut:
    """What is named changes, the rest stays."""
    one = await flow.loaded(ctx, actor, code, "ChangeOrganisation")
    now = Told(**{name: getattr(one, name) for name in Told.__dataclass_fields__})
    await changing.change(ctx, actor, code, data.told(now), sure=data.sure)
    return OrganisationOut.told(await flow.show(ctx, actor, code))


@post("/api/organisations/{code:str}/names", operation_id="ApiNameOrganisation", status_code=200)
async def api_name(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[NameIn]) -> OrganisationOut:
    """One more name by which the lists call it."""
    await changing.also_called(ctx, actor, code, data.name)
    return OrganisationOut.told(await flow.show(ctx, actor, code))


@post("/api/organisations/{code:str}/end", operation_id="ApiEndOrganisation", status_code=200)
async def api_end(ctx: Ctx, actor: Who, code: FromPath[str]) -> OrganisationOut:
    """It ends today."""
    await changing.end(ctx, actor, code)
    return OrganisationOut.told(await flow.show(ctx, actor, code))


@post("/api/organisations/{code:str}/roster", operation_id="ApiAddToRoster", status_code=200)
async def api_roster(
    request: Request, ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[RosterIn]
) -> RosterOut:
    """People added by lines; each says what became of it."""
    return RosterOut.told(await roster.add_lines(ctx, actor, code, data.lines), request.state.lang)


handlers = [api_list, api_create, api_show, api_change, api_name, api_end, api_roster]
