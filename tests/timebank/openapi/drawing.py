"""What is sent to an operation: requests that work, with fields of them replaced; what the document allows, and what it forbids;
and bytes that no program of ours sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.timebank.openapi.asking import Asked, Operation, Wire
from tests.timebank.openapi.known import Known

WORDS: tuple[str, ...] = (
    "", " ", "0", "-1", "1.5", "true", "null", "no", "9" * 20, str(2**63), str(-(2**63) - 1), "1e308", "NaN", "2026-11-24", "2026-13-45",
    "0000-00-00", "9999-12-31", "25:61", "24:00", "2026-W53", "X0000000Z", "'; DROP TABLE tb_person; --", "<script>", "../../etc/passwd",
    "=1+1", "％", "王", "𠮷🧓🏽", "\u202e\u200d", "\r\nset-cookie: a=b", "a" * 201, "长" * 5_000, "x" * 100_000, "{}", "[]", "%00", "%s%n",
)  # fmt: skip
"""What people and programs put into fields; each is text that can be sent."""
ODD_JSON: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**53, 2**63 - 1, -(2**63), 10**15, "", [], {}, [None], {"a": {"b": []}}, ["x"] * 500, "x" * 5_000,
)  # fmt: skip
NO_TEXT = (b"\x00", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\x80")
HEADERS = (
    b"cookie", b"accept-language", b"user-agent", b"referer", b"idempotency-key", b"if-none-match", b"authorization", b"hx-request",
)  # fmt: skip
ODD_HEADERS = (b"\xff", b"\x80" * 9_000, b"a=b; \xc3=\xc3", b"en;q=x, zh;q=-1", b"[")
JSON, FORM, PARTS = (
    b"application/json",
    b"application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=x",
)
NUL_FILE = (
    b'--x\r\ncontent-disposition: form-data; name="files"; filename="\x00.csv"\r\n\r\n\x00\r\n--x--\r\n'
)
BODIES: tuple[tuple[bytes, bytes], ...] = (
    (JSON, b"[" * 100_000), (JSON, b'{"a":' * 50_000), (JSON, b'{"a": 1' + b"0" * 400 + b"}"), (JSON, b'{"a": 1e999}'), (JSON, b'{"a": NaN}'),
    (JSON, b'{"a": "\\ud800"}'), (JSON, b'{"a": "\\u0000"}'), (JSON, b"\xef\xbb\xbf{}"), (JSON, b""), (JSON, b"null"), (JSON, b"[]"),
    (JSON, b'"text"'), (JSON, b'{"a": 1, "a": 2}'), (JSON, b"[" + b"0," * 200_000 + b"0]"), (JSON, b"x" * 6_100_000),
    (FORM, b"&" * 50_000), (FORM, b"%"), (FORM, b"%zz=%"), (FORM, b"a=" + b"%00" * 10), (FORM, b"a=1&" * 5_000),
    (PARTS, b"--x\r\n\r\n\r\n--x--"), (PARTS, NUL_FILE), (b"multipart/form-data", b"--x"), (b"multipart/form-data; boundary=", b"----"),
    (b"text/plain", b"x"), (b"application/xml", b"<a/>"), (b"application/msgpack", b"\x81\xa1a\x01"), (b"text/csv", b"a,b\n1,2\n"),
    (b"application/json; charset=utf-16", "{}".encode("utf-16")), (b"\xff\xff", b"{}"), (b"", b"{}"),
)  # fmt: skip
"""(content type, body) of requests that are wrong as a whole."""


def drawn(operation: Operation, known: Sequence[Known]) -> st.SearchStrategy[Asked]:
    """Three times of four a request that may work, else what the document forbids; mostly with ids of the world."""
    allowed = _with_real_ids(operation.as_strategy(), known)
    forbidden = _with_real_ids(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), known)
    return st.one_of(*[_replaced(one) for one in known], allowed, forbidden)


@st.composite
def _with_real_ids(draw: st.DrawFn, cases: st.SearchStrategy[Asked], known: Sequence[Known]) -> Asked:
    case = draw(cases)
    case.body = _without_points(case.body)
    if len(known) and draw(st.integers(0, 4)):
        case.path_parameters = dict(draw(st.sampled_from([one.path for one in known])))
        return case
    # A slash, or dots alone, would make it the address of something else.
    case.path_parameters = {
        name: quote(str(value), safe="").replace("%2F", "_").replace(".", "_") or "_"
        for name, value in (case.path_parameters or {}).items()
    }
    return case


def _without_points(value: Any) -> Any:
    """5.0 is a whole number to JSON Schema; to us it is nothing that somebody meant, and no schema can say so."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {name: _without_points(one) for name, one in value.items()}
    return [_without_points(one) for one in value] if isinstance(value, list) else value


@st.composite
def _replaced(draw: st.DrawFn, known: Known) -> Asked:
    case = known.case()
    values = st.sampled_from((*ODD_JSON, *WORDS) if case.media_type == "application/json" else WORDS)
    if isinstance(case.body, dict) and case.body:
        for name in draw(st.lists(st.sampled_from(sorted(case.body)), max_size=2)):
            case.body[name] = draw(values)
    for name in [one.name for one in known.operation.query]:
        if not draw(st.integers(0, 3)):
            case.query = {**(case.query or {}), name: draw(st.sampled_from(WORDS))}
    return case


@st.composite
def hostile(draw: st.DrawFn, wire: Wire) -> Wire:
    """The request with wrong bytes somewhere: in its address, in a header, in its body."""
    bad = draw(st.sampled_from(NO_TEXT))
    said = "".join(f"%{byte:02x}" for byte in bad).encode()
    where = draw(
        st.sampled_from(("value", "name", "raw", "number", "path", "header", "body", "body", "body", "tail"))
    )
    if where == "path":
        return replace(wire, path=wire.path.rstrip(b"/") + said)
    if where == "header":
        odd = (draw(st.sampled_from(HEADERS)), draw(st.sampled_from(ODD_HEADERS)))
        return replace(wire, headers=(*wire.headers, odd))
    if where == "tail" and wire.method != "GET":
        return replace(wire, body=wire.body + bad)
    if where == "body" and wire.method != "GET":
        kind, body = draw(st.sampled_from(BODIES))
        headers = (*(one for one in wire.headers if one[0] != b"content-type"), (b"content-type", kind))
        return replace(wire, headers=headers, body=body)
    number = urlencode(dict.fromkeys(("at", "number", "before", "page", "place"), 2**70)).encode()
    odd_query = {"value": b"q=" + said, "name": said + b"=1", "raw": b"q=" + bad, "number": number}
    return replace(wire, query=wire.query + b"&" + odd_query.get(where, b"q=" + said * 1_000))
