"""An auditor's Tuesday: the book and its months, one hour followed to its service, a correction and what was written down late."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from ledger.books import load
from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PRIVATE = (
    "王奶奶",
    "王秀英",
    "念家信",
    "换卫生间灯泡",
    "钱师傅",
    "钱二",
    "一网格3号楼",
    "膝盖",
    "19900000101",
)
"""Names, titles, addresses and notes of the people whose hours are looked at."""


@pytest.mark.parametrize("way", ways_of("auditor"), ids=str)
def test_an_auditors_day(way: Way, day: Town) -> None:
    auditor = day.of("auditor")
    _the_book_is_whole_and_its_months_can_be_taken_home(auditor)
    _an_hour_that_is_set_aside_leads_to_its_service(auditor)
    _a_correction_of_today_stands_in_the_journal(auditor, day)
    _what_was_written_down_late_says_how_late(auditor)
    _the_rules_are_read_and_nothing_can_be_changed(auditor)


def _the_book_is_whole_and_its_months_can_be_taken_home(auditor: Own) -> None:
    auditor.reads("/books", "完整", "已结账", "不信我们，自己核")
    answer = auditor.page.request.get(f"{auditor.url}/books/2026-10")
    assert answer.ok
    assert load(answer.text())
    assert not [word for word in PRIVATE if word in answer.text()]


def _an_hour_that_is_set_aside_leads_to_its_service(auditor: Own) -> None:
    """The newest entry is a hold for a visit that has been: how it went, without a private word."""
    auditor.follow("逐笔看")
    auditor.send_link(auditor.main.locator("tbody th a").first)
    expect(auditor.main).to_contain_text(auditor.t("预留"))
    auditor.follow("看这次服务的经过")
    expect(auditor.main).to_contain_text(auditor.t("上门帮忙"))
    _says_nothing_private(auditor)
    # And back: the entry that the service names is the one we came from.
    auditor.send_link(auditor.main.locator("a[href^='/books/transfers/']:not(:has(svg))").last)
    expect(auditor.main).to_contain_text(auditor.t("预留"))


def _a_correction_of_today_stands_in_the_journal(auditor: Own, day: Town) -> None:
    """The desk puts an hour right that its elder called wrong; the auditor sees the old entry, its reversal and the new one."""
    elder, desk, colleague = day.of("wang"), day.of("worker"), day.of("worker2")
    auditor.reads("/books/transfers?only=corrections", "这一段里没有")
    day.at("09:20")
    line = elder.open("/hours").locator("tr, li").filter(has_text="电路灯具").first
    elder.follow("不对？", line)
    elder.press("wrong", note="来了一个小时，不是半小时")
    desk.open("/desk/evening")
    desk.press(
        "correct", desk.slip("电路灯具", re.compile("11月16日|16 Nov")), minutes="60", note="两边都问过"
    )
    colleague.open("/desk/put-right")
    colleague.click("看过了，就这样改")
    day.tick("09:40")

    rows = auditor.open("/books/transfers?only=corrections").locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(auditor.t("更正：时间记错了"))
    auditor.send_link(rows.locator("th a"))
    reversal = auditor.page.url.removeprefix(auditor.url)
    auditor.send_link(auditor.main.locator("dl a[href^='/books/transfers/']"))
    expect(auditor.main).to_contain_text(auditor.t("已经冲回"))
    expect(auditor.main.locator(f"dl a[href='{reversal}']")).to_be_visible()
    auditor.follow("看这次服务的经过")
    for said in ("说不对", "从账本冲回", "记进账本"):
        expect(auditor.main).to_contain_text(auditor.t(said))
    expect(auditor.main.locator("tbody tr").filter(has_text=auditor.t("说不对"))).to_contain_text(
        auditor.t("被帮的人")
    )
    _says_nothing_private(auditor)
    auditor.reads("/books", "完整")


def _what_was_written_down_late_says_how_late(auditor: Own) -> None:
    """Last Tuesday's paper sheet was typed in a day after it."""
    auditor.open("/books/transfers?only=late")
    row = auditor.main.locator("tbody tr").filter(has_text=re.compile("11月17日|17 November|17 Nov")).first
    auditor.send_link(row.locator("th a"))
    auditor.follow("看这次服务的经过")
    expect(auditor.main).to_contain_text("周二“红马甲”在行动")
    expect(auditor.main).to_contain_text(auditor.t("纸质签到表"))


def _the_rules_are_read_and_nothing_can_be_changed(auditor: Own) -> None:
    auditor.open("/desk/policy")
    auditor.open("/books")
    expect(auditor.main.locator("form")).to_have_count(0)
    for path in ("/desk", "/desk/members", "/teams", "/volunteer/none"):
        answer = auditor.page.request.get(auditor.url + path)
        assert answer.status in (403, 404), (path, answer.status)


def _says_nothing_private(auditor: Own) -> None:
    for word in PRIVATE:
        expect(auditor.main).not_to_contain_text(word)
