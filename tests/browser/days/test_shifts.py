"""One Tuesday of a team: the roll-call with all that goes wrong at it, and next week's shift that is swapped, moved, rained off."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def _roll(town: Any, size: str = "phone") -> tuple[Any, str]:
    """The leader's browser and the address of today's roll-call."""
    leader = town.of("zheng", size)
    leader.open("/teams")
    leader.main.locator(".slip").filter(has_text="今天").get_by_role("link", name="点名").first.click()
    return leader, leader.page.url.removeprefix(leader.url)


def _row(leader: Any, name: str) -> Any:
    row = leader.main.locator("ul.roll > li").filter(has_text=name).first
    expect(row).to_be_visible()
    return row


def _close(leader: Any, here: str, at: str) -> None:
    leader.open(f"{here}/close")
    leader.main.get_by_label("几点收的工").fill(at)
    if leader.main.get_by_label("都没来，记缺席").count():
        leader.main.get_by_label("都没来，记缺席").check()
    leader.click("收工")


def test_walk_up_early_leave_and_a_closing_by_mistake_are_put_right_on_the_spot(town: Any) -> None:
    leader, here = _roll(town)

    # Somebody who never signed up is simply there.
    leader.open(here)
    leader.main.get_by_text("临时来的人").click()
    leader.main.get_by_label("姓名或马甲编号").fill("何大海")
    leader.main.get_by_label("第一次来").check()
    leader.click("人到了，记上")
    expect(leader.open(here).locator("#counts")).to_contain_text("6 / 12")
    expect(_row(leader, "何大海")).to_contain_text("到了")

    # She is written down as gone and is still there.
    town.at("2026-11-24 08:44")
    leader.open(here)
    leader.press("leave_for", _row(leader, "邓姐"), left="8:43")
    expect(_row(leader, "邓姐")).to_contain_text("8:43")
    town.of("deng").reads("/volunteer", "8:43走")
    row = _row(leader, "邓姐")
    row.locator("summary").first.click()
    leader.take_back(row)
    expect(_row(leader, "邓姐")).not_to_contain_text("8:43")
    town.of("deng").reads("/volunteer", "走的时候按“我走了”")

    # 8:46: closed instead of looked at. Those who were away had not come; that is taken back with the rest.
    town.at("2026-11-24 08:46")
    _close(leader, here, "08:46")
    town.of("cai").reads("/volunteer", "记的是没有去")
    town.of("deng").reads("/volunteer", "8:46走")
    leader.open(here)
    leader.press("reopen")
    expect(leader.open(here).locator("#counts")).to_contain_text("6 / 12")
    town.of("deng").reads("/volunteer", "走的时候按“我走了”")
    cai = town.of("cai", "desk")
    cai.does_not_read("/volunteer", "记的是没有去")
    cai.click("我到了")
    expect(leader.open(here).locator("#counts")).to_contain_text("7 / 12")
