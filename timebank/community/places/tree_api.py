"""The tree of places for programs: read, added to, renamed, moved, ended; and minutes on foot."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from timebank.access import Actor
from timebank.community.places import loading, tree
from timebank.community.places.schemas import (
    AddIn,
    AreaOut,
    CareIn,
    EndIn,
    LoadIn,
    LoadOut,
    MoveIn,
    RenameIn,
    RowOut,
    TreeOut,
    WayIn,
)
from timebank.context import Context
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/api/areas", operation_id="ApiAreas")
async def api_areas(ctx: Ctx, actor: Who, under: FromQuery[str] = "", at: FromQuery[int] = 0) -> TreeOut:
    """A place and one page of what stands right below it; the community's own without `under`."""
    return TreeOut.of(await tree.show(ctx, actor, under, page=max(0, min(at, 1000))))


@post("/api/areas", operation_id="ApiAddArea", status_code=201)
async def api_add(ctx: Ctx, actor: Who, data: JSONBody[AddIn]) -> AreaOut:
    """One more place."""
    return AreaOut.of(await tree.add(ctx, actor, parent=data.parent, kind=data.kind, name=data.name))


@post("/api/areas/{code:str}/rename", operation_id="ApiRenameArea", status_code=200)
async def api_rename(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[RenameIn]) -> AreaOut:
    """Another name."""
    return AreaOut.of(await tree.rename(ctx, actor, code, name=data.name))


@post("/api/areas/{code:str}/move", operation_id="ApiMoveArea", status_code=200)
async def api_move(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[MoveIn]) -> AreaOut:
    """Another parent."""
    moved = await tree.move_to(ctx, actor, code, parent=data.parent, on=data.on or ctx.today())
    return AreaOut.of(moved)


@post("/api/areas/{code:str}/end", operation_id="ApiEndArea", status_code=200)
async def api_end(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[EndIn]) -> AreaOut:
    """No longer in use; what comes back is the place above."""
    return AreaOut.of(await tree.end(ctx, actor, code, on=data.on or ctx.today()))


@post("/api/areas/{code:str}/uncared", operation_id="ApiUncareArea", status_code=200)
async def api_uncare(ctx: Ctx, actor: Who, code: FromPath[str], data: JSONBody[CareIn]) -> TreeOut:
    """Nobody is in charge there, on purpose; or that is taken back."""
    await tree.care_about(ctx, actor, code, uncared=data.uncared)
    return TreeOut.of(await tree.show(ctx, actor, code))


@post("/api/ways", operation_id="ApiSaveWay", status_code=200)
async def api_save_way(ctx: Ctx, actor: Who, data: JSONBody[WayIn]) -> WayIn:
    """Minutes on foot between two places."""
    await loading.save_way(ctx, actor, one=data.one, other=data.other, minutes=str(data.minutes))
    return data


@post("/api/areas/list", operation_id="ApiLoadAreas", status_code=200)
async def api_load(request: Request, ctx: Ctx, actor: Who, data: JSONBody[LoadIn]) -> LoadOut:
    """Many places or ways at once, one row a line; each comes back with what became of it."""
    report = await loading.load(ctx, actor, data.what, text=data.text)
    lang = request.state.lang
    return LoadOut(
        made=report.made,
        same=report.same,
        refused=len(report.refused),
        rows=[
            RowOut(
                row=one.row.number,
                became=one.became or "",
                code=one.refusal.code if one.refusal else "",
                reason=one.refusal.said(lang) if one.refusal else "",
            )
            for one in report.rows
        ],
    )


handlers = [api_areas, api_add, api_rename, api_move, api_end, api_uncare, api_save_way, api_load]
