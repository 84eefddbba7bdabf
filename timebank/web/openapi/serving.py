"""The document at `/schema/openapi.json`: for everybody, made once when it is first asked for, away from the event loop."""

from __future__ import annotations

import asyncio
from hashlib import sha256

import msgspec
from litestar import Litestar, Response, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from timebank import __version__
from timebank.errors import NotFound
from timebank.web.headers import REVALIDATED
from timebank.web.openapi.document import document
from timebank.web.request import Request

ROOT, PATH = "/schema", "/schema/openapi.json"
MEDIA_TYPE = "application/vnd.oai.openapi+json"
ABOUT = """\
Volunteer time bank: needs, resources, claims, services, hours. No money anywhere.

Operations below `/api/` answer with JSON and refuse with problem details (RFC 9457), whatever is accepted. All others are pages:
they answer with HTML, and refuse with a page to whoever accepts `text/html`, with problem details to everybody else. `x-roles`
names the roles of which somebody must have one; which things of a kind are theirs is judged for each thing, and one that is not
theirs is not there (404). `x-refusals` names, by status, the codes of problem details that an operation can come to.
Whole numbers are written without a point: 5.0 is refused.
"""


def openapi_config() -> OpenAPIConfig:
    """What Litestar is told of the document; it is ours that is served."""
    return OpenAPIConfig(
        title="timebank",
        version=__version__,
        description=ABOUT,
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin()],
        openapi_router=Router(ROOT, route_handlers=[], before_request=_served, include_in_schema=False),
    )


async def _served(request: Request) -> Response[bytes]:
    if request.url.path not in (ROOT, PATH):
        raise NotFound()
    app: Litestar = request.app
    if "openapi" not in app.state:
        app.state.openapi = await asyncio.to_thread(written, app)
    content: bytes = app.state.openapi
    headers = {"etag": f'"{sha256(content).hexdigest()[:32]}"', "cache-control": REVALIDATED}
    if headers["etag"].strip('"') in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, media_type=MEDIA_TYPE, headers=headers)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def written(app: Litestar) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document(app))
