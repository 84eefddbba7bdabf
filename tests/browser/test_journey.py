"""One neighbour's hour from the telephone to a signed book, in a browser, by the people who really do each step.

The demo's clock is moved between the steps.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from ledger.books import compare, load, row_of
from ledger.store import Book
from ledger.store.engine import open_engine
from tests.browser.running import finished, set_hour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Day:
    """The demo on one folder, at the hour the story has reached."""

    def __init__(self, folder: Path, chromium: Browser, servers: Any) -> None:
        self.folder, self.chromium, self.servers = folder, chromium, servers
        self.later(8, 40)
        self.demo = servers.serve(folder)
        self._pages: dict[str, Page] = {}

    def page(self, role: str, path: str) -> Page:
        """The one page of this role, opened at `path`; signed in the first time."""
        if role not in self._pages:
            context = self.chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
            self._pages[role] = context.new_page()
            self._pages[role].goto(self.demo.sign_in[role])
        self._pages[role].goto(self.demo.url + path)
        return self._pages[role]

    def later(self, hour: int, minute: int) -> None:
        """It is this time of the same Tuesday, for the server and for every command."""
        set_hour(self.folder, datetime(2026, 11, 24, hour, minute, tzinfo=SHANGHAI))

    def command(self, *words: str) -> str:
        """What a `timebank` command prints on this database."""
        environ = {"TIMEBANK_DATABASE": self.demo.database, "TIMEBANK_CITY": "dongqu"}
        return finished(self.folder, *words, environ=environ)

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()
        self.servers.stop(self.demo)


@pytest.fixture
def day(tmp_path: Path, chromium: Browser, servers: Any) -> Any:
    day = Day(tmp_path, chromium, servers)
    yield day
    day.close()


def test_from_a_phone_call_to_a_book_that_bean_check_passes(day: Day, tmp_path: Path) -> None:
    # 8:40, the telephone rings at the desk.
    desk = day.page("worker", "/desk/phone")
    desk.locator("#f-phone").fill("199 0000 0101")
    desk.locator("#f-phone").press("Enter")
    expect(desk.locator("#sheet")).to_contain_text("王奶奶")
    # The cursor moves on once the sheet stands: what is typed before it did lands in the wrong field.
    expect(desk.locator("#f-kind")).to_be_focused()
    desk.locator("#f-what").fill("头发长了,想请人上门理个发")
    desk.locator("#f-when").fill("今天下午2点到3点")
    desk.get_by_text("急不急、多久、到哪里、谁代打的").click()
    desk.get_by_label("大约要多久").select_option("30")
    desk.get_by_role("button", name="念给老人听").click()
    expect(desk.get_by_role("blockquote")).to_contain_text("11月24日")
    desk.get_by_role("button", name="对，记下").click()
    expect(desk.get_by_role("status")).to_contain_text("记下了：")

    # The week is planned again, and the worker agrees to the proposal.
    plan = day.page("worker", "/desk/plan")
    plan.get_by_role("button", name="重新排一次").click()
    slip = plan.locator(".slip").filter(has_text="理发").filter(has_text="李").filter(has_text="14:00")
    expect(slip).to_have_count(1)
    expect(plan.locator("main")).not_to_contain_text("想请人上门理个发")
    slip.get_by_text("为什么这样派").click()
    expect(slip).to_contain_text("会做这件事")
    slip.get_by_role("button", name="就这样派").click()
    expect(plan.locator("main")).to_contain_text("已约好")

    # The elder sees who comes.
    elder = day.page("elder", "/elder")
    expect(elder.locator("main")).to_contain_text("李师傅")
    expect(elder.locator("main")).to_contain_text("021")

    # 14:02, he is at the door; 14:34, he leaves.
    day.later(14, 2)
    helper = day.page("volunteer", "/volunteer")
    helper.locator(".slip").filter(has_text="理发").get_by_role("button", name="我到了").click()
    expect(helper.get_by_role("button", name="我走了")).to_be_visible()
    day.later(14, 34)
    helper = day.page("volunteer", "/volunteer")
    helper.locator(".slip").filter(has_text="理发").get_by_role("button", name="我走了").click()
    expect(helper.locator(".flash")).to_be_visible()

    # He cannot confirm his own hours; she can, and only once.
    before = balances(day)
    elder = day.page("elder", "/elder")
    elder.locator(".slip").filter(has_text="理发").get_by_role("button", name="帮好了").click()
    expect(elder.locator(".flash")).to_be_visible()
    # Her word rests for ten minutes, in which she could take it back; then the hours are in the book.
    assert balances(day) == before
    day.later(14, 46)
    day.command("tick")
    after = balances(day)
    changed = {
        account: after[account] - before[account] for account in after if after[account] != before[account]
    }
    assert sorted(changed.values()) == [-30, 30]

    # The passbooks say so.
    expect(day.page("volunteer", "/hours").locator("main")).to_contain_text("理发")
    expect(day.page("elder", "/hours").locator("main")).to_contain_text("理发")

    # The month as a book: stock bean-check is silent, and every row equals the database.
    folder = tmp_path / "books"
    day.command("books", "export", str(folder))
    november = folder / "2026-11.beancount"
    checked = subprocess.run(
        [Path(sys.executable).parent / "bean-check", november], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    assert differences(day, folder) == []
    assert json.loads(day.command("books", "snapshot"))["problems"] == []


def balances(day: Day) -> dict[str, int]:
    snapshot = json.loads(day.command("books", "snapshot"))
    return {
        account["code"]: account["balance"]
        for account in snapshot["accounts"]
        if account["commodity"] == "MIN"
    }


def differences(day: Day, folder: Path) -> list[Any]:
    """What the loaded book and the database disagree on."""

    async def read() -> list[Any]:
        async with open_engine(day.demo.database) as engine:
            book = Book(engine, code="dongqu")
            return [entry async for block in book.journal() for entry in block]

    # Playwright holds this thread's event loop.
    with ThreadPoolExecutor(1) as other:
        stored = other.submit(lambda: asyncio.run(read())).result()
    return list(compare([row_of(entry) for entry in stored], load(folder / "book.beancount")))
