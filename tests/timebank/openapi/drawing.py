"""What is sent to an operation: requests that work, with fields of them replaced; what the document allows, and what it forbids;
and bytes that no program of ours sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode

from tests.timebank.openapi.asking import Wire
from tests.timebank.openapi.known import Known

WORDS: tuple[str, ...] = (
    "", " ", "0", "-1", "1.5", "true", "null", "no", "9" * 20, str(2**63), str(-(2**63) - 1), "1e308", "NaN", "2026-11-24", "2026-13-45",
    "0000-00-00", "9999-12-31", "25:61", "24:00", "X0000000Z", "'; DROP TABLE tb_person; --", "<script>", "../../etc/passwd",
    "=1+1", "％", "王", "𠮷🧓🏽", "\u202e\u200d", "\r\nset-cookie: a=b", "a" * 201, "长" * 5_000, "x" * 100_000, "{}", "[]", "%00", "%s%n",
)  # fmt: skip
"""What people and programs put into fields; each is text that can be sent."""
ODD_JSON: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**53, 2**63 - 1, -(2**63), 10**15, "", [], {}, [None], {"a": {"b": []}}, ["x"] * 500, "x" * 5_000,
)  # fmt: skip
BAD_BYTES = (b"\x00", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\x80")
HEADERS = (
    b"cookie",
    b"accept-language",
    b"user-agent",
    b"referer",
    b"idempotency-key",
    b"if-none-match",
    b"authorization",
    b"hx-request",
)
ODD_HEADERS = (b"\xff", b"\x80" * 9_000, b"a=b; \xc3=\xc3", b"en;q=x, zh;q=-1", b"[")
BODIES: tuple[tuple[bytes, bytes], ...] = (
    (b"application/json", b"[" * 100_000), (b"application/json", b'{"a":' * 50_000), (b"application/json", b'{"a": 1' + b"0" * 400 + b"}"),
    (b"application/json", b'{"a": 1e999}'), (b"application/json", b'{"a": NaN}'), (b"application/json", b'{"a": "\\ud800"}'),
    (b"application/json", b'{"a": "\\u0000"}'), (b"application/json", b"\xef\xbb\xbf{}"), (b"application/json", b""), (b"application/json", b"null"),
    (b"application/json", b"[]"), (b"application/json", b'"text"'), (b"application/json", b'{"a": 1, "a": 2}'), (b"application/json", b"[" + b"0," * 200_000 + b"0]"),
    (b"application/x-www-form-urlencoded", b"&" * 50_000), (b"application/x-www-form-urlencoded", b"%"), (b"application/x-www-form-urlencoded", b"%zz=%"),
    (b"application/x-www-form-urlencoded", b"a=" + b"%00" * 10), (b"multipart/form-data", b"--x"), (b"multipart/form-data; boundary=", b"----"),
    (b"multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"), (b"multipart/form-data; boundary=x", b'--x\r\ncontent-disposition: form-data; name="files"; filename="\x00.csv"\r\n\r\n\x00\r\n--x--\r\n'),
    (b"text/plain", b"x"), (b"application/xml", b"<a/>"), (b"application/msgpack", b"\x81\xa1a\x01"), (b"\xff\xff", b"{}"), (b"", b"{}"),
    (b"application/json; charset=utf-16", "{}".encode("utf-16")), (b"text/csv", b"a,b\n1,2\n"), (b"application/json", b"x" * 6_100_000),
)  # fmt: skip
"""(content type, body) of requests that are wrong as a whole."""


def sensible(operation: APIOperation[Any], known: Sequence[Known]) -> st.SearchStrategy[Case]:
    """A request that works with one or two of its fields replaced, or what the document allows with the world's own ids."""
    ways = [_with_real_ids(operation.as_strategy(), known)]
    if known:
        ways += [_replaced(one) for one in known]
    return st.one_of(*ways)


def forbidden(operation: APIOperation[Any], known: Sequence[Known]) -> st.SearchStrategy[Case]:
    """What the document forbids, with the world's own ids."""
    return _with_real_ids(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), known)


@st.composite
def _with_real_ids(draw: st.DrawFn, cases: st.SearchStrategy[Case], known: Sequence[Known]) -> Case:
    case = draw(cases)
    if known and draw(st.integers(0, 4)):
        real = draw(st.sampled_from(known)).path
        case.path_parameters = {name: real[name] for name in real}
    else:
        # A slash or a dot alone would make it the address of something else.
        case.path_parameters = {
            name: quote(str(value), safe="").replace("%2F", "_").replace(".", "_") or "_"
            for name, value in (case.path_parameters or {}).items()
        }  # fmt: skip
    return case


@st.composite
def _replaced(draw: st.DrawFn, known: Known) -> Case:
    case = known.case()
    as_json = case.media_type == "application/json"
    values = st.sampled_from((*ODD_JSON, *WORDS) if as_json else WORDS)
    if isinstance(case.body, dict) and case.body:
        for name in draw(st.lists(st.sampled_from(sorted(case.body)), max_size=2)):
            case.body[name] = draw(values)
    for name in [one.name for one in known.operation.query]:
        if not draw(st.integers(0, 3)):
            case.query = {**(case.query or {}), name: draw(st.sampled_from(WORDS))}
    return case


@st.composite
def hostile(draw: st.DrawFn, wire: Wire) -> Wire:
    """A request whose bytes are wrong: in its address, in a header, in its body."""
    bad = draw(st.sampled_from(BAD_BYTES))
    said = "".join(f"%{byte:02x}" for byte in bad).encode()
    where = draw(
        st.sampled_from(
            ("query", "name", "raw query", "path", "header", "body", "body", "body", "tail", "number")
        )
    )
    if where == "query":
        return replace(wire, query=wire.query + b"&q=" + said)
    if where == "name":
        return replace(wire, query=wire.query + b"&" + said + b"=1")
    if where == "raw query":
        return replace(wire, query=wire.query + b"&q=" + bad)
    if where == "number":
        return replace(
            wire,
            query=urlencode({"at": 2**70, "number": -(2**70), "before": 2**64, "page": "9" * 500}).encode(),
        )
    if where == "path":
        return replace(wire, path=wire.path.rstrip(b"/") + said)
    if where == "header":
        return replace(
            wire,
            headers=(*wire.headers, (draw(st.sampled_from(HEADERS)), draw(st.sampled_from(ODD_HEADERS)))),
        )
    if wire.method == "GET":
        return replace(wire, query=wire.query + b"&q=" + said * 1000)
    if where == "tail":
        return replace(wire, body=wire.body + bad)
    kind, body = draw(st.sampled_from(BODIES))
    headers = tuple(one for one in wire.headers if one[0] != b"content-type")
    return replace(wire, headers=(*headers, (b"content-type", kind)), body=body)
