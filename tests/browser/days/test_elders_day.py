"""Wang Xiuying's Tuesday: from the greeting in the morning to the line in her passbook in the evening."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of
from timebank.rules.parts.promises import Person, Standing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TALK, GROCERIES, HAIR, LESSON = "陪伴问候", "代买代购", "理发", "手机教学"
HER_WORDS = "想学用手机挂号"
"""What she said of the lesson: on her own page while nobody has taken it, and on no list."""


@pytest.mark.parametrize("way", ways_of("elder"), ids=str)
def test_an_elders_day(way: Way, day: Town) -> None:
    elder = day.of("wang")
    the_greeting_is_answered_by_opening_the_page(day, elder)
    her_word_about_yesterday_is_given_taken_back_and_given_again(day, elder)
    help_is_asked_for_in_three_taps(day, elder)
    nobody_came_and_another_time_is_offered(day, elder)
    a_late_answer_offers_two_times_and_a_neighbour_waits_for_her_yes(day, elder)
    comes = who_was_to_come_cannot_and_another_steps_in(day, elder)
    letters_grow_and_the_page_speaks(day, elder)
    the_visit_of_the_afternoon_ends_in_her_book(day, elder, day.of(day.who(comes)))


def the_greeting_is_answered_by_opening_the_page(day: Town, elder: Own) -> None:
    day.tick("08:41")
    elder.reads("/elder", "早上好！您打开了这一页，社区就知道您今天好。", "请说一声")


def her_word_about_yesterday_is_given_taken_back_and_given_again(day: Town, elder: Own) -> None:
    day.at("08:43")
    elder.press("came", elder.slip(TALK))
    elder.take_back(elder.slip(TALK))
    assert elder.offers("came", elder.slip(TALK))
    elder.press("came", elder.slip(TALK))
    expect(elder.slip(TALK)).to_contain_text(elder.sentence(Standing.RESTING, Person.ELDER))


def help_is_asked_for_in_three_taps(day: Town, elder: Own) -> None:
    day.at("08:50")
    taps = 0
    if day.way.javascript:
        # Without her own telephone: the card on the fridge, on any telephone. It asks in her name, and she says yes herself.
        phone = day.stranger()
        phone.page.goto(day.card)
        phone.click("开始")
        phone.follow("修东西")
        phone.click("哪天都行")
        taps = 3
        expect(phone.page.get_by_role("status")).to_contain_text(
            phone.t("记下了。社区会问您本人，说好了就找人。")
        )
        elder.open("/elder")
        asked = elder.slip("不是我")
        elder.click("是我", asked)
    else:
        elder.follow("修东西")
        elder.follow("哪天都行")
        elder.click("请帮我登记")
        taps = 3
        expect(elder.main).to_contain_text(elder.t("登记好了。找到人就告诉您。"))
        elder.open("/elder")
    assert taps == 3
    expect(elder.slip(elder.sentence(Standing.ASKED, Person.ELDER))).to_be_visible()


def nobody_came_and_another_time_is_offered(day: Town, elder: Own) -> None:
    day.at("09:35")
    elder.open("/elder")
    elder.press("not_came", elder.slip(GROCERIES))
    expect(elder.slip(GROCERIES)).to_contain_text(elder.sentence(Standing.SAID_NOT, Person.ELDER))
    desk = day.of("worker")
    first = desk.open("/desk/evening").locator(".slip").first
    expect(first).to_contain_text(GROCERIES)
    desk.press("word_not", first)
    elder.open("/elder")
    expect(elder.slip(GROCERIES)).to_contain_text(elder.sentence(Standing.DID_NOT, Person.ELDER))
    elder.slip(GROCERIES).get_by_role("link", name=elder.t("另约一次")).click()
    expect(elder.main.locator("#ask")).to_be_in_viewport()
    # What comes every week is not late because one visit of it failed.
    expect(elder.slip("行动不便", elder.sentence(Standing.ASKED, Person.ELDER))).to_be_visible()
    # Who answered the greeting is not rung about; who did not is.
    day.tick("10:31")
    missed = desk.open("/desk/calls").locator(".slip").filter(has_text=desk.news("greeting_missed"))
    expect(missed).to_have_count(1)
    expect(missed).not_to_contain_text("王奶奶")


def a_late_answer_offers_two_times_and_a_neighbour_waits_for_her_yes(day: Town, elder: Own) -> None:
    day.at("10:35")
    elder.open("/elder")
    late = elder.slip(HER_WORDS)
    expect(late).to_contain_text(elder.sentence(Standing.OVERDUE, Person.ELDER))
    others = late.locator("form[action$='/time'] button")
    expect(others).to_have_count(2)
    elder.send(others.nth(1))
    neighbour = day.of("yuan")
    neighbour.open("/lists/needs")
    neighbour.does_not_read("/lists/needs", HER_WORDS)
    lines = neighbour.main.locator("ul.cards > li").filter(has_text="一网格")
    # A list calls a need by its kind, in the reader's language.
    lesson = lines.filter(has_text=re.compile("手机教学|Learning to use a phone"))
    neighbour.send_link(lesson.locator("h2 a").first)
    neighbour.click("认领，等对方答复")
    elder.open("/elder")
    elder.click("好，请他来", elder.slip(elder.sentence(Standing.CLAIMED, Person.ELDER, who="小梅")))
    elder.reads("/elder", elder.sentence(Standing.ARRANGED, Person.ELDER, who="小梅", what=LESSON))


def who_was_to_come_cannot_and_another_steps_in(day: Town, elder: Own) -> str:
    day.at("11:00")
    helper = day.of("luo")
    helper.open("/volunteer")
    helper.press("cannot", helper.slip(HAIR), note="发烧了")
    elder.open("/elder")
    expect(elder.slip(HAIR)).to_contain_text(elder.sentence(Standing.SEARCHING, Person.ELDER, who="罗大哥"))
    desk = day.of("worker")
    row = desk.open("/desk/evening").locator(".slip").filter(has_text=HAIR).filter(has_text="罗大哥").first
    asked = day.called(row.locator("ul.roll .name").first.inner_text())
    other = day.of(day.who(asked))
    other.open("/volunteer")
    other.press("claim", other.slip(HAIR, "16:00"))
    elder.open("/elder")
    expect(elder.slip(HAIR)).to_contain_text(elder.sentence(Standing.ARRANGED, Person.ELDER, who=asked))
    return asked


def letters_grow_and_the_page_speaks(day: Town, elder: Own) -> None:
    elder.open("/elder")
    before = elder.letter_px()
    with elder.page.expect_navigation():
        elder.page.locator("header").get_by_role("link", name=elder.t("更大")).click()
    elder.fits()
    assert elder.letter_px() >= 1.3 * before >= 1.3 * 20
    spoken = str(elder.page.locator("template[data-ear]").evaluate("ear => ear.content.textContent"))
    assert spoken.strip()
    if day.way.javascript:
        elder.page.get_by_role("button", name=elder.t("朗读")).click()
        expect(elder.page.locator("dialog.ear-shown")).to_contain_text(spoken.strip())
        elder.page.locator("dialog.ear-shown").click()
    elder.click("不会用？请社区打给我")
    desk = day.of("worker")
    calls = desk.open("/desk/calls").locator(".slip")
    expect(calls.filter(has_text=desk.t("请回电")).filter(has_text="王奶奶")).to_have_count(1)


def the_visit_of_the_afternoon_ends_in_her_book(day: Town, elder: Own, helper: Own) -> None:
    day.at("15:58")
    elder.open("/elder")
    helper.open("/volunteer")
    for word in helper.slip(HAIR, "16:00").locator(".says").first.inner_text().split("“")[1:]:
        expect(elder.slip(HAIR)).to_contain_text(word.partition("”")[0])
    helper.click("我到了", helper.slip(HAIR, "16:00"))
    elder.reads("/elder", elder.sentence(Standing.ARRIVED, Person.ELDER))
    day.at("16:33")
    helper.open("/volunteer")
    helper.press("leave", helper.slip(HAIR, "16:00"))
    elder.open("/elder")
    elder.press("came", elder.slip(HAIR))
    expect(elder.slip(HAIR).locator(".says")).to_have_count(0)
    day.tick("16:45")
    elder.reads("/elder", elder.sentence(Standing.POSTED, Person.ELDER))
    # Her own hours were not enough for this one: the community's paid it.
    expect(helper.open("/hours").locator("tr").filter(has_text=HAIR).last).to_contain_text("0:30")
    book = elder.open("/hours").locator("tr")
    today = re.compile("11-24|24 Nov")
    expect(book.filter(has_text=HAIR).filter(has_text=today)).to_have_count(0)
    expect(book.filter(has_text=TALK)).to_have_count(1)
    expect(book.filter(has_text=GROCERIES).filter(has_text=today)).to_have_count(0)
