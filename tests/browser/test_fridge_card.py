"""The card on the fridge in a real browser: three taps on a borrowed telephone, and on paper an A6 in large type."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

POINT = 96 / 72
MM = 96 / 25.4


def at_member(visitor: Any, name: str) -> Page:
    """The desk's page of somebody."""
    desk: Page = visitor.page("worker", size="desk")
    desk.goto("/desk/members")
    desk.get_by_role("searchbox").fill(name)
    desk.get_by_role("button", name="查").click()
    desk.locator("main table a", has_text=name).first.click()
    return desk


def card_of(visitor: Any, name: str) -> str:
    """What the square code of a new card leads to."""
    desk = at_member(visitor, name)
    token = desk.locator("input[name=_csrf_token]").first.input_value()
    made = desk.request.post(
        "/api/cards", data={"members": [desk.url.rpartition("/")[2]]}, headers={"x-csrftoken": token}
    )
    assert made.status == 201
    return str(made.json()[0]["link"])


class Taps:
    """Presses things and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.counted = page, 0

    def tap(self, words: str) -> None:
        self.page.locator(f"main :is(a, button):has-text('{words}')").first.click()
        self.counted += 1


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_from_the_card_to_a_request_in_three_taps(visitor: Any, lang: str) -> None:
    phone: Page = visitor.page(lang=lang)
    phone.goto(card_of(visitor, "王秀英"))
    start, picture, when, noted = {
        "zh-CN": ("开始", "修东西", "哪天都行", "记下了"), "en": ("Start", "meal", "any day", "Noted"),
    }[lang]  # fmt: skip
    expect(phone.get_by_role("button", name=start)).to_be_visible()
    assert "#" not in phone.url, "the secret stays in no history"
    taps = Taps(phone)
    for words in (start, picture, when):
        taps.tap(words)
    expect(phone.get_by_role("status")).to_contain_text(noted)
    assert taps.counted == 3


def test_a_borrowed_telephone_is_its_owners_again(visitor: Any) -> None:
    phone: Page = visitor.page("volunteer")
    phone.goto(card_of(visitor, "王秀英"))
    taps = Taps(phone)
    taps.tap("开始")
    expect(phone.locator("h1")).to_contain_text("王奶奶")
    assert "李师傅" not in phone.locator("body").inner_text(), "nothing of the neighbour's own is on her page"
    taps.tap("请打给我")
    expect(phone.get_by_role("status")).to_contain_text("记下了")
    taps.tap("用好了")
    expect(phone).to_have_url(re.compile("/volunteer"))
    expect(phone.get_by_role("button", name="退出")).to_be_visible()
    phone.goto("/k")
    expect(phone.get_by_role("button", name="开始")).to_be_visible()


def test_everything_on_her_page_is_large_enough_to_hit(visitor: Any) -> None:
    phone: Page = visitor.page()
    phone.goto(card_of(visitor, "王秀英"))
    Taps(phone).tap("开始")
    phone.wait_for_url("**/k/ask")
    small = phone.evaluate(
        "() => [...document.querySelectorAll('main :is(a, button)')].map(one => [one.innerText, one.getBoundingClientRect()])"
        ".filter(([, box]) => box.width < 60 || box.height < 60).map(([words]) => words)"
    )
    assert small == []
    assert phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_printed_card_is_an_a6_with_nothing_below_twenty_points(visitor: Any) -> None:
    desk = at_member(visitor, "王秀英")
    desk.get_by_role("button", name="印一张卡片").click()
    card = desk.locator(".fridge-cards > li")
    expect(card).to_have_count(1)
    for words in (
        "王奶奶",
        "0555-1234567",
        "号对得上才开门",
        "1 买东西",
        "6 别的事",
        "0 请打给我",
        "9 不用来了",
    ):
        expect(card).to_contain_text(words)
    desk.emulate_media(media="print")
    box = card.bounding_box()
    assert box is not None
    assert (round(box["width"] / MM), round(box["height"] / MM)) == (105, 148)
    sizes = card.evaluate(
        "card => { const found = []; const walk = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);"
        " while (walk.nextNode()) if (walk.currentNode.textContent.trim())"
        " found.push(parseFloat(getComputedStyle(walk.currentNode.parentElement).fontSize)); return found; }"
    )
    assert min(sizes) >= 20 * POINT - 0.01
    assert card.evaluate(
        "card => card.scrollHeight <= card.clientHeight && card.scrollWidth <= card.clientWidth"
    )
    code = card.locator(".card-code").bounding_box()
    assert code is not None
    assert code["width"] >= 30 * MM
    assert code["y"] + code["height"] <= box["y"] + box["height"]
    pdf = desk.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page>") in (0, 1)
