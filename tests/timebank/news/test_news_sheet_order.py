"""The order of the call sheet, on both databases: the worst loss first, of equal loss what is too late the soonest, a series in one breath."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from timebank.news.sheet import LINES_SHOWN, Line, sheet
from timebank.store.channels import news

LATEST_FIRST = (34, 30, 28, 33, 27, 29, 26, 32, 31, 25, 35)


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """SQLite puts what has no moment first, PostgreSQL last."""
    return database_url


async def _waiting(
    town: Any, who: str, kind: str, number: int, *, in_days: int | None, clock: str = "10:00", **more: Any
) -> None:
    ctx = town.ctx
    at = None if in_days is None else ctx.now() + timedelta(days=in_days)
    known = {**more, "service": f"S{number}"} | ({"at": f"{at:%Y-%m-%d}T{clock}+08:00"} if at else {})
    await ctx.engine.execute(
        "INSERT INTO tb_news (uid, community, member, kind, key, known, state, ways, made_at, next_at, too_late_at)"
        " VALUES (?, 'dongqu', ?, ?, ?, ?, 'call', 'call', ?, ?, ?)",
        [f"X{number}", town.uids[who], kind, f"k{number}", json.dumps(known), ctx.now(), ctx.now(), at],
    )


async def _lines(town: Any, lang: str = "zh-CN") -> tuple[Line, ...]:
    [row] = (await sheet(town.ctx, "dongqu", lang)).rows
    return row.lines


async def test_days_of_one_series_are_one_sentence_in_their_order_and_the_nearest_is_never_hidden(
    town: Any,
) -> None:
    async with town.ctx.engine.atomic():
        await _waiting(town, "volunteer", "you_go", 99, in_days=None)
        for number, days in enumerate(LATEST_FIRST):
            await _waiting(town, "volunteer", "you_go", number, in_days=days)
    [row] = (await sheet(town.ctx, "dongqu", "zh-CN")).rows
    [line] = row.lines
    moments = [one.too_late_at for one in (line.news, *line.also)]
    assert [(moment - town.ctx.now()).days for moment in moments if moment] == list(
        range(25, 25 + LINES_SHOWN)
    )
    assert line.sentence.startswith("请您去帮一个忙，时间是12月19日 周六、12月20日 周日、")
    assert "、12月28日 周一 10:00，详情看" in line.sentence
    assert row.uids == ("X9", *(one.uid for one in line.also))
    assert row.more == len(LATEST_FIRST) + 1 - LINES_SHOWN


async def test_hours_that_differ_stand_with_their_days_in_both_languages(town: Any) -> None:
    async with town.ctx.engine.atomic():
        await _waiting(town, "volunteer", "you_go", 1, in_days=3, clock="14:30")
        await _waiting(town, "volunteer", "you_go", 2, in_days=2)
    [zh], [en] = await _lines(town), await _lines(town, "en")
    assert "时间是11月26日 周四 10:00、11月27日 周五 14:30，" in zh.sentence
    assert "Thu 26 Nov 10:00, Fri 27 Nov 14:30" in en.sentence


async def test_one_sentence_never_hides_that_there_are_two(town: Any) -> None:
    """Two services at one hour, two things without an hour, and news that says something else stay apart."""
    async with town.ctx.engine.atomic():
        await _waiting(town, "unit", "name_helper", 1, in_days=3)
        await _waiting(town, "unit", "name_helper", 2, in_days=3)
        await _waiting(town, "unit", "name_helper", 3, in_days=4)
        await _waiting(town, "unit", "relationship_asked", 4, in_days=None, zh="组长", en="leader")
        await _waiting(town, "unit", "relationship_asked", 5, in_days=None, zh="组长", en="leader")
    lines = await _lines(town)
    assert [len(line.also) for line in lines if line.news.kind == "name_helper"] == [1, 0]
    assert len([line for line in lines if line.news.kind == "relationship_asked"]) == 2


async def test_a_series_is_told_with_one_press(town: Any) -> None:
    async with town.ctx.engine.atomic():
        for number in range(3):
            await _waiting(town, "volunteer", "you_go", number, in_days=2 + number)
    desk = await town.client("worker")
    [row] = (await desk.get("/api/calls")).json()["rows"]
    assert [(line["uid"], line["also"]) for line in row["lines"]] == [("X0", ["X1", "X2"])]
    page = await desk.page("/desk/calls")
    assert page.text.count("请您去帮一个忙") == 1
    await desk.submit("/desk/calls/X0", {"said": "reached", "read_out": "X0,X1,X2"})
    states = await town.ctx.engine.fetch("SELECT state FROM tb_news")
    assert {one["state"] for one in states} == {"told"}


async def test_among_many_people_nobody_whose_hour_is_near_stands_behind_those_without_one(town: Any) -> None:
    async with town.ctx.engine.atomic():
        for number in range(5):
            await _waiting(town, "volunteer2", "you_go", number, in_days=None)
        await _waiting(town, "volunteer", "you_go", 5, in_days=2)
    found = await news.on_sheet(town.ctx.engine, "dongqu", kinds=["you_go"], limit=1)
    assert [one.uid for one in found] == ["X5"]
