"""The choice between communities and each one's public page, for people and for programs."""

from __future__ import annotations

from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Template

from timebank.access import Actor
from timebank.context import Context
from timebank.office.board import front
from timebank.office.board.schemas import CommunitiesOut, CommunityOut
from timebank.store.places.communities import Community
from timebank.web import i18n
from timebank.web.community import CHOICES_ON_A_PAGE, COMMUNITY_COOKIE, COMMUNITY_PATH, community_path
from timebank.web.pages import inside, page
from timebank.web.request import Request

_ = i18n.gettext
Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]
Sought = Annotated[str, QueryParameter(name="q", max_length=40)]
PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=10_000)]
Wanted = Annotated[str, QueryParameter(name="next", max_length=220)]
# Short addresses that stand below a community's own path too.
BELOW = ("/notice", "/lists", "/join", "/sign-in", "/help", "/privacy")


class Figure(NamedTuple):
    """One number that people care about, with its words and where it leads."""

    number: int
    label: str
    small: str
    href: str


@get("/communities", operation_id="ChooseCommunity")
async def choose_community(
    request: Request, ctx: Ctx, actor: Who, sought: Sought = "", number: PageNumber = 1, wanted: Wanted = "/"
) -> Template:
    """Which community? All of them by street, some on a page, found by name or address."""
    found = await front.choices(ctx, actor, sought=sought, page=number, number=CHOICES_ON_A_PAGE)
    pages = -(-found.total // CHOICES_ON_A_PAGE)

    def at(other: int) -> str:
        kept = {"q": sought, "next": wanted if wanted != "/" else ""}
        return "/communities?" + urlencode(
            {name: value for name, value in kept.items() if value} | {"page": other}
        )

    return page(
        request, "board/choose.html", choices=found, streets=front.streets(found), sought=sought, wanted=wanted,
        below=below(wanted), chosen=request.cookies.get(COMMUNITY_COOKIE, ""), searches=found.total > len(found.rows) or bool(sought),
        before=at(number - 1) if number > 1 else "", after=at(number + 1) if number < pages else "",
        number=number, pages=pages,
    )  # fmt: skip


@get(COMMUNITY_PATH, operation_id="CommunityPage")
async def community_page(
    request: Request, ctx: Ctx, actor: Who, office: NamedDependency[Community]
) -> Template:
    """Where the office is, when it is open, whom to ring, and what is on."""
    shown = await front.front(ctx, actor, office)
    return page(
        request, "board/community.html", front=shown, figures=figures(shown.on_lists, community_path(request))
    )


@get("/api/communities", operation_id="ApiCommunities")
async def api_communities(
    ctx: Ctx, actor: Who, sought: Sought = "", number: PageNumber = 1
) -> CommunitiesOut:
    """The communities of this installation, with the codes that `?community=` takes."""
    return CommunitiesOut.of(
        await front.choices(ctx, actor, sought=sought, page=number, number=CHOICES_ON_A_PAGE)
    )


@get("/api/communities/{community_code:str}", operation_id="ApiCommunity")
async def api_community(
    actor: Who, community_code: FromPath[str], office: NamedDependency[Community]
) -> CommunityOut:
    """One community as its public page says it."""
    assert office.code == community_code, "the path names it"
    return CommunityOut.of(front.door(actor, office))


def below(wanted: str) -> str:
    """The page that was wanted, as it stands below a community's path; "" where the community's own page is meant."""
    path = inside(wanted, "").partition("?")[0]
    return wanted if any(path == root or path.startswith(root + "/") for root in BELOW) else ""


def figures(on: dict[str, int], at: str) -> list[Figure]:
    """The four lists in numbers, each leading to its list below `at`."""
    return [
        Figure(on["needs"], _("需求清单"), _("件等人帮"), f"{at}/lists/needs"),
        Figure(on["resources"], _("资源清单"), _("项可以用"), f"{at}/lists/resources"),
        Figure(on["activities"], _("活动清单"), _("项活动"), f"{at}/lists/activities"),
        Figure(on["projects"], _("项目清单"), _("个项目"), f"{at}/lists/projects"),
    ]


handlers = [choose_community, community_page, api_communities, api_community]
