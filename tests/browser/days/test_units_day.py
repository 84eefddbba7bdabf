"""A school's Tuesday: what it agreed to, who goes, a day on which nobody can, and one word for several visits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of
from timebank.rules.parts.promises import Person, Standing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TITLE = "课后托管"


@pytest.mark.parametrize("way", ways_of("unit"), ids=str)
def test_a_units_day(way: Way, day: Town) -> None:
    contact, desk = day.of("teacher"), day.of("worker")
    _it_sees_what_it_agreed_to(contact)
    _names_who_goes_tomorrow(contact, desk)
    _cannot_come_today_and_the_desk_sends_another_at_once(contact, desk, day)
    _could_do_one_thing_more(contact)
    _two_visits_are_confirmed_by_one_word(contact, day)


def _it_sees_what_it_agreed_to(contact: Own) -> None:
    contact.reads("/unit", "答应了的")
    agreed = contact.main.locator("section[aria-labelledby=agreed] .slip")
    expect(agreed).to_have_count(4)
    expect(agreed.first).to_contain_text(contact.sentence(Standing.UNNAMED, Person.UNIT))


def _names_who_goes_tomorrow(contact: Own, desk: Own) -> None:
    """Somebody of the school who is on no list yet; slip of the hand: that one cannot, and another is named."""
    for name in ("马老师", "牛老师"):
        contact.open("/unit")
        tomorrow = contact.main.locator("section[aria-labelledby=agreed] .slip").nth(1)
        contact.follow("定下谁去", tomorrow)
        contact.main.locator("#name details summary").click()
        contact.main.locator("#f-name").fill(name)
        contact.click("记下，就请这位")
        expect(contact.main).to_contain_text(name)
        if name == "马老师":
            contact.open("/unit")
            contact.press(
                "cannot", contact.main.locator("section[aria-labelledby=agreed] .slip").nth(1), note="病了"
            )
    contact.open("/unit")
    tomorrow = contact.main.locator("section[aria-labelledby=agreed] .slip").nth(1)
    expect(tomorrow).to_contain_text("牛老师")
    desk.open("/desk/evening")
    expect(desk.main.locator(".slip").filter(has_text=TITLE)).to_have_count(1)


def _cannot_come_today_and_the_desk_sends_another_at_once(contact: Own, desk: Own, day: Town) -> None:
    day.at("11:00")
    contact.open("/unit")
    today = contact.main.locator("section[aria-labelledby=agreed] .slip").first
    contact.press("cannot", today, note="老师都去开会了")
    contact.open("/unit")
    given_back = contact.main.locator("section[aria-labelledby=agreed] .slip").first
    expect(given_back).to_contain_text(contact.sentence(Standing.SEARCHING, Person.UNIT))

    desk.open("/desk/evening")
    row = desk.slip(TITLE)
    expect(row).to_contain_text(desk.sentence(Standing.SEARCHING, Person.DESK, who="实验小学"))
    # Nobody's hours fit: anybody may be asked, from the same row.
    desk.follow("派人", row)
    desk.main.locator("#f-look").fill("001")
    desk.main.locator("form[role=search] button").click()
    leader = desk.main.locator("#f-who option").filter(has_text="郑").first.get_attribute("value")
    desk.main.locator("#f-who").select_option(value=leader)
    desk.main.locator("#f-on").fill("2026-11-24")
    desk.main.locator("#f-at").fill("16:30")
    desk.main.locator("#f-minutes").select_option(value="90")
    desk.main.locator("#f-reason").fill("电话里答应的")
    desk.click("约定")
    desk.open("/desk/evening")
    expect(desk.main.locator(".slip").filter(has_text=TITLE)).to_have_count(0)
    day.of("zheng").reads("/volunteer", TITLE)


def _could_do_one_thing_more(contact: Own) -> None:
    """A thing that fits what the school offers; once it is claimed it is offered no more."""
    contact.open("/unit")
    could = contact.main.locator("section[aria-labelledby=could-do] .slip")
    title = could.first.locator("h3").inner_text()
    contact.click("我们来做", could.first)
    contact.open("/unit")
    expect(contact.main.locator("section[aria-labelledby=could-do]")).not_to_contain_text(title)


def _two_visits_are_confirmed_by_one_word(contact: Own, day: Town) -> None:
    """Two elders let her say that somebody came: one look, one press, ten minutes, and it stands in the helper's passbook."""
    helper = day.of("xu")
    for arrived, left in (("13:00", "13:50"), ("15:00", "15:40")):
        day.at(arrived)
        helper.open("/volunteer")
        helper.click("我到了", helper.slip("理发", arrived))
        day.at(left)
        helper.open("/volunteer")
        helper.press("leave", helper.slip("理发", arrived))
    contact.open("/unit")
    contact.follow("等您说一声的")
    expect(contact.main.locator("input[name=parts]")).to_have_count(2)
    contact.click("打了勾的，是这样")
    expect(contact.main.locator("input[name=parts]")).to_have_count(0)
    day.tick("15:55")
    passbook = helper.open("/hours").locator("tbody tr").filter(has_text="理发")
    expect(passbook.filter(has_text=re.compile("11-24|24 Nov|11月24日"))).to_have_count(2)
