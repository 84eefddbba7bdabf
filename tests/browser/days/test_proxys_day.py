"""Wang Xiaohong's Tuesday far away: what she reads, does and may not do for her mother."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of
from timebank.rules.parts.promises import Person, Standing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TALK, HAIR, SHOPPING = "陪伴问候", "理发", "帮买东西"
MOTHER = "王奶奶"


@pytest.mark.parametrize("way", ways_of("proxy"), ids=str)
def test_a_proxys_day(way: Way, day: Town) -> None:
    proxy, elder = day.of("proxy"), day.of("wang")
    the_news_of_her_mother_is_hers_too(day, proxy)
    she_acts_and_every_page_says_for_whom(proxy)
    she_says_that_the_help_was_done_and_her_mother_can_see_it(day, proxy, elder)
    one_visit_is_called_off_and_taken_back(day, proxy, elder)
    she_asks_and_back_after_saving_asks_nothing_twice(day, proxy)
    what_the_mandate_does_not_give_is_not_there(proxy)
    her_mother_takes_the_mandate_back(day, proxy, elder)


def the_news_of_her_mother_is_hers_too(day: Town, proxy: Own) -> None:
    day.at("08:45")
    news = proxy.open("/news").locator(".slip").filter(has_text=MOTHER)
    assert news.count() >= 3
    letter = news.filter(has=proxy.page.get_by_role("link", name=proxy.t("看这一周")))
    proxy.follow("看这一周", letter.first)
    expect(proxy.main).to_contain_text(HAIR)


def she_acts_and_every_page_says_for_whom(proxy: Own) -> None:
    proxy.open("/elder")
    proxy.send(proxy.main.locator("form[action='/act-for'] button").first)
    for path in ("/elder", "/hours", "/elder/ask/shopping"):
        proxy.open(path)
        expect(proxy.page.locator(".strip.acting")).to_contain_text(MOTHER)
    proxy.reads("/elder", proxy.sentence(Standing.LEFT, Person.PROXY))


def she_says_that_the_help_was_done_and_her_mother_can_see_it(day: Town, proxy: Own, elder: Own) -> None:
    day.at("08:50")
    proxy.open("/elder")
    proxy.press("came", proxy.slip(TALK))
    expect(proxy.slip(TALK)).to_contain_text(proxy.sentence(Standing.RESTING, Person.PROXY))
    elder.open("/elder")
    expect(elder.slip(TALK)).to_contain_text(elder.sentence(Standing.RESTING, Person.ELDER))
    day.tick("09:01")
    expect(elder.open("/hours").locator("tr").filter(has_text=TALK)).to_contain_text("1:00")


def one_visit_is_called_off_and_taken_back(day: Town, proxy: Own, elder: Own) -> None:
    day.at("09:05")
    proxy.open("/elder")
    proxy.press("off_date", proxy.slip(HAIR))
    helper = day.of("luo")
    helper.open("/volunteer")
    expect(helper.main.locator(".slip").filter(has_text=HAIR).first).not_to_contain_text(helper.t("能去"))
    proxy.open("/elder")
    proxy.take_back(proxy.slip(HAIR))
    elder.open("/elder")
    expect(elder.slip(HAIR)).to_contain_text(elder.sentence(Standing.ARRANGED, Person.ELDER, who="罗大哥"))


def she_asks_and_back_after_saving_asks_nothing_twice(day: Town, proxy: Own) -> None:
    day.at("09:10")
    proxy.open("/elder")
    before = proxy.main.locator(".slip").filter(has_text=SHOPPING).count()
    proxy.follow("买东西")
    proxy.follow("明天上午")
    proxy.click("请帮我登记")
    if day.way.javascript:
        # The page that is shown again by Back knows that it was sent.
        proxy.page.go_back()
        expect(proxy.page.locator(".strip.acting")).to_contain_text(MOTHER)
        proxy.click("请帮我登记")
    expect(proxy.main.locator(".slip").filter(has_text=SHOPPING)).to_have_count(1)
    proxy.open("/elder")
    expect(proxy.main.locator(".slip").filter(has_text=SHOPPING)).to_have_count(before + 1)


def what_the_mandate_does_not_give_is_not_there(proxy: Own) -> None:
    proxy.open("/hours")
    expect(proxy.main.locator("form[action='/hours/donate'], form[action='/hours/give']")).to_have_count(0)
    for path in ("/desk", "/desk/calls"):
        answer = proxy.page.goto(proxy.url + path)
        assert answer is not None
        assert answer.status in (403, 404), path


def her_mother_takes_the_mandate_back(day: Town, proxy: Own, elder: Own) -> None:
    day.at("09:14")
    proxy.open("/elder")
    elder.open("/relationships")
    elder.follow("看一看", elder.main.locator("ul.roll > li").filter(has_text="王小红"))
    elder.main.get_by_text(elder.t("结束这段关系")).click()
    elder.send(elder.main.locator("form[action$='/end'] button"))
    # Her page is still open; what she presses on it is refused in words, and nothing of it is done.
    off = proxy.slip(HAIR).locator("form:has(input[value=off_date]) button")
    with proxy.page.expect_event("domcontentloaded"):
        off.click()
    expect(proxy.page.locator(".strip.acting")).to_have_count(0)
    expect(proxy.main.locator("h1")).to_contain_text(MOTHER)
    expect(proxy.main.locator("form")).to_have_count(0)
    elder.open("/elder")
    expect(elder.slip(HAIR)).to_contain_text(elder.sentence(Standing.ARRANGED, Person.ELDER, who="罗大哥"))
    expect(proxy.open("/elder")).not_to_contain_text(MOTHER)
