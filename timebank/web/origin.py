"""A second lock beside the CSRF token: a writing request must come from our own pages, as the browser itself says."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.handlers.base import BaseRouteHandler

from timebank.errors import NotAllowed
from timebank.web.request import Connection

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def same_origin_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuse a write from another site; see `require_same_origin`."""
    # It waits for nothing, and is asynchronous because Litestar runs a plain guard in a thread, at every request.
    scope = connection.scope
    if scope["type"] == ScopeType.HTTP and scope["method"] in SAFE_METHODS:
        return
    require_same_origin(connection)


def require_same_origin(connection: Connection) -> None:
    """Refuse what a browser marks as coming from another site; programs without these headers pass.

    Raises:
        NotAllowed: it comes from elsewhere.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise NotAllowed()
    origin = connection.headers.get("origin")
    # "null" is what a page without an address of its own says: a frame in a box, a file; none of ours.
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise NotAllowed()
