"""A worker brings in a workbook nobody knows: its fourteen lines stand on the list within ten clicks, the next one at once."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

HEADER = ("楼道", "街坊的愿望", "几时方便", "要紧不", "帽子尺码")
WISHES = (
    "买菜",
    "读报",
    "理发",
    "修灯",
    "量血压",
    "擦窗户",
    "陪聊天",
    "取快递",
    "修水管",
    "教手机",
    "送餐",
    "搬花盆",
    "晒被子",
    "打扫",
)


def workbook(wishes: tuple[str, ...], building: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("街坊")
    sheet.write_row(0, 0, HEADER)
    for at, wish in enumerate(wishes, start=1):
        sheet.write_row(at, 0, (f"{building}号楼{at}单元", f"请人帮忙{wish}", "每周二上午", "一般", "L"))
    book.close()
    return out.getvalue()


class Hand:
    """Counts what the worker presses and chooses."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def press(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("link", name=name).first.click()

    def choose(self, column: str, label: str) -> None:
        self.clicks += 1
        self.page.get_by_label(column, exact=True).select_option(label=label)


def bring(page: Page, name: str, content: bytes) -> None:
    page.goto("/desk/import")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[type=file]", {"name": name, "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="读进来").click()


def test_an_unknown_workbook_is_on_the_list_within_ten_clicks_and_the_next_one_at_once(visitor: Any) -> None:
    page = visitor.page("worker", size="desk")
    bring(page, "街坊愿望.xlsx", workbook(WISHES, 50))
    hand = Hand(page)
    hand.follow("去说明每一列")
    hand.press("需求清单")
    hand.choose("街坊的愿望", "需求内容")
    hand.choose("几时方便", "希望时间")
    hand.choose("要紧不", "紧急程度")
    hand.choose("楼道", "网格/楼栋")
    hand.press("先看看读成什么样")
    expect(page.locator("#preview")).to_contain_text("请人帮忙买菜")
    hand.press("就这样读进来")
    assert hand.clicks <= 10
    expect(page.get_by_role("heading", level=1)).to_contain_text("办好了")
    page.goto("/lists/needs")
    expect(page.locator("main")).to_contain_text("家政保洁")
    expect(page.locator("main")).not_to_contain_text("请人帮忙打扫")

    # The next of that shape, brought by a browser without scripts, asks nothing.
    plain = visitor.page("worker", size="desk", javascript=False)
    bring(plain, "再来.xlsx", workbook(WISHES, 51))
    expect(plain.get_by_role("heading", level=1)).to_contain_text("办好了")
