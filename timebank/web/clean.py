"""What no page or program of ours ever sends is refused at the edge, before anything reads it: 400, whatever the operation.

A NUL or bytes that are no UTF-8, in the address or in a body; half a character; JSON deeper than any of our schemas; a number
that no column holds; and a host that is none of ours (`hosts`). PostgreSQL refuses some of it, SQLite keeps it, and a parser may fall over it; here it is one answer.
"""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import parse_qsl, unquote_to_bytes

from litestar.enums import ScopeType
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from timebank.errors import Unreadable
from timebank.web.hosts import refuse_other_hosts
from timebank.web.origin import SAFE_METHODS
from timebank.web.request import Request

DEPTH_MAX = 32
NUMBER_MAX = 2**63 - 1
_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


class CleanMiddleware(ASGIMiddleware):
    """Stands before everything that reads a request."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request: Request = Request(scope, receive)
        refuse_other_hosts(request, request.app.state.ctx.settings)
        try:
            refuse_address(scope)
        except Unreadable:
            # Whoever says so to the asker must not stumble over it in turn.
            scope["query_string"] = b""
            raise
        if request.method not in SAFE_METHODS:
            await refuse_body(request)
        await next_app(scope, receive, send)


def refuse_address(scope: Scope) -> None:
    """Raises Unreadable for a path or a query with what nobody sends, or with a number that is none of ours."""
    for part in (scope.get("raw_path") or scope["path"].encode(), scope["query_string"]):
        _plain(unquote_to_bytes(part))
    if numbers := numbers_of(scope["route_handler"]):
        given = parse_qsl(scope["query_string"].decode("latin-1"))
        given += [(name, str(value)) for name, value in scope.get("path_params", {}).items()]
        for name, value in given:
            if name in numbers and _beyond(value):
                raise Unreadable()


async def refuse_body(request: Request) -> None:
    """Raises Unreadable for a body with what nobody sends. A file in it may hold what it likes."""
    body = await request.body()
    kind = request.content_type[0]
    if kind == _PARTS:
        try:
            fields = (await request.form()).multi_items()
        except (UnicodeDecodeError, ValueError) as error:
            raise Unreadable() from error
        for name, value in fields:
            _whole(name)
            _whole(value if isinstance(value, str) else str(value.filename))
        return
    if kind == _FORM:
        _plain(unquote_to_bytes(body.replace(b"+", b" ")))
    else:
        _plain(body)
    # A handler reads JSON whatever the sender calls it.
    if body.lstrip()[:1] in (b"[", b"{", b'"') or body.strip().lstrip(b"-").isdigit():
        _refuse_json(body)


def _refuse_json(body: bytes) -> None:
    try:
        value: object = json.loads(body, parse_int=_number)
    except RecursionError as error:
        raise Unreadable() from error
    except ValueError:
        return  # no JSON: whoever wanted some says so in its own words
    waiting = [(value, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEPTH_MAX or (isinstance(value, int) and abs(value) > NUMBER_MAX):
            raise Unreadable()
        if isinstance(value, str):
            _whole(value)
        elif isinstance(value, dict):
            waiting += [(one, depth + 1) for pair in value.items() for one in pair]
        elif isinstance(value, list):
            waiting += [(one, depth + 1) for one in value]


def _number(digits: str) -> int:
    # Python itself reads no more than some thousand digits.
    if len(digits) > 40:
        raise Unreadable()
    return int(digits)


def _plain(content: bytes) -> None:
    try:
        _whole(content.decode())
    except UnicodeDecodeError as error:
        raise Unreadable() from error


def _whole(text: str) -> None:
    """Refuse a NUL and half a character."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable() from error
    if "\x00" in text:
        raise Unreadable()


def _beyond(text: str) -> bool:
    digits = text.strip().lstrip("+-").replace("_", "")
    return digits.isdecimal() and (len(digits) > 40 or int(digits) > NUMBER_MAX)


@cache
def numbers_of(handler: BaseRouteHandler) -> frozenset[str]:
    """The names of a handler's parameters that are whole numbers."""
    return frozenset(
        name
        for name, field in handler.parsed_fn_signature.parameters.items()
        if field.annotation is int or any(inner.annotation is int for inner in field.inner_types)
    )
