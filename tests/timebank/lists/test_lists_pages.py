"""The lists' pages answer, for everybody who may read them and in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from timebank.lists import flow

GIVEN = Path(__file__).parents[3] / "examples" / "data" / "lists"


@pytest.fixture
async def listed(town):
    """The town with the four given files imported."""
    files = [(path.name, path.read_bytes()) for path in sorted(GIVEN.iterdir())]
    await flow.import_files(town.ctx, None, "dongqu", files)
    return town


async def test_all_pages_of_the_lists_answer_in_both_languages(listed) -> None:
    for who in ("stranger", "volunteer", "elder", "unit", "worker"):
        browser = await (listed.stranger() if who == "stranger" else listed.client(who))
        for path in ("/lists", "/lists/needs", "/lists/resources", "/lists/activities", "/lists/projects"):
            for lang in ("zh-CN", "en"):
                page = await browser.page(f"{path}?lang={lang}")
                assert page.status_code == 200, (who, path, lang, page.text[:300])
