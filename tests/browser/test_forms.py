"""Forms that forgive, in a browser: Back, double press, a sign-in that ends while somebody types, two people at one record."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

MISSING = "ERR_CACHE_MISS"


def ask(page: Page, words: str) -> None:
    page.goto("/elder/ask/other/check?day=any&part=day")
    page.get_by_label("是什么事").fill(words)


def registered(page: Page) -> int:
    return len(page.request.get("/api/requests").json()["requests"])


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_back_after_saving_and_sending_once_more_is_told_to_be_there(visitor: Any, size: str) -> None:
    page = visitor.page("elder", size=size)
    before = registered(page)
    ask(page, f"请帮我搬一个柜子，{size}")
    page.get_by_role("button", name="请帮我登记").click()
    expect(page.get_by_text("登记好了")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("是什么事")).to_be_visible()
    page.get_by_label("是什么事").fill(f"请帮我搬一个柜子，{size}")
    page.get_by_role("button", name="请帮我登记").click()
    expect(page.locator("main")).to_contain_text("登记过了")
    assert registered(page) == before + 1

    page.go_back()
    page.get_by_label("是什么事").fill(f"还要搬一张桌子，{size}")
    page.get_by_role("button", name="请帮我登记").click()
    expect(page.get_by_text("登记好了")).to_be_visible()
    assert registered(page) == before + 2


def test_a_double_press_is_one_request(visitor: Any) -> None:
    page = visitor.page("elder")
    before = registered(page)
    ask(page, "请陪我去一趟银行")
    page.get_by_role("button", name="请帮我登记").dblclick()
    expect(page.locator("h1")).not_to_have_text("看一眼，再送出")
    page.wait_for_load_state()
    assert registered(page) == before + 1


def test_back_to_a_refused_form_never_asks_to_send_anything_again(visitor: Any) -> None:
    page = visitor.page("elder")
    ask(page, "")
    page.get_by_role("button", name="请帮我登记").click()
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_label("是什么事").fill("请帮我换一个灯泡")
    page.get_by_role("button", name="请帮我登记").click()
    expect(page.get_by_text("登记好了")).to_be_visible()
    answer = page.go_back()
    assert answer is not None
    assert answer.status == 422
    assert MISSING not in page.content()
    expect(page.get_by_label("是什么事")).to_be_visible()
    page.reload()
    expect(page.get_by_label("是什么事")).to_be_visible()


def test_what_was_typed_when_the_sign_in_ended_is_sent_after_signing_in(visitor: Any) -> None:
    page = visitor.page("elder")
    before = registered(page)
    ask(page, "我想请人读一封信，字太小了")
    other = page.context.new_page()
    other.goto("/elder")
    other.get_by_role("button", name="退出").click()
    page.get_by_role("button", name="请帮我登记").click()
    expect(page.locator("h1")).to_contain_text("您用哪种方式")
    wanted = page.url
    again = visitor.page("elder")
    token = next(one for one in again.context.cookies() if one["name"] == "sid")
    page.context.add_cookies([token])
    page.goto(wanted.partition("next=")[2].replace("%2F", "/"))
    expect(page.get_by_text("我想请人读一封信，字太小了")).to_be_visible()
    assert registered(page) == before
    page.get_by_role("button", name="接着提交").click()
    expect(page.get_by_text("登记好了")).to_be_visible()
    assert registered(page) == before + 1


def test_a_restored_tab_keeps_working_without_its_other_cookies(visitor: Any) -> None:
    page = visitor.page("elder")
    before = registered(page)
    ask(page, "请帮我取一个快递")
    sid = [one for one in page.context.cookies() if one["name"] == "sid"]
    page.context.clear_cookies()
    page.context.add_cookies(sid)
    page.get_by_role("button", name="请帮我登记").click()
    expect(page.get_by_text("登记好了")).to_be_visible()
    assert registered(page) == before + 1
