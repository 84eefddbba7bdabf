"""How the desk's people come in: one on the office's screen, the colleague on a telephone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.conftest import SIZES


def at_desk(chromium: Browser, demo: Any) -> Page:
    """The worker of the demo, on the office's screen."""
    page = chromium.new_context(viewport=SIZES["desk"], locale="zh-CN").new_page()
    page.goto(demo.sign_in["worker"])
    return page


def colleague_of(chromium: Browser, demo: Any) -> Page:
    """The second worker, on a telephone, signed in by password."""
    page = chromium.new_context(viewport=SIZES["phone"], locale="zh-CN").new_page()
    page.goto(demo.url + "/sign-in")
    page.get_by_text("社区工作者、监督员登录").click()
    page.get_by_label("登录名").fill("lin")
    page.get_by_label("密码").fill("east-side-2026")
    page.locator("form[action='/sign-in/password'] button").click()
    return page
