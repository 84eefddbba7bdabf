"""What no page or program of ours sends is refused at every operation alike, before anything reads it, and nothing is written."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.timebank.access.access_catalogue import CATALOGUE, Ask
from tests.timebank.access.access_people import WALKERS, verdict
from timebank.web.clean import DEPTH_MAX, NUMBER_MAX, numbers_of
from timebank.web.guard import operations

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
NO_TEXT = (b"\x00", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80")
NO_JSON_OF_OURS = (
    b'{"a": "\x00"}', b'{"a": "\\u0000"}', b'{"\\u0000": 1}', b'{"a": "\\ud800"}', b'"\xff"', b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000, b"[" * (DEPTH_MAX + 2) + b"]" * (DEPTH_MAX + 2),
    b'{"a": 9223372036854775808}', b'{"a": [-99999999999999999999]}', b"9" * 30, b"9" * 9_000,
)  # fmt: skip


def _walker(operation: str, ask: Ask) -> str:
    """Somebody who may do it, where anybody here may."""
    return next(
        (name for name, one in WALKERS.items() if verdict(one, operation, ask.belongs).granted),
        next(iter(WALKERS)),
    )


def _in_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _hostile(ask: Ask, made: dict[str, Any]) -> list[dict[str, Any]]:
    """Requests that are each refused with 400."""
    plain = {key: made[key] for key in ("method", "url")}
    wrong = [{**made, "url": _in_query(made["url"], query)} for query in ("q=%00", "%00=1", "q=%ff", "q=%C3")]
    if ask.method != "POST":
        return wrong
    wrong += [{**plain, "content": content, "headers": JSON} for content in (*NO_JSON_OF_OURS, *NO_TEXT)]
    # The same deep body under the name of a form: a handler of JSON would read it all the same.
    wrong += [{**plain, "content": b"[" * 100_000, "headers": FORM}]
    fields = [*(ask.form or {}), "q"]
    wrong += [
        {**plain, "content": f"{urlencode({name: ''})}{value}", "headers": FORM}
        for name in fields
        for value in ("%00", "%ff")
    ]
    part = '--x\r\ncontent-disposition: form-data; name="q"\r\n\r\n'
    wrong += [
        {**plain, "content": part.encode() + content + b"\r\n--x--\r\n", "headers": {"content-type": "multipart/form-data; boundary=x"}}
        for content in (b"\x00", b"\xff")
    ]  # fmt: skip
    return wrong


@pytest.mark.parametrize("operation", CATALOGUE)
async def test_bytes_that_nobody_sends_are_refused_at_every_operation(street: Any, operation: str) -> None:
    ask = CATALOGUE[operation][0]
    name, before = _walker(operation, ask), await street.writes()
    client, wrong = await street.client(name), []
    for request in _hostile(ask, ask.request(street.world.ids)):
        headers = {"accept": "application/json", **request.pop("headers", {})}
        answer = await client.request(**request, headers=headers)
        # An operation that takes little says so before it reads.
        if answer.status_code != 413 and (answer.status_code, answer.json()["code"]) != (400, "unreadable"):
            wrong.append((answer.status_code, request))
    assert wrong == []
    assert await street.writes() == before


async def test_numbers_beyond_every_column_are_refused_in_addresses_and_forms(street: Any) -> None:
    """Where a whole number is asked for, one that no column holds is the sender's mistake; in a text it is a text."""
    handlers = {operation: handler for operation, _route, handler in operations(street.app)}
    wrong, seen = [], 0
    for operation, asks in CATALOGUE.items():
        for ask in asks:
            made, name = ask.request(street.world.ids), _walker(operation, ask)
            tries = [
                {**made, "url": _in_query(made["url"].split("?")[0], f"{param}={value}")}
                for param in numbers_of(handlers[operation])
                for value in (NUMBER_MAX, NUMBER_MAX + 1)
            ]
            for field in made.get("data", {}):
                tries.append({**made, "data": {**made["data"], field: "9" * 25}})
            async with street.taken_back():
                for request in tries:
                    answer = await street.ask(name, request)
                    seen += 1
                    if answer.status_code >= 500:
                        wrong.append((operation, answer.status_code, request))
    assert wrong == []
    assert seen > 200


async def test_a_number_that_is_asked_for_is_refused_and_the_same_digits_in_a_text_are_not(
    street: Any,
) -> None:
    before = await street.ask("volunteer", {"method": "GET", "url": f"/api/hours?before={10**27}"})
    assert (before.status_code, before.json()["code"]) == (400, "unreadable")
    found = await street.ask("worker", {"method": "GET", "url": f"/desk/members?q={10**27}"})
    assert found.status_code == 200


async def test_a_person_is_told_on_a_page(street: Any) -> None:
    client = await street.client("worker")
    page = await client.get("/desk/members?q=%00", headers={"accept": "text/html"})
    assert (page.status_code, "读不了的字符" in page.text) == (400, True)


async def test_what_people_write_is_not_refused(street: Any) -> None:
    """Rare characters, emoji, new lines, long lists and deep enough JSON."""
    for words in ("㐂𠮷🧓🏽 \u200d\n\t", "0" * 300, "%00 as three signs"):
        answer = await street.ask(
            "worker", {"method": "GET", "url": f"/desk/members?{urlencode({'q': words})}"}
        )
        assert answer.status_code == 200
    body = json.dumps({"a": [[[{"b": [1, -5, 2**63 - 1, 1.5, None, True, "x" * 5_000]}]]]}).encode()
    client = await street.client("worker")
    said = await client.post("/api/cards", content=body, headers={**JSON, "accept": "application/json"})
    assert said.json()["code"] != "unreadable"
