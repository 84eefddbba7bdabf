"""A worker's Tuesday at the desk: whom to ring and what they answer, a known caller, two at one form, who did not come."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.days.conftest import Town
from tests.browser.days.people import Own
from tests.browser.days.ways import Way, ways_of
from timebank.rules.parts.promises import Person, Standing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HAIRCUT = "理发"
"""许阿姨 goes at 13:00 for 赵奶奶, and never comes."""


@pytest.mark.parametrize("way", ways_of("worker"), ids=str)
def test_a_workers_day(way: Way, day: Town) -> None:
    desk = day.of("worker")
    _the_morning_says_what_comes_first(desk)
    _the_call_sheet(desk, way)
    _who_was_reached_says_that_she_can(desk, day.of("xu"), way)
    written_down = _somebody_known_rings(desk)
    _two_at_one_form(desk, day.of("worker2"), written_down)
    _a_helper_who_never_came(desk, day)


def _the_morning_says_what_comes_first(desk: Own) -> None:
    desk.reads("/desk", "先看这里", "要打的电话", "今天的服务")
    desk.follow("逐件问清")
    expect(desk.main.locator(".slip").first).to_contain_text("电路灯具")


def _the_call_sheet(desk: Own, way: Way) -> None:
    """1 told, z taken back, 2 not reached, 3 somebody has to go there; by keys, or by the buttons they stand on."""
    desk.open("/desk/calls")
    first = _first_call(desk)
    _say(desk, way, "reached", "1")
    expect(desk.main.locator(f"#{first}")).to_have_count(0)
    _say(desk, way, "undone", "z")
    assert _first_call(desk) == first
    desk.open("/desk/calls")
    _say(desk, way, "missed", "2")
    # Rung in vain: it comes back later, so somebody else stands first.
    assert _first_call(desk) != first
    second = _first_call(desk)
    _say(desk, way, "visit", "3")
    expect(desk.main.locator(f"#{second}")).to_contain_text(desk.t("要上门"))


def _who_was_reached_says_that_she_can(desk: Own, helper: Own, way: Way) -> None:
    """She is told of the visit at 13:00 and answers at once; the answer is one key, and stands on her own page."""
    desk.open("/desk/calls")
    desk.send(desk.slip("许阿姨").locator("button[name=said][value=reached]"))
    expect(desk.page.locator("h1")).to_contain_text(desk.t("对方怎么说"))
    question = desk.main.locator(".slip").filter(has_text=HAIRCUT).filter(has_text="13:00")
    if way.javascript:
        key = question.locator("form:has(input[value=sure_for]) button").get_attribute("data-key")
        assert key
        desk.key(key)
    else:
        desk.press("sure_for", question)
    helper.reads("/volunteer", helper.sentence(Standing.SURE, Person.VOLUNTEER, what=HAIRCUT))


def _first_call(desk: Own) -> str:
    found = desk.main.locator("[data-keys] .slip").first.get_attribute("id")
    assert found
    return found


def _say(desk: Own, way: Way, said: str, key: str) -> None:
    if way.javascript:
        desk.key(key)
        return
    named = f"input[name=said][value={said}]" if said == "undone" else f"button[name=said][value={said}]"
    form = desk.main.locator("form").filter(has=desk.page.locator(named)).first
    desk.send(form.locator("button").first if said == "undone" else form.locator(named))


def _somebody_known_rings(desk: Own) -> str:
    """The last four digits, what and when, each with Enter: read back, written down, a receipt to print; Back shows a page.

    Returns the address of what was written down.
    """
    desk.open("/desk/phone")
    _enter(desk, "phone", "0105")
    expect(desk.page.locator("#sheet")).to_contain_text("孙爷爷")
    expect(desk.page.locator("#f-kind")).to_be_focused()
    desk.page.locator("#f-kind").fill("2")
    _enter(desk, "when", "后天下午")
    expect(desk.page.locator("#f-note")).to_be_focused()
    _enter(desk, "note", "要带轮椅")
    expect(desk.page.get_by_role("blockquote")).to_be_visible()
    desk.page.locator("button[name=step][value=save]").press("Enter")
    done = desk.page.get_by_role("status")
    expect(done).to_contain_text("孙爷爷")
    path = done.locator("a").last.get_attribute("href")
    assert path
    paper = desk.page.request.get(f"{desk.url}{path}/slip")
    assert "孙爷爷" in paper.text()
    desk.page.go_back()
    assert "ERR_" not in desk.page.content()
    expect(desk.page.locator("h1")).to_be_visible()
    return path


def _enter(desk: Own, field: str, text: str) -> None:
    one = desk.page.locator(f"#f-{field}")
    one.fill(text)
    one.press("Enter")


def _two_at_one_form(desk: Own, colleague: Own, path: str) -> None:
    """Both open it, both change the note: whoever saves last sees both versions, and what only one changed is kept."""
    for one in (desk, colleague):
        one.open(f"{path}/edit")
    colleague.page.locator("#f-note").fill("轮椅在楼下门卫")
    colleague.page.locator("#f-where").fill("市一院")
    colleague.click("保存")
    desk.page.locator("#f-note").fill("轮椅由我们带去")
    desk.main.get_by_role("button", name=desk.t("保存")).click()
    expect(desk.page.locator("h1")).to_contain_text(desk.t("别人刚改过，请您选"))
    expect(desk.main).to_contain_text("轮椅在楼下门卫")
    expect(desk.main).to_contain_text("轮椅由我们带去")
    expect(desk.main).to_contain_text("林社工")
    desk.fits()
    desk.click("就照选的保存")
    desk.open(f"{path}/edit")
    expect(desk.page.locator("#f-note")).to_have_value("轮椅由我们带去")
    expect(desk.page.locator("#f-where")).to_have_value("市一院")


def _a_helper_who_never_came(desk: Own, day: Town) -> None:
    """She says that nobody came: it stands first on the list of what has no word."""
    day.at("14:05")
    elder = day.of("zhao")
    elder.open("/elder")
    elder.press("not_came", elder.slip(HAIRCUT))
    desk.open("/desk/evening")
    expect(desk.main.locator(".slip").first).to_contain_text(HAIRCUT)
    # Somebody stands beside it who could be there in half an hour: one press, and both sides read it.
    row = desk.main.locator(".slip").first
    expect(row.locator(".roll li")).to_contain_text("李师傅")
    if day.way.javascript:
        desk.key("a")
    else:
        desk.send(row.locator(".roll li button").first)
    elder.reads("/elder", re.compile("14:40"), "李师傅")
    day.of("李四").reads("/volunteer", HAIRCUT, re.compile("14:40"))
    _other_words_by_one_key(desk, day.way)


def _other_words_by_one_key(desk: Own, way: Way) -> None:
    """What was asked by telephone: came, did not come, not clear; each is a key of the promise in hand."""
    if not way.javascript:
        return
    for key in ("c", "n", "u"):
        desk.open("/desk/evening")
        row = desk.main.locator(f".slip:has([data-key={key}])").first
        here = row.get_attribute("id")
        row.locator("a, button").first.focus()
        desk.key(key)
        desk.open("/desk/evening")
        expect(desk.main.locator(f"#{here} [data-key={key}]")).to_have_count(0)
