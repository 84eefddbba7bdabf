"""The order of the call sheet, on both databases: the worst loss first, and of equal loss what is too late the soonest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from timebank.news.sheet import LINES_SHOWN, sheet
from timebank.store.channels import news

LATEST_FIRST = (30, 28, 27, 29, 26, 31, 25)


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """SQLite puts what has no moment first, PostgreSQL last."""
    return database_url


async def _waiting(town: Any, who: str, kind: str, number: int, *, too_late_in_days: int | None) -> None:
    at = None if too_late_in_days is None else town.ctx.now() + timedelta(days=too_late_in_days)
    await town.ctx.engine.execute(
        "INSERT INTO tb_news (uid, community, member, kind, key, known, state, ways, made_at, next_at, too_late_at)"
        " VALUES (?, 'dongqu', ?, ?, ?, '{\"at\": \"2026-12-05T10:00+08:00\"}', 'call', 'call', ?, ?, ?)",
        [f"X{number}", town.uids[who], kind, f"k{number}", town.ctx.now(), town.ctx.now(), at],
    )


async def test_days_of_one_series_are_read_out_in_their_order_and_the_nearest_is_never_hidden(
    town: Any,
) -> None:
    async with town.ctx.engine.atomic():
        await _waiting(town, "volunteer", "you_go", 99, too_late_in_days=None)
        for number, days in enumerate(LATEST_FIRST):
            await _waiting(town, "volunteer", "you_go", number, too_late_in_days=days)
    [row] = (await sheet(town.ctx, "dongqu", "zh-CN")).rows
    moments = [line.news.too_late_at for line in row.lines]
    assert None not in moments
    assert moments == sorted(moments)  # type: ignore[type-var]
    assert [(moment - town.ctx.now()).days for moment in moments if moment] == [25, 26, 27, 28, 29, 30]
    assert row.more == len(LATEST_FIRST) + 1 - LINES_SHOWN


async def test_among_many_people_nobody_whose_hour_is_near_stands_behind_those_without_one(town: Any) -> None:
    async with town.ctx.engine.atomic():
        for number in range(5):
            await _waiting(town, "volunteer2", "you_go", number, too_late_in_days=None)
        await _waiting(town, "volunteer", "you_go", 5, too_late_in_days=2)
    found = await news.on_sheet(town.ctx.engine, "dongqu", kinds=["you_go"], limit=1)
    assert [one.uid for one in found] == ["X5"]
