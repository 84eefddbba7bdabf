"""A mandate says in what: whoever may only ask reads, confirms and calls off nothing, also while acting for the one who gave it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.timebank.access.access_catalogue import CATALOGUE
from tests.timebank.access.access_people import WALKERS, verdict
from timebank.access import use_case

pytestmark = pytest.mark.asyncio(loop_scope="module")

ACTING = replace(WALKERS["asker"], acting_for="elder")
OUTSIDE = [
    operation
    for operation, asks in CATALOGUE.items()
    if use_case(operation).scope not in ("", "ask")
    and any(not verdict(ACTING, operation, ask.belongs).granted for ask in asks)
]


async def test_acting_for_somebody_widens_no_mandate(street: Any) -> None:
    await street.client("asker_acting", ACTING)
    assert len(OUTSIDE) >= 15
    wrong = []
    for operation in OUTSIDE:
        for ask in CATALOGUE[operation]:
            promised = verdict(ACTING, operation, ask.belongs)
            if promised.granted:
                continue
            async with street.taken_back():
                before = await street.writes()
                answer = await street.ask("asker_acting", ask.request(street.world.ids))
                if answer.status_code != promised.status or await street.writes() != before:
                    wrong.append(f"{operation} {ask.path}: {answer.status_code}")
                wrong += [f"{operation} shows {leak}" for leak in street.leaks("asker", answer.content)]
    assert wrong == []


async def test_within_it_asking_works_and_the_page_of_the_day_shows_nothing_beyond_it(street: Any) -> None:
    await street.client("asker_acting", ACTING)
    page = await street.ask("asker_acting", {"method": "GET", "url": "/elder"}, accept="text/html")
    assert page.status_code == 200
    assert street.leaks("asker", page.content) == []
    async with street.taken_back():
        [ask] = CATALOGUE["OpenRequest"]
        asked = await street.ask("asker_acting", ask.request(street.world.ids))
        assert asked.status_code == 303
