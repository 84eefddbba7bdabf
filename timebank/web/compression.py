"""Text travels compressed: pages, what programs read, and our static files.

Pages carry a token against forged presses, and a page's length could tell it to somebody who sees the encrypted traffic and
can make the reader open addresses (the BREACH attack). Session cookies do not travel with other sites' requests, and the
length of each page is blurred besides: a name of random length in the head of its gzip stream, which browsers skip.
"""

from __future__ import annotations

import secrets
import zlib
from functools import lru_cache
from struct import pack

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

SHORTEST_WORTH_IT = 500
BLUR_BYTES_MAX = 64
THE_SAME_FOR_ALL = ("/static/", "/schema")
"""What holds no secret and never changes while the process lives: compressed once."""
TEXT = (
    "text/",
    "application/json",
    "application/vnd.oai.openapi+json",
    "application/javascript",
    "application/problem+json",
    "image/svg+xml",
)
_NAMED, _ON_UNIX = 0x08, 255


def gzipped(body: bytes, *, name_length: int = 0, level: int = 6) -> bytes:
    """One gzip stream (RFC 1952); `name_length` is that of the file name in its head, for blurring the size."""
    head = pack("<4BL2B", 0x1F, 0x8B, 8, _NAMED if name_length else 0, 0, 0, _ON_UNIX)
    name = b"-" * name_length + b"\0" if name_length else b""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    tail = pack("<2L", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    return head + name + deflate.compress(body) + deflate.flush() + tail


@lru_cache(maxsize=64)
def _of_a_file(body: bytes) -> bytes:
    """A static file, compressed once per process as well as it goes."""
    return gzipped(body, level=9)


class Compression(ASGIMiddleware):
    """Compresses answers of text in one piece, for whoever says that they can read it."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        accepted = Headers.from_scope(scope).get("accept-encoding", "")
        if scope["type"] != ScopeType.HTTP or "gzip" not in accepted or scope["method"] == "HEAD":
            await next_app(scope, receive, send)
            return
        await next_app(scope, receive, _Sender(scope, send))


class _Sender:
    """Holds the head of an answer back until its body is known, for files until the whole of it is there."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.send = send
        self.static = scope["path"].startswith(THE_SAME_FOR_ALL)
        self.head: HTTPResponseStartEvent | None = None
        self.pieces: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_text(message):
            self.head = message
        elif message["type"] != "http.response.body" or self.head is None:
            await self.send(message)
        elif message["more_body"] and not self.static:
            head, self.head = self.head, None
            await self.send(head)
            await self.send(message)
        else:
            self.pieces.append(message["body"])
            if not message["more_body"]:
                await self._finish(self.head, b"".join(self.pieces))

    async def _finish(self, head: HTTPResponseStartEvent, body: bytes) -> None:
        headers = MutableScopeHeaders(head)
        headers.extend_header_value("vary", "Accept-Encoding")
        if len(body) >= SHORTEST_WORTH_IT:
            blur = 1 + secrets.randbelow(BLUR_BYTES_MAX)
            body = _of_a_file(body) if self.static else gzipped(body, name_length=blur)
            headers["content-encoding"] = "gzip"
            headers["content-length"] = str(len(body))
            if (tag := headers.get("etag", "")) and not tag.startswith("W/"):
                headers["etag"] = f"W/{tag}"
        await self.send(head)
        await self.send({"type": "http.response.body", "body": body, "more_body": False})


def _is_text(head: HTTPResponseStartEvent) -> bool:
    """Whether the body that follows is text, the whole of it, and not compressed yet."""
    headers = MutableScopeHeaders(head)
    whole = head["status"] == 200 or head["status"] >= 400
    plain = "content-encoding" not in headers and "content-range" not in headers
    return whole and plain and headers.get("content-type", "").startswith(TEXT)
