"""The notice board: open to strangers, in two languages, on paper too, and silent about persons."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_a_stranger_reads_the_board_in_both_languages(town, lang: str) -> None:
    browser = await town.stranger()
    page = await browser.page(f"/notice?lang={lang}")
    assert page.status_code == 200
    assert ("邻里互助公示栏" in page.text) == (lang == "zh-CN")
    assert ("Neighbours" in page.text) == (lang == "en")


async def test_the_board_prints_on_one_sheet(town) -> None:
    page = await (await town.stranger()).page("/notice?print=1")
    assert page.status_code == 200
    assert "盖章处" in page.text


async def test_an_unknown_community_has_no_board(town) -> None:
    assert (await (await town.stranger()).page("/notice?community=nowhere")).status_code == 404


async def test_programs_read_the_same_board(town) -> None:
    answer = await (await town.stranger()).get("/api/notice")
    assert answer.status_code == 200
    assert answer.json()["community"] == "dongqu"
    assert answer.json()["week"] == "2026-W48"
    assert len(answer.json()["head_hash"]) == 64
