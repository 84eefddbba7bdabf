"""Security headers on every answer, and one log line per request that names no person, query or secret."""

from __future__ import annotations

import logging
from time import perf_counter

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("timebank.access")

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


class HeadersMiddleware(ASGIMiddleware):
    """Adds the headers; private by default, so only static files may be kept by a browser."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, *, hsts: bool) -> None:
        self._hsts = hsts

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began = perf_counter()
        static = scope["path"].startswith("/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers["content-security-policy"] = CSP
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                headers["permissions-policy"] = "camera=(), microphone=(), geolocation=(self)"
                headers["cross-origin-opener-policy"] = "same-origin"
                headers["cache-control"] = "public, max-age=3600" if static else "no-store"
                if self._hsts:
                    headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
                if not static:
                    # The route's pattern, never the path: paths may carry a sign-in token.
                    pattern = scope.get("path_template") or "-"
                    spent_ms = (perf_counter() - began) * 1000
                    log.info("%s %s %s %.1f ms", scope["method"], pattern, message["status"], spent_ms)
            await send(message)

        await next_app(scope, receive, send_with_headers)
