"""Somebody's record from the counter to the end, in a browser: registered, corrected, joined with a double, died."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.signing_in import at_desk, colleague_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def _register(page: Page, url: str, name: str, phone: str) -> str:
    page.goto(url + "/desk/register")
    page.get_by_label("姓名").fill(name)
    page.locator("#f-phone").fill(phone)
    page.get_by_text("愿意帮别人").click()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("登记好了")
    return page.url.rpartition("/")[2]


def test_a_record_from_the_counter_to_the_end(chromium: Browser, demo: Any) -> None:
    desk, second = at_desk(chromium, demo), colleague_of(chromium, demo)
    kept = _register(desk, demo.url, "欧阳小敏", "19955501234")

    # Corrected: a slip in the name, a second number.
    desk.get_by_role("link", name="改资料").click()
    desk.get_by_label("姓名").fill("欧阳晓敏")
    desk.locator("#f-phone").fill("19955501234、028-85550000转802")
    desk.get_by_role("button", name="改好了").click()
    expect(desk.locator("h1")).to_contain_text("欧阳晓敏")
    expect(desk.locator("dl.answers").first).to_contain_text("028-85550000转802")

    # The same person comes again under the old name, and is shown before anything is written.
    desk.goto(demo.url + "/desk/register")
    desk.get_by_label("姓名").fill("欧阳小敏")
    desk.locator("#f-phone").fill("19955501234")
    desk.get_by_role("button", name="登记", exact=True).click()
    expect(desk.locator("#who")).to_be_visible()
    desk.get_by_text("都不是，是另一个人").click()
    desk.get_by_role("button", name="登记", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("登记好了")
    gone = desk.url.rpartition("/")[2]
    assert gone != kept

    # It was the same person after all: joined by two people.
    desk.goto(f"{demo.url}/desk/pick/join/{kept}")
    desk.get_by_role("searchbox").fill("1234")
    desk.get_by_role("button", name="查").click()
    desk.get_by_role("link", name="对照看看").click()
    desk.get_by_role("button", name="是同一个人，请同事确认").click()
    second.goto(demo.url + "/desk/changes")
    second.get_by_role("button", name="是这样，确认").click()
    expect(second.get_by_role("status")).to_contain_text("办好了")
    desk.goto(f"{demo.url}/desk/members/{gone}")
    expect(desk).to_have_url(re.compile(f"/desk/members/{kept}$"))

    # Died: entered by one, confirmed by the other; after that there is no step left that would ring them.
    desk.get_by_role("link", name="去世").click()
    desk.get_by_role("button", name="录入，请同事确认").click()
    expect(desk.locator("h1")).not_to_contain_text("已去世")
    second.goto(demo.url + "/desk/changes")
    second.get_by_role("button", name="是这样，确认").click()
    desk.reload()
    expect(desk.locator("h1")).to_contain_text("已去世")
    expect(desk.get_by_role("button", name="念一个验证码")).to_have_count(0)


def test_a_stranger_asks_to_join_in_one_minute_and_the_desk_confirms(chromium: Browser, demo: Any) -> None:
    stranger = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN").new_page()
    stranger.goto(demo.url + "/sign-in")
    stranger.get_by_role("link", name="我要加入").click()
    stranger.get_by_label("姓名").fill("司马新来")
    stranger.locator("#f-phone").fill("199-5555-7777")
    stranger.get_by_text("帮别人").click()
    stranger.get_by_role("button", name="我要加入").click()
    expect(stranger.get_by_role("status")).to_contain_text("社区会打电话")

    desk = at_desk(chromium, demo)
    desk.goto(demo.url + "/desk/questions")
    desk.get_by_role("link", name="司马新来").click()
    desk.get_by_role("button", name="联系上了，登记").click()
    expect(desk.locator("h1")).to_contain_text("司马新来")


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_an_archive_is_one_sheet_of_a4_however_long_the_life(
    chromium: Browser, demo: Any, lang: str, tmp_path: Path
) -> None:
    """The busiest volunteer of the town, with every field of the record filled to its end."""
    desk = at_desk(chromium, demo)
    found = desk.request.get(demo.url + "/api/members").json()["members"]
    lives = [desk.request.get(f"{demo.url}/api/members/{one['uid']}/archive").json() for one in found]
    busiest = max(lives, key=lambda one: one["given_count"] + one["received_count"] + one["duties_count"])
    uid, token = busiest["uid"], {"x-csrftoken": _token(desk)}
    filled = {
        "called": "很会照顾大家的老队长" * 3, "phone": "19955501234、028-85550000转802、19955501235、19955501236、028-85550001",
        "address": "东区街道一网格三号楼二单元" * 9, "occupation": "退休教师" * 14, "health_note": "听力不好，请大声说。" * 40,
    }  # fmt: skip
    answer = desk.request.post(f"{demo.url}/api/members/{uid}", data=filled, headers=token)
    assert answer.ok, answer.text()
    wants = desk.request.get(f"{demo.url}/api/members/{uid}/profile").json()
    wants |= {"skills": "理发、修水管、换灯泡、陪诊、读报、写字" * 5, "limits": "膝盖不好，不爬楼" * 20}
    answer = desk.request.post(f"{demo.url}/api/members/{uid}/profile", data=wants, headers=token)
    assert answer.ok, answer.text()

    for member in (uid, min(lives, key=lambda one: one["given_count"])["uid"]):
        desk.goto(f"{demo.url}/members/{member}/archive?paper=1&lang={lang}")
        pdf = desk.pdf(prefer_css_page_size=True, format="A4", path=tmp_path / f"{member}.pdf")
        assert _pages(pdf) == 1, member


def _token(page: Page) -> str:
    answer = page.goto(page.url)
    assert answer is not None
    return answer.headers["x-csrftoken"]
