"""The notice board as a page, as a sheet of A4 and as JSON; open to everybody."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from timebank.access import Actor
from timebank.context import Context
from timebank.office.board import flow
from timebank.office.board.schemas import NoticeOut
from timebank.web import i18n
from timebank.web.pages import page
from timebank.web.request import Request

_ = i18n.gettext

Community = Annotated[str, QueryParameter(name="community", max_length=20)]
Print = Annotated[str, QueryParameter(name="print", max_length=1)]


class Figure(NamedTuple):
    """One number that people care about, with its words and where it leads."""

    number: int
    label: str
    small: str
    href: str


@get("/notice", operation_id="PublicNotice")
async def public_notice(
    request: Request,
    ctx: NamedDependency[Context],
    actor: NamedDependency[Actor],
    community: Community = "",
    on_paper: Print = "",
) -> Template:
    """What is on, what was given and whom to call: the first page a stranger sees."""
    board = await flow.board(ctx, actor, code=community, lang=request.state.lang)
    template = "board/paper.html" if on_paper else "board/board.html"
    return page(
        request,
        template,
        board=board,
        back="/notice",
        community_phone=board.community.phone,
        figures=_figures(board),
        seal=_in_fours(board.head_hash[:32]),
    )


@get("/api/notice", operation_id="ApiNotice")
async def api_notice(
    request: Request, ctx: NamedDependency[Context], actor: NamedDependency[Actor], community: Community = ""
) -> NoticeOut:
    """The same board for programs."""
    return NoticeOut.of(await flow.board(ctx, actor, code=community, lang=request.state.lang))


def _figures(board: flow.Board) -> list[Figure]:
    """The four lists in numbers, each leading to its list."""
    on = board.on_lists
    return [
        Figure(on["needs"], _("需求清单"), _("件等人帮"), "/lists/needs"),
        Figure(on["resources"], _("资源清单"), _("项可以用"), "/lists/resources"),
        Figure(on["activities"], _("活动清单"), _("项活动"), "/lists/activities"),
        Figure(on["projects"], _("项目清单"), _("个项目"), "/lists/projects"),
    ]


def _in_fours(text: str) -> str:
    """A fingerprint that can be read out and compared: four characters at a time."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


handlers = [public_notice, api_notice]
