"""Pages of the four lists, open to everybody, and the same lists as files."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter
from litestar.response import Template

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.lists import api, browsing, claim_routes, turn_routes, unit_routes
from timebank.help.lists.browsing import Extension, Narrowing
from timebank.help.lists.cards import Slot
from timebank.help.lists.desk import routes as desk
from timebank.help.lists.line_page import TITLES, line_page
from timebank.store.places.communities import Community
from timebank.web import i18n
from timebank.web.downloads import Files
from timebank.web.pages import page
from timebank.web.paging import leaf
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Office = NamedDependency[Community]

Text = Annotated[str, QueryParameter(max_length=40)]
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILES = Files(kinds=tuple(MEDIA.values()))
SLOTS = {
    "": i18n.lazy("什么时候都行"),
    "today": i18n.lazy("今天"),
    "tomorrow": i18n.lazy("明天"),
    "weekend": i18n.lazy("周末"),
    "morning": i18n.lazy("上午"),
    "afternoon": i18n.lazy("下午"),
    "evening": i18n.lazy("晚上"),
}


@get("/lists", operation_id="ListsHome")
async def lists_home(request: Request, ctx: Ctx, actor: Who, office: Office) -> Template:
    """The four lists with what stands on each."""
    counts = await browsing.counts(ctx, actor, office)
    return page(request, "lists/home.html", counts=counts, titles=TITLES)


@get("/lists/{name:str}", operation_id="ShowList", answers=FILES)
async def show_list(
    request: Request,
    ctx: Ctx,
    actor: Who,
    office: Office,
    name: FromPath[str],
    category: Text = "",
    grid: Text = "",
    slot: Text = "",
) -> Template | Response[bytes]:
    """One list as a page; with `.csv` or `.xlsx` behind its name, as a file."""
    kind, dot, extension = name.partition(".")
    if dot:
        return await as_file(request, ctx, actor, office.code, kind, extension)
    narrowed = Narrowing(
        category=category, grid=grid, slot=Slot(slot) if slot in {one.value for one in Slot} else None
    )
    shown = await browsing.shown(ctx, actor, office, kind, lang=request.state.lang, narrowed=narrowed)
    return page(
        request,
        "lists/list.html",
        shown=shown,
        leaf=leaf(request, shown.cards),
        title=TITLES[kind],
        titles=TITLES,
        slots=SLOTS,
        chosen={"category": category, "grid": grid, "slot": slot},
        narrowed=bool(narrowed),
    )


@get("/lists/{kind:str}/{key:str}", operation_id="ShowLine")
async def show_line(
    request: Request,
    ctx: Ctx,
    actor: Who,
    office: Office,
    kind: FromPath[str],
    key: FromPath[str],
) -> Template:
    """One line, and the form to claim it where the reader may."""
    detail = await browsing.detail(ctx, actor, office.code, kind, key, lang=request.state.lang)
    return await line_page(request, ctx, actor, kind, detail)


async def as_file(
    request: Request,
    ctx: Context,
    actor: Actor,
    community: str,
    kind: str,
    extension: str,
    *,
    private: bool = False,
) -> Response[bytes]:
    """A list as a download."""
    if extension not in MEDIA:
        raise NotFound()
    known: Extension = "csv" if extension == "csv" else "xlsx"
    content = await browsing.as_file(
        ctx, actor, community, kind, known, lang=request.state.lang, private=private
    )
    return Response(
        content=content,
        media_type=MEDIA[extension],
        headers={"content-disposition": f'attachment; filename="{kind}.{extension}"'},
    )


@get("/desk/lists/{name:str}", operation_id="DownloadContacts", answers=FILES)
async def download_contacts(request: Request, ctx: Ctx, actor: Who, name: FromPath[str]) -> Response[bytes]:
    """A list with contacts and remarks, for the desk; that it was taken is noted."""
    kind, _dot, extension = name.partition(".")
    return await as_file(request, ctx, actor, actor.community, kind, extension, private=True)


of_community: list[HTTPRouteHandler] = [lists_home, show_list, show_line]
handlers: list[HTTPRouteHandler] = [
    lists_home, show_list, show_line, download_contacts, *claim_routes.handlers,
    *turn_routes.handlers, *unit_routes.handlers, *desk.handlers, *api.handlers,
]  # fmt: skip
