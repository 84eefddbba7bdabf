"""The pages of both towns, and a Chromium that opens them as they were sent."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.pages.towns import DEEP, SHALLOW, Pages, every_page
from tools.chromium import chromium_path
from tools.pages.serving import served

LONG = os.environ.get("PAGES") == "all"


@pytest.fixture(scope="session")
def pages() -> Pages:
    """Every page, walked once per process before a browser takes the thread's event loop."""
    return every_page(DEEP if LONG else SHALLOW)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), headless=True, args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(pages: Pages) -> Iterator[str]:
    """Where page n is served: `{address}/kept/{n}`."""
    with served(pages.app, pages.kept) as url:
        yield url


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Page:
    """One tab on a telephone, whose browser keeps files as a reader's does."""
    return chromium.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, timezone_id="Asia/Shanghai"
    ).new_page()
