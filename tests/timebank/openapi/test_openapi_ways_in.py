"""The ways in that the document names are the ones there are: nothing opens without them, and their names are those that are set."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.timebank.access.access_catalogue import CATALOGUE
from timebank.community.identity import flow
from timebank.web.openapi.document import document

_document = cache(document)
SHUT = {"card", "kiosk", "half_session"}


def _entered_by(described: Any, ways: set[str]) -> list[str]:
    """Every operation that is entered by one of these alone."""
    return [
        str(one["operationId"])
        for path, item in described["paths"].items()
        for one in item.values()
        if all(ways & entry.keys() for entry in one["security"])
    ]


async def test_a_card_a_kiosk_and_half_a_sign_in_open_what_is_shut_without_them(town: Any) -> None:
    found = _entered_by(_document(town.app), SHUT)
    assert len(found) == 11
    browser = await town.stranger("dongqu")
    for name in found:
        ask = CATALOGUE[name][0]
        answer = await browser.request(
            ask.method, ask.path, data=ask.form, headers={"accept": "application/json"}
        )
        leads_back = answer.status_code == 303 and answer.headers["location"] == "/k"
        assert leads_back or answer.status_code == 401, (name, answer.status_code)


async def test_the_gateway_is_known_by_its_token_alone(town: Any) -> None:
    found = _entered_by(_document(town.app), {"gateway"})
    assert sorted(found) == ["ApiTakeText", "ApiTextReceipt"]
    worker = await town.client("worker")
    for name in found:
        ask = CATALOGUE[name][0]
        assert (await worker.post(ask.path, json=ask.json)).status_code in (401, 403)


async def test_the_cookies_have_the_names_that_the_document_says(town: Any) -> None:
    schemes: Any = _document(town.app)["components"]
    names = {way: one.get("name") for way, one in schemes["securitySchemes"].items()}
    browser = await town.stranger("dongqu")
    page = await browser.get("/sign-in")
    assert (names["visitor"] in page.cookies, names["form_token"] in page.headers) == (True, True)
    code = await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids["elder"], kind="code")
    done = await browser.post("/sign-in/code", data={"who": "19900000101", "code": code})
    assert names["session"] in done.cookies
    card = await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids["elder"], kind="card")
    opened = await browser.post("/k", data={"token": card})
    assert names["card"] in opened.cookies
    worker = await town.client("worker")
    declared = await worker.post("/desk/kiosk", data={"name": "大厅"})
    assert names["kiosk"] in declared.cookies
