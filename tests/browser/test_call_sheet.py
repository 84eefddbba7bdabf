"""The call sheet worked off without a mouse: 1 told, z take it back, and the keys are silent while somebody types."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, expect

from tests.browser.conftest import SIZES
from tests.browser.signing_in import at_desk


def test_keys_work_the_call_sheet_off_from_the_top(chromium: Browser, demo: Any) -> None:
    elder = chromium.new_context(viewport=SIZES["phone"], locale="zh-CN").new_page()
    elder.goto(demo.sign_in["elder"])
    with elder.expect_response(re.compile("/elder/call-me$")):
        elder.locator("form[action='/elder/call-me'] button").first.click()
    elder.context.close()
    page = at_desk(chromium, demo)
    page.goto(demo.url + "/desk/calls")
    first = page.locator("[data-keys] .slip").first.get_attribute("id")
    assert first
    with page.expect_navigation():
        page.keyboard.press("1")
    expect(page).to_have_url(re.compile(f"said={first}"))
    expect(page.locator(f"#{first}")).to_have_count(0)
    page.wait_for_load_state()  # Its keys are listened to from then on.
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(page.locator("[data-keys] .slip").first).to_have_id(first)
    page.keyboard.press("Control+1")
    expect(page.locator(f"#{first}")).to_have_count(1)
    page.context.close()
