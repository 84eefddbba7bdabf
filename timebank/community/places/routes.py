"""Pages of places for officers and overseers, and the same for programs."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from timebank.access import Actor
from timebank.community.places import flow, tree_api, tree_routes
from timebank.community.places.schemas import NeedBelowOut, PlaceOut
from timebank.context import Context
from timebank.errors import NotFound
from timebank.web.pages import page
from timebank.web.paging import leaf
from timebank.web.request import Request

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


@get("/places", operation_id="OwnPlaces")
async def own_places(request: Request, ctx: Ctx, actor: Who) -> Template | Redirect:
    """The places one looks after; a single one opens at once."""
    found = await flow.own_places(ctx, actor)
    if len(found) == 1:
        return Redirect(path=f"/places/{found[0].code}", status_code=303)
    kinds = ctx.catalogue_of(actor.community).areas
    return page(request, "places/own.html", {"places": found, "kinds": kinds})


@get("/places/{code:str}", operation_id="PlaceSums")
async def show_place(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> Template:
    """A place: sums below it, and for its officers the needs that are open there."""
    shown = await flow.place(ctx, actor, code, lang=request.state.lang)
    kinds = ctx.catalogue_of(actor.community).areas
    return page(
        request,
        "places/place.html",
        {"shown": shown, "kinds": kinds, "leaf": leaf(request, shown.needs or ())},
    )


@get("/api/places/{code:str}", operation_id="ApiPlaceSums")
async def api_place(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> PlaceOut:
    """The same for programs; a sum that is too small to show is null."""
    return PlaceOut.of(await flow.place(ctx, actor, code, lang=request.state.lang))


@get("/api/places/{code:str}/needs", operation_id="ApiPlaceNeeds")
async def api_place_needs(request: Request, ctx: Ctx, actor: Who, code: FromPath[str]) -> list[NeedBelowOut]:
    """The open needs below a place, for its officers: of what kind, where and when."""
    shown = await flow.place(ctx, actor, code, lang=request.state.lang)
    if shown.needs is None:
        raise NotFound()
    return [NeedBelowOut.of(one) for one in shown.needs]


handlers = [
    own_places, show_place, api_place, api_place_needs, *tree_routes.handlers, *tree_api.handlers,
]  # fmt: skip
