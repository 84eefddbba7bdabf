"""Fang Yuzhen's Tuesday: her telephone is lent for five minutes, and in the afternoon she reads a letter to a neighbour."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of
from timebank.rules.parts.promises import Person, Standing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LETTER = "陪伴问候"
HER_WORDS = "想请人念一封信"


@pytest.mark.parametrize("way", ways_of("neighbour"), ids=str)
def test_a_neighbours_day(way: Way, day: Town) -> None:
    neighbour, elder = day.of("fang"), day.of("zhou")
    her_telephone_is_lent_and_is_hers_again(day, neighbour)
    she_finds_a_need_on_the_board_and_offers_herself(day, neighbour, elder)
    both_know_the_words_at_the_door(day, neighbour, elder)
    both_say_that_it_was_done_and_the_hours_are_hers(day, neighbour, elder)


def her_telephone_is_lent_and_is_hers_again(day: Town, neighbour: Own) -> None:
    day.at("09:00")
    the_card_is_opened(day, neighbour)
    expect(neighbour.main.locator("h1")).to_contain_text("王奶奶")
    expect(neighbour.page.locator("body")).not_to_contain_text("方阿姨")
    neighbour.follow("修东西")
    neighbour.click("哪天都行")
    neighbour.follow("用好了")
    expect(neighbour.page).to_have_url(re.compile("/volunteer"))
    expect(neighbour.main).to_contain_text("方阿姨")
    # Forgotten, it ends by itself; her own sign-in does not.
    the_card_is_opened(day, neighbour)
    day.at("09:06")
    neighbour.main.get_by_role("button", name=neighbour.t("请打给我")).click()
    expect(neighbour.main).to_contain_text(neighbour.t("开始"))
    neighbour.reads("/volunteer", "方阿姨")
    # What she typed in another's name waits for the other's own word.
    other = day.of("wang")
    other.open("/elder")
    other.click("是我", other.slip("不是我"))


def the_card_is_opened(day: Town, neighbour: Own) -> None:
    """The square does it; a telephone without JavaScript cannot read it, and what stands beside it is typed."""
    neighbour.page.goto(day.card)
    typed = neighbour.main.get_by_label(neighbour.t("卡上方块旁边的字母和数字"))
    if day.way.javascript:
        expect(typed).to_be_hidden()
    else:
        token = day.card.rpartition("#")[2]
        typed.fill(" ".join(token[at : at + 4] for at in range(0, len(token), 4)).upper())
    neighbour.click("开始")


def she_finds_a_need_on_the_board_and_offers_herself(day: Town, neighbour: Own, elder: Own) -> None:
    day.at("09:30")
    neighbour.open("/notice")
    neighbour.follow("需求清单")
    neighbour.does_not_read("/lists/needs", HER_WORDS)
    line = neighbour.main.locator("ul.cards > li").filter(has_text="15:00–16:00")
    neighbour.send_link(line.locator("h2 a").first)
    neighbour.click("认领，等对方答复")
    elder.open("/elder")
    offered = elder.slip(elder.sentence(Standing.CLAIMED, Person.ELDER, who="方阿姨"))
    elder.click("好，请他来", offered)
    neighbour.reads("/volunteer", LETTER)


def both_know_the_words_at_the_door(day: Town, neighbour: Own, elder: Own) -> None:
    day.at("14:30")
    neighbour.open("/volunteer")
    elder.open("/elder")
    hers = re.findall("“([^”]+)”", elder.slip(LETTER, "15:00").locator(".says").last.inner_text())
    his = re.findall("“([^”]+)”", neighbour.slip(LETTER, "15:00").locator(".says").first.inner_text())
    assert len(hers) == len(his) == 2
    assert hers == his


def both_say_that_it_was_done_and_the_hours_are_hers(day: Town, neighbour: Own, elder: Own) -> None:
    day.at("14:58")
    neighbour.open("/volunteer")
    neighbour.press("on_way", neighbour.slip(LETTER, "15:00"))
    elder.reads("/elder", elder.sentence(Standing.ON_WAY, Person.ELDER))
    neighbour.click("我到了", neighbour.slip(LETTER, "15:00"))
    day.at("15:47")
    neighbour.open("/volunteer")
    neighbour.press("leave", neighbour.slip(LETTER, "15:00"))
    neighbour.reads("/volunteer", neighbour.sentence(Standing.LEFT, Person.VOLUNTEER))
    elder.open("/elder")
    elder.press("came", elder.slip(LETTER, "15:00"))
    day.tick("15:58")
    expect(neighbour.open("/hours").locator("tr").filter(has_text=LETTER)).to_contain_text("0:45")
