"""Nothing that anybody typed stands in the text of a statement: values go to the database beside it, in the stores too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.timebank.access.access_catalogue import CATALOGUE
from tests.timebank.access.conftest import STATEMENTS

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOUGHT = ("zq'; --", "nobodyqx'; --")
"""What is looked for: what begins the words of many, and what is in nobody's, so that every way of looking is gone."""
SEARCHES = [ask for asks in CATALOGUE.values() for ask in asks if "zq" in f"{ask.form} {ask.json} {ask.path}"]


async def test_no_word_that_was_typed_stands_in_a_statement(street: Any) -> None:
    """The world was built by the app's own flows, each private field with a word of its own."""
    for ask in SEARCHES:
        for sought in SOUGHT:
            request = ask.request(street.world.ids)
            for part in {"json", "data"} & request.keys():
                request[part] = {
                    key: sought if value == "zq" else value for key, value in request[part].items()
                }
            request["url"] = request["url"].replace("q=zq", f"q={sought}")
            async with street.taken_back():
                answer = await street.ask("worker", request, accept="text/html")
            assert answer.status_code < 500, ask.path
    assert len(STATEMENTS) > 300
    words = [one.word for one in street.world.canaries] + ["zq", "nobodyqx"]
    assert [text for text in STATEMENTS if any(word in text for word in words)] == []
