"""Li Si's Tuesday: what he could do near by, his shift with a slip of the finger, next week's place, and what becomes of his hours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of
from timebank.rules.parts.promises import Person, Standing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SHIFT, NEAR = "周二“红马甲”在行动", "理发"
HER_WORDS = "头发太长了"
"""What she said of it: on her own page, and on his card once she has agreed."""
NEXT_WEEK = "8:30–11:30"


@pytest.mark.parametrize("way", ways_of("volunteer"), ids=str)
def test_a_volunteers_day(way: Way, day: Town) -> None:
    volunteer, leader = day.of("李四"), day.of("zheng")
    something_near_by_fits_and_is_claimed(day, volunteer)
    he_arrives_and_an_early_leaving_is_undone(day, volunteer)
    he_signs_up_for_next_week_wants_to_swap_and_stays(day, volunteer, leader)
    he_leaves_and_reads_what_becomes_of_the_hours(day, volunteer, leader)
    the_afternoon_is_arranged_and_stands_in_his_calendar(day, volunteer)
    an_hour_is_given_away_once(day, volunteer)


def something_near_by_fits_and_is_claimed(day: Town, volunteer: Own) -> None:
    day.at("08:41")
    volunteer.open("/proposals")
    near = volunteer.slip(NEAR)
    near.locator("summary").first.click()
    # The reasons name his skill and the hour.
    expect(near.locator("details")).to_contain_text("13:00–18:00")
    volunteer.send(near.locator("form[action='/claims'] button"))
    elder = day.of("ma")
    elder.open("/elder")
    expect(volunteer.main).not_to_contain_text(HER_WORDS)
    elder.click("好，请他来", elder.slip(HER_WORDS))


def he_arrives_and_an_early_leaving_is_undone(day: Town, volunteer: Own) -> None:
    day.at("08:44")
    volunteer.open("/volunteer")
    volunteer.click("我到了", volunteer.slip(SHIFT))
    day.at("09:30")
    volunteer.open("/volunteer")
    volunteer.press("leave", volunteer.slip(SHIFT))
    expect(volunteer.slip(SHIFT)).to_contain_text(volunteer.sentence(Standing.LEFT, Person.VOLUNTEER))
    volunteer.take_back(volunteer.slip(SHIFT))
    assert volunteer.offers("leave", volunteer.slip(SHIFT))


def he_signs_up_for_next_week_wants_to_swap_and_stays(day: Town, volunteer: Own, leader: Own) -> None:
    leader.open("/teams")
    leader.click("照清单排下周的班")
    volunteer.open("/volunteer")
    volunteer.click("我报名", volunteer.slip("我报名", SHIFT))
    mine = volunteer.slip(SHIFT, "请别人换")
    volunteer.press("swap", mine, note="那天要带孩子")
    volunteer.open("/volunteer")
    volunteer.take_back(volunteer.slip(SHIFT, "按错了，改回"))
    assert volunteer.offers("swap", volunteer.slip(SHIFT, "请别人换"))


def he_leaves_and_reads_what_becomes_of_the_hours(day: Town, volunteer: Own, leader: Own) -> None:
    day.at("11:31")
    volunteer.open("/volunteer")
    volunteer.press("leave", volunteer.slip(SHIFT))
    expect(volunteer.slip(SHIFT, volunteer.sentence(Standing.LEFT, Person.VOLUNTEER))).to_be_visible()
    leader.open("/teams")
    leader.main.locator(".slip").first.get_by_role("link").first.click()
    leader.press("confirm", leader.main.locator("ul.roll > li").filter(has_text="李师傅").first)
    volunteer.reads("/volunteer", volunteer.sentence(Standing.RESTING, Person.VOLUNTEER))
    day.tick("11:45")
    line = volunteer.open("/hours").locator("tr").filter(has_text=re.compile("11-24|24 Nov"))
    expect(line).to_contain_text("2:45")
    expect(line.locator("small").first).to_contain_text("2")


def the_afternoon_is_arranged_and_stands_in_his_calendar(day: Town, volunteer: Own) -> None:
    volunteer.reads("/volunteer", NEAR)
    volunteer.open("/calendar")
    volunteer.click("我自己的服务")
    address = volunteer.main.locator("#made").input_value()
    feed = day.stranger().page.request.get(address)
    assert feed.ok
    assert feed.text().startswith("BEGIN:VCALENDAR")
    assert feed.text().count("BEGIN:VEVENT") >= 2
    assert not [word for word in (NEAR, HER_WORDS) if word in feed.text()], (
        "a calendar in a stranger's pocket says no need"
    )
    paper = volunteer.open("/hours?paper=1")
    expect(paper).to_contain_text("15:30")


def an_hour_is_given_away_once(day: Town, volunteer: Own) -> None:
    volunteer.open("/hours")
    gift = volunteer.main.locator("form[action='/hours/donate']")
    volunteer.main.get_by_text(volunteer.t("把时间送给社区基金")).click()
    gift.get_by_label(volunteer.t("小时")).fill("1")
    volunteer.send(gift.locator("button"))
    expect(volunteer.open("/hours").locator("tr").last).to_contain_text("1:00")
