"""Where cards and slips lead, as it is printed on them."""

from __future__ import annotations

from timebank.web.community import path_of
from timebank.web.hosts import address
from timebank.web.request import Request


def address_of(request: Request, community: str) -> str:
    """Where people of a community sign in, as it is printed."""
    return f"{address(request)}{path_of(community)}/sign-in"


def card_path(secret: str) -> str:
    """Where a card is used; the secret stands behind the #, which no browser sends and no log keeps."""
    return f"/k#{secret}"


def link_of(request: Request, secret: str) -> str:
    """The address that a card's code leads to."""
    return f"{address(request)}{card_path(secret)}"
