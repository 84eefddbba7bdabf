"""The tree of places and the guide on both databases: the same answers to the same questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.settling import hold, settle
from timebank.community import guide
from timebank.community.founding import office
from timebank.community.places import loading, tree
from timebank.community.places.loading import What
from timebank.rules.places import areas as rules
from timebank.rules.relationships import Party, Sort
from timebank.store.places import areas


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """SQLite and PostgreSQL in turn."""
    return database_url


async def test_places_and_guide_answer_alike(town: Any) -> None:
    ctx, actor, today = town.ctx, await town.actor("worker"), town.ctx.today()
    report = await loading.load(
        ctx, actor, What.PLACES, text="3号楼 楼栋 一网格\n1单元 单元 一网格3号楼\n3号楼 楼栋 二网格"
    )
    assert report.made == 3
    await loading.load(ctx, actor, What.WAYS, text="一网格 二网格 8\n一网格3号楼 二网格3号楼 6")
    [first] = await areas.children(ctx.engine, "dongqu-1", limit=9)
    [second] = await areas.children(ctx.engine, "dongqu-2", limit=9)
    shown = await tree.show(ctx, actor, first.code)
    assert [(way.other.code, way.minutes) for way in shown.ways] == [(second.code, 6)]
    with pytest.raises(rules.BeforeLastMove):
        await tree.move_to(ctx, actor, first.code, parent="dongqu", on=today - timedelta(days=1))
    await tree.move_to(ctx, actor, first.code, parent="dongqu", on=today)
    [door] = await areas.children(ctx.engine, first.code, limit=9)
    assert (await areas.areas_below(ctx.engine, first.path)) == []
    with pytest.raises(rules.StillInUse):
        await tree.end(ctx, actor, first.code, on=today)
    await tree.end(ctx, actor, door.code, on=today)
    await tree.end(ctx, actor, first.code, on=today)
    await tree.care_about(ctx, actor, "dongqu-1", uncared=True)

    async with ctx.engine.atomic():
        await hold(ctx, "dongqu", "grid_head", town.uids["leader"], Party(Sort.AREA, "dongqu-2"))
        await settle(ctx, "dongqu", "没手机的老人", asks=True)
    await office.skip(ctx, actor, "cards", why="家里有人代打")
    await office.save_community(ctx, actor, office.Said(address="1号", phone="0555-1234567", opens="每天"))
    steps = {one.step.code: one for one in await guide.steps(ctx, "dongqu")}
    assert {code for code, one in steps.items() if one.done} == {
        "place", "grids", "second_worker", "auditor", "people", "teams", "units",
    }  # fmt: skip
    assert steps["cards"].left_out
    await office.take_back(ctx, actor, "cards")
    assert await guide.left(ctx, "dongqu") == 5
