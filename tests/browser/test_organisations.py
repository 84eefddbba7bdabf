"""Teams and units at the desk, at both sizes: entered, staffed, renamed, ended; the lists follow."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def _desk(chromium: Browser, demo: Any, size: str) -> Page:
    page = chromium.new_context(viewport=SIZES[size], locale="zh-CN").new_page()
    page.goto(demo.sign_in["worker"])
    return page


def _fits(page: Page) -> None:
    """Nothing of the page lies beyond its right edge."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("size", list(SIZES))
def test_a_team_is_entered_gets_its_leader_and_its_roster(chromium: Browser, demo: Any, size: str) -> None:
    name = {"phone": "晨练队", "desk": "夜巡队"}[size]
    page = _desk(chromium, demo, size)
    page.goto(demo.url + "/desk/teams")
    _fits(page)
    page.get_by_role("link", name="登记一个").first.click()
    page.get_by_label("名字").fill(name)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("h1")).to_contain_text(name)
    team = page.url
    _fits(page)

    # The leader, by the offer page that knows the team already.
    page.get_by_role("link", name="请一位来担任").first.click()
    page.get_by_role("searchbox").fill("邓")
    page.get_by_role("button", name="找").click()
    page.get_by_role("link", name="选他").first.click()
    expect(page.locator("h1")).to_contain_text("队长")
    page.locator("#f-holder_yes").select_option("told")
    expect(page.get_by_role("button", name="登记", exact=True)).to_be_visible()
    if page.get_by_text("问过了，已满18岁").count():
        page.get_by_text("问过了，已满18岁").click()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已经生效")
    page.goto(team)
    expect(page.locator("ul.roll").first).to_contain_text("邓姐")

    # The roster, by lines; what is not known stays in the box.
    page.get_by_role("link", name="加人").click()
    page.locator("#f-lines").fill("李四\n没有这人")
    page.locator("form[action$='/roster/lines'] button").click()
    expect(page.locator("#f-lines")).to_have_value("没有这人")
    _fits(page)
    page.goto(team)
    expect(page.locator("main")).to_contain_text("（1 位）")
    page.locator("form[action$='/roster/remove'] button").click()
    expect(page.get_by_role("status")).to_contain_text("从名册上去掉了")
    page.goto(demo.url + "/desk/teams?q=" + name)
    expect(page.locator("table.sheet tbody")).to_contain_text("邓姐")


@pytest.mark.parametrize(
    ("size", "unit", "line"), [("phone", "青松理发店", "理发"), ("desk", "爱心眼镜店", "眼镜")]
)
def test_a_unit_is_renamed_with_its_lines_and_ended_with_them(
    chromium: Browser, demo: Any, size: str, unit: str, line: str
) -> None:
    page = _desk(chromium, demo, size)
    page.goto(f"{demo.url}/desk/units?q={unit}")
    _fits(page)
    page.get_by_role("link", name=unit).click()
    expect(page.locator("main")).to_contain_text(line)
    page.get_by_role("link", name="改资料").click()
    page.get_by_label("名字").fill(f"{unit}新店")
    page.get_by_role("button", name="改好了").click()
    expect(page.locator("h1")).to_contain_text(f"{unit}新店")
    page.goto(demo.url + "/lists/resources")
    expect(page.locator("main")).to_contain_text(f"{unit}新店")

    # Under the old name it is still found, and what ends with it is named first.
    page.goto(f"{demo.url}/desk/units?q={unit}")
    page.get_by_role("link", name=f"{unit}新店").click()
    page.get_by_role("link", name="撤销它").click()
    expect(page.locator("main")).to_contain_text(line)
    _fits(page)
    page.get_by_role("button", name="撤销它").click()
    expect(page.get_by_role("status")).to_contain_text("撤销了")
    page.goto(demo.url + "/lists/resources")
    expect(page.locator("main")).not_to_contain_text(unit)
    page.goto(demo.url + "/desk/units?ended=yes")
    expect(page.locator("main")).to_contain_text(f"{unit}新店")
