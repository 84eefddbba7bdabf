"""The notice board as a page, as a sheet of A4 and as JSON; open to everybody."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from timebank.access import Actor
from timebank.context import Context
from timebank.office.board import flow, front_routes
from timebank.office.board.front_routes import figures
from timebank.office.board.schemas import NoticeOut
from timebank.store.places.communities import Community
from timebank.web.community import community_path, path_of
from timebank.web.hosts import address
from timebank.web.pages import page
from timebank.web.request import Request

Office = NamedDependency[Community]
Print = Annotated[str, QueryParameter(name="print", max_length=1)]


@get("/notice", operation_id="PublicNotice")
async def public_notice(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    office: Office,
    on_paper: Print = "",
) -> Template:
    """What is on, what was given and whom to call: the first page a stranger sees."""
    board = await flow.board(ctx, actor, office, lang=request.state.lang)
    below = community_path(request)
    template = "board/paper.html" if on_paper else "board/board.html"
    return page(
        request,
        template,
        board=board,
        back=f"{below}/notice",
        figures=figures(board.on_lists, below),
        address=f"{address(request)}{path_of(office.code)}",
        seal=_in_fours(board.head_hash[:32]),
        published_seals=_seals(board),
    )


@get("/api/notice", operation_id="ApiNotice")
async def api_notice(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], office: Office
) -> NoticeOut:
    """The same board for programs."""
    return NoticeOut.of(await flow.board(ctx, actor, office, lang=request.state.lang))


def _seals(board: flow.Board) -> tuple[str, str]:
    """The fingerprints of book and log as they were published with last month; "" for none."""
    one = board.published
    return (
        ("", "")
        if one is None
        else (_in_fours(one.book_hash[:32]), _in_fours(one.log.hash[:32] if one.log else ""))
    )


def _in_fours(text: str) -> str:
    """A fingerprint that can be read out and compared: four characters at a time."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


of_community = [public_notice]
handlers = [public_notice, api_notice, *front_routes.handlers]
