"""Which community a request is about: decided here and nowhere else.

Each community has its public pages under a path of its own, `/c/dongqu/notice`; the short address `/notice` means the one
that is meant anyway. For strangers that is the one they chose last, kept in a plain cookie that says nothing else; for
whoever is signed in it is always their own.
"""

from __future__ import annotations

from typing import Annotated

from litestar.datastructures import Cookie
from litestar.params import QueryParameter

from timebank.access import Actor, Role, use_case
from timebank.context import Context
from timebank.errors import NoSuchCommunity, WhichCommunity
from timebank.store.places import communities
from timebank.store.places.communities import Community
from timebank.web.request import Connection, Request

COMMUNITY_COOKIE = "community"
COMMUNITY_PATH = "/c/{community_code:str}"
CHOICES_ON_A_PAGE = 20
YEAR_S = 31_536_000


async def community_meant(connection: Connection, ctx: Context, actor: Actor) -> Community | None:
    """The community named in the address, else the asker's own, else the one chosen before, else the only one here.

    Returns:
        None when a stranger still has to choose, or before any is founded.

    Raises:
        NoSuchCommunity: the address names one that is not here.
    """
    if named := _named(connection):
        found = await communities.community(ctx.engine, named)
        if found is None:
            raise NoSuchCommunity()
        return found
    if actor.community:
        return await communities.community(ctx.engine, actor.community)
    chosen = connection.cookies.get(COMMUNITY_COOKIE, "")
    if chosen and (found := await communities.community(ctx.engine, chosen)):
        return found
    return await communities.only_community(ctx.engine)


def the_community(
    request: Request,
    community: Annotated[
        str, QueryParameter(name="community", description="Code of the community, where several live here.")
    ] = "",
) -> Community:
    """What a page or operation about one community asks for; `community` was read before, and is named for the schema.

    Raises:
        WhichCommunity: a stranger has not said which.
    """
    if request.state.community is None:
        raise WhichCommunity()
    return request.state.community


def community_path(request: Request) -> str:
    """What stands before the short addresses of the public pages on this page: `/c/dongqu`, or "" for one's own."""
    community, actor = request.state.community, request.state.actor
    return path_of(community.code) if community and community.code != actor.community else ""


def path_of(code: str) -> str:
    """The public page of a community; its other public pages lie below."""
    return f"/c/{code}"


def remembered(code: str, *, secure: bool) -> Cookie:
    """The choice of a community, for a year; it holds the community's code and nothing about the person."""
    return Cookie(
        key=COMMUNITY_COOKIE, value=code, path="/", max_age=YEAR_S, httponly=True, secure=secure, samesite="lax"
    )  # fmt: skip


def newly_chosen(request: Request) -> str:
    """Code of the community whose path a stranger took and who had chosen another one, or none, before; else ""."""
    named = str(request.path_params.get("community_code", ""))
    known = request.state.community
    new = known is not None and known.code == named and not request.state.actor.uid
    return named if new and request.cookies.get(COMMUNITY_COOKIE) != named else ""


def _named(connection: Connection) -> str:
    """The code in the path, else behind `?community=` where the operation is open to everybody; "" for neither."""
    if in_path := connection.path_params.get("community_code"):
        return str(in_path)
    operation = getattr(connection.route_handler, "operation_id", None)
    if isinstance(operation, str) and Role.PUBLIC in use_case(operation).grants:
        return connection.query_params.get("community", "")
    return ""
