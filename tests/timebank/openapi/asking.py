"""Asks the app in its own process, byte for byte, and judges each answer by the document.

No client library stands between: it would mend, refuse or re-encode what a hostile program sends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

import requests
from litestar import Litestar
from schemathesis import APIOperation, Case
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
Asked: TypeAlias = Case[Any]

BASE = "http://127.0.0.1:8000"
PROGRAM, BROWSER = "application/json", "text/html,application/xhtml+xml"
CHECKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
)  # fmt: skip
REFUSED = ("negative_data_rejection",)
JSON_OR_NONE = (None, "application/json")
_SENT = ("method", "url", "params", "data", "json", "files")
load_all_checks()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A request as it goes over the line."""

    method: str
    path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def wire_of(case: Asked, headers: Mapping[str, str], file_name: str = "") -> Wire:
    """A case as bytes, sent by whoever `headers` says; `file_name` is that of the file in it, where it has one."""
    known = case.as_transport_kwargs(base_url=BASE)
    if file_name:
        assert isinstance(case.body, dict)
        known["files"] = {"files": (file_name, case.body["files"])}
    made = requests.Request(**{name: known[name] for name in _SENT if name in known}).prepare()
    path, _, query = made.path_url.partition("?")
    sent = {name.lower(): str(value) for name, value in (known.get("headers") or {}).items()}
    if kind := made.headers.get("content-type"):
        sent["content-type"] = str(kind)
    sent |= headers
    body = made.body or b""
    assert isinstance(body, str | bytes)
    return Wire(
        method=case.method, path=path.encode(), query=query.encode(),
        headers=tuple((name.encode(), value.encode("latin-1", "replace")) for name, value in sent.items()),
        body=body.encode() if isinstance(body, str) else body,
    )  # fmt: skip


async def answer_to(app: Litestar, wire: Wire) -> Response:
    """What the app says; what it fails with is a 500."""
    told: list[Any] = []
    given = [{"type": "http.request", "body": wire.body, "more_body": False}]

    async def receive() -> Any:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        told.append(message)

    try:
        await app(_scope(wire), receive, send)
        status, headers = int(told[0]["status"]), told[0]["headers"]
        content = b"".join(one.get("body", b"") for one in told[1:])
    except Exception as error:
        status, headers, content = 500, [(b"content-type", b"text/plain")], repr(error).encode()
    said: dict[str, list[str]] = {}
    for name, value in headers:
        said.setdefault(name.decode().lower(), []).append(value.decode("latin-1"))
    asked = requests.Request(wire.method, f"{BASE}{wire.path.decode('latin-1')}").prepare()
    return Response(
        status_code=status, headers=said, content=content, request=asked, elapsed=0.0, verify=False
    )


def _scope(wire: Wire) -> Any:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": wire.method, "scheme": "http",
        "path": unquote_to_bytes(wire.path).decode("utf-8", "replace"), "raw_path": wire.path, "root_path": "",
        "query_string": wire.query, "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 50000), "state": {},
        "headers": [(b"host", b"127.0.0.1:8000"), *wire.headers, (b"content-length", str(len(wire.body)).encode())],
    }  # fmt: skip


def wrong_with(case: Asked, response: Response, *, as_drawn: bool) -> list[str]:
    """How an answer differs from what the document says of its operation; empty when it does not.

    Args:
        as_drawn: the case was sent as it was generated, so that what the document allows of JSON, and what it forbids, counts.
    """
    mode = case.meta.generation.mode if as_drawn and case.meta and case.media_type in JSON_OR_NONE else None
    forbidden = mode is not None and mode.is_negative
    wrong = [
        *_differing(case, response, (*CHECKED, *REFUSED) if forbidden else CHECKED),
        *_untold(case, response),
    ]
    if mode is not None and mode.is_positive and response.status_code == 400:
        code = response.json()["code"]
        wrong += [f"Refused what the document allows: {code}"] if code != "unreadable" else []
    return wrong


def _untold(case: Asked, response: Response) -> list[str]:
    """The code of a refusal that the document does not name."""
    if not response.headers.get("content-type", [""])[0].startswith("application/problem+json"):
        return []
    status, code = str(response.status_code), response.json()["code"]
    told = case.operation.definition.raw["x-refusals"].get(status, [])
    return [] if code in told else [f"Undocumented refusal: {status} {code}"]


def _differing(case: Asked, response: Response, checks: Sequence[str]) -> list[str]:
    try:
        case.validate_response(response, checks=CHECKS.get_by_names(checks))  # type: ignore[arg-type]
    except FailureGroup as group:
        return [_said(one, response) for one in group.exceptions]
    except Failure as one:
        return [_said(one, response)]
    return []


def _said(failure: BaseException, response: Response) -> str:
    title = getattr(failure, "title", type(failure).__name__)
    return f"{title}: {response.status_code} {response.headers.get('content-type', [''])[0]} {failure}"[:600]
