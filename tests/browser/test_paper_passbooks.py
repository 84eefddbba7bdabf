"""Paper passbooks and cards in a browser: entered at the counter, approved on a colleague's telephone, printed, revoked."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.signing_in import at_desk, colleague_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def _enter(page: Page, who: str, amount: str, book: str = "") -> None:
    page.get_by_label("谁的存折").fill(who)
    page.get_by_label("存着多少时间").fill(amount)
    page.get_by_label("存折号").fill(book)
    page.get_by_role("button", name="录进这一批").click()


def _no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_passbooks_from_the_counter_to_the_owners_own_page(chromium: Browser, demo: Any) -> None:
    desk, colleague = at_desk(chromium, demo), colleague_of(chromium, demo)
    desk.goto(demo.url + "/desk/opening")
    desk.get_by_role("button", name="录一批存折").click()
    batch = desk.url.partition("#")[0]
    _enter(desk, "李四", "15")
    expect(desk.get_by_role("alert")).to_contain_text("小时还是分钟")
    expect(desk.get_by_label("谁的存折")).to_have_value("李四")
    _enter(desk, "李四", "15小时30分", "A-012")
    expect(desk.get_by_role("status")).to_contain_text("李四 15 小时 30 分")
    # A part of a name fits several: they are shown, and what was typed stays.
    _enter(desk, "王", "2小时")
    desk.get_by_role("radio", name="王小红").check()
    expect(desk.get_by_label("存着多少时间")).to_have_value("2小时")
    desk.get_by_role("button", name="录进这一批").click()
    expect(desk.get_by_role("button", name="批准转入")).to_have_count(0)

    colleague.goto(batch)
    _no_sideways_scrolling(colleague)
    expect(colleague.locator("main")).to_contain_text("17 小时 30 分")
    colleague.get_by_role("button", name="对过了，批准转入").click()
    expect(colleague.get_by_role("status")).to_contain_text("批准了")

    own = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    own.goto(demo.sign_in["volunteer"])
    own.goto(demo.url + "/hours")
    expect(own.locator("main")).to_contain_text("以前的时间转入")
    expect(own.locator("main")).to_contain_text("纸质存折 A-012")

    # One of them was wrong: it goes back by two, the other stays.
    desk.goto(batch)
    desk.get_by_text("批准错了，要撤回").click()
    desk.get_by_text("王小红 · 2 小时").click()
    desk.get_by_role("button", name="请另一位同事确认撤回").click()
    colleague.goto(desk.url)
    colleague.get_by_role("button", name="确认撤回").click()
    desk.goto(batch)
    expect(desk.get_by_text("撤回了", exact=True)).to_have_count(1)


def test_a_sheet_of_cards_is_printed_and_one_is_revoked(chromium: Browser, demo: Any) -> None:
    desk, colleague = at_desk(chromium, demo), colleague_of(chromium, demo)
    for name in ("古奶奶", "买爷爷"):
        desk.goto(demo.url + "/desk/register")
        desk.get_by_label("姓名").fill(name)
        desk.locator("input[name=asks]").check()
        desk.get_by_role("button", name="登记", exact=True).click()
    colleague.goto(demo.url + "/desk/cards")
    _no_sideways_scrolling(colleague)
    expect(colleague.get_by_text("还没有", exact=True)).to_have_count(2)
    desk.goto(demo.url + "/desk/cards")
    desk.get_by_role("button", name="打印勾上的卡").click()
    expect(desk.locator(".fridge-cards > li")).to_have_count(2)
    desk.goto(demo.url + "/desk/cards")
    expect(desk.locator("main")).to_contain_text("都有了")
    desk.get_by_role("link", name="请人帮忙、没有电话的").click()
    desk.get_by_role("button", name="卡丢了，作废").first.click()
    expect(desk.get_by_role("status")).to_contain_text("作废了")
    expect(desk.get_by_text("还没有", exact=True)).to_have_count(1)
