"""Nothing that anybody typed stands in the text of a statement: values go to the database beside it, in the stores too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.timebank.access.access_catalogue import CATALOGUE
from tests.timebank.access.conftest import STATEMENTS

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOUGHT = "zq'; --"
SEARCHES = [
    (operation, ask)
    for operation, asks in CATALOGUE.items()
    for ask in asks
    if "zq" in f"{ask.form} {ask.json} {ask.path}"
]


async def test_no_word_that_was_typed_stands_in_a_statement(street: Any) -> None:
    """The world was built by the app's own flows, each private field with a word of its own."""
    for _operation, ask in SEARCHES:
        request = ask.request(street.world.ids)
        for part in ("json", "data"):
            if part in request:
                request[part] = {
                    key: SOUGHT if value == "zq" else value for key, value in request[part].items()
                }
        request["url"] = request["url"].replace("q=zq", f"q={SOUGHT}")
        async with street.taken_back():
            answer = await street.ask("worker", request, accept="text/html")
        assert answer.status_code < 500, ask.path
    assert len(STATEMENTS) > 300
    words = [one.word for one in street.world.canaries] + [SOUGHT, "zq"]
    assert [text for text in STATEMENTS if any(word in text for word in words)] == []
