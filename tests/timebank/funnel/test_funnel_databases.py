"""The funnel counts, lists and finds alike on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.timebank.funnel.test_funnel import ALL, claim, figures, listed, newcomer, pair, part
from timebank.office.funnel import flow
from timebank.office.funnel.flow import Narrowing
from timebank.rules.parts.attendance import State
from timebank.store.members.source_keys import RowOfList, add_source_keys
from timebank.store.office.funnel import Stage


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """Both databases."""
    return database_url


async def test_figures_lists_narrowing_paging_and_search(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await figures(town) == [4, 4, 0, 0]
    people = [
        await newcomer(
            town, f"新人{n}", phone=f"1990002881{n}", area="dongqu-1", number="77" if n == 1 else ""
        )
        for n in range(5)
    ]
    await claim(town, people[1], "open")
    await pair(town, people[2])
    await part(town, people[3], State.SIGNED_UP, days=3)
    await part(town, people[4], State.POSTED, days=-3)
    async with town.ctx.engine.atomic():
        row = RowOfList(source="volunteers:报到", row_key="k", member=people[4])
        await add_source_keys(town.ctx.engine, "dongqu", [row, row])
    assert await figures(town) == [9, 8, 3, 1]
    assert await figures(town, Narrowing(area="dongqu-1")) == [5, 4, 3, 1]
    assert await figures(town, Narrowing(team="red-vests")) == [4, 4, 0, 0]
    assert await figures(town, Narrowing(source="volunteers:报到")) == [1, 1, 1, 1]
    assert set(await listed(town, Stage.PLACED)) == set(people[2:])
    assert await listed(town, Stage.REGISTERED, typed="新人1") == [people[1]]
    assert await listed(town, Stage.REGISTERED, typed="8814") == [people[4]]
    monkeypatch.setattr(flow, "PEOPLE_ON_PAGE", 2)
    seen: list[str] = []
    after = ""
    worker = await town.actor("worker")
    for _ in range(9):
        shown = await flow.stage_people(town.ctx, worker, "registered", ALL, after=after)
        seen += [one.uid for one in shown.people]
        after = shown.following
        if not after:
            break
    assert len(seen) == len(set(seen)) == 9
