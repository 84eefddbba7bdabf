"""The telephone sheet by keyboard alone, every key counted: fifteen for a caller on record, twenty-five for somebody new."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect


class Keys:
    """Presses keys one after another where the cursor is, and counts those that are no words."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counted = 0

    def press(self, *keys: str) -> None:
        self.page.wait_for_load_state()  # a field stands before the script that moves the cursor on
        for key in keys:
            self.page.keyboard.press(key)
            self.counted += 1

    def open_sheet(self) -> None:
        """Alt+1, the page's own access key; the driver's keyboard sends no character with Alt, so it is sent below it."""
        key = {"modifiers": 1, "key": "1", "code": "Digit1", "windowsVirtualKeyCode": 49}
        below = self.page.context.new_cdp_session(self.page)
        below.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "1", "unmodifiedText": "1", **key})
        below.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        self.counted += 2
        self.at("phone")

    def figures(self, text: str) -> None:
        self.press(*text)

    def say(self, words: str) -> None:
        """Words are not counted: however long somebody talks."""
        self.page.wait_for_load_state()
        self.page.keyboard.type(words)

    def at(self, name: str) -> None:
        """Wait until the cursor stands in the field."""
        expect(self.page.locator(":focus")).to_have_attribute("name", name)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_known_caller_takes_fifteen_keys_at_most(visitor: Any, javascript: bool) -> None:
    page = visitor.page("worker", size="desk", javascript=javascript)
    page.goto("/desk/needs")
    keys = Keys(page)
    keys.open_sheet()
    keys.figures("0101")
    keys.press("Enter")
    keys.at("kind")
    expect(page.locator("#sheet")).to_contain_text("王奶奶（王秀英）")
    keys.press("5" if javascript else "2")
    if not javascript:
        keys.press("Enter")
    keys.at("when")
    keys.say("后天下午")
    keys.press("Enter")
    keys.at("note")
    keys.press("Enter")
    keys.at("step")
    expect(page.get_by_role("blockquote")).to_contain_text("聊聊天" if javascript else "看病")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("记下了：")
    keys.at("phone")
    assert keys.counted <= 15, keys.counted
    assert keys.counted == (11 if javascript else 12)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_new_caller_takes_twenty_five_keys_at_most(visitor: Any, javascript: bool) -> None:
    page = visitor.page("worker", size="desk", javascript=javascript)
    page.goto("/desk/members")
    keys = Keys(page)
    keys.open_sheet()
    keys.figures("19955501234" if javascript else "19955501235")
    keys.press("Enter")
    keys.at("name")
    keys.say("新来的" if javascript else "又新来的")
    keys.press("Enter")
    keys.at("address")
    keys.say("二网格5号楼301")
    keys.press("Enter")
    keys.at("area")
    keys.press("2")
    if not javascript:
        keys.press("Tab")
    keys.at("kind")
    keys.press("1")
    if not javascript:
        keys.press("Enter")
    keys.at("when")
    keys.say("明早")
    keys.press("Enter")
    keys.at("note")
    keys.press("Enter")
    keys.at("step")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("记下了：")
    assert keys.counted <= 25, keys.counted
    assert keys.counted == (21 if javascript else 23)


def test_a_repeat_is_warned_of_and_r_folds_what_is_open(visitor: Any) -> None:
    page = visitor.page("worker", size="desk")
    for turn in (1, 2):
        page.goto("/desk/phone")
        keys = Keys(page)
        keys.at("phone")
        keys.figures("0101")
        keys.press("Enter")
        keys.at("kind")
        if turn == 2:
            filed = page.locator("#filed")
            expect(filed).to_contain_text("帮忙解决吃饭")
            shown = filed.locator("ul")
            expect(shown).to_be_visible()
            keys.press("r")
            expect(shown).to_be_hidden()
            keys.press("r")
            expect(shown).to_be_visible()
            expect(page.locator("#f-kind")).to_have_value("")
        keys.press("4")
        keys.at("when")
        keys.press("Enter")
        keys.at("note")
        keys.press("Enter")
        expect(page.get_by_role("blockquote")).to_be_visible()
        if turn == 1:
            keys.at("step")
            keys.press("Enter")
            expect(page.get_by_role("status")).to_contain_text("记下了：")
        else:
            expect(page.locator("#sheet")).to_contain_text("不用再记")
            keys.press("Enter")
            expect(page).to_have_url(re.compile(r"/desk/phone$"))
    page.go_back()
    assert "ERR_" not in page.content(), "Back after writing down shows a page"


def test_a_doubt_keeps_what_was_typed_and_puts_the_cursor_there(visitor: Any) -> None:
    page = visitor.page("worker", size="desk")
    page.goto("/desk/phone")
    keys = Keys(page)
    keys.at("phone")
    keys.figures("0101")
    keys.press("Enter")
    keys.at("kind")
    keys.press("3")
    keys.at("when")
    keys.say("过两天")
    keys.press("Enter")
    keys.at("note")
    keys.say("耳背")
    keys.press("Enter")
    keys.at("when")
    expect(page.locator("#f-note")).to_have_value("耳背")
    expect(page.locator("#sheet")).to_contain_text("看不懂")
