"""The board of the week in a browser: 29 proposals handled in eight presses at most, by mouse, thumb or keys; shown in part by a
plain form; a visit drawn to somebody else costs what is said before it is agreed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from marketplace import store as lists
from marketplace.times import read_when
from marketplace.values import Need, Place, Quantity, Resource, Urgency
from tests.browser.conftest import SIZES, Demo
from tests.browser.running import first_line, started, stopped
from timebank.context import Context
from timebank.demo.people import ELDERS, VESTS, Someone
from timebank.demo.seed import CODE, sign_in_links
from timebank.store.members import phones

NEEDS = 29
DAYS = ("周二", "周三", "周四")
GRIDS = ("一网格", "二网格", "三网格")


async def with_twenty_nine(ctx: Context) -> dict[str, str]:
    """The demo's people with lists of their own: 29 half-hours asked for every week, and five who have their mornings."""
    filed_on = ctx.today()
    elders = [await _uid(ctx, someone) for someone in ELDERS]
    needs = [
        Need(
            line_key=f"visit-{number:02}", title=f"陪着说说话{number:02}", owner=elders[number % len(elders)],
            categories=("companionship",), place=Place(grid=GRIDS[number % 3]),
            when=read_when(f"每{DAYS[number % 3]}上午", filed_on=filed_on), quantity=Quantity(minutes_each=30),
            urgency=Urgency.URGENT if number < 4 else Urgency.NORMAL, filed_on=filed_on,
        )
        for number in range(NEEDS)
    ]  # fmt: skip
    helpers = [
        Resource(
            line_key=f"helper-{number}", title="陪聊", owner=await _uid(ctx, someone), owner_kind="volunteer",
            categories=("companionship",), when=read_when("每周二、周三、周四上午", filed_on=filed_on),
        )
        for number, someone in enumerate(VESTS[:5])
    ]  # fmt: skip
    async with ctx.engine.atomic():
        await ctx.engine.execute("UPDATE mp_need SET stage = 'closed'", [])
        await ctx.engine.execute("UPDATE mp_resource SET stage = 'closed'", [])
        await lists.save_needs(ctx.engine, CODE, needs, at=ctx.now())
        await lists.save_resources(ctx.engine, CODE, helpers, at=ctx.now())
    return await sign_in_links(ctx)


async def _uid(ctx: Context, someone: Someone) -> str:
    (card,) = await phones.cards_by_number(ctx.engine, CODE, someone.newcomer.phones[0].number)
    return card.uid


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all; each test plans a week of its own."""
    folder = tmp_path_factory.mktemp("board")
    database = f"sqlite:///{folder}/demo.db"
    process = started(folder, "demo", "--port", "0", "--database", database, "--json", links=with_twenty_nine)
    yield Demo(database=database, process=process, **json.loads(first_line(folder, process)))
    stopped(process)


class Presses:
    """One worker at the board; counts what is pressed."""

    def __init__(self, page: Page, demo: Demo, week: str) -> None:
        self.page = page
        self.address = f"{demo.url}/desk/plan?week={week}"
        self.counted = 0
        page.goto(self.address)

    def click(self, name: str, *, within: str = "main") -> None:
        self.counted += 1
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()

    def key(self, key: str) -> None:
        self.counted += 1
        self.page.wait_for_load_state()  # the words of a page stand before its script listens for keys
        self.page.keyboard.press(key)

    def waiting(self, many: int) -> None:
        expect(self.page.get_by_role("heading", name=f"待派 {many} 件", exact=True)).to_be_visible()

    def agreed(self, many: int) -> None:
        expect(self.page.get_by_role("heading", name=f"已约好 {many} 件", exact=True)).to_be_visible()


def _worker(chromium: Browser, demo: Demo, size: str, *, javascript: bool = True) -> Page:
    context = chromium.new_context(viewport=SIZES[size], locale="zh-CN", java_script_enabled=javascript)
    page = context.new_page()
    page.goto(demo.sign_in["worker"])
    return page


@pytest.mark.parametrize(
    ("week", "size", "javascript"),
    [("2026-W49", "desk", True), ("2026-W50", "phone", True), ("2026-W51", "phone", False)],
)
def test_twenty_nine_proposals_take_eight_presses(
    chromium: Browser, demo: Demo, week: str, size: str, javascript: bool
) -> None:
    board = Presses(_worker(chromium, demo, size, javascript=javascript), demo, week)
    board.click("排这一周")
    board.waiting(NEEDS)
    slips = board.page.locator("section[aria-labelledby=offers] .slip")
    for at in (3, 11):
        slips.nth(at).locator("label.choice").click()
        board.counted += 1
    board.click("打勾的都这样派")
    board.waiting(2)
    board.agreed(NEEDS - 2)
    slips.first.locator("summary").click()
    board.counted += 1
    slips.first.get_by_label("不合适？写一句为什么").fill("奶奶周三要去医院")
    board.click("本周不这样派", within="section[aria-labelledby=offers] .slip")
    board.waiting(1)
    board.click("就这样派")
    expect(board.page.get_by_text("没有等着派的")).to_be_visible()
    board.agreed(NEEDS - 1)
    assert board.counted <= 8, board.counted
    board.page.context.close()


def test_twenty_nine_proposals_take_eight_keys(chromium: Browser, demo: Demo) -> None:
    board = Presses(_worker(chromium, demo, "desk"), demo, "2026-W52")
    board.key("p")
    board.waiting(NEEDS)
    board.key("x")
    expect(board.page.locator("input[name=proposal]").first).not_to_be_checked()
    board.key("a")
    board.waiting(1)
    board.agreed(NEEDS - 1)
    board.key("n")
    expect(board.page.get_by_text("没有等着派的")).to_be_visible()
    board.agreed(NEEDS - 1)
    assert board.counted <= 8, board.counted
    board.page.context.close()


def test_a_part_of_the_board_is_shown_and_agreed_alone_without_javascript(
    chromium: Browser, demo: Demo
) -> None:
    board = Presses(_worker(chromium, demo, "desk", javascript=False), demo, "2026-W53")
    board.click("排这一周")
    board.waiting(NEEDS)
    page = board.page
    page.locator("summary", has_text="只看一部分").click()
    page.locator("select[name=urgency]").select_option("urgent")
    page.get_by_role("button", name="看这些").click()
    board_heading = page.locator("#offers")
    expect(board_heading).to_contain_text("待派 4 件")
    expect(board_heading).to_contain_text(f"共 {NEEDS} 件")
    page.get_by_role("button", name="打勾的都这样派").click()
    expect(page).to_have_url(re.compile("urgency=urgent"))
    expect(page.get_by_text("这样挑，没有一件")).to_be_visible()
    page.get_by_role("link", name="全部都看").first.click()
    board.waiting(NEEDS - 4)
    page.goto(f"{board.address}&grid=二网格&day=2026-12-30")
    seen = page.locator("section[aria-labelledby=offers] .slip")
    expect(seen.first).to_be_visible()
    for text in seen.all_inner_texts():
        assert "周三" in text
        assert "二网格" in text
    page.context.close()


def test_a_visit_drawn_to_another_helper_shows_its_price_before_anything_is_decided(
    chromium: Browser, demo: Demo
) -> None:
    board = Presses(_worker(chromium, demo, "desk"), demo, "2027-W01")
    board.click("排这一周")
    board.waiting(NEEDS)
    page = board.page
    page.set_viewport_size({"width": 1280, "height": 2400})  # both ends of the way are in sight
    page.get_by_role("link", name="谁在哪天").click()
    rows = page.locator("[data-board] tbody tr")
    chip = rows.nth(0).locator(".chip").first
    title = chip.inner_text().split()[-1]
    day = chip.locator("xpath=..").get_attribute("data-on")
    chip.drag_to(rows.nth(1).locator(f"td[data-on='{day}']"))
    expect(page).to_have_url(re.compile(r"/assign\?.*proposal="))
    expect(page.locator("h1")).to_contain_text(title)
    expect(page.get_by_text(re.compile("比计划少|和计划一样好"))).to_be_visible()
    expect(page.get_by_text("还没有定")).to_be_visible()
    page.get_by_label("为什么这样选").fill("住得近")
    page.get_by_role("button", name="约定").click()
    expect(page.get_by_role("status")).to_contain_text("约好了")
    page.goto(board.address)
    board.waiting(NEEDS - 1)
    board.agreed(1)
    expect(page.get_by_text("原因：住得近")).to_be_visible()
    # By the hour, the same visit's link without drawing.
    page.goto(f"{board.address}&view=board&day=2027-01-05")
    expect(page.locator("[data-board] td[data-at='19:00']").first).to_be_visible()
    page.locator("[data-board] .chip").first.click()
    expect(page.get_by_text("和计划一样好")).to_be_visible()
    page.context.close()
