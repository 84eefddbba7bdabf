"""A roll-call without a network: everything pressed is sent once and nothing is lost, whatever happens to the phone."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import CHROMIUM_FLAGS, SIZES, Demo
from tools.chromium import chromium_path

PEOPLE = 21


def rows(demo: Demo, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(demo.database.removeprefix("sqlite:///"), timeout=20)) as database:
        found = database.execute(sql, values).fetchall()
        database.commit()
    return found


def copied(demo: Demo, table: str, key: str, old: str, **changed: object) -> None:
    """A row of a table once more, with other values in some columns."""
    names = [str(row[1]) for row in rows(demo, f"PRAGMA table_info({table})") if row[1] != "id"]
    shown = ", ".join("?" if name in changed else name for name in names)
    values = [changed[name] for name in names if name in changed]
    rows(
        demo,
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {shown} FROM {table} WHERE {key} = ?",
        *values, old,
    )  # fmt: skip


@pytest.fixture
def shift(demo: Demo) -> str:
    """The address of this morning's shift, with 21 new people signed up and not ticked."""
    [(uid, team)] = rows(
        demo,
        "SELECT uid, team FROM tb_service WHERE kind = 'shift' AND title LIKE '%红马甲%' AND state IN ('planned', 'under_way')"
        " ORDER BY starts_at LIMIT 1",
    )
    rows(
        demo,
        "UPDATE tb_attendance SET state = 'cancelled' WHERE service = ? AND state IN ('signed_up', 'checked_in')",
        uid,
    )
    [(part, member)] = rows(
        demo, "SELECT uid, member FROM tb_attendance WHERE service = ? ORDER BY uid LIMIT 1", uid
    )
    for number in range(PEOPLE):
        mark = f"OFF{time.monotonic_ns() % 10**6:06d}{number:02d}"
        copied(
            demo,
            "tb_member",
            "uid",
            member,
            uid=f"M{mark}",
            number=None,
            account=f"Liabilities:Member:M{mark}",
        )
        copied(
            demo,
            "tb_person",
            "member",
            member,
            member=f"M{mark}",
            name=f"周{number + 1}",
            called=f"周{number + 1}",
        )
        copied(
            demo, "tb_attendance", "uid", part, uid=f"A{mark}", member=f"M{mark}", state="signed_up", checked_in_at=None,
            checked_out_at=None, evidence="",
        )  # fmt: skip
    return f"/teams/{team}/shifts/{uid}"


def ticked(demo: Demo) -> int:
    [(count,)] = rows(
        demo, "SELECT count(*) FROM tb_attendance WHERE uid LIKE 'AOFF%' AND state = 'checked_in'"
    )
    return int(count)


def taken(demo: Demo) -> int:
    [(count,)] = rows(demo, "SELECT count(*) FROM tb_queued_press")
    return int(count)


def until(page: Page, true: Callable[[], bool], seconds: float = 40) -> None:
    """Wait on a page, so that what the test answers in its place is answered meanwhile."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        page.wait_for_timeout(200)


def open_roll(context: BrowserContext, demo: Demo, shift: str) -> Page:
    """The roll-call on a phone that has met it before."""
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(demo.sign_in["leader"])
    page.goto(demo.url + shift)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_timeout(800)
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_timeout(800)
    return page


def tick(page: Page, number: int) -> None:
    """Tick so many of those who are signed up."""
    for _ in range(number):
        before = page.locator("[data-waits]").count()
        page.locator("form[action$='/tick']:visible button").first.click()
        expect(page.locator("[data-waits]")).to_have_count(before + 1)


@pytest.fixture
def phone(chromium: Browser, demo: Demo) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=demo.url, viewport=SIZES["phone"], locale="zh-CN")
    yield context
    context.close()


def process_of(folder: Path) -> int:
    """The browser that lives in a folder: not its helpers, nor the script that started it."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if (
                any(str(folder).encode() in word for word in words)
                and not any(word.startswith(b"--type=") for word in words)
                and not words[0].endswith(b"sh")
            ):
                return int(entry.name)
    raise AssertionError("no browser lives there")


def test_a_roll_call_of_21_outlives_the_browser_and_is_sent_once(
    chromium: Browser, demo: Demo, shift: str, tmp_path: Path
) -> None:
    folder = tmp_path / "phone"
    options: dict[str, Any] = {
        "executable_path": chromium_path(),
        "args": CHROMIUM_FLAGS, "viewport": SIZES["phone"], "locale": "zh-CN", "base_url": demo.url,
    }  # fmt: skip
    context = chromium.browser_type.launch_persistent_context(str(folder), **options)
    page = open_roll(context, demo, shift)
    context.set_offline(True)
    page.reload()
    expect(page.locator("form[action$='/tick']:visible")).to_have_count(PEOPLE)
    before = taken(demo)
    tick(page, PEOPLE)
    expect(page.locator("#queue")).to_contain_text(f"还有 {PEOPLE} 步没传上来")
    expect(page.locator("[data-waits]").first).to_contain_text("到了，还没传上来 · 回执词：")
    page.screenshot(path=tmp_path / "offline.png")
    assert ticked(demo) == 0
    os.kill(process_of(folder), signal.SIGKILL)
    with pytest.raises(Exception, match="closed"):
        page.reload()

    context = chromium.browser_type.launch_persistent_context(str(folder), **options)
    page = context.pages[0]
    page.goto(demo.sign_in["leader"])
    until(page, lambda: ticked(demo) == PEOPLE, 60)
    page.goto(shift)
    expect(page.locator("#queue")).to_be_hidden()
    assert taken(demo) == before + PEOPLE
    [(times,)] = rows(demo, "SELECT count(DISTINCT receipt) FROM tb_queued_press")
    assert times > PEOPLE / 2
    context.close()


def test_two_tabs_that_send_at_once_send_each_press_once(
    phone: BrowserContext, demo: Demo, shift: str
) -> None:
    page = open_roll(phone, demo, shift)
    other = phone.new_page()
    other.goto(shift)
    phone.set_offline(True)
    before = taken(demo)
    tick(page, 5)
    other.reload()
    expect(other.locator("#queue")).to_contain_text("还有 5 步没传上来")
    phone.set_offline(False)
    until(page, lambda: ticked(demo) == 5)
    page.wait_for_timeout(1500)
    assert taken(demo) == before + 5
    other.reload()
    expect(other.locator("#queue")).to_be_hidden()


def test_a_sign_in_that_ended_keeps_the_queue_until_the_same_person_is_back(
    phone: BrowserContext, demo: Demo, shift: str
) -> None:
    page = open_roll(phone, demo, shift)
    phone.set_offline(True)
    tick(page, 2)
    rows(
        demo,
        "DELETE FROM tb_session WHERE member = (SELECT lead FROM tb_service WHERE uid = ?)",
        shift.rpartition("/")[2],
    )
    phone.set_offline(False)
    expect(page.get_by_text("请登录，再传上来")).to_be_visible()
    assert ticked(demo) == 0

    page.goto(demo.sign_in["volunteer"])
    page.wait_for_timeout(1500)
    assert ticked(demo) == 0

    page.goto(demo.sign_in["leader"])
    until(page, lambda: ticked(demo) == 2)


def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_is_done_twice(
    chromium: Browser, demo: Demo, shift: str
) -> None:
    context = chromium.new_context(
        base_url=demo.url, viewport=SIZES["phone"], locale="zh-CN", service_workers="block"
    )
    page = context.new_page()
    page.goto(demo.sign_in["leader"])
    page.goto(shift)
    lost: list[int] = []
    losing = True

    def lose(route: Route) -> None:
        answer = route.fetch()
        if losing:
            lost.append(answer.status)
            route.fulfill(status=500, body="{}")
        else:
            route.fulfill(response=answer)

    page.route("**/queue", lose)
    before = taken(demo)
    context.set_offline(True)
    tick(page, 2)
    context.set_offline(False)
    until(page, lambda: ticked(demo) == 1)
    expect(page.locator("#queue")).to_contain_text("还有 2 步没传上来")
    assert set(lost) == {200}
    losing = False
    page.reload()
    until(page, lambda: ticked(demo) == 2)
    page.wait_for_timeout(1000)
    assert taken(demo) == before + 2
    context.close()


def test_what_was_refused_is_said_and_does_not_hold_up_the_others(
    phone: BrowserContext, demo: Demo, shift: str
) -> None:
    page = open_roll(phone, demo, shift)
    phone.set_offline(True)
    first = page.locator("form[action$='/tick']:visible").first.get_attribute("action")
    assert first
    tick(page, 2)
    rows(demo, "UPDATE tb_attendance SET state = 'cancelled' WHERE uid = ?", first.split("/")[2])
    phone.set_offline(False)
    until(page, lambda: ticked(demo) == 1)
    expect(page.locator("#queue")).to_contain_text("没传上")
    page.wait_for_timeout(1500)
    expect(page.locator("#queue li")).to_have_count(1)
    page.get_by_role("button", name="知道了").click()
    expect(page.locator("#queue")).to_be_hidden()


def test_somebody_who_walked_up_without_a_network_stands_on_the_roll(
    phone: BrowserContext, demo: Demo, shift: str
) -> None:
    page = open_roll(phone, demo, shift)
    phone.set_offline(True)
    page.get_by_text("临时来的人").click()
    page.get_by_label("姓名或马甲编号").fill("赵新来")
    page.get_by_text("第一次来").click()
    page.get_by_role("button", name="人到了，记上").click()
    expect(page.locator("ul.roll li", has_text="赵新来")).to_contain_text("还没传上来")
    phone.set_offline(False)
    until(page, lambda: bool(rows(demo, "SELECT 1 FROM tb_person WHERE name = '赵新来'")))
    expect(page.locator("ul.roll li", has_text="赵新来")).not_to_contain_text("还没传上来")


def test_a_press_that_was_a_slip_is_taken_back_before_it_is_sent(
    phone: BrowserContext, demo: Demo, shift: str
) -> None:
    page = open_roll(phone, demo, shift)
    phone.set_offline(True)
    tick(page, 1)
    page.get_by_role("button", name="改回").click()
    expect(page.locator("[data-waits]")).to_have_count(0)
    phone.set_offline(False)
    page.wait_for_timeout(1500)
    assert ticked(demo) == 0


def test_the_pages_of_one_sign_in_are_not_shown_to_the_next(
    phone: BrowserContext, demo: Demo, shift: str
) -> None:
    page = open_roll(phone, demo, shift)
    page.get_by_role("button", name="退出").click()
    page.wait_for_timeout(500)
    phone.set_offline(True)
    page.goto(shift)
    expect(page.locator("h1")).to_have_text("没有连上网")
