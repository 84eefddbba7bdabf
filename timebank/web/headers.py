"""Security headers on every answer, and one log line per request that names no person, query or secret.

A hook on sending rather than a middleware: it also sees the answers that no route gave.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import HTTPResponseStartEvent, Message, Scope

log = logging.getLogger("timebank.access")

YEAR_S = 31_536_000
CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)

REVALIDATED = "private, no-cache"
"""What an answer says that a program of its own reader may keep, if it asks each time whether it still holds."""


def headers_on_every_answer(*, hsts: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """A before-send hook; private by default, so only static files may be kept by a browser."""

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
            return
        static = scope["path"].startswith("/static/")
        headers = MutableScopeHeaders.from_message(message)
        headers["content-security-policy"] = CSP
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "same-origin"
        headers["permissions-policy"] = "camera=(), microphone=(), geolocation=(self)"
        headers["cross-origin-opener-policy"] = "same-origin"
        if static:
            headers["cache-control"] = _kept_for(scope)
        elif headers.get("cache-control") != REVALIDATED:
            headers["cache-control"] = "no-store"
        if hsts:
            headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
            _over_tls_only(message)
        if not static:
            # The route's pattern, never the path: paths may carry a sign-in token.
            pattern = scope.get("path_template") or "-"
            began = scope.get("state", {}).get("began")
            spent = f" {(perf_counter() - began) * 1000:.1f} ms" if began else ""
            log.info("%s %s %s%s", scope["method"], pattern, message["status"], spent)

    return add


def _over_tls_only(message: HTTPResponseStartEvent) -> None:
    """Whichever page sets a cookie, of whatever use: no browser sends it in the clear."""
    message["headers"] = [
        (
            name,
            value if name.lower() != b"set-cookie" or b"; secure" in value.lower() else value + b"; Secure",
        )
        for name, value in message["headers"]
    ]


def _kept_for(scope: Scope) -> str:
    """A static file whose address marks its content never changes; one without the mark may tomorrow."""
    if scope.get("query_string", b"").startswith(b"v="):
        return f"public, max-age={YEAR_S}, immutable"
    return "public, max-age=3600"
