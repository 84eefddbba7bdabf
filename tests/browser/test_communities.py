"""Two communities behind one address, in a browser: chosen once, remembered, and each with its own door and sign-in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from timebank.cli.running import open_context
from timebank.community.founding.flow import Founding, found
from timebank.settings import Settings
from timebank.store.places import communities

pytestmark = pytest.mark.browser

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1280, "height": 800},
}
PASSWORD = "a good long password"


DOORS = {
    "dongqu": (
        "周一到周五 8:30–17:30，周六上午",
        "进门左手第一间，门口挂着红马甲。有热水，有椅子，坐下慢慢说。",
    ),
    "hexi": ("每天 9:00–17:00，中午不关门", "在菜市场旁边，买完菜顺路进来坐坐。\n有轮椅坡道。"),
}


@pytest.fixture(scope="module")
def both(demo: Any) -> Any:
    """The demo with a second community beside it, founded under another policy while the server runs."""
    asyncio.run(_found(Settings(database=demo.database, city="nanjing2019", demo=True)))
    return demo


async def _found(settings: Settings) -> None:
    second = Founding(
        code="hexi", name="河西社区", name_en="Hexi", phone="025-88886666", address="河西大街66号一楼，菜市场旁边",
        grids=("一网格",), worker="周静", login="zhou",
    )  # fmt: skip
    async with open_context(settings) as ctx:
        await found(ctx, second, password=PASSWORD)
        for code, (opens, text) in DOORS.items():
            known = await communities.community(ctx.engine, code)
            assert known is not None
            async with ctx.engine.atomic():
                await communities.save_community(ctx.engine, replace(known, opens=opens, page_text=text))


def _fits(page: Page) -> None:
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide at {size}"


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "nojs"])
def test_an_elder_chooses_once_and_finds_where_when_and_whom_to_ring(
    both: Any, visitor: Any, javascript: bool
) -> None:
    page = visitor.page(javascript=javascript)
    assert page.url.endswith("/communities")
    _fits(page)
    page.get_by_role("link", name="河西社区").click()
    expect(page.locator("h1")).to_have_text("河西社区")
    page.set_viewport_size(SIZES["phone"])
    # What an elder asks first stands on the first screen of a telephone.
    for said in ("025-88886666", "河西大街66号一楼，菜市场旁边", "每天 9:00–17:00，中午不关门"):
        box = page.get_by_text(said).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZES["phone"]["height"], said
    expect(page.locator("a[href='tel:02588886666']").first).to_be_visible()
    _fits(page)
    page.goto("/")
    expect(page.locator("h1")).to_have_text("河西社区")
    page.get_by_role("link", name="换一个社区").click()
    expect(page.locator(".doors li", has_text="河西社区")).to_contain_text("上次选的")
    page.get_by_role("link", name="东区社区").click()
    page.goto("/notice")
    expect(page.locator(".mast")).to_contain_text("东区社区")


def test_each_worker_signs_in_at_any_door_and_sees_only_their_own_desk(both: Any, visitor: Any) -> None:
    page = visitor.page(size="desk")
    page.goto("/c/dongqu/sign-in")
    page.get_by_text("社区工作者、监督员登录").click()
    page.get_by_label("登录名").fill("zhou")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("details button").click()
    expect(page.locator(".mast")).to_contain_text("河西社区")
    page.goto("/desk/members")
    expect(page.locator("main")).to_contain_text("周静")
    expect(page.locator("main")).not_to_contain_text("李四")
    page.get_by_role("button", name="退出").click()
    assert page.url.endswith("/c/hexi")


def test_a_wrong_address_lets_one_choose_in_either_language(both: Any, visitor: Any) -> None:
    for lang, said in (("zh-CN", "这里没有这个社区。"), ("en", "There is no such community here.")):
        page = visitor.page(lang=lang)
        answer = page.goto("/c/hexii/notice")
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text(said)
        _fits(page)
        page.locator("a[href='/c/hexi']").click()
        assert page.url.endswith("/c/hexi")
